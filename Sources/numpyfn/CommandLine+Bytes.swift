internal import Foundation

extension CommandLine {
  /// The arguments as the system gave them, in any bytes, the name of the program first; those of
  /// `arguments` are text, in which bytes that are no UTF-8 are lost.
  static var bytes: [[UInt8]] {
    (0..<Int(argc)).map { index in
      guard let argument = unsafe unsafeArgv[index] else { return [] }
      return unsafe Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
    }
  }
}
