public import TensorCore

/// The exponentials of the elements, divided by their sum along axes.
struct Softmax: Operation, Hashable {
  /// The axes; nil for all.
  let axes: [Int]?

  let name = "softmax"

  private var kept: ReductionAxes { ReductionAxes(axes, keepDims: true) }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectReals(for: self)
    _ = try kept.result(of: inputs[0].shape)
    return [TensorSpec(shape: inputs[0].shape, dtype: inputs[0].dtype.average)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let dtype = inputs[0].dtype
    let x = try inputs.removeLast().casting(to: dtype.computation)
    if try x.shape.elementCount == 0 { return [try x.casting(to: dtype.average)] }
    // No exponential is greater than 1, and one of them is 1.
    let most = try Extreme(kind: .max, axes: kept).result([x])
    let exponentials = try Subtract().result([consume x, consume most]).exponentials()
    let sum = try Sum(axes: kept).result([exponentials])
    let shares = try Divide().result([consume exponentials, consume sum])
    return [try shares.casting(to: dtype.average)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (shares, upstream) = (request.results[0], request.upstream)
    let mean = try Sum(axes: kept).apply(to: [upstream * shares])[0]
    return [try (upstream - mean) * shares]
  }

  let effects = Effects.pure

  var attributes: [(name: String, value: String)] { ReductionAxes(axes).attributes }
}

/// The logarithms of ``Softmax``, which are finite even where the result of that underflows.
struct LogSoftmax: Operation, Hashable {
  /// The axes; nil for all.
  let axes: [Int]?

  let name = "logSoftmax"

  private var kept: ReductionAxes { ReductionAxes(axes, keepDims: true) }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectReals(for: self)
    _ = try kept.result(of: inputs[0].shape)
    return [TensorSpec(shape: inputs[0].shape, dtype: inputs[0].dtype.average)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let dtype = inputs[0].dtype
    let x = try inputs.removeLast().casting(to: dtype.computation)
    if try x.shape.elementCount == 0 { return [try x.casting(to: dtype.average)] }
    let most = try Extreme(kind: .max, axes: kept).result([x]).finiteOrZero()
    let distances = try Subtract().result([consume x, consume most])
    let sum = try Sum(axes: kept).result([distances.exponentials()]).logarithms()
    let logarithms = try Subtract().result([consume distances, consume sum])
    return [try logarithms.casting(to: dtype.average)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    // The softmax of the logarithms is that of the elements, so the elements are not needed.
    let shares = try Softmax(axes: axes).apply(to: [request.results[0]])[0]
    let sum = try Sum(axes: kept).apply(to: [request.upstream])[0]
    return [try request.upstream - shares * sum]
  }

  let effects = Effects.pure

  var attributes: [(name: String, value: String)] { ReductionAxes(axes).attributes }
}

/// The exponentials of the elements, divided by their sum along an axis: positive numbers that add up
/// to 1.
///
/// None overflows, however great the elements. Of whole numbers and bool it is a float64; float16 and
/// bfloat16 are computed as float32. See
/// <https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.softmax.html>.
///
/// - Parameters:
///   - x: a tensor of rank 1 or higher.
///   - axis: the axis; a negative one counts from the end.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: a tensor of the same shape.
/// - Throws: `OperationError` (`invalidArgument`) when the axis is out of range, or the elements are
///   complex or strings.
public func softmax(
  _ x: Tensor, axis: Int = -1, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Softmax(axes: [axis]).apply(to: [x], at: SourceLocation(file: file, line: line))[0]
}

/// The natural logarithm of ``softmax(_:axis:file:line:)``, without the rounding of that: finite for
/// elements however far apart.
///
/// See <https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.log_softmax.html>.
///
/// - Parameters:
///   - x: a tensor of rank 1 or higher.
///   - axis: the axis; a negative one counts from the end.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: a tensor of the same shape.
/// - Throws: `OperationError` (`invalidArgument`) when the axis is out of range, or the elements are
///   complex or strings.
public func logSoftmax(
  _ x: Tensor, axis: Int = -1, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try LogSoftmax(axes: [axis]).apply(to: [x], at: SourceLocation(file: file, line: line))[0]
}
