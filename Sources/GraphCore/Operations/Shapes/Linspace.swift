public import TensorCore

/// So many numbers at equal distances between two.
struct Linspace: OneResultOperation {
  let count: Int
  /// Whether the last number is the end.
  let endpoint: Bool

  let name = "linspace"
  let arity = 2

  func check(_ inputs: [TensorSpec]) throws {
    try inputs.expectOneDType()
    try require(
      inputs[0].dtype.isFloatingPoint,
      spelled: """
        the ends are floating-point numbers, not \(inputs[0].dtype); convert them with \
        \(Message.asType(.float64))
        """)
    try require(
      (0..<1 << 40).contains(count),
      "\(count) numbers were asked for; there are 0 or more, and fewer than 2^40")
    for input in inputs where !input.shape.fits(.scalar) {
      throw TensorError(.invalidArgument, "the ends are scalars, not \(input)")
    }
  }

  func shape(of operand: Shape) -> Shape { [count] }

  private var parts: Int { endpoint ? count - 1 : count }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    guard let type = inputs[0].dtype.elementType else {
      throw GraphError(.internal, "numbers between strings")
    }
    return [try fill(inputs, as: type)]
  }

  /// NumPy's steps, in float64, rounded once.
  private func fill<T: TensorElement>(_ inputs: [Tensor], as type: T.Type) throws -> Tensor {
    let ends = try inputs.map { try Double($0.casting(to: .float64)) }
    let delta = ends[1] - ends[0]
    let step = delta / Double(parts)
    let storage = try Storage(byteCount: Shape([count]).byteCount(of: T.dtype))
    var result = Tensor(storage: storage, shape: [count], dtype: T.dtype)
    try result.withMutableElements(as: type) { elements in
      for i in elements.indices {
        let offset =
          parts < 1
          ? Double(i) * delta : step == 0 ? Double(i) / Double(parts) * delta : Double(i) * step
        elements[i] = T(casting: .real(offset + ends[0]))
      }
      if endpoint && count > 1 { elements[count - 1] = T(casting: .real(ends[1])) }
    }
    return result
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let dtype = request.upstream.dtype
    let shares = (0..<count).map { Double($0) / Double(max(parts, 1)) }
    func gradient(_ shares: [Double]) throws -> Tensor {
      let weights = try Tensor(shares).casting(to: dtype)
      return try SumTo(shape: .scalar).result(of: request.upstream * weights)
    }
    return [
      request.wanted[0] ? try gradient(shares.map { 1 - $0 }) : nil,
      request.wanted[1] ? try gradient(shares) : nil,
    ]
  }

  var attributes: [(name: String, value: String)] {
    [("count", "\(count)"), ("endpoint", "\(endpoint)")]
  }
}

/// `count` numbers at equal distances from `start` to `end`, which is the last of them, or the one
/// after it when `endpoint` is false.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.linspace.html>.
///
/// - Parameters:
///   - start: a number or a scalar tensor.
///   - end: a number or a scalar tensor.
///   - count: how many.
///   - endpoint: whether `end` is one of them.
///   - dtype: floating-point; when nil that of the tensors among the ends, float64 for numbers.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: a tensor of rank 1.
/// - Throws: `OperationError` (`invalidArgument`) when `count` is negative, or a dtype is not
///   floating-point.
public func linspace(
  _ start: some TensorConvertible, _ end: some TensorConvertible, count: Int,
  endpoint: Bool = true, dtype: DType? = nil, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try located("linspace", file, line) { location in
    let ends = try [start.makeTensor(), end.makeTensor()]
    let dtype = dtype ?? ends.first { !$0.isLiteral }?.dtype ?? .float64
    return try Linspace(count: count, endpoint: endpoint)
      .apply(
        to: ends.map { $0.isLiteral ? try $0.literal(as: dtype) : try $0.asType(dtype) },
        at: location)[0]
  }
}
