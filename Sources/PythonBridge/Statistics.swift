internal import TensorCore

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
    public fileprivate(set) var timeInPython = Duration.zero
    /// The time spent waiting for the GIL.
    public fileprivate(set) var timeWaiting = Duration.zero

    /// Counts of nothing.
    package init() {}

    /// Counts one result's memory.
    package mutating func add(_ transfer: MemoryTransfer, byteCount: Int) {
      switch transfer {
      case .adopted: bytesAdopted += byteCount
      case .shared: bytesShared += byteCount
      case .copied: bytesCopied += byteCount
      }
    }

    /// Counts one call.
    package mutating func addCall(inPython: Duration, waiting: Duration) {
      calls += 1
      timeInPython += inPython
      timeWaiting += waiting
    }

    fileprivate static func += (total: inout Counts, one: Counts) {
      total.calls += one.calls
      total.bytesAdopted += one.bytesAdopted
      total.bytesShared += one.bytesShared
      total.bytesCopied += one.bytesCopied
      total.timeInPython += one.timeInPython
      total.timeWaiting += one.timeWaiting
    }
  }

  /// The counts of each function, under its name with the place where it is written: `numpy.sinh`,
  /// `normalise (model.py:12)`.
  public fileprivate(set) var functions: [String: Counts] = [:]

  /// The counts of all functions together.
  public var total: Counts {
    functions.values.reduce(into: Counts()) { $0 += $1 }
  }
}

extension Python {
  private static let recorded = Locked(PythonStatistics())

  /// What calls by `numpyFunction` have cost, function by function.
  public static var statistics: PythonStatistics { recorded.withLock { $0 } }

  /// Begins to count anew.
  public static func resetStatistics() {
    recorded.withLock { $0 = PythonStatistics() }
  }

  /// Adds the counts of a call to those of a function.
  package static func record(_ counts: PythonStatistics.Counts, of function: String) {
    recorded.withLock { $0.functions[function, default: .init()] += counts }
  }
}
