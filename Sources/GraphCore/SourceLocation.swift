/// A line of the program: where an operation was asked for.
public struct SourceLocation: Sendable {
  private let place: Place

  private enum Place: Sendable {
    /// Given by the caller.
    case line(Position)
    /// To be looked up in the debug information when asked for; failing that, the line where the
    /// graph was begun.
    case stack(CallStack, begun: Position)
    /// Not known better than that the graph was begun here.
    case begun(Position)
  }

  /// A file and a line.
  struct Position: Sendable {
    let file: String
    let line: Int
  }

  /// The line of the call, unless another is given.
  public init(file: String = #fileID, line: Int = #line) {
    place = .line(Position(file: file, line: line))
  }

  /// The first line on the stack that is outside of this module: what called the operator, in a
  /// graph that was begun at `graph`.
  ///
  /// Costs some microseconds, for this is called for each operator of a graph; the file and the
  /// line are looked up only when somebody asks.
  @inline(never)
  init(ofCallerWithin graph: SourceLocation) {
    let begun = graph.resolved.position
    place = CallStack().map { .stack($0, begun: begun) } ?? .begun(begun)
  }

  /// The file and the line, and whether they are those of the operation itself.
  private var resolved: (position: Position, isExact: Bool) {
    switch place {
    case .line(let position): (position, true)
    case .begun(let position): (position, false)
    case .stack(let stack, let begun): stack.position.map { ($0, true) } ?? (begun, false)
    }
  }

  /// The module and the name of the file, as in `#fileID`: `MyModule/main.swift`.
  public var file: String { resolved.position.file }

  /// The line, counted from 1.
  public var line: Int { resolved.position.line }

  /// Whether this is the line of the operation itself, not only that of the graph around it.
  ///
  /// An operator in a program without debug information is known by its graph only.
  public var isExact: Bool { resolved.isExact }
}

extension SourceLocation: CustomStringConvertible {
  /// `MyModule/main.swift:12`, or where the graph was begun when nothing better is known.
  public var description: String {
    let (position, isExact) = resolved
    let line = "\(position.file):\(position.line)"
    return isExact ? line : "in the graph function begun at \(line)"
  }
}
