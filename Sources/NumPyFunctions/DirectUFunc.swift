internal import GraphCore
internal import PythonBridge
internal import TensorCore

/// A universal function of NumPy's, called without Python: its C loop runs on the tensors' memory,
/// with the broadcasting and on the cores of the graph's own operations.
struct DirectUFunc: Sendable {
  let loop: ElementLoop

  /// Nil when the function must be called through Python.
  ///
  /// - Parameters:
  ///   - function: what is called.
  ///   - operands: the dtypes of its arguments.
  ///   - declared: what it returns.
  ///   - isFusible: whether it may be run among a graph's own operations.
  ///   - name: the function's name, with the counter of its calls.
  ///   - gil: proof that the GIL is held.
  init?(
    _ function: PythonObject, _ operands: [DType], declared: TensorSpec, isFusible: Bool,
    _ name: CallableName, _ gil: borrowing GIL
  ) {
    let result = declared.dtype
    guard let loop = UFuncLoop(function, operands: operands, result: result, gil) else {
      return nil
    }
    let cost = Self.cheap.contains(name.short) ? ElementLoop.Cost.cheap : .costly
    let isFloating = operands.first.map { $0.isFloatingPoint } ?? false
    let isAlikeInAnyWalk = cost == .cheap && !(isFloating && Self.choosing.contains(name.short))
    let (counter, size, count) = (name.counter, result.itemSize, operands.count)
    self.loop = unsafe ElementLoop(
      result: result, cost: cost, isFusible: isFusible,
      conditions: ElementLoop.Conditions(
        takes: { Self.isWalkedAlike($0, result, isAlikeInAnyWalk) },
        accepts: { try FloatErrors(rawValue: $0).areIgnored() },
        finish: { counter.addCall() })
    ) { operands, result, length in
      unsafe loop.run(
        operands.a, operands.aStep, operands.b, operands.bStep, operands.c, operands.cStep,
        operands: count, to: result, size, length
      ).rawValue
    }
  }

  /// Those that give one of their operands: of zeros of either sign NumPy takes the first or the second,
  /// as it walks.
  private static let choosing: Set<String> = ["maximum", "minimum", "fmax", "fmin"]

  /// Those that wait for memory; to know them is a matter of speed only.
  private static let cheap: Set<String> = [
    "add", "subtract", "multiply", "divide", "negative", "positive", "absolute", "fabs", "sign",
    "square", "reciprocal", "conjugate", "maximum", "minimum", "fmax", "fmin", "equal", "not_equal",
    "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or", "logical_xor",
    "logical_not", "bitwise_and", "bitwise_or", "bitwise_xor", "invert", "left_shift",
    "right_shift", "isnan", "isinf", "isfinite", "signbit", "copysign", "floor", "ceil", "trunc",
    "rint", "sqrt",
  ]

  /// The result; nil when Python must be called: NumPy would warn or raise, or the shapes do not broadcast.
  func run(_ inputs: [Tensor]) throws -> Tensor? {
    guard loop.takes(inputs.map(\.shape)) else { return nil }
    let flags = StatusFlags()
    // The inputs are held here as well, so that none is overwritten, and Python can have them again.
    let answer = try? loop.run(inputs, flags)
    guard let answer, try loop.accepts(flags) else { return nil }
    return withExtendedLifetime(inputs) { answer }
  }

  /// Whether the last bit of an element cannot depend on how the operands are walked.
  ///
  /// It may where NumPy has one loop for neighbours in memory and another for others: of complex
  /// products and of powers, for example. NumPy walks operands of one shape, and single numbers beside them, as we do.
  private static func isWalkedAlike(
    _ shapes: [Shape], _ result: DType, _ isAlikeInAnyWalk: Bool
  ) -> Bool {
    if shapes.dropFirst().allSatisfy({ $0 == shapes[0] }) { return true }
    if result.isComplex { return false }
    if isAlikeInAnyWalk { return true }
    let full = shapes.filter { $0.count != 1 }
    return full.dropFirst().allSatisfy { $0 == full[0] }
  }
}
