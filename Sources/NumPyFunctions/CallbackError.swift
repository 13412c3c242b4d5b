public import TensorCore

/// The error of a callback whose result does not match the declaration, or that has no gradient.
///
/// Callers receive an `OperationError` whose `underlying` is this error.
public struct CallbackError: CodedError, Equatable {
  /// `invalidArgument`; `unimplemented` for a gradient.
  public let code: ErrorCode

  private let text: Message

  /// What was declared, what was returned, and how to fix it, for all mismatched results.
  public var message: String { text.text(in: .swift) }

  init(code: ErrorCode = .invalidArgument, message: Message) {
    self.code = code
    text = message
  }

  /// The message.
  public var description: String { message }

  /// The message, with code spelled in the given language.
  public func description(in language: Language) -> String { text.text(in: language) }
}
