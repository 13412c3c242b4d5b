public import TensorCore

/// What the graph layer throws of its own: an input that does not fit, a symbolic tensor where it
/// does not belong, a graph that is not well formed.
///
/// What an operation throws arrives as an ``OperationError``.
public struct GraphError: CodedError, Equatable {
  /// `invalidArgument` for inputs that do not fit, `failedPrecondition` for what is asked at the
  /// wrong time, `internal` for an operation that breaks its own word.
  public let code: ErrorCode

  private let text: Message

  /// What was asked, what was found, where, and how to mend it.
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
