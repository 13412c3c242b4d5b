internal import Dispatch
internal import MemoryPool

/// The memory of tensors, and of the arrays that NumPy makes while it runs for this program: blocks
/// are kept for a while when they are given back, since touching fresh pages costs more than most
/// computations.
///
/// What nobody uses goes back to the system after some seconds, and at once when memory is short.
public enum TensorMemory {
  /// What the pool holds and has done.
  public struct Statistics: Sendable, Equatable {
    /// The size, in bytes, of the blocks that are kept and that nobody uses.
    public let heldBytes: Int
    /// The size, in bytes, of the blocks in use that are larger than 64 KiB.
    public let usedBytes: Int
    /// How many blocks were asked for.
    public let requests: Int
    /// How many of these had been kept from an earlier use.
    public let hits: Int
  }

  /// What the pool holds now, and has done since the program began.
  public static var statistics: Statistics {
    let counts = pool_counts()
    return Statistics(
      heldBytes: counts.held, usedBytes: counts.used, requests: Int(counts.requests),
      hits: Int(counts.hits))
  }

  /// How many bytes are kept at most that nobody uses.
  ///
  /// A quarter of the machine's memory at the beginning, or what the environment variable
  /// `NUMPYFN_POOL` says, in bytes; 0 keeps nothing.
  public static var poolLimit: Int {
    get { Int(clamping: pool_limit()) }
    set { pool_set_limit(max(newValue, 0)) }
  }

  /// Gives the system all blocks that nobody uses now, but for some small ones of each thread; and what the
  /// C library keeps in its heaps, which grow with the threads that a program has had.
  ///
  /// The heaps are the whole program's, so that this takes some milliseconds where they are large. See
  /// [malloc_trim](https://man7.org/linux/man-pages/man3/malloc_trim.3.html).
  public static func releaseUnused() {
    _ = pool_trim(0)
    pool_return_heaps()
  }
}

/// Gives back what has not been used for some seconds.
package enum IdleMemory {
  private static let queue = DispatchQueue(label: "numpyfn.memory", qos: .utility)

  /// For how many seconds blocks are kept, and how often that is looked after.
  private static let patience = 3
  private static let interval = DispatchTimeInterval.seconds(1)

  /// Has the pool looked after from now on; to be read by whoever takes memory from it.
  package static let isWatched: Bool = {
    pool_when_idle {
      IdleMemory.queue.asyncAfter(deadline: .now() + IdleMemory.interval) { IdleMemory.visit() }
    }
    return true
  }()

  private static func visit() {
    // Blocks that are left are looked at again; when there are none, the pool tells of the next.
    guard pool_trim(UInt32(patience)) else { return }
    queue.asyncAfter(deadline: .now() + interval) { visit() }
  }
}
