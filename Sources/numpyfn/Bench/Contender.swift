internal import NumPyFunctions

/// Work that can be repeated, and measured.
struct Contender {
  /// Whether only the calling thread, or one thread that it creates, does the work.
  let isOnOneThread: Bool

  /// The number of parts of the work; the figure is the cost of one part.
  var parts = 1

  /// Repeats the work and returns the total cost: nanoseconds, or bytes.
  let cost: (_ repeats: Int) throws -> Double

  init(isOnOneThread: Bool = false, cost: @escaping (_ repeats: Int) throws -> Double) {
    (self.isOnOneThread, self.cost) = (isOnOneThread, cost)
  }

  /// Work in Swift that starts on this thread, and whether no other thread takes part.
  static func swift(
    isOnOneThread: Bool = false, _ work: @escaping () throws -> Void
  ) -> Contender {
    Contender(isOnOneThread: isOnOneThread) { repeats in
      let clock = ContinuousClock()
      let begin = clock.now
      for _ in 0..<repeats { try work() }
      return begin.duration(to: clock.now).nanoseconds
    }
  }

  /// Work in Swift, on several threads at once: the cost is that of one thread's calls, divided by
  /// the number of threads.
  static func swift(
    onThreads threads: Int, _ work: @escaping @Sendable () throws -> Void
  ) -> Contender {
    Contender { repeats in
      let time = try ThreadTeam.time(threads: threads) {
        for _ in 0..<repeats { try work() }
      } warmUp: {
        try work()
      }
      return time.nanoseconds / Double(threads)
    }
  }

  /// Work in Swift with the thread attached to the interpreter throughout.
  static func attachedSwift(_ work: @escaping () throws -> Void) -> Contender {
    let plain = Contender.swift(work)
    return Contender(isOnOneThread: true) { repeats in
      try Python.withGIL { _ in try plain.cost(repeats) }
    }
  }
}

extension Duration {
  /// The duration in nanoseconds.
  var nanoseconds: Double {
    Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9
  }
}
