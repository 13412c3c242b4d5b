internal import NumPyFunctions

extension BenchCases {
  /// Graphs, with and without calls of Python.
  static let graphs: [BenchCase] = [
    tracing(1000), tracing(10_000),
    BenchCase(name: "graph: 100 scalar adds") { work in
      let (f, x) = (try chain(100), Tensor(Float(1)))
      return Contest(
        ours: .swift { _ = try f(x) },
        python: try work.contender("lambda: chain(scalar, 100, one)"))
    },
    BenchCase(name: "graph: 10 elementwise ops, 1M") { work in
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
        let y = try abs(x * x + x - 0.5)
        return try maximum(tanh(exp(-sqrt(y))), x) * x
      }
      let x = try slope(1_000_000)
      return Contest(
        ours: .swift { _ = try f(x) },
        python: try work.contender("(lambda v: lambda: mixed(v))(slope(10**6))"))
    },
    BenchCase(name: "graph: matmul 512") { work in
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
        try matmul(x, x)
      }
      let x = try ones([512, 512])
      return Contest(
        ours: .swift { _ = try f(x) },
        python: try work.contender("(lambda m: lambda: m @ m)(ones(512 * 512).reshape(512, 512))"))
    },
    BenchCase(name: "graph: 4 x sinh of 1M, summed") { work in
      let (sinh, x) = (try work("np.sinh"), try slope(1_000_000))
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
        let parts = try (0..<4).map { k in
          try numpyFunction(sinh, [x + Tensor(Float(k))], Tout: .float32, effects: .pure)
        }
        return try parts.dropFirst().reduce(parts[0]) { try $0 + $1 }
      }
      return Contest(
        ours: .swift { _ = try f(x) },
        python: try work.contender(
          "(lambda v: lambda: sum(np.sinh(v + np.float32(k)) for k in range(4)))(slope(10**6))"))
    },
    BenchCase(name: "4 x GIL-bound Python loop") { work in
      let (busy, x) = (try work("busy"), Tensor(Float(1)))
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
        try (0..<4).map { _ in try numpyFunction(busy, [x], Tout: .float32, effects: .unordered) }
      }
      return Contest(
        ours: .swift { _ = try f(x) },
        python: try work.contender("lambda: [busy(scalar) for _ in range(4)]"))
    },
  ]

  /// Tracing a closure into a graph, up to the point where it can run.
  private static func tracing(_ count: Int) -> BenchCase {
    BenchCase(name: "trace: \(count) additions") { _ in
      Contest(ours: .swift { _ = try chain(count) }, python: nil)
    }
  }

  /// A chain of additions that the optimiser cannot shorten: each adds the input again.
  static func chain(_ count: Int) throws -> GraphFunction<Tensor> {
    try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
      var y = x
      for _ in 0..<count { y = try y + x }
      return y
    }
  }

  /// Ones in float32.
  static func ones(_ shape: Shape) throws -> Tensor {
    try full(shape, Float(1))
  }

  /// Numbers from -1 to 1.
  static func slope(_ count: Int) throws -> Tensor {
    let step = 2 / Float(count - 1)
    return try Tensor((0..<count).map { Float($0) * step - 1 })
  }
}
