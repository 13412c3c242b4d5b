/// The largest acceptable cost of a case, as a multiple of another cost.
struct BenchTarget {
  /// The cost with which it is compared.
  enum Rival {
    case python
    /// Our cost in another case.
    case ours(String)
    /// The cost of the same work in a C program.
    case floor
    /// A number of bytes.
    case bytes(Double)
  }

  let rival: Rival
  let limit: Double

  /// The targets, by the name of the case.
  ///
  /// The targets for other frameworks are in `scripts/compare.py`.
  static let all: [String: BenchTarget] = [
    "scalar sinh, y*y": BenchTarget(rival: .python, limit: 0.25),
    "scalar identity": BenchTarget(rival: .python, limit: 1.5),
    "8 scalar args identity": BenchTarget(rival: .python, limit: 5),
    "16M float32 identity": BenchTarget(rival: .ours("1k float32 identity"), limit: 1.1),
    "1k float32 add1": BenchTarget(rival: .python, limit: 1.2),
    "1M float32 add1": BenchTarget(rival: .python, limit: 1),
    "16M float32 add1": BenchTarget(rival: .python, limit: 0.6),
    "graph: 4 x sinh of 1M, summed": BenchTarget(rival: .python, limit: 0.5),
    "np.sinh of 16M": BenchTarget(rival: .python, limit: 0.55),
    "a Python function over 1M, two threads at once": BenchTarget(
      rival: .ours("a Python function over 1M"), limit: 0.6),
    "no-op Python function, no arguments, thread attached": BenchTarget(rival: .floor, limit: 1.5),
    "no-op Python function, no arguments, thread not attached": BenchTarget(
      rival: .floor, limit: 1.5),
    "process start to first result": BenchTarget(rival: .python, limit: 1.15),
    "peak memory, identity over 1 GiB": BenchTarget(rival: .bytes(Double(1 << 30)), limit: 1.02),
  ]
}
