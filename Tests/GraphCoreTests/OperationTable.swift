import GraphCore
import TensorCore

/// How each operation is called, for the table in the documentation.
struct OperationRow: Sendable {
  let family: String
  /// The call, as a reader writes it.
  let call: String
  /// How many inputs have the dtype that the table is about.
  let inputs: Int
  let shape: Shape
  let body: @Sendable ([Tensor]) throws -> [Tensor]
}

enum OperationTable {
  static let rows: [OperationRow] = [
    arithmetic(), unaryArithmetic(), functions(), complexNumbers(), comparisons(), questions(),
    reductions(), algebra(), shapes(), making(), others(),
  ].flatMap { $0 }

  private static func unary(
    _ family: String, _ call: String, shape: Shape = [2, 3],
    _ body: @escaping @Sendable (Tensor) throws -> Tensor
  ) -> OperationRow {
    OperationRow(family: family, call: call, inputs: 1, shape: shape) { [try body($0[0])] }
  }

  private static func binary(
    _ family: String, _ call: String, shape: Shape = [2, 3],
    _ body: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) -> OperationRow {
    OperationRow(family: family, call: call, inputs: 2, shape: shape) { [try body($0[0], $0[1])] }
  }

  private static func arithmetic() -> [OperationRow] {
    var rows: [OperationRow] = []
    rows.append(binary("Arithmetic", "a + b") { try $0 + $1 })
    rows.append(binary("Arithmetic", "a - b") { try $0 - $1 })
    rows.append(binary("Arithmetic", "a * b") { try $0 * $1 })
    rows.append(binary("Arithmetic", "a / b") { try $0 / $1 })
    rows.append(binary("Arithmetic", "a % b") { try $0 % $1 })
    rows.append(binary("Arithmetic", "remainder(a, b)") { try remainder($0, $1) })
    rows.append(binary("Arithmetic", "floorDivide(a, b)") { try floorDivide($0, $1) })
    rows.append(binary("Arithmetic", "pow(a, b)") { try pow($0, $1) })
    rows.append(binary("Arithmetic", "minimum(a, b)") { try minimum($0, $1) })
    rows.append(binary("Arithmetic", "maximum(a, b)") { try maximum($0, $1) })
    rows.append(binary("Arithmetic", "hypot(a, b)") { try hypot($0, $1) })
    rows.append(binary("Arithmetic", "atan2(a, b)") { try atan2($0, $1) })
    return rows
  }

  private static func unaryArithmetic() -> [OperationRow] {
    var rows: [OperationRow] = []
    rows.append(unary("Arithmetic", "-x") { try -$0 })
    rows.append(unary("Arithmetic", "abs(x)") { try abs($0) })
    rows.append(unary("Arithmetic", "sign(x)") { try sign($0) })
    rows.append(unary("Arithmetic", "reciprocal(x)") { try reciprocal($0) })
    rows.append(unary("Arithmetic", "square(x)") { try square($0) })
    rows.append(unary("Arithmetic", "sqrt(x)") { try sqrt($0) })
    rows.append(unary("Arithmetic", "rsqrt(x)") { try rsqrt($0) })
    rows.append(unary("Arithmetic", "floor(x)") { try floor($0) })
    rows.append(unary("Arithmetic", "ceil(x)") { try ceil($0) })
    rows.append(unary("Arithmetic", "round(x)") { try round($0) })
    rows.append(unary("Arithmetic", "trunc(x)") { try trunc($0) })
    rows.append(unary("Arithmetic", "clip(x, lowest, highest)") { try clip($0, 0, 1) })
    return rows
  }

