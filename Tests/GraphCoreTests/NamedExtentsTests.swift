import GraphCore
import NumPyFunctions
import TensorCore
import Testing

@Suite struct NamedExtentsTests {
  private typealias Function = GraphFunction<[Tensor]>

  private static func zeros(_ extents: [Int]) throws -> Tensor {
    try Tensor(zeros: Shape(extents), dtype: .float32)
  }

  private static func message(_ body: () throws -> Any) -> String? {
    do {
      _ = try body()
      return nil
    } catch { return "\(error)" }
  }

  // MARK: - Calls with values

  @Test(
    arguments: [
      ([["n"], ["n"]], [[3], [3]], nil),
      ([["n"], ["n"]], [[0], [0]], nil),
      (
        [["n"], ["n"]], [[3], [1]], "is 3 in input 0 ('a': float32[n], given [3]) and 1 in input 1 "
      ),
      ([["n"], ["m"]], [[3], [4]], nil),
      ([["n"], [nil]], [[3], [4]], nil),
      ([["n", "n"]], [[3, 3]], nil),
      ([["n", "n"]], [[3, 4]], "is both 3 and 4 in input 0 ('a': float32[n, n], given [3, 4]); "),
      ([["n", "m"], ["m", "n"]], [[2, 3], [3, 2]], nil),
      ([["n", "m"], ["m", "n"]], [[2, 3], [2, 3]], "extent 'n' is 2 in input 0 "),
      ([["n"], ["m"], ["n"]], [[2], [3], [4]], "and 4 in input 2 ('c'"),
      ([["n", 3], ["n"]], [[2, 4], [2]], "declared float32[n, 3], given float32[2, 4]"),
      ([["n", 3], ["n"]], [[2], [2]], "declared float32[n, 3], given float32[2]"),
    ] as [([[Extent]], [[Int]], String?)])
  func `extents of one name must be one number`(
    _ shapes: [[Extent]], _ given: [[Int]], _ fragment: String?
  ) throws {
    let specs = zip(shapes, ["a", "b", "c"]).map { TensorSpec(shape: $0, name: $1) }
    let f = try Function(inputSignature: specs, name: "f", list: { $0 })
    let inputs = try given.map(Self.zeros)
    let found = Self.message { try f.run(inputs) }
    let shape = given.map { TensorSpec(shape: Shape($0)) }
    // Inlined into a graph that knows nothing of the shapes, or all, it is the same.
    let unknown = try Function(
      inputSignature: specs.map { _ in TensorSpec() }, list: { try f.run($0) })
    let inlined = Self.message { try unknown.run(inputs) }
    let known = Self.message { try Function(inputSignature: shape, list: { try f.run($0) }) }
    let asked = Self.message { try f.graph(for: shape) }
    for message in [found, inlined, known, asked] {
      guard let fragment else {
        #expect(message == nil)
        continue
      }
      #expect(message?.contains(fragment) == true, "\(message ?? "nothing") for \(fragment)")
      #expect(message?.contains("graph function 'f'") == true)
    }
  }

