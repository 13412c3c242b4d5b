/// A line of the program, where an operation was applied.
///
/// It is small, since each node of a graph has one.
public struct SourceLocation: Sendable {
  /// The module and the name of the file, as in `#fileID`: `MyModule/main.swift`.
  public let file: String

  private let number: Int32

  /// Whether the line is that of an operation with a line.
  private let isOfOperation: Bool

  /// The graph of an operator, whose own line is not known; nil for anything else.
  private let graph: Begun?

  /// The line at which a graph was begun.
  final class Begun: Sendable {
    fileprivate let location: SourceLocation

    init(at location: SourceLocation) { self.location = location }
  }

  /// The line of the call, unless another is given.
  public init(file: String = #fileID, line: Int = #line) {
    self.file = file
    number = Int32(clamping: line)
    isOfOperation = true
    graph = nil
  }

  /// What is known of an operator's line.
  ///
  /// A Swift operator has no parameter for its caller's file and line, and reading the call stack
  /// of a running process is not safe while other threads load and unload libraries. So an operator
  /// is described by its graph, and by the last operation with a line before it.
  init(ofOperatorIn graph: Begun, after last: SourceLocation?) {
    let known = last ?? graph.location
    file = known.file
    number = known.number
    isOfOperation = last != nil
    self.graph = graph
  }

  /// The line, counted from 1; the last one known before the operation's, unless that ``isExact``.
  public var line: Int { Int(number) }

  /// Whether this is the line of the operation itself, as of all but operators.
  public var isExact: Bool { graph == nil }
}

extension SourceLocation: CustomStringConvertible {
  /// `MyModule/main.swift:12`, or what is known of an operator's line.
  public var description: String {
    guard let graph else { return "\(file):\(line)" }
    let begun = "in the graph function begun at \(graph.location.file):\(graph.location.line)"
    return isOfOperation ? "after \(file):\(line), \(begun)" : begun
  }
}
