/// What `TensorCore` throws: a shape, dtype or value that does not fit.
public struct TensorError: CodedError, Equatable {
  /// `invalidArgument` for shapes, dtypes and values that do not fit, `failedPrecondition` for the
  /// value of a symbolic tensor, `resourceExhausted` when there is no memory.
  public let code: ErrorCode

  /// What was asked, what was found, and how to mend it.
  public let message: String

  /// An error with this code and message.
  public init(_ code: ErrorCode, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message; the code is in ``code``.
  public var description: String { message }
}
