/// What `TensorCore` throws: a shape, dtype or value that does not fit.
public struct TensorError: CodedError, Equatable {
  /// `invalidArgument` for shapes, dtypes and values that do not fit, `failedPrecondition` for the
  /// value of a symbolic tensor, `resourceExhausted` when there is no memory.
  public let code: ErrorCode

  private let text: Message

  /// What was asked, what was found, and how to mend it.
  public var message: String { text.text(in: .swift) }

  /// An error with this code and message.
  public init(_ code: ErrorCode, _ message: String) {
    self.init(code, spelled: Message(message))
  }

  /// An error with a message that each language spells in its way.
  package init(_ code: ErrorCode, spelled text: Message) {
    self.code = code
    self.text = text
  }

  /// The message; the code is in ``code``.
  public var description: String { message }

  /// The message, in the spelling of a language.
  public func description(in language: Language) -> String { text.text(in: language) }
}
