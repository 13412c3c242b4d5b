internal import Dispatch
internal import MemoryPool

/// The memory pool of tensors, and of the arrays that NumPy creates in callbacks: freed blocks are
/// kept for a while, since touching fresh pages costs more than most computations.
///
/// Unused blocks are returned to the system after a few seconds, and immediately when memory is
/// short.
public enum TensorMemory {
  /// The state of the pool, and counts of its requests.
  public struct Statistics: Sendable, Equatable {
    /// The size, in bytes, of the unused blocks that are kept.
    public let heldBytes: Int
    /// The size, in bytes, of the blocks in use that are larger than 64 KiB.
    public let usedBytes: Int
    /// How many blocks were requested.
    public let requests: Int
    /// How many of the requests were served with a block that had been kept.
    public let hits: Int
  }

  /// The current state of the pool, and counts since the program started.
  public static var statistics: Statistics {
    let counts = pool_counts()
    return Statistics(
      heldBytes: counts.held, usedBytes: counts.used, requests: Int(counts.requests),
      hits: Int(counts.hits))
  }

  /// The largest number of unused bytes that are kept.
  ///
  /// The default is the value of the environment variable `NUMPYFN_POOL`, in bytes, or a quarter of
  /// the machine's memory; 0 keeps nothing.
  public static var poolLimit: Int {
    get { Int(clamping: pool_limit()) }
    set { pool_set_limit(max(newValue, 0)) }
  }

  /// Returns to the system all unused blocks, except some small ones in the caches of threads, and the unused
  /// memory in the heaps of the C library, which grow with the number of threads.
  ///
  /// Since the whole program uses these heaps, this takes some milliseconds if they are large. See
  /// [malloc_trim](https://man7.org/linux/man-pages/man3/malloc_trim.3.html).
  public static func releaseUnused() {
    _ = pool_trim(0)
    pool_return_heaps()
  }
}

/// Returns to the system the blocks that have not been used for some seconds.
package enum IdleMemory {
  private static let queue = DispatchQueue(label: "numpyfn.memory", qos: .utility)

  /// For how many seconds unused blocks are kept, and how often they are checked.
  private static let keptSeconds = 3
  private static let interval = DispatchTimeInterval.seconds(1)

  /// Starts the checks at its first access.
  ///
  /// Code that takes memory from the pool must read it.
  package static let isWatched: Bool = {
    pool_when_idle {
      IdleMemory.queue.asyncAfter(deadline: .now() + IdleMemory.interval) { IdleMemory.trim() }
    }
    return true
  }()

  private static func trim() {
    // If blocks are left, they are checked again later. Otherwise the pool reports the next unused
    // block.
    guard pool_trim(UInt32(keptSeconds)) else { return }
    queue.asyncAfter(deadline: .now() + interval) { trim() }
  }
}
