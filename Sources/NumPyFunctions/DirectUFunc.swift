internal import GraphCore
internal import PythonBridge
internal import TensorCore

/// A universal function of NumPy's, called without Python: its C loop runs on the tensors' memory,
/// with the broadcasting and on the cores of the graph's own operations.
struct DirectUFunc: Sendable {
  private let loop: UFuncLoop
  private let operands: Int
  private let result: DType
  private let cost: ElementwiseLoop.Cost
  private let isAlikeInAnyWalk: Bool

  /// Nil when the function must be called in the ordinary way.
  init?(
    _ function: PythonObject, named name: String, _ operands: [DType], result: DType,
    _ gil: borrowing GIL
  ) {
    guard let loop = UFuncLoop(function, operands: operands, result: result, gil) else {
      return nil
    }
    self.loop = loop
    self.operands = operands.count
    self.result = result
    cost = Self.cheap.contains(name) ? .cheap : .costly
    let isFloating = operands.first.map { $0.isFloatingPoint } ?? false
    isAlikeInAnyWalk = cost == .cheap && !(isFloating && Self.choosing.contains(name))
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

  /// The result; nil when the ordinary way must be gone: NumPy would warn or raise, or the shapes do
  /// not broadcast.
  func run(_ inputs: [Tensor]) throws -> Tensor? {
    guard isWalkedAlike(inputs.map(\.shape)) else { return nil }
    let reports = Reports()
    // The inputs are held here as well, so that none is overwritten, and Python can have them again.
    let answer = try? elementwise(reports).run(inputs)
    guard let answer, try FloatErrors(rawValue: reports.bits).areIgnored() else { return nil }
    return withExtendedLifetime(inputs) { answer }
  }

  /// Whether the last bit of an element cannot depend on how the operands are walked.
  ///
  /// It may where NumPy has one loop for neighbours in memory and another for others: of complex
  /// products and of powers, for example. NumPy walks operands of one shape, and single numbers beside them, as we do.
  private func isWalkedAlike(_ shapes: [Shape]) -> Bool {
    if shapes.dropFirst().allSatisfy({ $0 == shapes[0] }) { return true }
    if result.isComplex { return false }
    if isAlikeInAnyWalk { return true }
    let full = shapes.filter { $0.count != 1 }
    return full.dropFirst().allSatisfy { $0 == full[0] }
  }

  /// How the function is run on scalars; an element that NumPy would warn of goes the ordinary way.
  func scalarLoop(countingIn counter: CallCounter) -> ScalarLoop {
    let (loop, count, size) = (loop, operands, result.itemSize)
    return unsafe ScalarLoop(result: result) { operands, result in
      unsafe loop.run(
        operands.a, operands.aStep, operands.b, operands.bStep, operands.c, operands.cStep,
        operands: count, to: result, size, 1
      ).isEmpty
    } finish: {
      counter.addCall()
    }
  }

  /// How the function is run by blocks among a graph's own operations.
  func blockLoop(countingIn counter: CallCounter) -> BlockLoop {
    let (loop, count, size) = (loop, operands, result.itemSize)
    return unsafe BlockLoop(
      scalar: scalarLoop(countingIn: counter), cost: cost,
      body: { operands, result, length in
        unsafe loop.run(
          operands.a, operands.aStep, operands.b, operands.bStep, operands.c, operands.cStep,
          operands: count, to: result, size, length
        ).rawValue
      },
      takes: { isWalkedAlike($0) },
      stands: { try FloatErrors(rawValue: $0).areIgnored() })
  }

  private func elementwise(_ reports: Reports) -> ElementwiseLoop {
    let (loop, count, size) = (loop, operands, result.itemSize)
    return unsafe ElementwiseLoop(result: result, cost: cost) { operands, result, length in
      let errors = unsafe loop.run(
        operands.a, operands.aStep, operands.b, operands.bStep, operands.c, operands.cStep,
        operands: count, to: result, size, length)
      reports.add(errors.rawValue)
    }
  }
}
