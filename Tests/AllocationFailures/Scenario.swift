import NumPyFunctions

/// Work that allocates in Python, in NumPy and in the bridge.
struct Scenario: Sendable {
  let name: String

  /// Whether each call comes from a thread that Python has not seen.
  var isOnNewThread = false

  /// Whether all allocations from the n-th on may fail, not only the n-th.
  ///
  /// Not where Python code handles exceptions, as CPython 3.11 needs memory to enter a handler, and
  /// tries without end; nor where a context variable is set for the first time in a thread, as it drops a
  /// token that it could not make.
  var mayLast = true

  /// Makes what the work needs; the work answers a text that is the same each time.
  let prepare: @Sendable () throws -> () throws -> String

  /// The work of each kind of call.
  static let all: [Scenario] = [
    Scenario(name: "scalar") {
      let f = try graph("lambda x: x + x", .float32)
      return { "\(try f(Tensor(Float(2))))" }
    },
    Scenario(name: "array") {
      let (f, x) = (try graph("lambda x: x + x", .float32), ones([300, 7]))
      return { "\(try f(x).sum())" }
    },
    Scenario(name: "large array") {
      let (f, x) = (try graph("lambda x: x + x", .float32), ones([1 << 20]))
      return { "\(try f(x).sum())" }
    },
    Scenario(name: "rank 6") {
      let (f, x) = (try graph("lambda x: x * 2", .float32), ones([1, 2, 1, 3, 1, 2]))
      return { "\(try f(x))" }
    },
    Scenario(name: "strided result") {
      let (f, x) = (try graph("lambda x: x[::2, ::-1].T", .float32), ones([6, 4]))
      return { "\(try f(x))" }
    },
    Scenario(name: "kept argument") {
      let (f, x) = (try graph("lambda x: [x, KEPT.append(x)][0]", .float32), ones([5]))
      return { "\(try f(x))" }
    },
    Scenario(name: "list of results") {
      let function = try Python.evaluate("lambda x: [x, x + 1, 3.5, True]")
      return {
        let results = try numpyFunction(
          function, [ones([2])], Tout: [.float32, .float32, .float64, .bool])
        return "\(results)"
      }
    },
    Scenario(name: "strings") {
      let function = try Python.evaluate("lambda s: s + b'!'")
      let x = try Tensor(["a", "long enough to be no small string of Swift's", "z"])
      return { "\(try numpyFunction(function, [x], Tout: .string))" }
    },
    Scenario(name: "text") {
      let function = try Python.evaluate("lambda s: [str(s[0]) + '!', 'two']")
      let x = try Tensor(["a", "b"])
      return {
        "\(try numpyFunction(function, [x], Tout: [.string, .string], strings: .text))"
      }
    },
    Scenario(name: "writable") {
      let function = try Python.function("def fill(x):\n    x[...] = 7\n    return x")
      return { "\(try numpyFunction(function, [ones([4])], Tout: .float32, arguments: .writable))" }
    },
    Scenario(name: "ufunc") {
      let sinh = try Python.import("numpy").sinh
      return { "\(try numpyFunction(sinh, [ones([3])], Tout: .float32))" }
    },
    Scenario(name: "raises") {
      let function = try Python.function("def f(x):\n    raise ValueError('no ' + str(x))")
      return {
        do {
          return "\(try numpyFunction(function, [Tensor(Float(1))], Tout: .float32))"
        } catch let error as OperationError {
          guard let error = error.underlying as? PythonError, error.type == "ValueError" else {
            throw error
          }
          return error.message
        }
      }
    },
    Scenario(name: "traceback", mayLast: false) {
      let function = try Python.function("def g(x):\n    return 1 / x\ndef f(x):\n    return g(0)")
      return {
        do {
          return "\(try function(1))"
        } catch let error as PythonError {
          guard error.type == "ZeroDivisionError" else { throw error }
          // What can be had: less where there is no memory.
          _ = (error.message, error.frames, error.traceback)
          return error.type
        }
      }
    },
    Scenario(name: "wrong dtype") {
      let function = try Python.evaluate("lambda x: [x, 'text', object()]")
      return {
        do {
          return "\(try numpyFunction(function, [ones([2])], Tout: [.float64, .int8, .bool]))"
        } catch let error as OperationError {
          // How much of the three results can be described depends on the memory.
          guard error.underlying is CallbackError else { throw error }
          return "refused"
        }
      }
    },
    Scenario(name: "byte-swapped") {
      let function = try Python.function(
        "import numpy as np\ndef f(x):\n    return x.astype('>f4')")
      return { "\(try numpyFunction(function, [ones([3])], Tout: .float32))" }
    },
    Scenario(name: "dlpack") {
      let function = try Python.function(
        """
        class Export:
            def __init__(self, array): self.array = array
            def __dlpack__(self, **options): return self.array.__dlpack__(**options)
            def __dlpack_device__(self): return self.array.__dlpack_device__()
        def f(x):
            return Export(x + 1)
        """, named: "f")
      return { "\(try numpyFunction(function, [ones([3])], Tout: .float32))" }
    },
    Scenario(name: "closure") {
      let closure = try Python.callable { (x: PythonObject) in try x + 1 }
      let function = try Python.evaluate("lambda f: [f(n) for n in range(3)]")
      return { "\(try [Int](function(closure)))" }
    },
    Scenario(name: "closure that throws") {
      struct Refused: Error {}
      let closure = try Python.callable { (_: PythonObject) -> PythonObject in throw Refused() }
      let function = try Python.evaluate("lambda f: f(1)")
      return {
        do {
          return "\(try Int(function(closure)))"
        } catch is Refused {
          return "refused"
        }
      }
    },
    Scenario(name: "pyFunction") {
      let square = try Python.evaluate("lambda x: x * x")
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
        try pyFunction(square, [x], Tout: .float32)
      }
      return { "\(try f(Tensor(Float(3))))" }
    },
    Scenario(name: "gradient of pyFunction") {
      let cube = try Python.function(
        "import numpy as np\ndef f(x):\n    return np.sum(x ** 3) if x.shape[0] else x")
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
        let y = try pyFunction(cube, [x], Tout: .float64)
        return try [y] + gradient(of: y, with: [x]).compactMap { $0 }
      }
      return { "\(try f(Tensor([1.0, 2.0])))" }
    },
    // Not the compiler: CPython 3.11's writes to memory that it has freed when an allocation fails.
    Scenario(name: "objects") {
      let sum = try Python.evaluate("lambda d: sum(map(sum, d.values()))")
      return {
        let object = try PythonObject(["one": [1, 2, 3], "two": [4]])
        return "\(try Int(sum(object))), \(try [Int](object["one"][0..<2]))"
      }
    },
    Scenario(name: "tensor and back") {
      let x = ones([2, 2])
      return { "\(try Tensor(PythonObject(x) + 1))" }
    },
    Scenario(name: "nested call") {
      let inner = try graph("lambda x: x + 1", .float32)
      let closure = try Python.callable { (x: PythonObject) in
        try PythonObject(inner(Tensor(x)))
      }
      let function = try Python.evaluate("lambda x: f(x)", ["f": closure])
      return { "\(try numpyFunction(function, [ones([2])], Tout: .float32))" }
    },
    // The thread's own Python state is made and dropped.
    Scenario(name: "new thread", isOnNewThread: true, mayLast: false) {
      let (f, x) = (try graph("lambda x: x + x", .float32), ones([3]))
      return { "\(try f(x))" }
    },
  ]

  private static func graph(_ source: String, _ dtype: DType) throws -> GraphFunction<Tensor> {
    let function = try Python.evaluate(source, ["KEPT": PythonObject([Int]())])
    return try GraphFunction(inputSignature: [TensorSpec(dtype: dtype)]) { x in
      try numpyFunction(function, [x], Tout: dtype)
    }
  }

  private static func ones(_ shape: Shape) -> Tensor {
    do {
      return try NumPyFunctions.ones(shape, dtype: .float32)
    } catch {
      fatalError("a tensor of shape \(shape) could not be made: \(error)")
    }
  }
}
