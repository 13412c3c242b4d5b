public import TensorCore

/// A callback returned something else than what was declared, or was asked for a gradient that it has
/// not.
///
/// The error that reaches a caller is an `OperationError` which has this one as its `underlying`.
public struct CallbackError: CodedError, Equatable {
  /// `invalidArgument`; `unimplemented` for a gradient.
  public let code: ErrorCode

  /// What was declared, what came back, and one line on how to mend it; all wrong results, not only
  /// the first.
  public let message: String

  init(code: ErrorCode = .invalidArgument, message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
