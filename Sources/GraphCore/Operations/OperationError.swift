public import TensorCore

/// An error in one operation, with the place in the program where it was applied.
///
/// ```
/// multiply 'multiply_1' (MyModule/main.swift:12): shapes [2] and [3] do not broadcast: …
/// ```
///
/// For an error in the body of an operation, the error names the innermost operation, and ``outer``
/// lists the operations around it.
public struct OperationError: CodedError {
  /// The code of ``underlying``; `unknown` when it has none.
  public let code: ErrorCode

  /// The description of ``underlying``; with the traceback for a Python exception.
  public var message: String { "\(underlying)" }

  /// The operation's name, such as `multiply`.
  public let operation: String

  /// The name of its node, such as `multiply_1`; the operation's name outside of a graph.
  public let node: String

  /// Where in the program the operation was applied; nil for an operator outside of a graph, whose
  /// line is not known.
  public let location: SourceLocation?

  /// What the operation threw.
  public let underlying: any Error

  /// The operations that the error has passed through on its way out, innermost first.
  public var outer: [String] { places.map { $0.text(in: .swift) } }

  private var places: [Message] = []

  /// Wraps `error` of `operation`; if it is an `OperationError` already, adds the operation to its
  /// ``outer`` operations.
  package init(
    _ error: any Error, in operation: any Operation, node: String?, at location: SourceLocation?
  ) {
    self.init(error, in: operation.name, node: node, at: location)
  }

  /// Wraps `error` of an operation that could not be made and would have this name.
  package init(
    _ error: any Error, in name: String, node: String?, at location: SourceLocation?
  ) {
    let node = node.flatMap { $0.isEmpty ? nil : $0 } ?? name
    if var inner = error as? OperationError {
      inner.places.append(Self.place(operation: name, node: node, location: location))
      self = inner
      return
    }
    code = (error as? any CodedError)?.code ?? .unknown
    self.operation = name
    self.node = node
    self.location = location
    underlying = error
  }

  /// The operation, its node, its location, and the message.
  public var description: String { description(in: .swift) }

  /// The description, in the spelling of a language.
  public func description(in language: Language) -> String {
    let place = Self.place(operation: operation, node: node, location: location)
    let message = Message.description(of: underlying, in: language)
    return places.reduce("\(place.text(in: language)): \(message)") {
      $0 + "\n  inside \($1.text(in: language))"
    }
  }

  private static func place(
    operation: String, node: String, location: SourceLocation?
  ) -> Message {
    let name: Message =
      node == operation ? .name(operation) : "\(Message.name(operation)) '\(node)'"
    guard let location else { return name }
    return "\(name) (\(location))"
  }
}
