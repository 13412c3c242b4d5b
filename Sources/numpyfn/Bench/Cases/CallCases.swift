internal import NumPyFunctions

extension BenchCases {
  /// The cost of a call.
  static let calls: [BenchCase] = [
    BenchCase(name: "scalar sinh, y*y") { work in
      let (sinh, x) = (try work("np.sinh"), Tensor(Float(1)))
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
        let y = try numpyFunction(sinh, [x], Tout: .float32)
        return try y * y
      }
      return Contest(
        ours: .swift(isOnOneThread: true) { _ = try f(x) },
        python: try work.contender("lambda: (lambda y: y * y)(np.sinh(scalar))"))
    },
    BenchCase(name: "scalar identity") { work in
      let (f, x) = (try call("identity", work), Tensor(Float(1)))
      return Contest(
        ours: .swift(isOnOneThread: true) { _ = try f(x) },
        python: try work.contender("lambda: identity(scalar)"))
    },
    BenchCase(name: "8 scalar args identity") { work in
      let f = try call("identity", work, arguments: 8)
      let x = [Tensor](repeating: Tensor(Float(1)), count: 8)
      return Contest(
        ours: .swift(isOnOneThread: true) { _ = try f.run(x) },
        python: try work.contender("(lambda xs: lambda: identity(*xs))([scalar] * 8)"))
    },
    BenchCase(name: "py_function a*a scalar") { work in
      let (square, x) = (try work("square"), Tensor(Float(3)))
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
        try pyFunction(square, [x], Tout: .float32)
      }
      return Contest(
        ours: .swift(isOnOneThread: true) { _ = try f(x) },
        python: try work.contender("lambda: square(scalar)"))
    },
    BenchCase(name: "py_function a*a scalar, with gradient") { work in
      let (square, x) = (try work("square"), Tensor(Float(3)))
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
        let y = try pyFunction(square, [x], Tout: .float32)
        return try [y] + gradient(of: y, with: [x]).compactMap { $0 }
      }
      return Contest(
        ours: .swift(isOnOneThread: true) { _ = try f(x) },
        python: try work.contender("lambda: (square(scalar), scalar + scalar)"))
    },
    BenchCase(name: "10k strings identity") { work in
      let f = try call("identity", work, dtype: .string)
      let x = try Tensor((0..<10_000).map { "item \($0)" })
      return Contest(
        ours: .swift(isOnOneThread: true) { _ = try f(x) },
        python: try work.contender(
          "(lambda s: lambda: np.array(list(s), dtype=object))(strings(10_000))"))
    },
  ]

  /// A function without arguments that does nothing: the lowest cost of a call from Swift.
  static let noOps: [BenchCase] = [
    BenchCase(name: "no-op Python function, no arguments, thread attached") { work in
      let nothing = try work("nothing")
      return Contest(
        ours: .attachedSwift { _ = try nothing() },
        python: try work.contender("nothing"))
    },
    BenchCase(name: "no-op Python function, no arguments, thread not attached") { work in
      let nothing = try work("nothing")
      return Contest(
        ours: .swift(isOnOneThread: true) { _ = try nothing() },
        python: try work.contender("nothing"))
    },
    BenchCase(name: "no-op Python function, no arguments, in a graph") { work in
      let nothing = try work("nothing")
      let f = try GraphFunction(inputSignature: []) { (_: [Tensor]) in
        try numpyFunction(nothing, [], Tout: [DType]())
      }
      return Contest(
        ours: .swift(isOnOneThread: true) { _ = try f.run([]) },
        python: try work.contender("nothing"))
    },
  ]

  /// A function of that name, called back by a graph.
  static func call(
    _ name: String, _ work: PythonWork, arguments: Int = 1, dtype: DType = .float32
  ) throws -> GraphFunction<Tensor> {
    let function = try work(name)
    let signature = [TensorSpec](repeating: TensorSpec(dtype: dtype), count: arguments)
    return try GraphFunction(
      inputSignature: signature,
      list: { x in
        try numpyFunction(function, x, Tout: dtype)
      })
  }
}
