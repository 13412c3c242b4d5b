public import TensorCore

/// What the graph layer throws of its own: an input that does not fit, a symbolic tensor where it
/// does not belong, a graph that is not well formed.
///
/// What an operation throws arrives as an ``OperationError``.
public struct GraphError: CodedError, Equatable {
  /// `invalidArgument` for inputs that do not fit, `failedPrecondition` for what is asked at the
  /// wrong time, `internal` for an operation that breaks its own word.
  public let code: ErrorCode

  /// What was asked, what was found, where, and how to mend it.
  public let message: String

  /// An error with this code and message.
  public init(_ code: ErrorCode, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message; the code is in ``code``.
  public var description: String { message }
}
