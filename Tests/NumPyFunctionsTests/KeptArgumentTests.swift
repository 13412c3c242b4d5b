import Dispatch
import NumPyFunctions
import Testing

/// Argument objects that are used again for the next call, which no Python code may notice.
@Suite struct KeptArgumentTests {
  /// A graph that calls a Python function with one tensor.
  private func graph(
    _ source: String, _ dtype: DType = .float64, Tout: DType? = nil
  ) throws -> (GraphFunction<Tensor>, PythonObject) {
    let function = try Python.function(source, named: "f")
    let graph = try GraphFunction(inputSignature: [TensorSpec(dtype: dtype)]) { x in
      try numpyFunction(function, [x], Tout: Tout ?? dtype)
    }
    return (graph, function)
  }

  @Test func `an object that nobody has kept is used again`() throws {
    let (f, function) = try graph(
      """
      seen = []
      def f(x):
          seen.append(id(x))
          return x + 1
      f.seen = seen
      """)
    for round in 1...20 {
      let x = try Tensor((0..<5).map { Double($0 * round) })
      #expect(try f(x) == Tensor((0..<5).map { Double($0 * round + 1) }))
    }
    #expect(try Set([Int](function.seen)).count == 1)
  }

  @Test(arguments: [
    "kept.append(x)", "kept.append(x[1:])", "kept.append(memoryview(x))",
    "kept.append((n for n in x))", "kept.append(lambda: x)", "kept.append({'x': x})",
    "kept.append(x.reshape(1, -1).T)", "kept.append(weakref.ref(x))",
  ])
  func `rule 10: an object that is kept in any way stays what it was`(statement: String) throws {
    let (f, function) = try graph(
      """
      import weakref
      import numpy as np
      kept = []
      def f(x):
          \(statement)
          return float(x.sum())
      def values():
          out = []
          for k in kept:
              if callable(k): k = k()
              if k is None: continue
              if isinstance(k, dict): k = k['x']
              out.append(sorted(float(n) for n in (k if not isinstance(k, np.ndarray) else k.ravel())))
          return out
      f.values = values
      """)
    for round in 0..<5 { _ = try f(Tensor((0..<4).map { Double(10 * round + $0) })) }
    let values = try [[Double]](function.values())
    if statement.contains("weakref") {
      // An array that is gone is gone: no other one shows up in its place.
      #expect(values.isEmpty)
    } else {
      #expect(values.count == 5)
      for (round, found) in values.enumerated() {
        let all = (0..<4).map { Double(10 * round + $0) }
        #expect(found == (statement.contains("1:") ? Array(all.dropFirst()) : all))
      }
    }
  }

  @Test(arguments: DType.numeric.filter { $0 != .bfloat16 && $0 != .bool })
  func `a scalar that is kept stays what it was`(dtype: DType) throws {
    let (f, function) = try graph(
      "kept = []\ndef f(x):\n  kept.append(x); return x\nf.kept = kept", dtype)
    for number in 1...9 {
      let x = try Tensor(number, dtype: dtype)
      #expect(try f(x) == x)
    }
    let kept = try [PythonObject](function.kept).map { try Double($0.real) }
    #expect(kept == (1...9).map(Double.init))
  }

