/// What ends a loop between two of its iterations, besides the cancellation of its task.
package struct Interruption: Sendable {
  // A nominal type: of a closure alone, a task-local value's type is not found at run time where the
  // optimiser has specialised the code that sets it (Swift 6.3).
  private let check: @Sendable () throws -> Void

  /// Asked by the loops of this task, or thread; nil where nobody wants to be asked.
  @TaskLocal package static var current: Interruption?

  /// - Parameter check: throws if a loop is to end.
  package init(_ check: @escaping @Sendable () throws -> Void) {
    self.check = check
  }

  /// Asks now and then, for one loop: to ask may cost more than an iteration.
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
