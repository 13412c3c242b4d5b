internal import Foundation
internal import NumPyFunctions

extension CommandLine {
  /// The arguments without loss, as `String(systemBytes:)` has them, the name of the program first: in
  /// those of `arguments`, bytes that are no UTF-8 are lost.
  static let words: [String] = (0..<Int(argc)).map { index in
    guard let argument = unsafe unsafeArgv[index] else { return "" }
    return unsafe String(systemText: argument)
  }
}
