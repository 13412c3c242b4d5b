public import TensorCore

extension Tensor {
  /// The variance of the elements, all or those along some axes: the mean of the squares of their
  /// distances from the mean.
  ///
  /// Of whole numbers and bool it is a float64, of complex numbers a real number; float16 and bfloat16
  /// are computed as float32. Where there are no more than `ddof` elements it is NaN or infinite. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.var.html>.
  ///
  /// - Parameters:
  ///   - axes: the axes to go along; negative ones count from the end, nil means all.
  ///   - ddof: what is taken from the number of elements that the sum of the squares is divided by: 0,
  ///     as NumPy has it; 1 for an unbiased estimate from a sample.
  ///   - keepDims: whether the axes stay, with extent 1.
  ///   - file: the Swift file that errors name.
  ///   - line: the line that errors name.
  /// - Returns: the tensor without the axes, or with extent 1 along them.
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func variance(
    axes: [Int]? = nil, ddof: Int = 0, keepDims: Bool = false, file: String = #fileID,
    line: Int = #line
  ) throws -> Tensor {
    try Variance(axes: ReductionAxes(axes, keepDims: keepDims), ddof: ddof).result(
      of: self, file: file, line: line)
  }

  /// The variance of the elements along one axis.
  ///
  /// - Throws: as ``variance(axes:ddof:keepDims:file:line:)``.
  public func variance(
    axis: Int, ddof: Int = 0, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try variance(axes: [axis], ddof: ddof, keepDims: keepDims, file: file, line: line)
  }

  /// The standard deviation of the elements, all or those along some axes: the square root of their
  /// variance.
  ///
  /// Of whole numbers and bool it is a float64, of complex numbers a real number. Where it is 0 its
  /// gradient is NaN. See <https://numpy.org/doc/stable/reference/generated/numpy.std.html>.
  ///
  /// - Parameters:
  ///   - axes: the axes to go along; negative ones count from the end, nil means all.
  ///   - ddof: as of ``variance(axes:ddof:keepDims:file:line:)``.
  ///   - keepDims: whether the axes stay, with extent 1.
  ///   - file: the Swift file that errors name.
  ///   - line: the line that errors name.
  /// - Returns: the tensor without the axes, or with extent 1 along them.
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func standardDeviation(
    axes: [Int]? = nil, ddof: Int = 0, keepDims: Bool = false, file: String = #fileID,
    line: Int = #line
  ) throws -> Tensor {
    try Variance(axes: ReductionAxes(axes, keepDims: keepDims), ddof: ddof, isRoot: true).result(
      of: self, file: file, line: line)
  }

  /// The standard deviation of the elements along one axis.
  ///
  /// - Throws: as ``standardDeviation(axes:ddof:keepDims:file:line:)``.
  public func standardDeviation(
    axis: Int, ddof: Int = 0, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try standardDeviation(axes: [axis], ddof: ddof, keepDims: keepDims, file: file, line: line)
  }
}
