public import TensorCore

/// The error for text that is not a printed graph.
public struct GraphSyntaxError: CodedError, Equatable {
  /// `invalidArgument`.
  public let code = ErrorCode.invalidArgument

  /// The line of the error, counted from 1.
  public let line: Int

  /// The character in that line, counted from 1.
  public let column: Int

  /// What was expected there, and what was found.
  public let problem: String

  /// The place and the problem.
  public var message: String { "line \(line), column \(column): \(problem)" }

  /// The message.
  public var description: String { message }

  /// The error for a byte of UTF-8 text.
  init(_ problem: String, at position: Int, of bytes: [UInt8]) {
    let before = bytes[..<position]
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    line = before.count { $0 == 0x0A } + 1
    column = String(decoding: bytes[start..<position], as: UTF8.self).count + 1
    self.problem = problem
  }
}
