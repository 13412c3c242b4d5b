internal import Synchronization

/// The cost of one call of a graph function, node by node.
///
/// ```swift
/// let (y, profile) = try f.profile(x)
/// print(profile)  // a table, the most expensive first
/// try profile.chromeTrace().write(toFile: "trace.json", atomically: true, encoding: .utf8)
/// ```
///
/// The first call of a function may cost more than those after it: it traces the closure, and touches
/// memory for the first time.
public struct Profile: Sendable {
  /// The name of the function.
  public let name: String

  /// How long the call took, tracing included.
  public let duration: Duration

  /// The runs of nodes, in the order in which they began.
  ///
  /// Nodes in the bodies of operations are included. A node that ran several times occurs once for
  /// each run.
  public let nodes: [Node]

  /// One run of one node.
  public struct Node: Sendable {
    /// The node's name in its graph.
    public let name: String
    /// The name of its operation.
    public let operation: any Operation
    /// The name of its graph.
    public let graph: String
    /// Where in the program the operation was applied.
    public let location: SourceLocation
    /// The number of the thread that ran it: 1 for the one that made the call.
    public let thread: Int
    /// The index, in the profile's nodes, of the run on this thread that contains this one, such as
    /// that of the loop around it; nil when there is none.
    public let outer: Int?
    /// When it began, since the beginning of the call.
    public internal(set) var begin: Duration
    /// When it ended, since the beginning of the call.
    public internal(set) var end: Duration
    /// The specs of its results; nil when it threw.
    public internal(set) var results: [TensorSpec]?
    /// The measures that the operation has reported.
    public internal(set) var measures: [Measure] = []

    /// How long it took, including everything that it waited for.
    public var duration: Duration { end - begin }
  }

  /// Something that an operation reports of one of its runs.
  public struct Measure: Sendable, Hashable {
    /// What was measured: `GIL wait`.
    public let name: String
    /// How much of it there was.
    public internal(set) var amount: Amount
  }

  /// How much of something there was.
  public enum Amount: Sendable, Hashable {
    /// A time.
    case time(Duration)
    /// A size, in bytes.
    case bytes(Int)
    /// A number of anything else.
    case count(Int)
  }

  /// The time of each node without that of the nodes that ran inside it on the same thread.
  var ownTimes: [Duration] {
    var times = nodes.map(\.duration)
    for node in nodes {
      if let outer = node.outer { times[outer] -= node.duration }
    }
    return times
  }
}

extension Profile {
  /// Reports a measure of the node that this thread is running, if a profile is being made.
  ///
  /// Operations call this while they run. Amounts of one name are added up. If no profile is being
  /// made, the call costs almost nothing.
  public static func report(_ name: String, _ amount: @autoclosure () -> Amount) {
    guard isBeingMade, let recorder = Executor.observer else { return }
    recorder.add(Measure(name: name, amount: amount()))
  }

  /// Whether a profile is being made, on any thread.
  package static var isBeingMade: Bool { ProfileRecorder.count.load(ordering: .relaxed) > 0 }
}

extension Profile.Amount {
  /// Adds an amount of the same kind; an amount of another kind replaces this one.
  static func += (total: inout Self, more: Self) {
    total =
      switch (total, more) {
      case (.time(let a), .time(let b)): .time(a + b)
      case (.bytes(let a), .bytes(let b)): .bytes(a + b)
      case (.count(let a), .count(let b)): .count(a + b)
      default: more
      }
  }
}
