import GraphCore
import NumPyFunctions
import TensorCore
import Testing

@Suite struct ControlFlowGradientTests {
  private let x = Result { try Tensor([0.5, -1.5, 2.0]) }
  private let y = Result { try Tensor([1.5, 0.75, -0.5]) }

  @Test func `a gradient goes through the branch that ran`() throws {
    let (x, y) = (try x.get(), try y.get())
    for holds in [true, false] {
      let condition = Tensor(holds)
      try expectGradients("cond", at: [x, y], order: 2) { inputs in
        let (x, y) = (inputs[0], inputs[1])
        let z = try x * y
        return try cond(condition) {
          try z * x * z
        } else: {
          try y * y / (x * x + 1.0)
        }
      }
    }
  }

  @Test func `an input that only the other branch uses has the gradient 0`() throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(dtype: .bool), TensorSpec(), TensorSpec()]
    ) { p, x, y in
      let z = try cond(p) {
        try x * x
      } else: {
        try y * y
      }
      return try gradient(of: z, with: [x, y]).compactMap { $0 }
    }
    #expect(try f(true, 3.0, 4.0).map { try $0.doubles } == [[6], [0]])
    #expect(try f(false, 3.0, 4.0).map { try $0.doubles } == [[0], [8]])
  }

  @Test func `a gradient goes through a loop, to any order`() throws {
    let (x, y) = (try x.get(), try y.get())
    try expectGradients("power", at: [x], order: 3) { inputs in
      try whileLoop(0, inputs[0]) { count, _ in
        try count .< 3
      } body: { count, power in
        (try count + 1, try power * inputs[0])
      }.1
    }
    try expectGradients("recurrence", at: [x, y], order: 2) { inputs in
      let (x, y) = (inputs[0], inputs[1])
      return try whileLoop(0, x, y) { count, _, _ in
        try count .< 4
      } body: { count, a, b in
        (try count + 1, try a * b + x, try b / (y * y + a * a + 1.0))
      }.1
    }
  }

  @Test func `a gradient goes through map and scan`() throws {
    let x = try Tensor([[0.5, -1.5, 2.0], [1, 0.25, -0.75]])
    let y = try y.get()
    try expectGradients("map", at: [x, y], order: 2) { inputs in
      try map(inputs[0]) { row in try row * row * inputs[1] }
    }
    try expectGradients("scan, results", at: [x, y], order: 2) { inputs in
      try scan(inputs[1], over: inputs[0]) { state, row in
        let next = try state * row + inputs[1] * state
        return (next, try next * row)
      }.1
    }
    try expectGradients("scan, state", at: [x, y], order: 2) { inputs in
      try scan(inputs[1], over: inputs[0]) { state, row in (try state * row, try state * state) }.0
    }
  }

  @Test func `a gradient goes through bodies in bodies`() throws {
    let (x, y) = (try x.get(), try y.get())
    try expectGradients("nested", at: [x, y], order: 2) { inputs in
      let (x, y) = (inputs[0], inputs[1])
      return try whileLoop(0, x) { count, _ in
        try count .< 3
      } body: { count, state in
        let next = try map(x, state) { a, b in
          try cond(a .< 1) {
            try a * b * b
          } else: {
            try b / (a * a + b * b)
          }
        }
        return (try count + 1, try next * y)
      }.1
    }
    try expectGradients("loop in a loop", at: [x], order: 2) { inputs in
      try whileLoop(0, inputs[0]) { i, _ in
        try i .< 2
      } body: { i, outer in
        let inner = try whileLoop(0, outer) { j, _ in
          try j .< 2
        } body: { j, inner in
          (try j + 1, try inner * outer * 0.5)
        }.1
        return (try i + 1, try inner + inputs[0])
      }.1
    }
    try expectGradients("loop in a branch", at: [x], order: 2) { inputs in
      try cond(true) {
        try scan(1.0, over: inputs[0]) { state, element in
          let next = try state * element
          return (next, next)
        }.1
      } else: {
        inputs[0]
      }
    }
  }

  @Test func `a gradient may be asked for inside a body`() throws {
    // Newton's method on x⁴ - 3.
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try whileLoop(0, x) { count, _ in
        try count .< 20
      } body: { count, x in
        let value = try x * x * x * x - 3.0
        guard let slope = try gradient(of: value, with: x) else { throw Refusal() }
        return (try count + 1, try x - value / slope)
      }.1
    }
    #expect(try abs(Double(f(1.0)) - 1.3160740129524924) < 1e-12)
    try expectGradients("gradients of outer tensors", at: [x.get()], order: 2) { inputs in
      try map(inputs[0]) { element in
        let inner = try element * element * inputs[0]
        return try gradient(of: inner, with: inputs[0]) ?? inputs[0]
      }
    }
  }

  @Test func `a callback in a loop that is differentiated runs once an iteration`() throws {
    let counting = Counting()
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      let last = try whileLoop(0, x) { count, _ in
        try count .< 5
      } body: { count, state in
        try counting.apply(to: [count])
        return (try count + 1, try state * x)
      }.1
      return try [last, gradient(of: last, with: x) ?? x]
    }
    #expect(try f(2.0).map { try $0.doubles } == [[64], [192]])
    #expect(counting.runs == 5)
  }

  @Test func `a loop over no element has a gradient`() throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(shape: [nil], dtype: .float64), TensorSpec(dtype: .float64)]
    ) { x, y in
      let (last, _) = try scan(y, over: x) { state, element in
        (try state * element, try state * y)
      }
      return try gradient(of: last, with: [x, y]).compactMap { $0 }
    }
    let gradients = try f.run([Tensor(zeros: [0], dtype: .float64), Tensor(3.0)])
    #expect(try gradients.map { try $0.doubles } == [[], [1]])
  }

  @Test func `what is not connected has no gradient`() throws {
    _ = try GraphFunction(inputSignature: [TensorSpec(), TensorSpec(), TensorSpec(dtype: .int32)]) {
      x, y, n in
      let z = try whileLoop(n, x) { n, _ in
        try n .< 3
      } body: { n, x in
        (try n + 1, try x * 2 + stopGradient(y))
      }.1
      let found = try gradient(of: z, with: [x, y, n])
      #expect(found.map { $0 != nil } == [true, false, false])
      return z
    }
  }

  @Test func `a gradient inside two bodies reaches through both, and straight to the outermost`()
    throws
  {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(dtype: .float64), TensorSpec(shape: [3], dtype: .float64)]
    ) { x, v in
      try map(v) { e in
        let m = try x * e
        return try map(v) { f in try gradient(of: x * f + m, with: x) ?? zerosLike(x) }
      }
    }
    #expect(try f(2.0, [1.0, 10, 100]).doubles == [2, 11, 101, 11, 20, 110, 101, 110, 200])
  }

  @Test func `what a loop has kept may be used by another body, and differentiated again`() throws {
    let x = try Tensor([0.5, -1.5, 2.0])
    try expectGradients("of a Jacobian", at: [x]) { inputs in
      let products = try scan(1.0, over: inputs[0]) { state, element in
        let next = try state * element
        return (next, next)
      }.1
      return try square(jacobian(of: products, with: inputs[0]) ?? inputs[0])
    }
    for holds in [true, false] {
      try expectGradients("of a gradient in a branch", at: [x]) { inputs in
        let products = try scan(1.0, over: inputs[0]) { state, element in
          let next = try state * element
          return (next, next)
        }.1
        let slope = try cond(Tensor(holds)) {
          try gradient(of: products, with: inputs[0]) ?? inputs[0]
        } else: {
          try inputs[0] * 2.0
        }
        return try square(slope)
      }
    }
  }

  @Test func `the gradient of no iteration has the shape of the sequence`() throws {
    for shape in [Shape([nil, nil]), .unknown] {
      let f = try GraphFunction(inputSignature: [TensorSpec(shape: shape, dtype: .float64)]) { x in
        let y = try map(x) { try $0 * $0 }
        return try gradient(of: y.sum() + x.sum(), with: x) ?? x
      }
      #expect(try f.run([Tensor(zeros: [0, 3], dtype: .float64)]).shape == [0, 3])
      #expect(try f([[1.0, 2]]).doubles == [3, 5])
    }
  }

  @Test func `a Jacobian calls a gradient's callback once for each element`() throws {
    let counting = Counting()
    struct Sine: GraphCore.Operation {
      let counting: Counting
      let name = "sine"
      func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { inputs }
      func run(_ inputs: [Tensor]) throws -> [Tensor] { [try sin(inputs[0])] }
      func gradients(for request: GradientRequest) throws -> [Tensor?] {
        [try counting.apply(to: [request.upstream])[0] * cos(request.inputs[0])]
      }
      let effects = Effects.pure
    }
    let matrix = try jacobian(at: Tensor([0.5, 1, 2])) {
      try Sine(counting: counting).apply(to: [$0])[0]
    }
    #expect(matrix?.shape == [3, 3])
    #expect(counting.runs == 3)
  }
}
