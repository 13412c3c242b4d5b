internal import Foundation
internal import NumPyFunctions

extension CommandLine {
  /// The arguments in the form of `String(systemBytes:)`, the name of the program first.
  ///
  /// Unlike in `arguments`, bytes that are not valid UTF-8 are kept.
  static let words: [String] = (0..<Int(argc)).map { index in
    guard let argument = unsafe unsafeArgv[index] else { return "" }
    return unsafe String(systemText: argument)
  }
}
