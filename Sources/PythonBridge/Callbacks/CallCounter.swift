internal import Synchronization
internal import TensorCore

/// The counts of one function.
///
/// Threads add to them without waiting for each other.
///
/// Reading a clock takes as long as a small call. So of short calls only one in 32 is timed, and its time is
/// counted for the others too.
package final class CallCounter: Sendable {
  /// The counts of calls without the GIL.
  private let free = Sums()

  /// The counts of calls with the GIL held, to which two threads never add at the same time.
  private let held = Sums()

  /// The counts at the last reset, which are subtracted.
  private let beginning = Locked(PythonStatistics.Counts())

  /// Whether the last timed call was short.
  private let areShort = Atomic(false)

  /// One in this many short calls is timed; a power of two.
  private static let interval = 32

  /// A call is short if it takes at most this many nanoseconds.
  private static let short = 4_000

  private struct Counters {
    var ofFunctions: [String: CallCounter] = [:]
    /// The counts of functions that have been released.
    var others = PythonStatistics.Counts()
    /// The number of counters at which those of released functions are added up.
    var limit = CallCounter.limit

    /// Adds up the counters without other references, to which no function can add any more.
    mutating func addUpOthers() {
      for name in Array(ofFunctions.keys) {
        var counter = ofFunctions.removeValue(forKey: name)
        if isKnownUniquelyReferenced(&counter) {
          others = others + (counter?.counts ?? PythonStatistics.Counts())
        } else {
          ofFunctions[name] = counter
        }
      }
      limit = max(CallCounter.limit, 2 * ofFunctions.count)
    }
  }

  private static let counters = Locked(Counters())

  /// How many functions have separate counters after their release.
  ///
  /// Source text in a loop defines more and more functions.
  private static let limit = 4096

  /// The counter of the functions of that name.
  package static func of(_ function: String) -> CallCounter {
    counters.withLock { counters in
      if let counter = counters.ofFunctions[function] { return counter }
      if counters.ofFunctions.count >= counters.limit { counters.addUpOthers() }
      let counter = CallCounter()
      counters.ofFunctions[function] = counter
      return counter
    }
  }

  /// The counts by the names of the functions.
  static var all: [String: PythonStatistics.Counts] {
    let (counters, others) = Self.counters.withLock { ($0.ofFunctions, $0.others) }
    var counts = counters.mapValues(\.counts)
    counts[PythonStatistics.others] = others
    return counts.filter { $0.value.calls > 0 }
  }

  /// Resets the counts to zero.
  static func reset() {
    let counters = Self.counters.withLock { counters in
      counters.others = PythonStatistics.Counts()
      return counters.ofFunctions
    }
    for counter in counters.values { counter.clear() }
  }

  /// Resets the counts to zero.
  ///
  /// The sums themselves are kept: a thread that adds to one with the GIL held could overwrite the
  /// zero.
  private func clear() {
    beginning.withLock { $0 = sums }
    areShort.store(false, ordering: .relaxed)
  }

  private var sums: PythonStatistics.Counts { free.counts + held.counts }

  private var counts: PythonStatistics.Counts { beginning.withLock { sums - $0 } }

  /// Whether the call that begins now should be timed.
  package var timesNext: Bool {
    !areShort.load(ordering: .relaxed)
      || (free.calls.value + held.calls.value) & (Self.interval - 1) == 0
  }

  /// Counts an untimed call.
  ///
  /// The thread need not hold the GIL.
  package func addCall() { free.calls.add(1) }

  /// Counts a call with the bytes of its results and arguments, and with its times if it was timed.
  @inline(__always)
  package func addCall(
    _ counts: PythonStatistics.Counts, isTimed: Bool, _ gil: borrowing GIL
  ) {
    held.calls.add(1, gil)
    if counts.hasBytes {
      if counts.bytesAdopted > 0 { held.adopted.add(counts.bytesAdopted, gil) }
      if counts.bytesShared > 0 { held.shared.add(counts.bytesShared, gil) }
      if counts.bytesCopied > 0 { held.copied.add(counts.bytesCopied, gil) }
    }
    if isTimed { addTimes(of: counts, gil) }
  }

  private func addTimes(of counts: PythonStatistics.Counts, _ gil: borrowing GIL) {
    let (inPython, waited) = (counts.nanosecondsInPython, counts.nanosecondsWaiting)
    let isShort = inPython + waited <= Self.short
    // The first of consecutive short calls counts once, later ones also count for the untimed calls
    // before them.
    let wereShort = areShort.exchange(isShort, ordering: .relaxed)
    let weight = isShort && wereShort ? Self.interval : 1
    held.nanosecondsInPython.add(inPython * weight, gil)
    held.nanosecondsWaiting.add(waited * weight, gil)
  }

  /// Counts bytes.
  ///
  /// The thread need not hold the GIL.
  package func addBytes(of counts: PythonStatistics.Counts) {
    if counts.bytesAdopted > 0 { free.adopted.add(counts.bytesAdopted) }
    if counts.bytesShared > 0 { free.shared.add(counts.bytesShared) }
    if counts.bytesCopied > 0 { free.copied.add(counts.bytesCopied) }
  }
}

/// The sums over all calls.
private struct Sums: ~Copyable, Sendable {
  let calls = Sum()
  let adopted = Sum()
  let shared = Sum()
  let copied = Sum()
  let nanosecondsInPython = Sum()
  let nanosecondsWaiting = Sum()

  var counts: PythonStatistics.Counts {
    PythonStatistics.Counts(
      calls: calls.value, bytesAdopted: adopted.value, bytesShared: shared.value,
      bytesCopied: copied.value, nanosecondsInPython: nanosecondsInPython.value,
      nanosecondsWaiting: nanosecondsWaiting.value)
  }
}

/// A number that only grows, and that any thread may read.
private struct Sum: ~Copyable, Sendable {
  private let number = Atomic(0)

  var value: Int { number.load(ordering: .relaxed) }

  /// Adds atomically, from any thread.
  func add(_ amount: Int) { number.add(amount, ordering: .relaxed) }

  /// Adds with the GIL held, which needs no atomic read-modify-write instruction.
  @inline(__always)
  func add(_ amount: Int, _ gil: borrowing GIL) {
    number.store(number.load(ordering: .relaxed) + amount, ordering: .relaxed)
  }
}
