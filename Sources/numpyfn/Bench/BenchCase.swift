/// One row of `numpyfn bench`: work that this package does, and the same work done by Python alone.
struct BenchCase: Sendable {
  /// What `--filter` looks at, and the key of the JSON.
  let name: String
  /// What the figures are.
  var unit = BenchUnit.nanoseconds
  /// Whether one round of one repeat will do, as for work that hardly varies and takes long.
  var isMeasuredOnce = false
  /// Makes what the work needs; the memory is given back after the case.
  let prepare: @Sendable (PythonWork) throws -> Contest
}

/// What a figure counts.
enum BenchUnit {
  /// Time per call.
  case nanoseconds
  /// Memory.
  case bytes
}

/// The same work, done in two ways.
struct Contest {
  /// By this package.
  let ours: Contender
  /// By CPython, without any Swift in the loop; nil where there is no such thing.
  let python: Contender?
}