  @Test func `the error names both inputs, both values and the name`() throws {
    let f = try GraphFunction(
      inputSignature: [
        TensorSpec(shape: ["batch", 3], name: "x"), TensorSpec(shape: ["batch"]),
      ], name: "f"
    ) { x, y in [x, y] }
    let error = #expect(throws: GraphError.self) { try f(Self.zeros([4, 3]), Self.zeros([5])) }
    #expect(error?.code == .invalidArgument)
    #expect(
      error?.message
        == "graph function 'f': extent 'batch' is 4 in input 0 ('x': float32[batch, 3], given "
        + "[4, 3]) and 5 in input 1 (float32[batch], given [5]); give both the same")
  }

  @Test func `arrays and numbers are held to names too`() throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(shape: ["n"]), TensorSpec(shape: ["n"])]
    ) { x, y in try x + y }
    #expect(try f([1, 2], [3, 4]) == Tensor([4, 6], dtype: .float32))
    #expect(throws: GraphError.self) { try f([1, 2], [3]) }
    #expect(throws: GraphError.self) { try f([1, 2], 3) }
  }

  // MARK: - What is known in the graph

  @Test func `results have the names that are certain`() throws {
    let f = try GraphFunction(
      inputSignature: [
        TensorSpec(shape: ["batch", 3], name: "x"), TensorSpec(shape: ["batch", 1], name: "y"),
        TensorSpec(shape: ["a b"], name: "z"),
      ], name: "f"
    ) { x, y, z in
      #expect(x.shape == Shape(extents: ["batch", 3]))
      return [
        try x * y, try -y + 1, try x.asType(.int8), try z + y,
        try x + Tensor([[1], [2]], dtype: .float32),
      ]
    }
    #expect(
      try f.graph.description == """
        graph f(%x: float32[batch, 3], %y: float32[batch, 1], %z: float32["a b"]) {
          %multiply = multiply(%x, %y) : float32[batch, 3]
          %negate = negate(%y) : float32[batch, 1]
          %constant = constant() {value: 1.0} : float32[]
          %add = add(%negate, %constant) : float32[batch, 1]
          %cast = cast(%x) {to: int8} : int8[batch, 3]
          %add_1 = add(%z, %y) : float32[batch, "a b"]
          %constant_1 = constant() {value: [1.0, 2.0]} : float32[2, 1]
          %add_2 = add(%x, %constant_1) : float32[2, 3]
          return %multiply, %add, %cast, %add_1, %add_2
        }
        """)
  }

  @Test func `a gradient has the names of what it is the gradient of`() throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(shape: ["n", 3]), TensorSpec(shape: ["n", 1])]
    ) { x, y in try gradient(of: x * y, with: [x, y]).compactMap { $0 } }
    #expect(
      try f.graph.outputs.map { try f.graph.spec(of: $0).shape } == [
        Shape(extents: ["n", 3]), Shape(extents: ["n", 1]),
      ])
    let results = try f(Self.zeros([2, 3]), Self.zeros([2, 1]))
    #expect(results.map(\.shape) == [[2, 3], [2, 1]])
  }

  @Test func `a signature may be made of another graph's specs`() throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(shape: ["n"]), TensorSpec(shape: ["n"])]
    ) { x, y in try x + y }
    let specs = try f.graph.inputs.map { try f.graph.spec(of: $0) }
    let g = try GraphFunction(inputSignature: specs) { x, y in try x * y }
    #expect(try g.graph.outputs.map { try g.graph.spec(of: $0).shape } == [Shape(extents: ["n"])])
    #expect(throws: GraphError.self) { try g([1, 2], [1]) }
  }

  @Test func `operations carry the names of the axes that they keep`() throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(shape: ["n", 3]), TensorSpec(shape: ["k", 3, "m"])]
    ) { x, y in
      [
        try x.sum(axes: [1]), try x.mean(axes: [1], keepDims: true), try x.transposed(),
        try matmul(x, y), try y.expandingShape(at: 1),
      ]
    }
    #expect(
      try f.graph.outputs.map { try "\(f.graph.spec(of: $0).shape)" } == [
        "[n]", "[n, 1]", "[3, n]", "[k, n, m]", "[k, 1, 3, m]",
      ])
  }

  @Test func `a gradient needs no sum where names say that nothing was broadcast`() throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(shape: ["n", 3]), TensorSpec(shape: ["n", 3])]
    ) { x, y in try gradient(of: x * y, with: [x, y]).compactMap { $0 } }
    #expect(try f.graph.nodes.allSatisfy { $0.operation.name != "sumTo" })
    #expect(try f(Self.zeros([2, 3]), Self.zeros([2, 3])).map(\.shape) == [[2, 3], [2, 3]])
  }

  @Test func `ensureShape gives a tensor the names of the inputs`() throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(shape: ["n"], name: "x"), TensorSpec(name: "y")], name: "f"
    ) { x, y in
      let z = try ensureShape(y, ["n", 2])
      #expect(z.shape == Shape(extents: ["n", 2]))
      return z
    }
    #expect(try f([1, 2, 3], Self.zeros([3, 2])).shape == [3, 2])
    #expect(throws: OperationError.self) { try f([1, 2, 3], Self.zeros([2, 2])) }
    #expect(try ensureShape(Self.zeros([2, 2]), ["n", "n"]).shape == [2, 2])
    let error = #expect(throws: OperationError.self) {
      try ensureShape(Self.zeros([2, 3]), ["n", "n"])
    }
    #expect(error?.message.contains("'n' is both 2 and 3 in result 0") == true)
  }

  // MARK: - Graphs in graphs

  /// A graph whose operation keeps a shape with its names.
  private func inner() throws -> GraphFunction<Tensor> {
    try GraphFunction(
      inputSignature: [
        TensorSpec(shape: ["n"], name: "x"), TensorSpec(shape: ["m"], name: "y"),
      ], name: "inner"
    ) { x, y in
      let shape = x.shape
      // Claims to have the shape of x, whatever is given.
      return try Custom(specs: { _ in [TensorSpec(shape: shape)] }, kernel: { [$0[0]] })
        .apply(to: [x, y])[0]
    }
  }

  @Test func `what the outer graph has found out needs no check`() throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(shape: ["n"]), TensorSpec(shape: ["n"])]
    ) { x, y in try x + y }
    let g = try GraphFunction(
      inputSignature: [
        TensorSpec(shape: ["k"]), TensorSpec(shape: ["k"]), TensorSpec(shape: ["m"]),
      ]
    ) { a, b, c in try f(f(a, b), f(c, c)) }
    let names = try g.graph.nodes.map(\.operation.name)
    #expect(names.filter { $0 != "input" } == ["add", "add", "ensureExtents", "add"])
    // What the check has shown is known after it: m is k.
    #expect(try g.graph.outputs.map { try g.graph.spec(of: $0).shape } == [Shape(extents: ["k"])])
    #expect(try g([1, 2], [3, 4], [5, 6]) == Tensor([14, 18], dtype: .float32))
    let error = #expect(throws: OperationError.self) { try g([1, 2], [3, 4], [5]) }
    #expect(error?.operation == "ensureExtents")
    #expect(error?.message.contains("extent 'n' is 2 in input 0") == true)
  }

  @Test func `a number that the outer graph knows is known of all extents of the name`() throws {
    let f = try GraphFunction(
      inputSignature: [
        TensorSpec(shape: ["n"]), TensorSpec(shape: ["n"]), TensorSpec(shape: ["n"]),
      ],
      list: { $0 })
    let g = try GraphFunction(
      inputSignature: [TensorSpec(), TensorSpec(shape: [4]), TensorSpec(shape: [nil])],
      list: { try f.run($0) })
    #expect(try g.graph.outputs.allSatisfy { try g.graph.spec(of: $0).shape == [4] })
    let error = Self.message {
      try GraphFunction(
        inputSignature: [TensorSpec(), TensorSpec(shape: [4]), TensorSpec(shape: [5])],
        list: { try f.run($0) })
    }
    #expect(error?.contains("is 4 in input 1") == true)
  }

  @Test func `names of an inner graph are not taken for the outer graph's`() throws {
    let inner = try inner()
    // The outer graph's m and n are the other way round.
    let outer = try GraphFunction(
      inputSignature: [TensorSpec(shape: ["m"], name: "a"), TensorSpec(shape: ["n"], name: "b")]
    ) { a, b in
      let z = try inner(a, b)
      #expect(z.shape == [nil])
      return [z, try z + b]
    }
    #expect(try inner.graph.spec(of: inner.graph.outputs[0]).shape == Shape(extents: ["n"]))
    let results = try outer([1, 2], [3])
    #expect(try results[1] == Tensor([4, 5], dtype: .float32))
    #expect(try outer([1, 2], [3, 4])[1] == Tensor([4, 6], dtype: .float32))
  }

  @Test func `a function without a signature takes tensors whose extents have names`() throws {
    let square = GraphFunction { x in try x * x }
    let f = try GraphFunction(inputSignature: [TensorSpec(shape: ["n"])]) { x in try square(x) }
    #expect(try f.graph.outputs.map { try f.graph.spec(of: $0).shape } == [Shape(extents: ["n"])])
    #expect(try f([3]) == Tensor([9], dtype: .float32))
  }

  @Test func `gradients flow through the check`() throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(shape: ["n"]), TensorSpec(shape: ["n"])]
    ) { x, y in try x * y }
    let g = try GraphFunction(inputSignature: [TensorSpec(), TensorSpec()]) { x, y in
      try gradient(of: f(x, y), with: [x, y]).compactMap { $0 }
    }
    #expect(
      try g([1, 2], [3, 4])
        == [Tensor([3, 4], dtype: .float32), Tensor([1, 2], dtype: .float32)])
    #expect(throws: OperationError.self) { try g([1, 2], [3]) }
  }

  @Test func `a body knows the names of the graph around it`() throws {
    let f = try GraphFunction(
      inputSignature: [
        TensorSpec(shape: ["n"]), TensorSpec(shape: ["n"]), TensorSpec(shape: [], dtype: .bool),
      ]
    ) { x, y, condition in
      let z = try cond(condition) {
        try x * y
      } else: {
        x
      }
      #expect(z.shape == Shape(extents: ["n"]))
      return try gradient(of: z, with: [x, y]).compactMap { $0 } + [z]
    }
    // In the outer graph n and m have each other's names, twice.
    let g = try GraphFunction(
      inputSignature: [
        TensorSpec(shape: ["m"]), TensorSpec(shape: ["n"]), TensorSpec(shape: [], dtype: .bool),
      ]
    ) { a, b, condition in
      let parts = try f(a, a, condition) + f(b, b, condition)
      return try gradient(of: parts[2], with: [a]).compactMap { $0 } + parts
    }
    let results = try g([1, 2], [3], true)
    #expect(try results[0] == Tensor([2, 4], dtype: .float32))
    #expect(results.map(\.shape) == [[2], [2], [2], [2], [1], [1], [1]])
  }

  // MARK: - Names make no difference

  @Test(arguments: 0..<200)
  func `where a call is accepted, names and nil give the same results`(_ seed: Int) throws {
    var random = Numbers(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
    let names = ["a", "b", "c"]
    // Every name may be 1, where broadcasting is at its trickiest.
    let values = names.map { _ in [1, 1, 2, 3, 0][random.below(5)] }
    let arity = 1 + random.below(3)
    let signature: [[Int]] = (0..<arity).map { _ in
      (0..<random.below(4)).map { _ in random.below(5) }
    }
    let specs = signature.map { axes in
      TensorSpec(shape: axes.map { $0 < 3 ? Extent(names[$0]) : $0 == 3 ? 1 : nil })
    }
    let plain = specs.map { spec in
      TensorSpec(shape: Shape((0..<spec.shape.rank).map { spec.shape[ifKnown: $0] }))
    }
    let given = signature.map { axes in
      axes.map { $0 < 3 ? values[$0] : $0 == 3 ? 1 : 2 }
    }
    let inputs = try given.enumerated().map { index, extents in
      let count = extents.reduce(1, *)
      return try Tensor((0..<count).map { Float($0 + index) }, shape: Shape(extents))
    }
    let body: @Sendable ([Tensor]) throws -> [Tensor] = { inputs in
      let product = try inputs.reduce(Tensor(2, dtype: .float32)) { try $0 * $1 }
      let sum = try inputs.reversed().reduce(product) { try $0 + $1 }
      return [product, sum] + (try gradient(of: sum, with: inputs)).compactMap { $0 }
    }
    // Outer graphs that know the names, and that know nothing.
    let named = try? Function(inputSignature: specs, list: body)
    let outer = try? named.map { named in
      try Function(inputSignature: plain.map { _ in TensorSpec() }, list: { try named.run($0) })
    }
    guard let expected = try? Function(inputSignature: plain, list: body).run(inputs) else {
      // The shapes do not broadcast.
      #expect(throws: (any Error).self) { try named?.run(inputs) ?? { throw Refusal() }() }
      return
    }
    #expect(try named?.run(inputs) == expected)
    #expect(try outer?.run(inputs) == expected)
    for (found, value) in zip(try #require(try named?.graph.outputs), expected) {
      let spec = try #require(try named?.graph.spec(of: found))
      #expect(spec.accepts(value))
      for (axis, extent) in (spec.shape.axes ?? []).enumerated() {
        guard let name = extent.name, let index = names.firstIndex(of: name) else { continue }
        #expect(value.shape[axis] == values[index], "\(spec) of \(value.shape)")
      }
    }
  }

  private struct Numbers {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(limit))
    }
  }
}
