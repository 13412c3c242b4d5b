public import TensorCore

extension Tensor {
  /// The sum of the elements, all or those along axes.
  ///
  /// The axes are `axis` and `axes`, where negative numbers count from the end; all of them if both are
  /// nil, none if `axes` is empty. They are not in the result's shape, or, with `keepDims`, have
  /// extent 1.
  ///
  /// Whole numbers and bool are added up as int64, unsigned ones as uint64, and wrap. Floating-point
  /// numbers are added up pairwise, so that the error grows with the logarithm of their number, and
  /// float16 and bfloat16 as float32. The sum of no elements is 0. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.sum.html>.
  ///
  /// ```swift
  /// let x = try Tensor([[1.0, 2], [3, 4]])
  /// try x.sum()  // 10
  /// try x.sum(axis: 0)  // [4 6]
  /// try x.sum(axes: [-1], keepDims: true)  // [[3], [7]]
  /// ```
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func sum(
    axis: Int? = nil, axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID,
    line: Int = #line
  ) throws -> Tensor {
    try Sum(axes: ReductionAxes(axis, axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// The product of the elements, all or those along axes: see ``sum(axis:axes:keepDims:file:line:)``.
  ///
  /// Whole numbers and bool are multiplied as int64, unsigned ones as uint64, and wrap; float16 and
  /// bfloat16 are multiplied as float32. The product of no elements is 1. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.prod.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func product(
    axis: Int? = nil, axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID,
    line: Int = #line
  ) throws -> Tensor {
    try Product(axes: ReductionAxes(axis, axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// The mean of the elements, all or those along axes: see ``sum(axis:axes:keepDims:file:line:)``.
  ///
  /// Of whole numbers and bool it is a float64; float16 and bfloat16 are added up as float32, and
  /// the mean is of their dtype again. The mean of no elements is NaN. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.mean.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func mean(
    axis: Int? = nil, axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID,
    line: Int = #line
  ) throws -> Tensor {
    try Mean(axes: ReductionAxes(axis, axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// The variance of the elements, all or those along axes: the mean of the squares of their
  /// distances from the mean.
  ///
  /// `ddof` is subtracted from the number of elements that the sum of the squares is divided by: 0, as
  /// NumPy has it; 1 for an unbiased estimate from a sample. Of whole numbers and bool the variance is a
  /// float64, of complex numbers a real number; float16 and bfloat16 are computed as float32. Where
  /// there are no more than `ddof` elements it is NaN or infinite. For axes see
  /// ``sum(axis:axes:keepDims:file:line:)``, and
  /// <https://numpy.org/doc/stable/reference/generated/numpy.var.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func variance(
    axis: Int? = nil, axes: [Int]? = nil, ddof: Int = 0, keepDims: Bool = false,
    file: String = #fileID,
    line: Int = #line
  ) throws -> Tensor {
    try Variance(axes: ReductionAxes(axis, axes, keepDims: keepDims), ddof: ddof).result(
      of: self, file: file, line: line)
  }

  /// The standard deviation of the elements, all or those along axes: the square root of their
  /// variance.
  ///
  /// Of whole numbers and bool it is a float64, of complex numbers a real number. Where it is 0 its
  /// gradient is NaN. For `ddof` see ``variance(axis:axes:ddof:keepDims:file:line:)``, and
  /// <https://numpy.org/doc/stable/reference/generated/numpy.std.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func standardDeviation(
    axis: Int? = nil, axes: [Int]? = nil, ddof: Int = 0, keepDims: Bool = false,
    file: String = #fileID,
    line: Int = #line
  ) throws -> Tensor {
    try Variance(axes: ReductionAxes(axis, axes, keepDims: keepDims), ddof: ddof, isRoot: true)
      .result(of: self, file: file, line: line)
  }

  /// The smallest of the elements, all or those along axes; NaN where one is.
  ///
  /// Of bool it is "and". Elements that are all the smallest share the gradient evenly. For axes see
  /// ``sum(axis:axes:keepDims:file:line:)``, and
  /// <https://numpy.org/doc/stable/reference/generated/numpy.min.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range, named twice, or has no
  ///   elements, or the elements are complex or strings.
  public func min(
    axis: Int? = nil, axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID,
    line: Int = #line
  ) throws -> Tensor {
    try Extreme(kind: .min, axes: ReductionAxes(axis, axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// The greatest of the elements, all or those along axes; NaN where one is.
  ///
  /// Of bool it is "or". Elements that are all the greatest share the gradient evenly. For axes see
  /// ``sum(axis:axes:keepDims:file:line:)``, and
  /// <https://numpy.org/doc/stable/reference/generated/numpy.max.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range, named twice, or has no
  ///   elements, or the elements are complex or strings.
  public func max(
    axis: Int? = nil, axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID,
    line: Int = #line
  ) throws -> Tensor {
    try Extreme(kind: .max, axes: ReductionAxes(axis, axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// Whether any of the elements, all or those along axes, is not zero; NaN is not: a bool tensor.
  ///
  /// Of no elements it is false. For axes see ``sum(axis:axes:keepDims:file:line:)``, and
  /// <https://numpy.org/doc/stable/reference/generated/numpy.any.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func any(
    axis: Int? = nil, axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID,
    line: Int = #line
  ) throws -> Tensor {
    try LogicalReduction(kind: .any, axes: ReductionAxes(axis, axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// Whether all of the elements, or those along axes, are not zero; NaN is not: a bool tensor.
  ///
  /// Of no elements it is true. For axes see ``sum(axis:axes:keepDims:file:line:)``, and
  /// <https://numpy.org/doc/stable/reference/generated/numpy.all.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func all(
    axis: Int? = nil, axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID,
    line: Int = #line
  ) throws -> Tensor {
    try LogicalReduction(kind: .all, axes: ReductionAxes(axis, axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// The number of elements that are not zero, of all or along axes; NaN is not: an int64 tensor.
  ///
  /// For axes see ``sum(axis:axes:keepDims:file:line:)``, and
  /// <https://numpy.org/doc/stable/reference/generated/numpy.count_nonzero.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func countNonZero(
    axis: Int? = nil, axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID,
    line: Int = #line
  ) throws -> Tensor {
    try LogicalReduction(kind: .countNonZero, axes: ReductionAxes(axis, axes, keepDims: keepDims))
      .result(of: self, file: file, line: line)
  }

  /// The logarithm of the sum of the exponentials of the elements, all or those along axes.
  ///
  /// It is finite wherever its value is, however great or small the elements. Of whole numbers and bool
  /// it is a float64; float16 and bfloat16 are computed as float32. Of no elements it is negative
  /// infinity. For axes see ``sum(axis:axes:keepDims:file:line:)``, and
  /// <https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.logsumexp.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are complex or strings.
  public func logSumExp(
    axis: Int? = nil, axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID,
    line: Int = #line
  ) throws -> Tensor {
    try LogSumExp(axes: ReductionAxes(axis, axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// The index, an int64, of the smallest element along an axis; when that is nil, among all elements
  /// in row-major order.
  ///
  /// It is the index of the first NaN if there is one, otherwise that of the first of equal elements.
  /// A negative axis counts from the end; with `keepDims` it stays, with extent 1. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.argmin.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the axis is out of range or has no elements, or
  ///   these are complex or strings.
  public func argMin(
    axis: Int? = nil, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try ArgExtreme(kind: .min, axis: axis, keepDims: keepDims)
      .result(of: self, file: file, line: line)
  }

  /// The index, an int64, of the greatest element along an axis; when that is nil, among all elements
  /// in row-major order.
  ///
  /// Otherwise as ``argMin(axis:keepDims:file:line:)``. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.argmax.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the axis is out of range or has no elements, or
  ///   these are complex or strings.
  public func argMax(
    axis: Int? = nil, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try ArgExtreme(kind: .max, axis: axis, keepDims: keepDims)
      .result(of: self, file: file, line: line)
  }
}
