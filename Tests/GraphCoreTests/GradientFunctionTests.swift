import GraphCore
import TensorCore
import Testing

@Suite struct GradientFunctionTests {
  @Test func `the gradient of a closure at a place`() throws {
    let (value, slope) = try valueAndGradient(at: Tensor([1.0, 2, 3])) { try $0 * $0 * $0 }
    #expect(try value.doubles == [1, 8, 27])
    #expect(try slope.map { try $0.doubles } == [3, 12, 27])
    #expect(try gradient(at: 3.0) { try $0 * $0 }.map { try Double($0) } == 6)
    #expect(try gradient(at: Tensor(1.0)) { _ in try Tensor([2.0]) * 1.0 } == nil)
  }

  @Test func `gradients of closures may be nested`() throws {
    let second = try gradient(at: Tensor(2.0)) { x in
      try gradient(at: x) { try $0 * $0 * $0 } ?? x
    }
    #expect(try second.map { try Double($0) } == 12)
  }

  @Test func `in a graph it becomes part of the graph`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      let (value, slopes) = try valueAndGradient(at: [x, Tensor(5.0)]) { try $0[0] * $0[1] * x }
      return [value] + slopes.compactMap { $0 }
    }
    // Only what comes through the closure's own tensors counts: x itself is a constant to it.
    #expect(try f(3.0).map { try Double($0) } == [45, 15, 9])
  }

  @Test func `the sum is what is differentiated, unless upstream weights it`() throws {
    let f = try GraphFunction(inputSignature: [
      TensorSpec(dtype: .float64), TensorSpec(dtype: .float64),
    ]) { x, u in
      let y = try x * x
      return try [gradient(of: y, with: x) ?? x, gradient(of: y, with: x, upstream: u) ?? x]
    }
    #expect(try f([1.0, 2], [10.0, 100]).map { try $0.doubles } == [[2, 4], [20, 400]])
  }

  @Test func `what cannot be differentiated says why`() throws {
    let x = try Tensor([1.0])
    let cases: [(String, () throws -> Void)] = [
      ("has a value already", { _ = try gradient(of: x, with: x) }),
      ("convert with asType", { _ = try valueAndGradient(at: x) { try $0.asType(.int32) } }),
      (
        "no gradient",
        { _ = try valueAndGradient(at: x) { try Counting(effects: .pure).apply(to: [$0])[0] } }
      ),
    ]
    for (text, ask) in cases {
      let error = #expect(throws: OperationError.self) { try ask() }
      #expect(error?.description.contains(text) == true, "\(text)")
      #expect(
        error?.description.contains("GradientFunctionTests.swift") == true || text == "no gradient")
    }
  }

  @Test func `an operation that was given may be differentiated when it says how`() throws {
    struct Cube: GraphCore.Operation {
      let name = "cube"
      func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { inputs }
      func run(_ inputs: [Tensor]) throws -> [Tensor] {
        let x = inputs[0]
        return [try x * x * x]
      }
      func gradients(for request: GradientRequest) throws -> [Tensor?] {
        [try request.upstream * 3 * request.inputs[0] * request.inputs[0]]
      }
      let effects = Effects.pure
    }
    try expectGradients("cube", at: [Tensor([0.5, -2])], order: 3) {
      try Cube().apply(to: $0)[0] * $0[0]
    }
  }

  @Test func `a Jacobian has the derivatives of all elements by all`() throws {
    let x = try Tensor([[0.5, -1, 2], [1, 0.25, -0.75]])
    let matrix = try jacobian(at: x) { x in try sin(x) * x[0] }
    let y = try #require(matrix)
    #expect(y.shape == [2, 3, 2, 3])
    for (i, j) in [(0, 0), (0, 2), (1, 1)] {
      let row = try gradient(at: x) { x in try (sin(x) * x[0])[i, j] }
      let expected = try #require(row).doubles
      #expect(try zip(y[i, j].doubles, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }
    #expect(try jacobian(at: x) { _ in try Tensor([1.0, 2]) } == nil)
    // Of the second order: the Hessian of a function of shapes that are known when it runs only.
    let hessian = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      let slope = try gradient(of: (x * x * x).sum(), with: x)
      return try jacobian(of: slope ?? x, with: x) ?? x
    }
    #expect(try hessian([1.0, 2]).doubles == [6, 0, 0, 12])
  }
}
