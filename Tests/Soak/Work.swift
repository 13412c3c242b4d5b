import Foundation
import NumPyFunctions
import Synchronization

/// One kind of work: a turn of it throws when a result is wrong.
struct Work: Sendable {
  let name: String
  let turn: @Sendable (inout Random) throws -> Void

  init(_ name: String, _ turn: @escaping @Sendable (inout Random) throws -> Void) {
    self.name = name
    self.turn = turn
  }

  struct Wrong: Error, CustomStringConvertible { let description: String }

  static func expect(_ isRight: Bool, _ what: @autoclosure () -> String) throws {
    if !isRight { throw Wrong(description: what()) }
  }

  static func expect(_ tensor: Tensor, _ expected: [Double]) throws {
    let found = tensor.rank == 0 ? [try Double(tensor)] : try [Double](tensor)
    let isRight =
      found.count == expected.count
      && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-9 * max(1, abs($1)) }
    try expect(isRight, "\(found.prefix(8)) for \(expected.prefix(8))")
  }

  /// A tensor of random numbers, and the numbers.
  static func numbers(_ random: inout Random, upTo count: Int = 200) throws -> (Tensor, [Double]) {
    let count = Int.random(in: 0...count, using: &random)
    let values = (0..<count).map { _ in Double.random(in: -2...2, using: &random) }
    return (try Tensor(values), values)
  }

  static let all: [Work] = callbacks + graphs + recorded + module

  // MARK: - Calls

  private static let python = Result {
    try Python.function(
      """
      import collections, types
      import numpy as np
      identity = lambda x: x
      kept = collections.deque(maxlen=64)
      def keep(x):
          result = x * 2
          kept.append((x, result, result[::2]))
          return result
      def view(x): return x[::-1]
      def fail(x): raise ValueError(f"{len(x)} elements")
      def upper(x): return np.array([each.upper() for each in x], object) if x.shape else x.upper()
      def write(x):
          x += 1
          return x
      def parts(x, y): return {"sum": x + y, "other": x * y}
      def wrong(x): return x.astype(np.float32), "text", object()
      """ + "\ndef all(): return types.SimpleNamespace(**globals())", named: "all")()
  }

  private static func function(_ name: String) throws -> PythonObject {
    try python.get().attribute(name)
  }

  private static let callbacks = [
    Work("numbers") { random in
      let value = Double.random(in: -9...9, using: &random)
      let result = try numpyFunction(function("identity"), [Tensor(value)], Tout: .float64)
      try expect(result, [value])
    },
    Work("ufuncs") { random in
      let (x, values) = try numbers(&random, upTo: 100_000)
      try expect(
        numpyFunction(Python.import("numpy").sinh, [x], Tout: .float64), values.map { sinh($0) })
    },
    Work("results that Python keeps") { random in
      let (x, values) = try numbers(&random, upTo: 5000)
      try expect(numpyFunction(function("keep"), [x], Tout: .float64), values.map { $0 * 2 })
    },
    Work("views") { random in
      let (x, values) = try numbers(&random, upTo: 5000)
      try expect(numpyFunction(function("view"), [x], Tout: .float64), values.reversed())
    },
    Work("strings") { random in
      let words = (0..<Int.random(in: 0...20, using: &random)).map { _ in
        String(repeating: "äb", count: Int.random(in: 0...40, using: &random))
      }
      let result = try numpyFunction(
        function("upper"), [Tensor(words)], Tout: .string, strings: .text)
      try expect([String](result) == words.map { $0.uppercased() }, "\(result) for \(words)")
    },
    Work("exceptions") { random in
      let (x, values) = try numbers(&random)
      do {
        try numpyFunction(function("fail"), [x], Tout: .float64)
        throw Wrong(description: "nothing was thrown")
      } catch let error as OperationError {
        let raised = error.underlying as? PythonError
        try expect(raised?.message == "\(values.count) elements", "\(error)")
        if Bool.random(using: &random) { _ = "\(error)" }
      }
    },
    Work("refused results") { random in
      let (x, _) = try numbers(&random)
      do {
        try numpyFunction(function("wrong"), [x], Tout: [.float64, .float64, .float64])
        throw Wrong(description: "nothing was thrown")
      } catch let error as OperationError {
        try expect(error.underlying is CallbackError, "\(error)")
      }
    },
    Work("writable arguments") { random in
      let (x, values) = try numbers(&random)
      let result = try numpyFunction(
        function("write"), [x], Tout: .float64, arguments: .writable)
      try expect(result, values.map { $0 + 1 })
      try expect(x, values)
    },
    Work("structures") { random in
      let (x, values) = try numbers(&random)
      let result = try numpyFunction(
        function("parts"), [x], keywords: ["y": x],
        Tout: ["sum": .float64, "other": .float64] as [String: DType])
      try expect(result["sum"] ?? x, values.map { $0 + $0 })
      try expect(result["other"] ?? x, values.map { $0 * $0 })
    },
    Work("an additional key") { random in
      let (x, _) = try numbers(&random)
      do {
        _ = try numpyFunction(
          function("parts"), [x], keywords: ["y": x], Tout: ["sum": .float64] as [String: DType])
        throw Wrong(description: "nothing was thrown")
      } catch let error as OperationError {
        try expect(error.underlying is CallbackError, "\(error)")
      }
    },
    Work("functions of their own names") { random in
      let number = Int.random(in: 0..<1_000_000, using: &random)
      let f = try Python.function("def f_\(number)(x): return x + \(number)", named: "f_\(number)")
      try expect(numpyFunction(f, [Tensor(1.0)], Tout: .float64), [Double(number + 1)])
    },
    Work("Swift closures that Python calls") { random in
      let (x, values) = try numbers(&random)
      let f = try Python.callable { (x: Tensor) in try x * x }
      try expect(numpyFunction(f, [x], Tout: .float64), values.map { $0 * $0 })
    },
  ]

  // MARK: - Graphs

  private static let madeOnce = Result {
    let identity = try function("identity")
    return try GraphFunction(inputSignature: [TensorSpec(shape: [nil], dtype: .float64)]) { x in
      var y = try numpyFunction(identity, [x], Tout: TensorSpec(shape: [nil], dtype: .float64))
      for _ in 0..<3 { y = try y * 2 + 1 }
      return try whileLoop(y, Tensor(0.0)) { _, count in
        try count .< 3
      } body: { y, count in
        (try y - 1, try count + 1)
      }.0
    }
  }

  private static let counter = Result { try Variable(Tensor(0.0)) }

  private static let graphs = [
    Work("a graph") { random in
      let (x, values) = try numbers(&random, upTo: 2000)
      try expect(madeOnce.get()(x), values.map { ($0 * 8 + 7) - 3 })
    },
    Work("a graph of its own") { random in
      let (x, values) = try numbers(&random)
      let number = Double.random(in: 1...2, using: &random)
      let closure = try Python.function(
        "def outer(n):\n  big = bytearray(10000)\n  return lambda x: x * n if big else x",
        named: "outer")(number)
      let f = GraphFunction { x in
        let y = try numpyFunction(closure, [x], Tout: .float64)
        return try y * y
      }
      try expect(f(x), values.map { $0 * number * $0 * number })
    },
    Work("a variable") { random in
      let variable = try counter.get()
      try variable.add(1)
      _ = try Double(variable.value)
    },
    Work("named extents") { random in
      let (x, values) = try numbers(&random)
      let f = try GraphFunction(
        inputSignature: [
          TensorSpec(shape: Shape(extents: [Extent("n\(values.count)")]), dtype: .float64)
        ]
      ) { x in try x + x }
      try expect(f(x), values.map { $0 * 2 })
    },
  ]

  // MARK: - Gradients

  private static let cube = Result { try Python.evaluate("lambda x: x ** 3") }

  private static let recorded = [
    Work("gradients of Python functions") { random in
      let (x, values) = try numbers(&random)
      let slope = try gradient(at: x) { x in
        try pyFunction(cube.get(), [x], Tout: .float64).sum()
      }
      try expect(slope ?? Tensor(0.0), values.map { 3 * $0 * $0 })
    },
    Work("second derivatives") { random in
      let (x, values) = try numbers(&random, upTo: 20)
      let curve = try gradient(at: x) { x in
        let slope = try gradient(at: x) { x in
          try pyFunction(cube.get(), [x], Tout: .float64).sum()
        }
        return try slope?.sum() ?? Tensor(0.0)
      }
      try expect(curve ?? Tensor(0.0), values.map { 6 * $0 })
    },
  ]

  // MARK: - The Python module

  private static let programs = Result {
    try Python.function(
      """
      import concurrent.futures, weakref
      import numpy as np
      import numpyfn as tf

      def eager(x):
          y = np.tanh(x) * 2 + tf.constant(1.0, tf.float64)
          return np.sum(y[::2]) + y.shape[0]

      def tape(x):
          x = tf.constant(x)
          with tf.GradientTape() as tape:
              tape.watch(x)
              y = tf.reduce_sum(x * x)
          return tape.gradient(y, x)

      def traced(x):
          big = bytearray(1000)
          return tf.function(lambda x: tf.numpy_function(lambda a: a * len(big), [x], tf.float64))(x)

      class Model:
          def __init__(self, scale): self.scale = scale
          def work(self, a): return a * self.scale
          @tf.function
          def call(self, x): return tf.numpy_function(self.work, [x], tf.float64)

      def method(x): return Model(3.0).call(x)

      def failing(x):
          try: tf.constant([1.0, 2.0]) + tf.constant([1.0, 2.0, 3.0])
          except ValueError: return x
          raise AssertionError("nothing was raised")

      def threads(x):
          with concurrent.futures.ThreadPoolExecutor(2) as pool:
              return sum(pool.map(lambda i: x + i, range(4)), x * 0)

      def all(): return [eager, tape, traced, method, failing, threads]
      """, named: "all")()
  }

  private static let expected: [(String, @Sendable ([Double]) -> [Double])] = [
    (
      "eager",
      { x in
        [
          stride(from: 0, to: x.count, by: 2).reduce(0) { $0 + tanh(x[$1]) * 2 + 1 }
            + Double(x.count)
        ]
      }
    ),
    ("tape", { x in x.map { 2 * $0 } }),
    ("traced", { x in x.map { 1000 * $0 } }),
    ("method", { x in x.map { 3 * $0 } }),
    ("failing", { x in x }),
    ("threads", { x in x.map { 4 * $0 + 6 } }),
  ]

  private static let module = expected.enumerated().map { index, row in
    Work("Python: \(row.0)") { random in
      let (x, values) = try numbers(&random)
      let result = try programs.get()[index](x)
      try expect(Tensor(result), row.1(values))
    }
  }
}
