/// A line of the program: where an operation was asked for.
public struct SourceLocation: Sendable {
  private let place: Place

  private enum Place: Sendable {
    /// Given by the caller.
    case line(Position)
    /// Somewhere in a graph that was begun at one line, and after another if that is known.
    case within(begun: Position, after: Position?)
  }

  /// A file and a line.
  private struct Position: Sendable, CustomStringConvertible {
    let file: String
    let line: Int

    var description: String { "\(file):\(line)" }
  }

  /// The line of the call, unless another is given.
  public init(file: String = #fileID, line: Int = #line) {
    place = .line(Position(file: file, line: line))
  }

  /// What is known of an operator's line.
  ///
  /// A Swift operator has no parameter in which it could take its caller's file and line, and looking
  /// at the stack of a running process is not safe while others map and unmap libraries. So it is
  /// known by the graph that it is part of, and by the operation with a line that came before it.
  init(ofOperatorIn graph: SourceLocation, after last: SourceLocation?) {
    place = .within(begun: graph.position, after: last?.position)
  }

  private var position: Position {
    switch place {
    case .line(let position): position
    case .within(let begun, let after): after ?? begun
    }
  }

  /// The module and the name of the file, as in `#fileID`: `MyModule/main.swift`.
  public var file: String { position.file }

  /// The line, counted from 1; the last one known before the operation's, unless that ``isExact``.
  public var line: Int { position.line }

  /// Whether this is the line of the operation itself, as of all but operators.
  public var isExact: Bool {
    if case .line = place { true } else { false }
  }
}

extension SourceLocation: CustomStringConvertible {
  /// `MyModule/main.swift:12`, or what is known of an operator's line.
  public var description: String {
    switch place {
    case .line(let position): "\(position)"
    case .within(let begun, nil): "in the graph function begun at \(begun)"
    case .within(let begun, let after?): "after \(after), in the graph function begun at \(begun)"
    }
  }
}