  private static func functions() -> [OperationRow] {
    var rows: [OperationRow] = []
    rows.append(unary("Functions", "exp(x)") { try exp($0) })
    rows.append(unary("Functions", "expm1(x)") { try expm1($0) })
    rows.append(unary("Functions", "log(x)") { try log($0) })
    rows.append(unary("Functions", "log1p(x)") { try log1p($0) })
    rows.append(unary("Functions", "log2(x)") { try log2($0) })
    rows.append(unary("Functions", "log10(x)") { try log10($0) })
    rows.append(unary("Functions", "sin(x)") { try sin($0) })
    rows.append(unary("Functions", "cos(x)") { try cos($0) })
    rows.append(unary("Functions", "tan(x)") { try tan($0) })
    rows.append(unary("Functions", "asin(x)") { try asin($0) })
    rows.append(unary("Functions", "acos(x)") { try acos($0) })
    rows.append(unary("Functions", "atan(x)") { try atan($0) })
    rows.append(unary("Functions", "sinh(x)") { try sinh($0) })
    rows.append(unary("Functions", "cosh(x)") { try cosh($0) })
    rows.append(unary("Functions", "tanh(x)") { try tanh($0) })
    rows.append(unary("Functions", "asinh(x)") { try asinh($0) })
    rows.append(unary("Functions", "acosh(x)") { try acosh($0) })
    rows.append(unary("Functions", "atanh(x)") { try atanh($0) })
    rows.append(unary("Functions", "erf(x)") { try erf($0) })
    rows.append(unary("Functions", "erfc(x)") { try erfc($0) })
    rows.append(unary("Functions", "sigmoid(x)") { try sigmoid($0) })
    rows.append(unary("Functions", "softplus(x)") { try softplus($0) })
    rows.append(unary("Functions", "relu(x)") { try relu($0) })
    rows.append(unary("Functions", "gelu(x)") { try gelu($0) })
    return rows
  }

  private static func complexNumbers() -> [OperationRow] {
    var rows: [OperationRow] = []
    rows.append(unary("Complex numbers", "conjugate(z)") { try conjugate($0) })
    rows.append(unary("Complex numbers", "real(z)") { try real($0) })
    rows.append(unary("Complex numbers", "imaginary(z)") { try imaginary($0) })
    rows.append(unary("Complex numbers", "angle(z)") { try angle($0) })
    return rows
  }

  private static func comparisons() -> [OperationRow] {
    var rows: [OperationRow] = []
    rows.append(binary("Comparison and logic", "a .== b") { try $0 .== $1 })
    rows.append(binary("Comparison and logic", "equal(a, b)") { try equal($0, $1) })
    rows.append(binary("Comparison and logic", "a .!= b") { try $0 .!= $1 })
    rows.append(binary("Comparison and logic", "notEqual(a, b)") { try notEqual($0, $1) })
    rows.append(binary("Comparison and logic", "a .< b") { try $0 .< $1 })
    rows.append(binary("Comparison and logic", "less(a, b)") { try less($0, $1) })
    rows.append(binary("Comparison and logic", "a .<= b") { try $0 .<= $1 })
    rows.append(binary("Comparison and logic", "lessEqual(a, b)") { try lessEqual($0, $1) })
    rows.append(binary("Comparison and logic", "a .> b") { try $0 .> $1 })
    rows.append(binary("Comparison and logic", "greater(a, b)") { try greater($0, $1) })
    rows.append(binary("Comparison and logic", "a .>= b") { try $0 .>= $1 })
    rows.append(binary("Comparison and logic", "greaterEqual(a, b)") { try greaterEqual($0, $1) })
    rows.append(binary("Comparison and logic", "a .& b") { try $0 .& $1 })
    rows.append(binary("Comparison and logic", "logicalAnd(a, b)") { try logicalAnd($0, $1) })
    rows.append(binary("Comparison and logic", "a .| b") { try $0 .| $1 })
    rows.append(binary("Comparison and logic", "logicalOr(a, b)") { try logicalOr($0, $1) })
    rows.append(binary("Comparison and logic", "a .^ b") { try $0 .^ $1 })
    rows.append(binary("Comparison and logic", "logicalXor(a, b)") { try logicalXor($0, $1) })
    rows.append(
      binary("Comparison and logic", "select(condition, a, b)") { try select(true, $0, $1) })
    return rows
  }

  private static func questions() -> [OperationRow] {
    var rows: [OperationRow] = []
    rows.append(unary("Comparison and logic", ".!x") { try .!$0 })
    rows.append(unary("Comparison and logic", "logicalNot(x)") { try logicalNot($0) })
    rows.append(unary("Comparison and logic", "isNaN(x)") { try isNaN($0) })
    rows.append(unary("Comparison and logic", "isFinite(x)") { try isFinite($0) })
    rows.append(unary("Comparison and logic", "isInfinite(x)") { try isInfinite($0) })
    return rows
  }

