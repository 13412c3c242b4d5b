import TensorCore
import Testing

@testable import GraphCore

@Suite struct FusedTests {
  private static let unary: [any ElementwiseOperation] = [
    Negate(), Abs(), Square(), RealOperation(.exp), RealOperation(.tanh), RealOperation(.sin),
    Rounding(.floor), Relu(), RealOperation(.sigmoid), RealOperation(.sinh), Conjugate(),
  ]
  private static let binary: [any ElementwiseOperation] = [
    Add(), Subtract(), Multiply(), Divide(), PairExtreme(.minimum), PairExtreme(.maximum),
    Atan2(), Remainder(),
  ]

  /// Shapes of inputs that broadcast to the first one.
  private static let shapes: [[Shape]] = [
    [[]], [[1], []], [[5], [], [1]], [[2, 3], [3], [], [2, 1], [1, 1]], [[0], [1]],
    [[2, 0, 3], [3], []], [[4, 1, 3], [1, 3], [4, 1, 1], []], [[1025], [], [1]],
    [[3, 700], [3, 1], [700], [], [1, 700]], [[260_000], []],
    [[300, 1000], [1000], [300, 1], []],
  ]

  @Test(arguments: [DType.float32, .float64, .float16, .bfloat16, .complex64, .complex128, .int8])
  func `a fused program gives what its steps give one by one`(dtype: DType) throws {
    var random = Generator(seed: UInt64(dtype.itemSize) &+ (dtype.isComplex ? 99 : 0))
    for shapes in Self.shapes {
      for _ in 0..<(shapes[0].count > 10_000 ? 1 : 3) {
        let (steps, dtypes) = try program(dtype, inputs: shapes.count, &random)
        let inputs = try shapes.map { try values($0, dtype, &random) }
        let fused = try Fused(steps: steps, inputs: dtypes)
        let expected = try oneByOne(steps, inputs)
        let label = "\(fused.attributes[0].value) of \(shapes)"
        let declared = try fused.results(for: inputs.map(TensorSpec.init(of:)))
        #expect(declared == [TensorSpec(of: expected)], "\(label)")
        #expect(try bytes(of: fused.apply(to: inputs)[0]) == bytes(of: expected), "\(label)")
        // On memory that nobody else holds, which the result may take over.
        let copies = try inputs.map(copy)
        let inPlace = try fused.run(copies)[0]
        #expect(try bytes(of: inPlace) == bytes(of: expected), "\(label), in place")
        let alone = try Parallel.$limit.withValue(1) { try fused.run(inputs)[0] }
        #expect(try bytes(of: alone) == bytes(of: expected), "\(label), one core")
      }
    }
  }

  @Test func `a step's error names the node that it was`() throws {
    let line = SourceLocation(file: "M/a.swift", line: 7)
    let fused = try Fused(
      steps: [
        .init(Negate(), [.input(0)], node: "negate_3", at: line),
        .init(Add(), [.step(0), .input(1)], node: "add_4", at: line),
      ],
      inputs: [.float32, .float32])
    let inputs = [
      try Tensor(zeros: [2], dtype: .float32), try Tensor(zeros: [3], dtype: .float32),
    ]
    let error = #expect(throws: OperationError.self) { try fused.run(inputs) }
    #expect(error?.node == "add_4" && error?.operation == "add")
    #expect(error?.location?.line == 7)
    let specs = #expect(throws: OperationError.self) {
      try fused.results(for: inputs.map(TensorSpec.init(of:)))
    }
    #expect(specs?.node == "add_4")
  }

  @Test func `what is no program is refused`() throws {
    let line = SourceLocation()
    func step(
      _ operation: any ElementwiseOperation, _ operands: [Fused.Operand]
    ) -> Fused.Step {
      Fused.Step(operation, operands, node: "n", at: line)
    }
    let wrong: [([Fused.Step], [DType])] = [
      ([], []), ([step(Negate(), [.input(0)])], []),
      ([step(Negate(), [.input(0)])], [.float32, .float32]),
      ([step(Negate(), [.step(0)])], [.float32]),
      ([step(Negate(), [.input(0)]), step(Negate(), [.input(0)])], [.float32]),
      ([step(Add(), [.input(0), .input(1)])], [.float32, .float64]),
      ([step(Negate(), [.input(0)])], [.bool]), ([step(Add(), [.input(0)])], [.float32]),
    ]
    for (steps, inputs) in wrong {
      let error = #expect(throws: GraphError.self) { try Fused(steps: steps, inputs: inputs) }
      #expect(error?.code == .internal)
    }
  }

  /// A random program in which all is used, and the dtypes of its inputs.
  private func program(
    _ dtype: DType, inputs: Int, _ random: inout Generator
  ) throws -> ([Fused.Step], [DType]) {
    var unused: [Fused.Operand] = (0..<inputs).map { .input($0) }
    var all = unused
    var steps: [Fused.Step] = []
    while steps.count < 12 || unused.count > 1 {
      let isBinary = unused.count > 1 || Bool.random(using: &random)
      let operation =
        (isBinary ? Self.binary : Self.unary).filter {
          // Whole numbers stay what they are.
          $0.loop(for: dtype)?.result == dtype
        }.randomElement(using: &random) ?? Negate()
      var operands = [unused.removeFirst()]
      if operation.arity == 2 {
        let other = unused.first ?? all.randomElement(using: &random) ?? operands[0]
        unused.removeAll { $0 == other }
        operands.insert(other, at: Bool.random(using: &random) ? 0 : 1)
      }
      let result = Fused.Operand.step(steps.count)
      steps.append(Fused.Step(operation, operands, node: "n", at: SourceLocation()))
      unused.append(result)
      all.append(result)
    }
    return (steps, Array(repeating: dtype, count: inputs))
  }

  private func oneByOne(_ steps: [Fused.Step], _ inputs: [Tensor]) throws -> Tensor {
    var results: [Tensor] = []
    for step in steps {
      let operands = step.operands.map { operand in
        switch operand {
        case .input(let index): inputs[index]
        case .step(let index): results[index]
        }
      }
      results += try step.operation.apply(to: operands)
    }
    return try #require(results.last)
  }

  private func values(
    _ shape: Shape, _ dtype: DType, _ random: inout Generator
  ) throws -> Tensor {
    let count = shape.count
    let numbers = (0..<count).map { _ in Double(Int.random(in: -400...400, using: &random)) / 100 }
    return try Tensor(numbers, shape: shape).asType(dtype)
  }

  private func copy(_ tensor: Tensor) throws -> Tensor {
    var copy = tensor
    try copy.makeUnique()
    _ = consume tensor
    return copy
  }
}

/// All bytes of a tensor, by which NaN equals itself and 0 does not equal -0.
func bytes(of tensor: Tensor) throws -> [UInt8] {
  let (storage, offset) = try tensor.stored
  let count = try tensor.shape.byteCount(of: tensor.dtype)
  return withExtendedLifetime(storage) {
    unsafe Array(UnsafeRawBufferPointer(start: storage.base + offset, count: count))
  }
}

/// Random numbers that are the same in each run.
struct Generator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 2 &+ 1 }

  /// Splitmix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
