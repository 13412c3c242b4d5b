public import TensorCore

/// Numbers at equal distances: from a start, by a step, to before an end.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arange.html>.
struct NumberRange: PureOperation {
  /// The dtype of the result; the count is computed from the ends before they are converted to it.
  let dtype: DType

  let name = "range"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(3, for: self)
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
    return [TensorSpec(shape: [nil], dtype: dtype)]
  }

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
    let count = try count(from: ends[0], to: ends[1], by: ends[2])
    let storage = try Storage(byteCount: Shape([count]).byteCount(of: T.dtype))
    var result = Tensor(storage: storage, shape: [count], dtype: T.dtype)
    let first = T(casting: ends[0]).number
    let second = T(casting: ends[0].advanced(by: ends[2])).number
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
        let (start, delta) = (first.bits, second.bits &- first.bits)
        for i in elements.indices {
          elements[i] = T(casting: .integer(start &+ Int64(i) &* delta))
        }
      }
    }
    return result
  }

  /// How many numbers there are.
  private static func count(from start: Number, to end: Number, by step: Number) throws -> Int {
    if case .real(let start) = start, case .real(let end) = end, case .real(let step) = step {
      let count = ((end - start) / step).rounded(.up)
      guard step != 0, !count.isNaN, count < 0x1p48 else {
        throw TensorError(
          .invalidArgument, "there is no range from \(start) to \(end) by \(step)")
      }
      return Int(max(count, 0))
    }
    let isForward = step.isPositive
    guard step.bits != 0 else {
      throw TensorError(.invalidArgument, "a range has a step of 0")
    }
    guard isForward ? start.isLess(than: end) : end.isLess(than: start) else { return 0 }
    let distance = UInt64(
      bitPattern: isForward ? end.bits &- start.bits : start.bits &- end.bits)
    let size = isForward ? UInt64(bitPattern: step.bits) : UInt64(bitPattern: 0 &- step.bits)
    guard (distance - 1) / size < 1 << 48 else {
      throw TensorError(
        .invalidArgument, "a range of \((distance - 1) / size) numbers is too large")
    }
    return Int((distance - 1) / size) + 1
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    throw GraphError(
      .unimplemented,
      "a range has no gradient, since its length changes with its ends; use linspace, or "
        + "start + step * range(count)")
  }
}

extension Number {
  /// A whole number's 64 bits.
  fileprivate var bits: Int64 {
    switch self {
    case .integer(let value): value
    case .unsigned(let value): Int64(bitPattern: value)
    case .real, .complex: 0
    }
  }

  /// The sum of two numbers of one kind; whole numbers wrap.
  fileprivate func advanced(by step: Number) -> Number {
    switch (self, step) {
    case (.real(let start), .real(let step)): .real(start + step)
    case (.unsigned(let start), .unsigned(let step)): .unsigned(start &+ step)
    default: .integer(bits &+ step.bits)
    }
  }

  fileprivate var isPositive: Bool {
    if case .integer(let value) = self { value > 0 } else { bits != 0 }
  }

  fileprivate func isLess(than other: Number) -> Bool {
    switch (self, other) {
    case (.unsigned(let a), .unsigned(let b)): a < b
    default: bits < other.bits
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
  let location = SourceLocation(file: file, line: line)
  return try located("range", at: location) {
    let ends = try [start.makeTensor(), end.makeTensor(), step.makeTensor()]
    let kinds = ends.sorted { $0.dtype.kind < $1.dtype.kind }
    let own = ends.first { !$0.isLiteral }?.dtype ?? kinds[2].dtype
    return try NumberRange(dtype: dtype ?? own).apply(toOperands: ends, at: location)
  }
}