  private static func reductions() -> [OperationRow] {
    var rows: [OperationRow] = []
    rows.append(unary("Reductions", "x.sum(axes:)") { try $0.sum() })
    rows.append(unary("Reductions", "x.mean(axes:)") { try $0.mean() })
    rows.append(unary("Reductions", "x.product(axes:)") { try $0.product() })
    rows.append(unary("Reductions", "x.variance(axes:)") { try $0.variance() })
    rows.append(unary("Reductions", "x.standardDeviation(axes:)") { try $0.standardDeviation() })
    rows.append(unary("Reductions", "x.min(axes:)") { try $0.min() })
    rows.append(unary("Reductions", "x.max(axes:)") { try $0.max() })
    rows.append(unary("Reductions", "x.argMin(axis:)") { try $0.argMin() })
    rows.append(unary("Reductions", "x.argMax(axis:)") { try $0.argMax() })
    rows.append(unary("Reductions", "x.any(axes:)") { try $0.any() })
    rows.append(unary("Reductions", "x.all(axes:)") { try $0.all() })
    rows.append(unary("Reductions", "x.countNonZero(axes:)") { try $0.countNonZero() })
    rows.append(unary("Reductions", "x.logSumExp(axes:)") { try $0.logSumExp() })
    rows.append(unary("Reductions", "x.cumulativeSum(axis:)") { try $0.cumulativeSum(axis: 0) })
    rows.append(unary("Reductions", "softmax(x, axis:)") { try softmax($0) })
    rows.append(unary("Reductions", "logSoftmax(x, axis:)") { try logSoftmax($0) })
    return rows
  }

  private static func algebra() -> [OperationRow] {
    var rows: [OperationRow] = []
    rows.append(binary("Linear algebra", "matmul(a, b)", shape: [3]) { try matmul($0, $1) })
    rows.append(binary("Linear algebra", "outer(a, b)", shape: [3]) { try outer($0, $1) })
    return rows
  }

