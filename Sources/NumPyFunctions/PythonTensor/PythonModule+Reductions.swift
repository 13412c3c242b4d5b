internal import GraphCore
internal import PythonBridge
internal import TensorCore

extension PythonModule {
  /// Reductions, with NumPy's names; all take the tensor, the axes (None or a list), and whether to
  /// keep them.
  static var reductionFunctions: [PyEntry] {
    let plain = reductions.map { name, function in
      PyEntry(name) { arguments, gil in
        let x = try arguments.tensor(0, gil)
        let axes = try arguments.ints(1, gil)
        let keepDims = try arguments.bool(2, gil)
        return try arguments.computing([x], gil) { try function(x, axes, keepDims, $0) }
      }
    }
    let sums = PyEntry("cumsum") { arguments, gil in
      let (x, axis) = try (arguments.tensor(0, gil), arguments.int(1, gil))
      return try arguments.computing([x], gil) { place in
        try x.cumulativeSum(axis: axis, file: place.file, line: place.line)
      }
    }
    let checked = PyEntry("ensure_not_zero") { arguments, gil in
      let (x, subject) = try (arguments.tensor(0, gil), arguments.string(1, gil))
      return try arguments.computing([x], gil) { place in
        try ensureNotZero(x, subject, file: place.file, line: place.line)
      }
    }
    return plain + spreads + positions + softmaxes + [sums, checked]
  }

  private typealias Reduction = @Sendable (Tensor, [Int]?, Bool, PythonPlace?) throws -> Tensor

  private static let reductions: [(String, Reduction)] = [
    ("sum", { try $0.sum(axes: $1, keepDims: $2, file: $3.file, line: $3.line) }),
    ("mean", { try $0.mean(axes: $1, keepDims: $2, file: $3.file, line: $3.line) }),
    ("prod", { try $0.product(axes: $1, keepDims: $2, file: $3.file, line: $3.line) }),
    ("min", { try $0.min(axes: $1, keepDims: $2, file: $3.file, line: $3.line) }),
    ("max", { try $0.max(axes: $1, keepDims: $2, file: $3.file, line: $3.line) }),
    ("any", { try $0.any(axes: $1, keepDims: $2, file: $3.file, line: $3.line) }),
    ("all", { try $0.all(axes: $1, keepDims: $2, file: $3.file, line: $3.line) }),
    (
      "count_nonzero", { try $0.countNonZero(axes: $1, keepDims: $2, file: $3.file, line: $3.line) }
    ),
    ("logsumexp", { try $0.logSumExp(axes: $1, keepDims: $2, file: $3.file, line: $3.line) }),
  ]

  /// Variance and standard deviation, with `ddof` as a fourth argument.
  private static var spreads: [PyEntry] {
    ["var", "std"].map { name in
      PyEntry(name) { arguments, gil in
        let x = try arguments.tensor(0, gil)
        let axes = try arguments.ints(1, gil)
        let (keepDims, ddof) = try (arguments.bool(2, gil), arguments.int(3, gil))
        return try arguments.computing([x], gil) { place in
          try name == "var"
            ? x.variance(
              axes: axes, ddof: ddof, keepDims: keepDims, file: place.file, line: place.line)
            : x.standardDeviation(
              axes: axes, ddof: ddof, keepDims: keepDims, file: place.file, line: place.line)
        }
      }
    }
  }

  /// The positions of extremes along one axis, or of all elements.
  private static var positions: [PyEntry] {
    ["argmin", "argmax"].map { name in
      PyEntry(name) { arguments, gil in
        let x = try arguments.tensor(0, gil)
        let axis = try arguments.isNone(1) ? nil : arguments.int(1, gil)
        let keepDims = try arguments.bool(2, gil)
        return try arguments.computing([x], gil) { place in
          try name == "argmin"
            ? x.argMin(axis: axis, keepDims: keepDims, file: place.file, line: place.line)
            : x.argMax(axis: axis, keepDims: keepDims, file: place.file, line: place.line)
        }
      }
    }
  }

  private static var softmaxes: [PyEntry] {
    ["softmax", "log_softmax"].map { name in
      PyEntry(name) { arguments, gil in
        let (x, axis) = try (arguments.tensor(0, gil), arguments.int(1, gil))
        return try arguments.computing([x], gil) { place in
          try name == "softmax"
            ? softmax(x, axis: axis, file: place.file, line: place.line)
            : logSoftmax(x, axis: axis, file: place.file, line: place.line)
        }
      }
    }
  }
}
