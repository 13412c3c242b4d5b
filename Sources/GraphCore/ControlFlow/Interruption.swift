/// What ends a loop between two of its iterations, besides the cancellation of its task.
package enum Interruption {
  /// Throws if a loop of this task, or thread, is to end; nil where nobody asks for that.
  @TaskLocal package static var check: (@Sendable () throws -> Void)?

  /// Asks now and then, for one loop: to ask may cost more than an iteration.
  struct Watch {
    private let check = Interruption.check
    private var next = ContinuousClock.now + interval

    private static let interval = Duration.milliseconds(10)

    /// - Throws: what the check throws.
    mutating func look() throws {
      guard let check else { return }
      let now = ContinuousClock.now
      guard now >= next else { return }
      next = now + Self.interval
      try check()
    }
  }
}
