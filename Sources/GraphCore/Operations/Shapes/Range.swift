public import TensorCore

/// Numbers at equal distances: from a start, by a step, to before an end.
struct NumberRange: OneResultOperation {
  /// The dtype of the result; the count is computed from the ends before they are converted to it.
  let dtype: DType

  let name = "range"
  let arity = 3

  func check(_ inputs: [TensorSpec]) throws {
    try inputs.expectOneDType()
    for dtype in [dtype, inputs[0].dtype] where !dtype.isInteger && !dtype.isFloatingPoint {
      throw TensorError(
        .invalidArgument,
        spelled: """
          a range is of whole or floating-point numbers, not \(dtype); convert with \
          \(Message.asType) afterwards
          """)
    }
    for input in inputs where !input.shape.fits(.scalar) {
      throw TensorError(
        .invalidArgument, "the ends and the step of a range are scalars, not \(input)")
    }
  }

  func shape(of operand: Shape) -> Shape { [nil] }

  func dtype(of operand: DType) -> DType { dtype }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    guard let ends = inputs[0].dtype.elementType, let type = dtype.elementType else {
      throw GraphError(.internal, "a range of strings")
    }
    return [try Self.fill(Self.numbers(inputs, as: ends), as: type)]
  }

  private static func numbers<T: TensorElement>(
    _ inputs: [Tensor], as type: T.Type
  ) throws -> [Number] {
    try inputs.map { try T($0).number }
  }

  /// Like NumPy's loops, uses the distance of the first two elements after rounding, and computes
  /// smaller floats in float32.
  private static func fill<T: TensorElement>(_ ends: [Number], as type: T.Type) throws -> Tensor {
    let count: Int
    let next: Number
    if case .real(let start) = ends[0], case .real(let end) = ends[1],
      case .real(let step) = ends[2]
    {
      count = try Self.count(from: start, to: end, by: step)
      next = .real(start + step)
    } else {
      let (start, step) = (ends[0].whole, ends[2].whole)
      count = try Self.count(from: start, to: ends[1].whole, by: step)
      next = Number(whole: start + step)
    }
    let storage = try Storage(byteCount: Shape([count]).byteCount(of: T.dtype))
    var result = Tensor(storage: storage, shape: [count], dtype: T.dtype)
    let (first, second) = (T(casting: ends[0]).number, T(casting: next).number)
    try result.withMutableElements(as: type) { elements in
      switch (first, second) {
      case (.real(let start), .real(let next)) where T.dtype == .float64:
        for i in elements.indices {
          elements[i] = T(casting: .real(start + Double(i) * (next - start)))
        }
      case (.real(let start), .real(let next)):
        let (start, delta) = (Float(start), Float(next) - Float(start))
        for i in elements.indices {
          elements[i] = T(casting: .real(Double(start + Float(i) * delta)))
        }
      default:
        let start = Int64(truncatingIfNeeded: first.whole)
        let delta = Int64(truncatingIfNeeded: second.whole) &- start
        for i in elements.indices {
          elements[i] = T(casting: .integer(start &+ Int64(i) &* delta))
        }
      }
    }
    return result
  }

  /// How many numbers there are.
  private static func count(from start: Double, to end: Double, by step: Double) throws -> Int {
    let count = ((end - start) / step).rounded(.up)
    try require(
      step != 0 && !count.isNaN && count < 0x1p48,
      "there is no range from \(start) to \(end) by \(step)")
    return Int(max(count, 0))
  }

  private static func count(from start: Int128, to end: Int128, by step: Int128) throws -> Int {
    try require(step != 0, "a range has a step of 0")
    let distance = step > 0 ? end - start : start - end
    guard distance > 0 else { return 0 }
    let others = (distance - 1) / abs(step)
    try require(others < 1 << 48, "a range of \(others) numbers is too large")
    return Int(others) + 1
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    throw GraphError(
      .unimplemented,
      "a range has no gradient, since its length changes with its ends; use linspace, or "
        + "start + step * range(count)")
  }
}

extension Number {
  /// A whole number that fits in 64 bits, with or without a sign.
  fileprivate init(whole: Int128) {
    self =
      whole < 0
      ? .integer(Int64(truncatingIfNeeded: whole)) : .unsigned(UInt64(truncatingIfNeeded: whole))
  }

  /// The value of a whole number.
  fileprivate var whole: Int128 {
    switch self {
    case .integer(let value): Int128(value)
    case .unsigned(let value): Int128(value)
    case .real, .complex: 0
    }
  }
}

/// The numbers `0, 1, …` before `end`, rank 1.
///
/// ```swift
/// try range(5)            // int64[5]
/// try range(batchSize)    // a tensor: as many as that will say when the graph runs
/// ```
///
/// - Parameters:
///   - end: a number or a scalar tensor.
///   - dtype: of the result; the tensor's when nil, int64 or float64 for numbers.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: a tensor of rank 1.
/// - Throws: `OperationError`, as the form with a start.
public func range(
  _ end: some TensorConvertible, dtype: DType? = nil, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try range(0, end, dtype: dtype, file: file, line: line)
}

/// The numbers from `start` by `step` to before `end`, rank 1: as many as `(end - start) / step`,
/// rounded up, says, and none when that is negative.
///
/// With floating-point numbers the end may come in by rounding, as in NumPy; ``linspace(_:_:count:endpoint:dtype:file:line:)`` counts instead.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arange.html>.
///
/// - Parameters:
///   - start: a number or a scalar tensor.
///   - end: a number or a scalar tensor.
///   - step: a number or a scalar tensor, not 0.
///   - dtype: of the result; when nil that of the tensors among the ends, which must be one, and int64
///     or float64 when there are only numbers.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: a tensor of rank 1.
/// - Throws: `OperationError` (`invalidArgument`) when the step is 0, an end is NaN or infinite, dtypes
///   differ, or the dtype is bool, complex or string.
public func range(
  _ start: some TensorConvertible, _ end: some TensorConvertible,
  step: some TensorConvertible = 1, dtype: DType? = nil,
  file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try located("range", file, line) { location in
    let ends = try [start.makeTensor(), end.makeTensor(), step.makeTensor()]
    let kinds = ends.sorted { $0.dtype.kind < $1.dtype.kind }
    let own = ends.first { !$0.isLiteral }?.dtype ?? kinds[2].dtype
    return try NumberRange(dtype: dtype ?? own).apply(toOperands: ends, at: location)
  }
}
