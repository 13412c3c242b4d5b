import GraphCore
import TensorCore
import Testing

@Suite struct RecordingTests {
  private let here = SourceLocation()

  @Test func `a live tensor has a value, and its gradient is asked for at once`() throws {
    let recording = GradientTape(of: "test", at: here)
    let x = recording.watch(try Tensor([3.0, -1.0]))
    let y = try recording.record { try (x * x).sum() }
    #expect(try Double(y) == 10)
    #expect("\(y)" == "10.0")
    #expect(!y.isSymbolic)
    #expect(try gradient(of: y, with: x)?.doubles == [6, -2])
  }

  @Test func `gradients of live tensors are live, to any order`() throws {
    let recording = GradientTape(of: "test", at: here)
    let x = recording.watch(Tensor(2.0))
    let orders = try recording.record {
      var result = try x * x * x * x
      return try (0..<5).map { _ in
        let value = try Double(result)
        result = try gradient(of: result, with: x) ?? Tensor(0.0)
        return value
      }
    }
    #expect(orders == [16, 32, 48, 48, 24])
  }

  @Test func `code that looks at values is differentiated along the way that it took`() throws {
    func halved(_ x: Tensor) throws -> Tensor {
      var x = x
      while try Double(x) > 1 { x = try x * 0.5 }
      return x
    }
    for (value, slope) in [(10.0, 0.0625), (1.5, 0.5), (0.5, 1)] {
      let (result, _, gradients) = try recordedGradients(
        at: [Tensor(value)], of: "halved", location: here, { (try halved($0[0]), []) })
      #expect(try Double(result) == value * slope)
      #expect(try gradients.map { try $0.map { try Double($0) } } == [slope])
      #expect(!result.isRecorded)
    }
  }