  private static func shapes() -> [OperationRow] {
    var rows: [OperationRow] = []
    rows.append(unary("Shapes", "x.reshaped(to:)") { try $0.reshaped(to: [3, 2]) })
    rows.append(unary("Shapes", "x.flattened()") { try $0.flattened() })
    rows.append(unary("Shapes", "x.expandingShape(at:)") { try $0.expandingShape(at: 0) })
    rows.append(unary("Shapes", "x.squeezed(axes:)") { try $0.squeezed() })
    rows.append(unary("Shapes", "x.broadcast(to:)") { try $0.broadcast(to: [4, 2, 3]) })
    rows.append(unary("Shapes", "ensureShape(x, shape)") { try ensureShape($0, [2, nil]) })
    rows.append(
      binary("Shapes", "ensureShape(x, shapeOf(y))") { try ensureShape($0, shapeOf($1)) })
    rows.append(unary("Shapes", "ensureNotNegative(x)") { try ensureNotNegative($0) })
    rows.append(unary("Shapes", "ensureNotZero(x, subject)") { try ensureNotZero($0, "x") })
    rows.append(unary("Shapes", "x.transposed(permutation:)") { try $0.transposed() })
    rows.append(unary("Shapes", "x.swapAxes(_:_:)") { try $0.swapAxes(0, 1) })
    rows.append(unary("Shapes", "x.moveAxis(from:to:)") { try $0.moveAxis(from: 0, to: 1) })
    rows.append(
      unary("Shapes", "x.moveAxes(from:to:)") { try $0.moveAxes(from: [0, 1], to: [1, 0]) })
    rows.append(unary("Shapes", "x.flipped(axes:)") { try $0.flipped() })
    rows.append(unary("Shapes", "x.rolled(by:axis:)") { try $0.rolled(by: 1, axis: 0) })
    rows.append(unary("Shapes", "x.tiled(_:)") { try $0.tiled([2, 1]) })
    rows.append(
      unary("Shapes", "x.repeatingElements(_:axis:)") { try $0.repeatingElements(2, axis: 0) })
    rows.append(
      unary("Shapes", "concatenate([a, b], axis:)") { try concatenate([$0, $0], axis: 0) })
    rows.append(unary("Shapes", "stack([a, b], axis:)") { try stack([$0, $0], axis: 0) })
    rows.append(unary("Shapes", "x.split(into:axis:)") { try $0.split(into: 2, axis: 0)[0] })
    rows.append(unary("Shapes", "x.unstacked(axis:)") { try $0.unstacked(axis: 0)[0] })
    rows.append(unary("Shapes", "x.padded(_:with:)") { try $0.padded([(1, 1), (0, 2)]) })
    rows.append(unary("Shapes", "x[1..., 0]") { try $0[1..., 0] })
    rows.append(
      unary("Shapes", "x.slice(start:size:)") {
        try $0.slice(start: Tensor([0, 1]), size: [1, 2])
      })
    rows.append(
      unary("Shapes", "x.updating(from:with:)") {
        try $0.updating(from: Tensor([0, 0]), with: $0[0..<1])
      })
    rows.append(unary("Shapes", "gather(x, indices, axis:)") { try gather($0, [1, 0], axis: 0) })
    rows.append(
      unary("Shapes", "takeAlongAxis(x, indices, axis:)") {
        try takeAlongAxis($0, Tensor([[0, 1, 0]]), axis: 0)
      })
    rows.append(
      unary("Shapes", "scatterAdd(x, indices, updates)") {
        try scatterAdd($0, Tensor([1]), $0[0..<1])
      })
    rows.append(unary("Shapes", "x.lowerTriangle(diagonal:)") { try $0.lowerTriangle() })
    rows.append(unary("Shapes", "x.upperTriangle(diagonal:)") { try $0.upperTriangle() })
    rows.append(unary("Shapes", "nonZero(x)") { try nonZero($0) })
    rows.append(unary("Shapes", "shapeOf(x)") { try shapeOf($0) })
    rows.append(unary("Shapes", "rankOf(x)") { try rankOf($0) })
    rows.append(unary("Shapes", "sizeOf(x)") { try sizeOf($0) })
    return rows
  }

  private static func making() -> [OperationRow] {
    var rows: [OperationRow] = []
    rows.append(unary("Making tensors", "zerosLike(x)", shape: []) { try zerosLike($0) })
    rows.append(unary("Making tensors", "onesLike(x)", shape: []) { try onesLike($0) })
    rows.append(unary("Making tensors", "full(shape, value)", shape: []) { try full([2], $0) })
    rows.append(
      unary("Making tensors", "range(start, end)", shape: []) { try range($0, $0 + 3, step: $0) })
    rows.append(
      unary("Making tensors", "linspace(start, end, count:)", shape: []) {
        try linspace($0, $0, count: 3)
      })
    rows.append(
      unary("Making tensors", "oneHot(indices, depth:)", shape: []) { try oneHot($0, depth: 3) })
    return rows
  }

  private static func others() -> [OperationRow] {
    var rows: [OperationRow] = []
    rows.append(
      unary("Control flow and gradients", "cond(condition) { } else: { }") { x in
        try cond(true) {
          x
        } else: {
          try stopGradient(x)
        }
      })
    rows.append(
      unary("Control flow and gradients", "whileLoop(state) { } body: { }") { x in
        try whileLoop(x) { _ in
          false
        } body: {
          $0
        }
      })
    rows.append(unary("Control flow and gradients", "map(x) { }") { x in try map(x) { $0 } })
    rows.append(
      unary("Control flow and gradients", "scan(state, over: x) { }") { x in
        try scan(x, over: x) { state, row in (state, row) }.1
      })
    rows.append(unary("Control flow and gradients", "stopGradient(x)") { try stopGradient($0) })
    rows.append(
      unary("Control flow and gradients", "x.asType(dtype)") {
        try $0.asType($0.dtype == .float32 ? .float64 : .float32)
      })
    return rows
  }
}
