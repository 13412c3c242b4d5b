public import TensorCore

/// The exponentials of the elements, divided by their sum along axes; or the logarithms of that, which
/// are finite even where it underflows.
struct Softmax: OneResultOperation {
  /// The axes; nil for all.
  let axes: [Int]?

  var isLogarithm = false

  var name: String { isLogarithm ? "logSoftmax" : "softmax" }

  private var kept: ReductionAxes { ReductionAxes(axes, keepDims: true) }

  func check(_ inputs: [TensorSpec]) throws {
    try inputs.expectReals(for: self)
    _ = try kept.result(of: inputs[0].shape)
  }

  func dtype(of operand: DType) -> DType { operand.average }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let dtype = inputs[0].dtype
    let x = try inputs.removeLast().casting(to: dtype.computation)
    if try x.shape.elementCount == 0 { return [try x.casting(to: dtype.average)] }
    // No exponential is greater than 1, and one of them is 1.
    let most = try Extreme(kind: .max, axes: kept).computed([x])
    let result =
      isLogarithm
      ? try logarithms(consume x, consume most) : try shares(consume x, consume most)
    return [try result.casting(to: dtype.average)]
  }

  private func shares(_ x: consuming Tensor, _ most: consuming Tensor) throws -> Tensor {
    let exponentials = try Subtract().computed([consume x, consume most]).exponentials()
    let sum = try Sum(axes: kept).computed([exponentials])
    return try Divide().computed([consume exponentials, consume sum])
  }

  private func logarithms(_ x: consuming Tensor, _ most: consuming Tensor) throws -> Tensor {
    let distances = try Subtract().computed([consume x, most.finiteOrZero()])
    let sum = try Sum(axes: kept).computed([distances.exponentials()]).logarithms()
    return try Subtract().computed([consume distances, consume sum])
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (result, upstream) = (request.results[0], request.upstream)
    guard isLogarithm else {
      let mean = try Sum(axes: kept).result(of: upstream * result)
      return [try (upstream - mean) * result]
    }
    // The softmax of the logarithms is that of the elements, so the elements are not needed.
    let shares = try Softmax(axes: axes).result(of: result)
    return [try upstream - shares * Sum(axes: kept).result(of: upstream)]
  }

  var attributes: [(name: String, value: String)] { ReductionAxes(axes).attributes }
}

/// The exponentials of the elements, divided by their sum along an axis: positive numbers that add up
/// to 1.
///
/// The shape stays. None overflows, however great the elements. Of whole numbers and bool it is a float64; float16 and
/// bfloat16 are computed as float32. See
/// <https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.softmax.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the axis is out of range, or the elements are
///   complex or strings.
public func softmax(
  _ x: Tensor, axis: Int = -1, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Softmax(axes: [axis]).result(of: x, file: file, line: line)
}

/// The natural logarithm of ``softmax(_:axis:file:line:)``, without the rounding of that: finite for
/// elements however far apart.
///
/// See <https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.log_softmax.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the axis is out of range, or the elements are
///   complex or strings.
public func logSoftmax(
  _ x: Tensor, axis: Int = -1, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Softmax(axes: [axis], isLogarithm: true).result(of: x, file: file, line: line)
}