  @Test func `a live tensor is a value to other graphs, and once its record is gone`() throws {
    var recording: GradientTape? = GradientTape(of: "test", at: here)
    let x = try #require(recording).watch(Tensor(3.0))
    let times: @Sendable (Tensor) throws -> Tensor = { try $0 * x }
    let signature = [TensorSpec(dtype: .float64)]
    #expect(x.isRecorded)
    // As long as it is recorded its gradient would be lost in silence.
    let error = #expect(throws: OperationError.self) {
      try GraphFunction(inputSignature: signature, times)
    }
    #expect(error?.message.contains("make it an input there") == true)
    let cut = try GraphFunction(inputSignature: signature) { try $0 * stopGradient(x) }
    #expect(try Double(cut(2.0)) == 6)
    try #require(recording).finish()
    #expect(!x.isRecorded)
    #expect(try Double(GraphFunction(inputSignature: signature, times)(2.0)) == 6)
    recording = nil
    #expect(!x.isRecorded)
    #expect(try Double(x * x) == 9)
    #expect(try !(x * x).isRecorded)
    #expect(throws: OperationError.self) { try gradient(of: x * x, with: x) }
  }

  @Test func `what is done after the recorded code is not recorded`() throws {
    let recording = GradientTape(of: "test", at: here)
    let x = recording.watch(Tensor(3.0))
    let y = try recording.record { try x * x }
    #expect(!x.isRecorded)
    #expect(try gradient(of: x * x, with: x) == nil)
    #expect(try gradient(of: y, with: x).map { try Double($0) } == 6)
  }

  @Test func `whole numbers and bools are values`() throws {
    let recording = GradientTape(of: "test", at: here)
    let x = recording.watch(try Tensor([1.5, 2.5]))
    try recording.record {
      #expect(try !(x .> 2).isRecorded)
      #expect(try !x.asType(.int64).isRecorded)
      #expect(!recording.watch(Tensor(3)).isRecorded)
      let y = try select(x .> 2, x * x, x)
      #expect(try gradient(of: y.sum(), with: x)?.doubles == [1, 5])
    }
  }

  @Test func `writing to a live tensor changes neither the record nor others`() throws {
    let recording = GradientTape(of: "test", at: here)
    let x = recording.watch(try Tensor([1.0, 2.0]))
    try recording.record {
      var copy = x
      try copy.withMutableElements(as: Double.self) { $0[0] = 7 }
      #expect(try copy.doubles == [7, 2])
      #expect(try x.doubles == [1, 2])
      #expect(!copy.isRecorded)
      #expect(copy != x)
      let (a, b) = (x, recording.watch(try Tensor([1.0, 2.0])))
      #expect(a == b)
    }
  }

  @Test func `graphs, loops and conditions are recorded by what they run`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      let power = try whileLoop(x) {
        try $0 .< 100
      } body: {
        try $0 * x
      }
      let (_, squares) = try scan(x, over: Tensor([1.0, 2.0])) { state, element in
        (try state * element, try state * state)
      }
      return try cond(x .> 1) {
        try power + squares.sum()
      } else: {
        try -x
      }
    }
    let (value, _, gradients) = try recordedGradients(
      at: [Tensor(3.0)], of: "test", location: here, { (try f.run($0), []) })
    // x⁵, and x² + x²
    #expect(try Double(value) == 243 + 18)
    #expect(try gradients[0].map { try Double($0) } == 5 * 81 + 12)
  }

  @Test func `closures that capture live tensors are recorded`() throws {
    let (value, _, gradients) = try recordedGradients(
      at: [Tensor(3.0)], of: "test", location: here,
      {
        let x = $0[0]
        let y = try whileLoop(Tensor(1.0)) {
          try $0 .< 20
        } body: {
          try $0 * x
        }
        let z = try cond(Tensor(true)) {
          try x * x
        } else: {
          x
        }
        return (try y + z, [])
      })
    #expect(try Double(value) == 27 + 9)
    #expect(try gradients[0].map { try Double($0) } == 27 + 6)
  }

  @Test func `a tensor that other code records is not lost in silence`() throws {
    let (outer, inner) = (GradientTape(of: "outer", at: here), GradientTape(of: "inner", at: here))
    let (x, y) = (outer.watch(Tensor(3.0)), inner.watch(Tensor(2.0)))
    let error = #expect(throws: OperationError.self) { try x * y }
    #expect(error?.message.contains("recorded on its own") == true)
    #expect(try Double(stopGradient(x) * y) == 6)
    // What is watched in two records stays in its own.
    let z = inner.watch(x)
    #expect(try gradient(of: z * z, with: z).map { try Double($0) } == 6)
    #expect(try gradient(of: z * z, with: x).map { try Double($0) } == 6)
    // A graph that was not given the tensor, and runs a function that captured it.
    try outer.record {
      let taped = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { w in
        try #require(try gradient(of: RecordedClosure { [try $0[0] * x] }(w), with: w))
      }
      let slope = try taped(1.0)
      #expect(try Double(slope) == 3)
      #expect(try gradient(of: slope, with: x).map { try Double($0) } == 1)
    }
  }

  @Test func `a gradient inside recorded code is differentiated with it`() throws {
    // d/dx of (d/dy of x²y³ at y = 2), at x = 3: 2x · 3y²
    let (value, _, gradients) = try recordedGradients(
      at: [Tensor(3.0)], of: "outer", location: here,
      {
        let x = $0[0]
        let inner = try recordedGradients(
          at: [Tensor(2.0)], of: "inner", location: here,
          {
            (try x * x * $0[0] * $0[0] * $0[0], [])
          })
        return (try #require(inner.gradients[0]), [])
      })
    #expect(try Double(value) == 9 * 12)
    #expect(try gradients[0].map { try Double($0) } == 6 * 12)
  }

  @Test func `the Jacobian of live tensors, while they are recorded and afterwards`() throws {
    let recording = GradientTape(of: "test", at: here)
    let x = recording.watch(try Tensor([3.0, 5.0]))
    let (y, inner) = try recording.record {
      let y = try x * x * Tensor([1.0, 10])
      return (y, try #require(try jacobian(of: y, with: x)))
    }
    #expect(try inner.doubles == [6, 0, 0, 100])
    #expect(try jacobian(of: y, with: x)?.doubles == [6, 0, 0, 100])
    #expect(try jacobian(of: inner.sum(axis: 0), with: x)?.shape == nil)
    #expect(try jacobian(of: y[0..<0], with: x) == nil)
  }

  @Test func `the error of a recorded operation names where the code was asked for`() throws {
    let line = #line + 1
    let location = SourceLocation()
    let error = #expect(throws: OperationError.self) {
      try recordedGradients(
        at: [Tensor(3.0)], of: "test", location: location,
        {
          (try Custom().apply(to: [$0[0]])[0], [])
        })
    }
    #expect(error?.operation == "custom")
    #expect(error?.location?.line == line)
    #expect(error?.code == .unimplemented)
  }
}
