internal import CPython

/// The cost of calls of Python functions since the program started, or since
/// ``Python/resetStatistics()``.
public struct PythonStatistics: Sendable, Equatable {
  /// The cost of one function, or of all of them.
  public struct Counts: Sendable, Equatable {
    /// How many times it was called, also where it raised.
    public fileprivate(set) var calls = 0
    /// The size, in bytes, of results whose memory became a tensor's without a copy.
    public fileprivate(set) var bytesAdopted = 0
    /// The size, in bytes, of results that already shared a tensor's memory.
    public fileprivate(set) var bytesShared = 0
    /// The size, in bytes, of what was copied: results that Python still refers to or that had
    /// another layout, strings, and writable arguments whose tensors had other references.
    ///
    /// Scalars do not count.
    public fileprivate(set) var bytesCopied = 0
    /// The time spent with the GIL held: in the function, and in passing arguments and results.
    ///
    /// Of calls that take less than four microseconds, only one in 32 is timed, and its time is counted for
    /// the others too.
    public var timeInPython: Duration { .nanoseconds(nanosecondsInPython) }
    /// The time spent waiting for the GIL, measured as ``timeInPython``.
    public var timeWaiting: Duration { .nanoseconds(nanosecondsWaiting) }

    // Integers, since arithmetic with Duration takes longer than a small call.
    private(set) var nanosecondsInPython = 0
    private(set) var nanosecondsWaiting = 0

    /// Zero counts.
    package init() {}

    /// Whether any bytes have been counted.
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

    /// Sets the times of a call that ends now: `asked` is when it requested the GIL, `begun` when
    /// it acquired it.
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

  /// The name under which the counts of released functions are added up, once there have been over 4096
  /// functions.
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
  /// The time of a monotonic clock.
  package static var nanoseconds: Int64 { cpy_nanoseconds() }

  /// The cost of calls by `numpyFunction`, for each function.
  public static var statistics: PythonStatistics {
    PythonStatistics(functions: CallCounter.all)
  }

  /// Resets all counts to zero.
  public static func resetStatistics() { CallCounter.reset() }
}