  @Test func `both bools stay what they are`() throws {
    let (f, _) = try graph("def f(x): return x", .bool)
    for value in [true, false, true, true, false] { #expect(try Bool(f(Tensor(value))) == value) }
    #expect(try Bool(Python.evaluate("bool(__import__('numpy').bool_(1))")))
    #expect(try !Bool(Python.evaluate("bool(__import__('numpy').bool_(0))")))
  }

  @Test(arguments: [
    "x.shape = (x.size,)", "x.shape = (1, x.size)", "x.dtype = 'i8'", "x.strides = (-8,)",
    "x.shape = ()",
  ])
  func `an object that the function has made another is not used again`(statement: String) throws {
    let (f, _) = try graph(
      """
      import warnings
      def f(x):
          total = float(x.sum())
          with warnings.catch_warnings():
              warnings.simplefilter('ignore')
              try: \(statement)
              except (ValueError, AttributeError): pass
          return total
      """)
    for round in 0..<4 {
      for count in [4, 1, 7] {
        let numbers = (0..<count).map { Double($0 + round) }
        #expect(try Double(f(Tensor(numbers))) == numbers.reduce(0, +))
        let square = try Tensor([numbers, numbers])
        #expect(try Double(f(square)) == 2 * numbers.reduce(0, +))
      }
    }
  }

  @Test func `shapes and ranks may change from call to call`() throws {
    let (f, _) = try graph("def f(x): return x * 2")
    for shape in [
      [3], [2, 3], [3], [], [3, 2], [1, 1, 1, 1], [2, 1, 1, 1, 2], [0], [0, 3], [5],
    ] {
      let x = try full(Shape(shape), 1.5)
      #expect(try f(x) == full(Shape(shape), 3.0))
    }
  }

  @Test func `a function that calls its own graph has arguments of its own`() throws {
    let holder = try Python.evaluate("type('Holder', (), {})()")
    let function = try Python.evaluate(
      "lambda h: lambda x: x if x.sum() <= 1 else x + h.call(x - 1)")(holder)
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try numpyFunction(function, [x], Tout: .float64)
    }
    let callable = try Python.callable { (x: Tensor) in try f(x) }
    try holder.setAttribute("call", to: callable)
    #expect(try f(Tensor([5.0])) == Tensor([15.0]))
    try holder.setAttribute("call", to: Python.evaluate("None"))
  }

