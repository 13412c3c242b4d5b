/// One row of `numpyfn bench`: work that this package does, and the same work done by Python alone.
struct BenchCase: Sendable {
  /// The name that `--filter` searches, and the key in the JSON.
  let name: String
  /// The unit of the figures.
  var unit = BenchUnit.nanoseconds
  /// Whether one round with one repeat is enough, for work that takes long and hardly varies.
  var isMeasuredOnce = false
  /// Creates the data for the work; the memory is freed after the case.
  let prepare: @Sendable (PythonWork) throws -> Contest
}

/// The unit of a figure.
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
  /// By CPython, without Swift in the loop; nil if that is not possible.
  let python: Contender?
}
