internal import GraphCore
internal import PythonBridge
internal import TensorCore

/// A `numpyFunction` of a NumPy universal function: its C loop runs on the tensors' memory, without
/// Python, with the broadcasting and the parallel loops of the graph's own operations.
struct UFuncOperation: KernelOperation, InlineOperation {
  /// The call through Python, for operands with which NumPy would warn or raise, or iterate in
  /// another order.
  private let callback: CallbackOperation

  private let loop: ElementLoop

  /// Nil when the function must be called through Python.
  ///
  /// - Parameters:
  ///   - callback: the call through Python, with one result.
  ///   - function: what is called.
  ///   - operands: the dtypes of its arguments.
  ///   - gil: proof that the GIL is held.
  init?(
    _ callback: CallbackOperation, _ function: PythonObject, operands: [DType],
    _ gil: borrowing GIL
  ) {
    let (declared, name) = (callback.declared[0], callback.functionName)
    let result = declared.dtype
    guard let found = UFuncLoop(function, operands: operands, result: result, gil) else {
      return nil
    }
    let cost = Self.cheap.contains(name.short) ? ElementLoop.Cost.cheap : .costly
    let isFloating = operands.first.map { $0.isFloatingPoint } ?? false
    let isAlikeInAnyWalk = cost == .cheap && !(isFloating && Self.choosing.contains(name.short))
    let (counter, size, count) = (name.counter, result.itemSize, operands.count)
    self.callback = callback
    loop = unsafe ElementLoop(
      result: result, cost: cost,
      isFusible: callback.effects == .pure && declared.shape.rankIfKnown == nil,
      conditions: ElementLoop.Conditions(
        takes: { Self.isWalkedAlike($0, result, isAlikeInAnyWalk) },
        accepts: { try FloatErrors(rawValue: $0).areIgnored() },
        finish: { counter.addCall() })
    ) { operands, result, length in
      unsafe found.run(
        operands.a, operands.aStep, operands.b, operands.bStep, operands.c, operands.cStep,
        operands: count, to: result, size, length
      ).rawValue
    }
  }

  var name: String { callback.name }
  var effects: Effects { callback.effects }
  var mayTakeLong: Bool { callback.mayTakeLong }
  var identity: AnyHashable? { callback.identity }
  var attributes: [(name: String, value: String)] { callback.attributes }

  func results(for inputs: [TensorSpec]) -> [TensorSpec] { callback.results(for: inputs) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try callback.gradients(for: request)
  }

  func kernel(for inputs: [DType]) -> Kernel? { .loop(loop) }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    guard let result = try loopResult(of: inputs), callback.declared[0].accepts(result) else {
      return try callback.run(inputs)
    }
    var counts = PythonStatistics.Counts()
    if result.rankIfKnown != 0, let size = try? result.shape.byteCount(of: result.dtype) {
      counts.add(.adopted, byteCount: size)
    }
    callback.functionName.counter.addCall()
    callback.functionName.counter.addBytes(of: counts)
    return [result]
  }

  /// Functions that return one of their operands.
  ///
  /// For zeros of different signs, NumPy's choice depends on its iteration order.
  private static let choosing: Set<String> = ["maximum", "minimum", "fmax", "fmin"]

  /// Functions that are limited by memory bandwidth.
  ///
  /// The list affects speed only.
  private static let cheap: Set<String> = [
    "add", "subtract", "multiply", "divide", "negative", "positive", "absolute", "fabs", "sign",
    "square", "reciprocal", "conjugate", "maximum", "minimum", "fmax", "fmin", "equal", "not_equal",
    "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or", "logical_xor",
    "logical_not", "bitwise_and", "bitwise_or", "bitwise_xor", "invert", "left_shift",
    "right_shift", "isnan", "isinf", "isfinite", "signbit", "copysign", "floor", "ceil", "trunc",
    "rint", "sqrt",
  ]

  /// The result of the loop; nil when the call must fall back to Python, because NumPy would warn or raise,
  /// or because the shapes do not broadcast.
  private func loopResult(of inputs: [Tensor]) throws -> Tensor? {
    guard loop.takes(inputs.map(\.shape)) else { return nil }
    let flags = StatusFlags()
    // The inputs are kept alive here, so that the loop does not overwrite them and the call can fall back to
    // Python.
    let answer = try? loop.run(inputs, flags)
    guard let answer, try loop.accepts(flags) else { return nil }
    return withExtendedLifetime(inputs) { answer }
  }

  /// Whether the result is independent of NumPy's iteration order, to the last bit.
  ///
  /// It may depend on it where NumPy has separate loops for contiguous and strided operands, as for complex
  /// products and powers. For operands of the same shape, or with scalars, NumPy iterates as this package
  /// does.
  private static func isWalkedAlike(
    _ shapes: [Shape], _ result: DType, _ isAlikeInAnyWalk: Bool
  ) -> Bool {
    if shapes.dropFirst().allSatisfy({ $0 == shapes[0] }) { return true }
    if result.isComplex { return false }
    if isAlikeInAnyWalk { return true }
    let full = shapes.filter { $0.countIfKnown != 1 }
    return full.dropFirst().allSatisfy { $0 == full[0] }
  }
}
