internal import Synchronization

/// What one call of a graph function has cost, node by node.
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

  /// The nodes that ran, in the order in which they began: also those of graphs that operations ran,
  /// and one for each time that they did.
  public let nodes: [Node]

  /// One run of one node.
  public struct Node: Sendable {
    /// The node's name in its graph.
    public let name: String
    /// What it ran.
    public let operation: any Operation
    /// The name of the graph whose node it is.
    public let graph: String
    /// Where in the program the operation was asked for.
    public let location: SourceLocation
    /// The number of the thread that ran it: 1 for the one that made the call.
    public let thread: Int
    /// The index, among the profile's nodes, of the one that this thread was running meanwhile, such
    /// as the loop of whose body this is a node; nil when there was none.
    public let outer: Int?
    /// When it began, since the beginning of the call.
    public internal(set) var begin: Duration
    /// When it ended, since the beginning of the call.
    public internal(set) var end: Duration
    /// What it computed; nil when it threw.
    public internal(set) var results: [TensorSpec]?
    /// What the operation has reported of itself.
    public internal(set) var measures: [Measure] = []

    /// How long it took, with all that it has waited for.
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

  /// The time that each node has taken itself: without the nodes that its thread ran meanwhile.
  var ownTimes: [Duration] {
    var times = nodes.map(\.duration)
    for node in nodes {
      if let outer = node.outer { times[outer] -= node.duration }
    }
    return times
  }
}

extension Profile {
  /// Adds to what is known of the node that this thread is running, if a profile is being made of it.
  ///
  /// For operations to call while they run. What is reported twice by one name is added up. As long
  /// as no profile is being made the call costs next to nothing.
  public static func report(_ name: String, _ amount: @autoclosure () -> Amount) {
    guard isBeingMade, let recorder = Executor.observer as? ProfileRecorder else { return }
    recorder.add(Measure(name: name, amount: amount()))
  }

  /// Whether what is reported may go into a profile: one is being made, by whatever thread.
  package static var isBeingMade: Bool { ProfileRecorder.count.load(ordering: .relaxed) > 0 }
}

extension Profile.Amount {
  /// Adds an amount of the same kind; one of another takes its place.
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
