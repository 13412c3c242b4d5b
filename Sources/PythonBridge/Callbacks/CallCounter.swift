internal import Synchronization
internal import TensorCore

/// The counts of one function, which any threads add to without waiting for each other.
///
/// Reading a clock takes as long as a small call does. So calls that are known to be short are timed
/// now and then only, and such a time stands for the calls since the last one.
package final class CallCounter: Sendable {
  /// What is counted without the GIL.
  private let free = Sums()

  /// What is counted with the GIL held: two threads never add at the same time.
  private let held = Sums()

  /// What there was when counting began anew.
  private let beginning = Locked(PythonStatistics.Counts())

  /// Whether the last call that was timed was short.
  private let areShort = Atomic(false)

  /// Of short calls, one in so many is timed: a power of two.
  private static let interval = 32

  /// Up to this many nanoseconds a call is short.
  private static let short = 4_000

  private struct Counters {
    var ofFunctions: [String: CallCounter] = [:]
    /// What was counted of functions that are gone.
    var others = PythonStatistics.Counts()
    /// From how many counters on those of functions that are gone are looked for.
    var limit = CallCounter.limit

    /// Adds up the counters that nobody else has, and so nobody adds to any more.
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

  /// For how many functions there are counters, also when they are gone: source text in a loop makes ever
  /// more.
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

  /// What has been counted, by the names of the functions that have been called.
  static var all: [String: PythonStatistics.Counts] {
    let (counters, others) = Self.counters.withLock { ($0.ofFunctions, $0.others) }
    var counts = counters.mapValues(\.counts)
    counts[PythonStatistics.others] = others
    return counts.filter { $0.value.calls > 0 }
  }

  /// Begins to count anew.
  static func reset() {
    let counters = Self.counters.withLock { counters in
      counters.others = PythonStatistics.Counts()
      return counters.ofFunctions
    }
    for counter in counters.values { counter.clear() }
  }

  /// Begins to count anew.
  ///
  /// The sums stay: to clear one would be lost on a thread that adds to it with the GIL held.
  private func clear() {
    beginning.withLock { $0 = sums }
    areShort.store(false, ordering: .relaxed)
  }

  private var sums: PythonStatistics.Counts { free.counts + held.counts }

  private var counts: PythonStatistics.Counts { beginning.withLock { sums - $0 } }

  /// Whether the call that begins now is to be timed.
  package var timesNext: Bool {
    !areShort.load(ordering: .relaxed)
      || (free.calls.value + held.calls.value) & (Self.interval - 1) == 0
  }

  /// Counts a call that was not timed, by a thread that need not hold the GIL.
  package func addCall() { free.calls.add(1) }

  /// Counts a call with the memory of its results and arguments, and with its times if it was timed.
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
    // The first of a row of short calls stands for itself, the others for those before them too.
    let wereShort = areShort.exchange(isShort, ordering: .relaxed)
    let weight = isShort && wereShort ? Self.interval : 1
    held.nanosecondsInPython.add(inPython * weight, gil)
    held.nanosecondsWaiting.add(waited * weight, gil)
  }

  /// Counts memory, by a thread that need not hold the GIL.
  package func addBytes(of counts: PythonStatistics.Counts) {
    if counts.bytesAdopted > 0 { free.adopted.add(counts.bytesAdopted) }
    if counts.bytesShared > 0 { free.shared.add(counts.bytesShared) }
    if counts.bytesCopied > 0 { free.copied.add(counts.bytesCopied) }
  }
}

/// What is summed up over calls.
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

  /// Adds, whoever else does.
  func add(_ amount: Int) { number.add(amount, ordering: .relaxed) }

  /// Adds where only threads with the GIL do: that takes no instruction that locks the memory.
  @inline(__always)
  func add(_ amount: Int, _ gil: borrowing GIL) {
    number.store(number.load(ordering: .relaxed) + amount, ordering: .relaxed)
  }
}
