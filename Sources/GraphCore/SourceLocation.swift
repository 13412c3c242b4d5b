/// A line of the program: where an operation was asked for.
public struct SourceLocation: Sendable {
  private let place: Place

  private enum Place: Sendable {
    /// Given by the caller.
    case line(Position)
    /// To be looked up in the debug information when asked for; failing that, the line where the
    /// graph was begun, if there is a graph.
    case stack(CallStack, begun: Position?)
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

  /// The first line on the stack that is outside of this module: what called the operator.
  ///
  /// Costs some microseconds, for this is called for each operator of a graph; the file and the
  /// line are looked up only when somebody asks. Nil when the stack cannot be read and there is no
  /// graph to name instead.
  ///
  /// - Parameter graph: where the graph was begun that the operation belongs to.
  @inline(never)
  init?(ofCallerWithin graph: SourceLocation?) {
    let begun = graph?.position
    if let stack = CallStack() {
      place = .stack(stack, begun: begun)
    } else if let begun {
      place = .begun(begun)
    } else {
      return nil
    }
  }

  /// The file and the line, and whether they are those of the operation itself.
  private var resolved: (position: Position, isExact: Bool)? {
    switch place {
    case .line(let position): return (position, true)
    case .begun(let position): return (position, false)
    case .stack(let stack, let begun):
      if let position = stack.position { return (position, true) }
      return begun.map { ($0, false) }
    }
  }

  private var position: Position? { resolved?.position }

  /// Whether there is a line to name: false when the program has no debug information and the
  /// operation is not part of a graph.
  var isKnown: Bool { resolved != nil }

  /// The module and the name of the file, as in `#fileID`: `MyModule/main.swift`.
  public var file: String { position?.file ?? "" }

  /// The line, counted from 1; 0 when it is not known.
  public var line: Int { position?.line ?? 0 }

  /// Whether this is the line of the operation itself, not only that of the graph around it.
  ///
  /// An operator in a program without debug information is known by its graph only.
  public var isExact: Bool { resolved?.isExact ?? false }
}

extension SourceLocation: CustomStringConvertible {
  /// `MyModule/main.swift:12`, or where the graph was begun when nothing better is known.
  public var description: String {
    guard let (position, isExact) = resolved else { return "at an unknown line" }
    let line = "\(position.file):\(position.line)"
    return isExact ? line : "in the graph function begun at \(line)"
  }
}
