public import TensorCore

extension Tensor {
  /// Whether any of the elements, all or those along some axes, is not zero; NaN is not.
  ///
  /// Of no elements it is false. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.any.html>.
  ///
  /// - Parameters:
  ///   - axes: the axes to go along; negative ones count from the end, nil means all.
  ///   - keepDims: whether the axes stay, with extent 1.
  ///   - file: the Swift file that errors name.
  ///   - line: the line that errors name.
  /// - Returns: a bool tensor without the axes, or with extent 1 along them.
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func any(
    axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try LogicalReduction(kind: .any, axes: ReductionAxes(axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// As ``any(axes:keepDims:file:line:)``, along one axis.
  ///
  /// - Throws: as that.
  public func any(
    axis: Int, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try any(axes: [axis], keepDims: keepDims, file: file, line: line)
  }

  /// Whether all of the elements, or those along some axes, are not zero; NaN is not.
  ///
  /// Of no elements it is true. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.all.html>.
  ///
  /// - Parameters:
  ///   - axes: the axes to go along; negative ones count from the end, nil means all.
  ///   - keepDims: whether the axes stay, with extent 1.
  ///   - file: the Swift file that errors name.
  ///   - line: the line that errors name.
  /// - Returns: a bool tensor without the axes, or with extent 1 along them.
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func all(
    axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try LogicalReduction(kind: .all, axes: ReductionAxes(axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// As ``all(axes:keepDims:file:line:)``, along one axis.
  ///
  /// - Throws: as that.
  public func all(
    axis: Int, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try all(axes: [axis], keepDims: keepDims, file: file, line: line)
  }

  /// The number of elements that are not zero, of all or along some axes; NaN is not.
  ///
  /// See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.count_nonzero.html>.
  ///
  /// - Parameters:
  ///   - axes: the axes to go along; negative ones count from the end, nil means all.
  ///   - keepDims: whether the axes stay, with extent 1.
  ///   - file: the Swift file that errors name.
  ///   - line: the line that errors name.
  /// - Returns: an int64 tensor without the axes, or with extent 1 along them.
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range or named twice, or
  ///   the elements are strings.
  public func countNonZero(
    axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try LogicalReduction(kind: .countNonZero, axes: ReductionAxes(axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// As ``countNonZero(axes:keepDims:file:line:)``, along one axis.
  ///
  /// - Throws: as that.
  public func countNonZero(
    axis: Int, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try countNonZero(axes: [axis], keepDims: keepDims, file: file, line: line)
  }
}
