/// A check that can end a loop between two iterations, in addition to the cancellation of its task.
package struct Interruption: Sendable {
  // A struct, not a bare closure: the runtime does not find the type of a task-local closure where
  // the optimiser has specialised the code that sets it (Swift 6.3).
  private let check: @Sendable () throws -> Void

  /// The check that the loops of this task, or thread, call; nil for none.
  @TaskLocal package static var current: Interruption?

  /// - Parameter check: throws if a loop is to end.
  package init(_ check: @escaping @Sendable () throws -> Void) {
    self.check = check
  }

  /// Calls the check every 10 ms at most, for one loop: a call may cost more than an iteration.
  struct Watch {
    private let interruption = Interruption.current
    private var next = ContinuousClock.now + interval

    private static let interval = Duration.milliseconds(10)

    /// - Throws: what the check throws.
    mutating func look() throws {
      guard let interruption else { return }
      let now = ContinuousClock.now
      guard now >= next else { return }
      next = now + Self.interval
      try interruption.check()
    }
  }
}
