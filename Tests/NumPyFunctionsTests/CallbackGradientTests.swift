import NumPyFunctions
import Testing

@Suite struct CallbackGradientTests {
  private let np: PythonObject
  init() throws { np = try Python.import("numpy") }

  @Test
  func `rule 24: no gradient flows through a callback; asking names the node and two remedies`()
    throws
  {
    var line = 0
    func ask() throws {
      _ = try GraphFunction(inputSignature: [TensorSpec()]) { x in
        line = #line + 1
        let y = try numpyFunction(np.sinh, [x * 2], Tout: .float32, name: "wave")
        return try gradient(of: y * x, with: x) ?? x
      }
    }
    let error = #expect(throws: OperationError.self) { try ask() }
    #expect(error?.node == "wave")
    #expect(error?.operation == "numpyFunction")
    #expect(error?.code == .unimplemented)
    #expect(error?.location?.line == line)
    for part in ["numpy.sinh", "gradient:", "pyFunction", "GradientTests.swift:\(line)"] {
      #expect(error?.description.contains(part) == true, "\(part)")
    }
  }

  @Test func `rule 24: other paths of the graph are unaffected`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(), TensorSpec()]) { x, y in
      let wave = try numpyFunction(np.sinh, [x], Tout: .float32)
      let seen = try numpyFunction(np.argmax, [y], Tout: .int64)
      let target = try y * y * stopGradient(wave) + seen.asType(.float32)
      let gradients = try gradient(of: target, with: [y, x])
      #expect(gradients[1] == nil)
      return gradients[0] ?? y
    }
    let slope = try Float(f(1.0, 3.0).asType(.float32))
    #expect(abs(slope - 6 * 1.1752012) < 1e-4)
  }

  @Test func `rule 24: a closure is the gradient, and has a gradient itself`() throws {
    let np = np
    @Sendable func cosh(_ x: Tensor) throws -> Tensor {
      try numpyFunction(
        np.cosh, [x], Tout: .float64,
        gradient: { request in [try request.upstream * sinh(request.inputs[0])] })
    }
    @Sendable func sinh(_ x: Tensor) throws -> Tensor {
      try numpyFunction(
        np.sinh, [x], Tout: .float64,
        gradient: { request in [try request.upstream * cosh(request.inputs[0])] })
    }
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      let y = try sinh(x * x)
      guard let first = try gradient(of: y, with: x),
        let second = try gradient(of: first, with: x)
      else { return [y] }
      return [y, first, second]
    }
    let results = try f(0.5).map { try [Double]($0.scalars(as: Double.self))[0] }
    let expected = try [Double](
      Python.evaluate(
        "[np.sinh(x*x), 2*x*np.cosh(x*x), 2*np.cosh(x*x) + 4*x*x*np.sinh(x*x)]",
        ["np": np, "x": 0.5]))
    for (a, b) in zip(results, expected) { #expect(abs(a - b) < 1e-12) }
  }

  @Test func `a gradient of several inputs and results may be nil in part`() throws {
    let both = try Python.evaluate("lambda x, y: (x * y, x + 0 * y)")
    let (value, gradients) = try valueAndGradient(at: [Tensor([2.0]), Tensor([5.0])]) { inputs in
      let parts = try numpyFunction(
        both, inputs, Tout: [.float64, .float64],
        gradient: { request in
          let (a, b) = (request.gradients[0], request.gradients[1])
          #expect(b == nil)
          return [try a.map { try $0 * request.inputs[1] }, nil]
        })
      return parts[0]
    }
    #expect(try [Double](value) == [10])
    #expect(try gradients[0].map { try [Double]($0) } == [5])
    #expect(gradients[1] == nil)
  }

  @Test func `a gradient of another shape, dtype or number is refused`() throws {
    let wrong: [CallbackGradient] = [
      { [try $0.upstream.asType(.float64)] }, { _ in [] },
      { _ in [try Tensor([1, 2, 3], dtype: .float32)] },
    ]
    for gradient in wrong {
      let error = #expect(throws: OperationError.self) {
        try valueAndGradient(at: Tensor([1, 2], dtype: .float32)) { x in
          try numpyFunction(np.sinh, [x], Tout: .float32, gradient: gradient, name: "wave")
        }
      }
      #expect(error?.node == "wave")
    }
  }

  @Test func `a callback in a loop is differentiated, and runs once an iteration`() throws {
    let calls = try PythonObject([Int]())
    let twice = try Python.evaluate("lambda x: calls.append(1) or 2 * x", ["calls": calls])
    let (value, slope) = try valueAndGradient(at: Tensor([1.0, 3.0])) { x in
      try scan(x, over: Tensor([0, 1, 2, 3])) { state, _ in
        let next = try numpyFunction(
          twice, [state * x], Tout: .float64, gradient: { [try $0.upstream * 2] })
        return (next, [Tensor]())
      }.0
    }
    #expect(try [Double](value) == [16, 16 * 243])
    #expect(try slope.map { try [Double]($0) } == [80, 80 * 81])
    #expect(try calls.itemCount == 4)
  }
}