  @Test func `threads that call one function at once have arguments of their own`() throws {
    let (f, _) = try graph(
      "import time\ndef f(x):\n  y = x.copy(); time.sleep(0.0005); return y + x")
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for round in 0..<20 {
        let x = Double(thread * 100 + round)
        #expect((try? f(Tensor([x, -x]))) == (try? Tensor([2 * x, -2 * x])))
      }
    }
  }

  @Test(arguments: [
    "(x, x)", "[x, x[:]]", "(x[::-1], x)", "(x.copy(),) * 2", "tuple(np.split(x.copy(), 2))",
    "[float(x[0]), np.float64(x[1])]", "(x + 1, [1.0, 2.0])", "(np.arange(3.0), x.sum())",
  ])
  func `several results are those that the function has returned`(expression: String) throws {
    let function = try Python.function(
      "import numpy as np\ndef f(x): return \(expression)", named: "f")
    let oracle = try Python.function(
      "import numpy as np\ndef f(x): return [np.asarray(r).tolist() for r in (\(expression))]",
      named: "f")
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try numpyFunction(function, [x], Tout: [.float64, .float64])
    }
    for round in 0..<3 {
      let x = try Tensor([Double(round), 5, 6, 7])
      let wanted = try oracle(x)
      for (index, result) in try f(x).enumerated() {
        #expect(try PythonObject(result).tolist() == wanted[index])
      }
    }
  }

  @Test func `a result outlives its array, and the array that it was`() throws {
    let (f, _) = try graph("def f(x): return x + 1")
    let results = try (0..<50).map { try f(Tensor([Double](repeating: Double($0), count: 1000))) }
    _ = try Python.import("gc").collect()
    for (index, result) in results.enumerated() {
      #expect(try result.scalars(as: Double.self).allSatisfy { $0 == Double(index + 1) })
    }
  }

  @Test func `a result may be resized by the function, and is written in place afterwards`() throws
  {
    let (f, _) = try graph(
      """
      import numpy as np
      def f(x):
          y = np.zeros(3)
          y.resize(100_000, refcheck=False)
          y[:] = x[0]
          return y
      """)
    let g = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in try f(x) * 2 + 1
    }
    let result = try g(Tensor([3.0]))
    #expect(try result.scalars(as: Double.self).allSatisfy { $0 == 7 } && result.count == 100_000)
  }

  @Test func `results stay what they are, whichever of them are kept`() throws {
    let (f, _) = try graph("def f(x): return x + 1")
    for size in [3, 1000, 1024, 1025, 3000] {
      var kept: [(number: Int, result: Tensor)] = []
      for number in 0..<200 {
        let result = try f(full([size], Double(number)))
        if number % 3 != 0 { kept.append((number, result)) }
        if number % 7 == 0 { kept.removeFirst(kept.count / 2) }
      }
      for (number, result) in kept {
        #expect(try result == full([size], Double(number + 1)))
      }
    }
  }

  @Test func `results stay what they are when threads call, keep and drop them`() throws {
    let (f, _) = try graph("def f(x): return x + 1")
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      var kept: [Tensor] = []
      for number in 0..<500 {
        guard let result = try? f(full([100], Double(number))) else { continue }
        kept.append(result)
        if kept.count > 3 {
          let old = kept.removeFirst()
          let wanted = try? full([100], Double(number - 2))
          #expect(old == wanted)
          DispatchQueue.global().async { _ = old }
        }
      }
    }
  }

  @Test(arguments: [
    "x.__setstate__((1, (2,), x.dtype, False, bytes(16)))", "kept.append(x.base)",
    "kept.append(x.base); x.__setstate__((1, (2,), x.dtype, False, bytes(16)))",
    "kept.append(x); kept.append(x.base); x.__setstate__((1, (2,), x.dtype, False, bytes(16)))",
    "raise ValueError(x)",
    "try: raise ValueError\n    except ValueError as e: kept.append(e)",
  ])
  func `memory that was lent for a call is neither lost nor given back twice`(
    statement: String
  ) throws {
    let (f, function) = try graph(
      """
      kept = []
      def f(x):
          \(statement)
          return 1.0
      f.kept = kept
      """)
    for round in 0..<3 {
      for size in [2, 1000, 30_000] {
        for _ in 0..<10 {
          let x = try full([size], Double(round))
          do { _ = try f(x) } catch { #expect(statement.hasPrefix("raise")) }
          #expect(try x == full([size], Double(round)))
        }
      }
      try function.kept.attribute("clear")()
    }
  }

  @Test func `memory whose keeper was kept is there for a view, whatever has become of the array`()
    throws
  {
    let (f, function) = try graph(
      """
      kept = []
      def f(x):
          kept.append((x[:], x.base))
          x.__setstate__((1, (2,), x.dtype, False, bytes(16)))
          return 1.0
      def sums(): return [float(view.sum()) for view, _ in kept]
      f.sums = sums
      """)
    for round in 0..<30 { _ = try f(full([1000], Double(round))) }
    for round in 0..<30 { _ = try full([1000], Double(-round)) }
    #expect(try [Double](function.sums()) == (0..<30).map { Double($0 * 1000) })
  }

  @Test func `an array that was asked for its buffer is not used again`() throws {
    let (f, function) = try graph(
      """
      seen = []
      def f(x):
          seen.append(memoryview(x).nbytes)
          return float(x.sum())
      f.seen = seen
      """)
    for size in [3, 5, 3, 7] { #expect(try Double(f(full([size], 2.0))) == Double(2 * size)) }
    #expect(try [Int](function.seen) == [24, 40, 24, 56])
  }

  @Test func `the shape that was declared is asked of a result that is taken as it is`() throws {
    let function = try Python.evaluate("lambda x: x + 1")
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try numpyFunction(function, [x], Tout: TensorSpec(shape: [nil, 2], dtype: .float64))
    }
    #expect(try f(Tensor([[1.0, 2.0]])) == Tensor([[2.0, 3.0]]))
    let error = #expect(throws: OperationError.self) { try f(Tensor([1.0, 2.0, 3.0])) }
    #expect("\(try #require(error))".contains("float64[?, 2] declared, float64[3] returned"))
  }
}

