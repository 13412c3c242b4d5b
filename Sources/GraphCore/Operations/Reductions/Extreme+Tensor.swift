public import TensorCore

extension Tensor {
  /// The smallest of the elements, all or those along some axes; NaN where one is.
  ///
  /// Of bool it is "and". Elements that are all the smallest share the gradient evenly. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.min.html>.
  ///
  /// - Parameters:
  ///   - axes: the axes to go along; negative ones count from the end, nil means all.
  ///   - keepDims: whether the axes stay, with extent 1.
  ///   - file: the Swift file that errors name.
  ///   - line: the line that errors name.
  /// - Returns: the tensor without the axes, or with extent 1 along them.
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range, named twice, or has no
  ///   elements, or the elements are complex or strings.
  public func min(
    axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try Extreme(kind: .min, axes: ReductionAxes(axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// The smallest of the elements along one axis.
  ///
  /// - Throws: as ``min(axes:keepDims:file:line:)``.
  public func min(
    axis: Int, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try min(axes: [axis], keepDims: keepDims, file: file, line: line)
  }

  /// The greatest of the elements, all or those along some axes; NaN where one is.
  ///
  /// Of bool it is "or". Elements that are all the greatest share the gradient evenly. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.max.html>.
  ///
  /// - Parameters:
  ///   - axes: the axes to go along; negative ones count from the end, nil means all.
  ///   - keepDims: whether the axes stay, with extent 1.
  ///   - file: the Swift file that errors name.
  ///   - line: the line that errors name.
  /// - Returns: the tensor without the axes, or with extent 1 along them.
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is out of range, named twice, or has no
  ///   elements, or the elements are complex or strings.
  public func max(
    axes: [Int]? = nil, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try Extreme(kind: .max, axes: ReductionAxes(axes, keepDims: keepDims)).result(
      of: self, file: file, line: line)
  }

  /// The greatest of the elements along one axis.
  ///
  /// - Throws: as ``max(axes:keepDims:file:line:)``.
  public func max(
    axis: Int, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try max(axes: [axis], keepDims: keepDims, file: file, line: line)
  }

  /// The index of the smallest element along an axis: that of the first NaN if there is one,
  /// otherwise that of the first of equal elements.
  ///
  /// See <https://numpy.org/doc/stable/reference/generated/numpy.argmin.html>.
  ///
  /// - Parameters:
  ///   - axis: the axis to go along; a negative one counts from the end. With nil the index is that
  ///     among all elements in row-major order.
  ///   - keepDims: whether the axis stays, with extent 1.
  ///   - file: the Swift file that errors name.
  ///   - line: the line that errors name.
  /// - Returns: an int64 tensor.
  /// - Throws: `OperationError` (`invalidArgument`) when the axis is out of range or has no elements, or
  ///   these are complex or strings.
  public func argMin(
    axis: Int? = nil, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try ArgExtreme(kind: .min, axis: axis, keepDims: keepDims).result(
      of: self, file: file, line: line)
  }

  /// The index of the greatest element along an axis: that of the first NaN if there is one,
  /// otherwise that of the first of equal elements.
  ///
  /// See <https://numpy.org/doc/stable/reference/generated/numpy.argmax.html>.
  ///
  /// - Parameters:
  ///   - axis: the axis to go along; a negative one counts from the end. With nil the index is that
  ///     among all elements in row-major order.
  ///   - keepDims: whether the axis stays, with extent 1.
  ///   - file: the Swift file that errors name.
  ///   - line: the line that errors name.
  /// - Returns: an int64 tensor.
  /// - Throws: `OperationError` (`invalidArgument`) when the axis is out of range or has no elements, or
  ///   these are complex or strings.
  public func argMax(
    axis: Int? = nil, keepDims: Bool = false, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try ArgExtreme(kind: .max, axis: axis, keepDims: keepDims).result(
      of: self, file: file, line: line)
  }
}
