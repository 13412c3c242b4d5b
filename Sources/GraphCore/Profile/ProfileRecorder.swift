internal import LibC
internal import Synchronization
internal import TensorCore

/// Records which nodes run, for how long, and on which thread; several threads may call it at once.
final class ProfileRecorder: Sendable {
  /// How many profiles are being made: reading this costs less than reading the task-local
  /// observer.
  static let count = Atomic(0)

  private let start = ContinuousClock.now
  private let state = Locked(State())

  private struct State {
    /// In the order in which they began.
    var nodes: [Profile.Node] = []
    /// The threads, by the system's identifiers; the calling thread has number 1.
    var threads = [ProfileRecorder.thread: Thread(number: 1)]
  }

  private struct Thread {
    let number: Int
    /// The indices of the nodes that the thread is running, the innermost last.
    var open: [Int] = []
  }

  /// A node of an optimised graph is about to run on this thread.
  func nodeBegins(_ node: Int, of graph: Graph) {
    let node = graph.nodes[node]
    let now = start.duration(to: .now)
    let id = Self.thread
    state.withLock { state in
      let count = state.threads.count
      var thread = state.threads[id] ?? Thread(number: count + 1)
      let index = state.nodes.count
      state.nodes.append(
        Profile.Node(
          name: node.name, operation: node.operation, graph: graph.name, location: node.location,
          thread: thread.number, outer: thread.open.last, begin: now, end: now))
      thread.open.append(index)
      state.threads[id] = thread
    }
  }

  /// The node has run, at these times; the results are nil when it has thrown.
  func nodeEnds(
    _ node: Int, of graph: Graph, times: Range<ContinuousClock.Instant>, results: [Tensor]?
  ) {
    let (begin, end) = (start.duration(to: times.lowerBound), start.duration(to: times.upperBound))
    let specs = results?.map(TensorSpec.init(of:))
    let id = Self.thread
    state.withLock { state in
      guard let index = state.threads[id]?.open.popLast() else { return }
      state.nodes[index].begin = begin
      state.nodes[index].end = end
      state.nodes[index].results = specs
    }
  }

  /// Adds to the node that this thread is running.
  func add(_ measure: Profile.Measure) {
    let id = Self.thread
    state.withLock { state in
      guard let index = state.threads[id]?.open.last else { return }
      let place = state.nodes[index].measures.firstIndex { $0.name == measure.name }
      if let place {
        state.nodes[index].measures[place].amount += measure.amount
      } else {
        state.nodes[index].measures.append(measure)
      }
    }
  }

  /// The profile of everything recorded until now.
  func profile(of name: String) -> Profile {
    Profile(
      name: name, duration: start.duration(to: .now), nodes: state.withLock { $0.nodes })
  }

  /// The system's identifier of this thread.
  private static var thread: UInt {
    #if canImport(Darwin)
      unsafe UInt(bitPattern: pthread_self())
    #else
      UInt(pthread_self())
    #endif
  }
}