/// Memory that is shared by ways that nobody should go.
@Suite struct OddMemoryTests {
  @Test func `numbers made of the addresses of texts are copied`() throws {
    let odd = try Python.function(
      """
      import numpy as np
      def f(x): return np.ndarray((3,), np.int64, buffer=x)
      """)
    let f = try GraphFunction(inputSignature: [TensorSpec(shape: [nil], dtype: .string)]) { s in
      let y = try numpyFunction(odd, [s], Tout: .int64)
      return try y * y + y
    }
    for _ in 0..<20 {
      let texts = try Tensor(["a", "b", "c"].map { String(repeating: $0, count: 30) })
      _ = try f(texts)
      #expect(try texts.strings().map(\.count) == [30, 30, 30])
    }
  }

  @Test func `metadata that the function gives its argument's dtype is not the next one's`() throws
  {
    let function = try Python.function(
      """
      import numpy as np
      seen = []
      def f(x):
          seen.append(x.dtype.metadata)
          try: x.dtype = np.dtype(np.float32, metadata={'a': 1})
          except (AttributeError, ValueError): pass
          return float(x.sum())
      f.seen = seen
      """, named: "f")
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
      try numpyFunction(function, [x], Tout: .float64)
    }
    for _ in 0..<4 { _ = try f(Tensor([1, 2], dtype: .float32)) }
    #expect(try [PythonObject](function.seen).allSatisfy { "\($0)" == "None" })
  }

  // In processes of their own, as other tests allocate at the same time.

  @Test func `what was taken over is not traced any more`() async {
    await #expect(processExitsWith: .success) {
      let measure = try Python.function(
        """
        import tracemalloc
        def measure(call, size):
            tracemalloc.start()
            for _ in range(20): call()
            left = sum(trace.size == size for trace in tracemalloc.take_snapshot().traces)
            tracemalloc.stop()
            return left
        """, named: "measure")
      let plus = try Python.evaluate("lambda x: x + 1")
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
        try numpyFunction(plus, [x], Tout: .float64)
      }
      let x = try Tensor(zeros: [50_021], dtype: .float64)
      let call = try Python.callable { () in _ = try f(x) }
      // The last one may be given back by whoever has the lock next.
      #expect(try Int(measure(call, 50_021 * 8)) <= 1)
    }
  }

  @Test func `arrays that are made outside of callbacks are given back at once`() async {
    await #expect(processExitsWith: .success) {
      let plus = try Python.evaluate("lambda x: x + 1")
      #expect(try numpyFunction(plus, [Tensor([1.0])], Tout: .float64) == Tensor([2.0]))
      let make = try Python.function("import numpy as np\ndef f(): np.empty(400 << 20, 'u1')")
      let before = TensorMemory.statistics.heldBytes
      _ = try make()
      #expect(TensorMemory.statistics.heldBytes == before)
    }
  }

  @Test func `cosines do not depend on their neighbours`() throws {
    var numbers = [Float](repeating: 0.2321054, count: 64)
    let alone = try cos(Tensor(numbers)).scalars(as: Float.self)
    numbers[3] = 1e8
    let beside = try cos(Tensor(numbers)).scalars(as: Float.self)
    #expect(
      zip(alone, beside).enumerated().allSatisfy { $0.offset == 3 || $0.element.0 == $0.element.1 })
    var doubles = [Double](repeating: 0.2321054, count: 64)
    let first = try sin(Tensor(doubles)).scalars(as: Double.self)
    doubles[5] = 1e15
    let second = try sin(Tensor(doubles)).scalars(as: Double.self)
    #expect(
      zip(first, second).enumerated().allSatisfy { $0.offset == 5 || $0.element.0 == $0.element.1 })
  }

  @Test func `a buffer over a scalar stays what it is`() throws {
    let check = try Python.function(
      """
      import numpy as np, numpyfn as tf
      def check():
          f = tf.function(lambda x: x * 1)
          bad = 0
          for i in range(200):
              v = f(tf.constant(float(i + 1), 'float64'))
              a = np.frombuffer(v, 'f8')
              others = [memoryview(f(tf.constant(-1.0, 'float64'))) for _ in range(3)]
              bad += a[0] != i + 1
          return bad
      """)
    #expect(try Int(check()) == 0)
  }
}
