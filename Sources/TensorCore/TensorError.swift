/// An error of a tensor or a graph: a shape, dtype or value that does not fit.
public struct TensorError: CodedError, Equatable {
  /// `invalidArgument` for shapes, dtypes and values that do not fit, `failedPrecondition` for the
  /// value of a symbolic tensor, `resourceExhausted` when there is no memory.
  public let code: ErrorCode

  private let text: Message

  /// What was requested, what was found, and how to fix it.
  public var message: String { text.text(in: .swift) }

  /// An error with this code and message.
  public init(_ code: ErrorCode, _ message: String) {
    self.init(code, spelled: Message(message))
  }

  /// An error with a message that is spelled differently in each language.
  package init(_ code: ErrorCode, spelled text: Message) {
    self.code = code
    self.text = text
  }

  /// The message; the code is in ``code``.
  public var description: String { message }

  /// The message, with code spelled in the given language.
  public func description(in language: Language) -> String { text.text(in: language) }
}
