public import TensorCore

/// A callback returned something else than what was declared, or was asked for a gradient that it has
/// not.
///
/// The error that reaches a caller is an `OperationError` which has this one as its `underlying`.
public struct CallbackError: CodedError, Equatable {
  /// `invalidArgument`; `unimplemented` for a gradient.
  public let code: ErrorCode

  private let text: Message

  /// What was declared, what came back, and one line on how to mend it; all wrong results, not only
  /// the first.
  public var message: String { text.text(in: .swift) }

  init(code: ErrorCode = .invalidArgument, message: Message) {
    self.code = code
    text = message
  }

  /// The message.
  public var description: String { message }

  /// The message, in the spelling of a language.
  public func description(in language: Language) -> String { text.text(in: language) }
}
