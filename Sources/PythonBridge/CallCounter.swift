internal import Synchronization
internal import TensorCore

/// The counts of one function, which any threads add to without waiting for each other.
///
/// Reading a clock takes as long as a small call does. So calls that are known to be short are timed
/// now and then only, and such a time stands for the calls since the last one.
package final class CallCounter: Sendable {
  private let calls = Atomic(0)
  private let adopted = Atomic(0)
  private let shared = Atomic(0)
  private let copied = Atomic(0)
  private let nanosecondsInPython = Atomic(0)
  private let nanosecondsWaiting = Atomic(0)

  /// Whether the last call that was timed was short.
  private let areShort = Atomic(false)

  /// Of short calls, one in so many is timed: a power of two.
  private static let interval = 32

  /// Up to this many nanoseconds a call is short.
  private static let short = 4_000

  private static let counters = Locked<[String: CallCounter]>([:])

  /// The counter of the functions of that name.
  package static func of(_ function: String) -> CallCounter {
    counters.withLock { counters in
      if let counter = counters[function] { return counter }
      let counter = CallCounter()
      counters[function] = counter
      return counter
    }
  }

  /// What has been counted, by the names of the functions that have been called.
  static var all: [String: PythonStatistics.Counts] {
    let counters = Self.counters.withLock { $0 }
    return counters.compactMapValues { counter in
      let counts = counter.counts
      return counts.calls > 0 ? counts : nil
    }
  }

  /// Begins to count anew.
  static func reset() {
    let counters = Self.counters.withLock { $0 }
    for counter in counters.values { counter.clear() }
  }

  private func clear() {
    calls.store(0, ordering: .relaxed)
    adopted.store(0, ordering: .relaxed)
    shared.store(0, ordering: .relaxed)
    copied.store(0, ordering: .relaxed)
    nanosecondsInPython.store(0, ordering: .relaxed)
    nanosecondsWaiting.store(0, ordering: .relaxed)
    areShort.store(false, ordering: .relaxed)
  }

  private var counts: PythonStatistics.Counts {
    PythonStatistics.Counts(
      calls: calls.load(ordering: .relaxed), bytesAdopted: adopted.load(ordering: .relaxed),
      bytesShared: shared.load(ordering: .relaxed), bytesCopied: copied.load(ordering: .relaxed),
      nanosecondsInPython: nanosecondsInPython.load(ordering: .relaxed),
      nanosecondsWaiting: nanosecondsWaiting.load(ordering: .relaxed))
  }

  /// Whether the call that begins now is to be timed.
  package var timesNext: Bool {
    !areShort.load(ordering: .relaxed)
      || calls.load(ordering: .relaxed) & (Self.interval - 1) == 0
  }

  /// Counts a call that was not timed.
  package func addCall() { calls.add(1, ordering: .relaxed) }

  /// Counts a call that was timed.
  package func addCall(timedIn counts: PythonStatistics.Counts) {
    addCall()
    let (held, waited) = (counts.nanosecondsInPython, counts.nanosecondsWaiting)
    let isShort = held + waited <= Self.short
    // The first of a row of short calls stands for itself, the others for those before them too.
    let wereShort = areShort.exchange(isShort, ordering: .relaxed)
    let weight = isShort && wereShort ? Self.interval : 1
    nanosecondsInPython.add(held * weight, ordering: .relaxed)
    nanosecondsWaiting.add(waited * weight, ordering: .relaxed)
  }

  /// Counts a call with all that it has cost.
  package func addCall(_ counts: PythonStatistics.Counts, isTimed: Bool) {
    if counts.hasBytes { addBytes(of: counts) }
    if isTimed { addCall(timedIn: counts) } else { addCall() }
  }

  /// Counts the memory of a call's results and arguments.
  package func addBytes(of counts: PythonStatistics.Counts) {
    if counts.bytesAdopted > 0 { adopted.add(counts.bytesAdopted, ordering: .relaxed) }
    if counts.bytesShared > 0 { shared.add(counts.bytesShared, ordering: .relaxed) }
    if counts.bytesCopied > 0 { copied.add(counts.bytesCopied, ordering: .relaxed) }
  }
}
