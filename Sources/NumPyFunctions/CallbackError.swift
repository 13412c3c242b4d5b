public import TensorCore

/// A callback returned something else than what was declared.
///
/// The error that reaches a caller is an `OperationError` which has this one as its `underlying`.
public struct CallbackError: CodedError, Equatable {
  /// Always `invalidArgument`.
  public var code: ErrorCode { .invalidArgument }

  /// What was declared, what came back, and one line on how to mend it; all wrong results, not only
  /// the first.
  public let message: String

  /// The message.
  public var description: String { message }
}
