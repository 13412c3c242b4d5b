internal import CPython

/// What calls of Python functions have cost since the program began, or since
/// ``Python/resetStatistics()``.
public struct PythonStatistics: Sendable, Equatable {
  /// The cost of one function, or of all of them.
  public struct Counts: Sendable, Equatable {
    /// How many times it was called, also where it raised.
    public fileprivate(set) var calls = 0
    /// The size, in bytes, of results whose memory became a tensor's without a copy.
    public fileprivate(set) var bytesAdopted = 0
    /// The size, in bytes, of results that lay in a tensor's memory already.
    public fileprivate(set) var bytesShared = 0
    /// The size, in bytes, of what was copied: results that Python can still reach or that had
    /// another layout, strings, and writable arguments that somebody else held.
    ///
    /// Scalars do not count.
    public fileprivate(set) var bytesCopied = 0
    /// The time spent with the GIL held: in the function, and handing over arguments and results.
    ///
    /// Of calls that take less than some microseconds one in 32 is timed, and stands for the others.
    public var timeInPython: Duration { .nanoseconds(nanosecondsInPython) }
    /// The time spent waiting for the GIL, measured as ``timeInPython``.
    public var timeWaiting: Duration { .nanoseconds(nanosecondsWaiting) }

    // To reckon with Duration takes longer than a small call.
    private(set) var nanosecondsInPython = 0
    private(set) var nanosecondsWaiting = 0

    /// Counts of nothing.
    package init() {}

    /// Whether there is memory to be counted.
    var hasBytes: Bool { bytesAdopted | bytesShared | bytesCopied != 0 }

    /// Counts one result's memory.
    package mutating func add(_ transfer: MemoryTransfer, byteCount: Int) {
      switch transfer {
      case .adopted: bytesAdopted += byteCount
      case .shared: bytesShared += byteCount
      case .copied: bytesCopied += byteCount
      }
    }

    init(
      calls: Int, bytesAdopted: Int, bytesShared: Int, bytesCopied: Int, nanosecondsInPython: Int,
      nanosecondsWaiting: Int
    ) {
      self.calls = calls
      self.bytesAdopted = bytesAdopted
      self.bytesShared = bytesShared
      self.bytesCopied = bytesCopied
      self.nanosecondsInPython = nanosecondsInPython
      self.nanosecondsWaiting = nanosecondsWaiting
    }

    /// The times of one call, given when it asked for the GIL and when it had it; it ends now.
    package mutating func setTimes(asked: Int64, begun: Int64) {
      nanosecondsInPython = Int(Python.nanoseconds - begun)
      nanosecondsWaiting = Int(begun - asked)
    }

    static func + (a: Counts, b: Counts) -> Counts { a.combined(with: b, &+) }
    static func - (a: Counts, b: Counts) -> Counts { a.combined(with: b, &-) }

    private func combined(with other: Counts, _ operation: (Int, Int) -> Int) -> Counts {
      Counts(
        calls: operation(calls, other.calls),
        bytesAdopted: operation(bytesAdopted, other.bytesAdopted),
        bytesShared: operation(bytesShared, other.bytesShared),
        bytesCopied: operation(bytesCopied, other.bytesCopied),
        nanosecondsInPython: operation(nanosecondsInPython, other.nanosecondsInPython),
        nanosecondsWaiting: operation(nanosecondsWaiting, other.nanosecondsWaiting))
    }
  }

  /// The name under which functions are counted that are gone, once there have been over 4096 functions.
  public static let others = "functions that are gone"

  /// The counts of each function, under its name with the place where it is written: `numpy.sinh`,
  /// `normalise (model.py:12)`.
  ///
  /// Functions of the same name and place are counted as one. See also ``others``.
  public let functions: [String: Counts]

  /// The counts of all functions together.
  public var total: Counts {
    functions.values.reduce(Counts(), +)
  }
}

extension Python {
  /// The time of a clock that only goes forward.
  package static var nanoseconds: Int64 { cpy_nanoseconds() }

  /// What calls by `numpyFunction` have cost, function by function.
  public static var statistics: PythonStatistics {
    PythonStatistics(functions: CallCounter.all)
  }

  /// Begins to count anew.
  public static func resetStatistics() { CallCounter.reset() }
}
