public import TensorCore

/// An error of the graph layer: an input that does not fit, a symbolic tensor of another graph, a
/// graph that is not well formed.
///
/// An error that an operation throws is wrapped in an ``OperationError``.
public struct GraphError: CodedError, Equatable {
  /// `invalidArgument` for inputs that do not fit, `failedPrecondition` for a call at the wrong
  /// time, `internal` for a bug, such as an operation whose results are not those that it declared.
  public let code: ErrorCode

  private let text: Message

  /// What was expected, what was found, where, and how to fix it.
  public var message: String { text.text(in: .swift) }

  /// An error with this code and message.
  public init(_ code: ErrorCode, _ message: String) {
    self.init(code, spelled: Message(message))
  }

  /// An error whose message has a Swift and a Python spelling.
  package init(_ code: ErrorCode, spelled text: Message) {
    self.code = code
    self.text = text
  }

  /// The message; the code is in ``code``.
  public var description: String { message }

  /// The message, in the spelling of a language.
  public func description(in language: Language) -> String { text.text(in: language) }
}
