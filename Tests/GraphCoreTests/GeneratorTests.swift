import GraphCore
import NumPyFunctions
import TensorCore
import Testing

/// What makes tensors, and what is added into them, against NumPy.
@Suite struct GeneratorTests {
  private let evaluate: PythonObject

  init() throws {
    evaluate = try Python.function(
      """
      import numpy as np
      def named(dtype):
          if dtype == 'bfloat16':
              import ml_dtypes
              return np.dtype(ml_dtypes.bfloat16)
          return np.dtype(dtype)
      def evaluate(source, *operands):
          return np.asarray(eval(source, {'np': np, 'named': named, 'x': operands}))
      """, named: "evaluate")
  }

  private func expect(_ result: Tensor, _ python: String, _ operands: Tensor...) throws {
    let expected = try Tensor(evaluate.call([python] + operands, keywords: []))
    #expect(result.dtype == expected.dtype && result.shape == expected.shape, "\(python)")
    #expect(result == expected, "\(python)")
  }

  @Test func `range counts and rounds as arange`() throws {
    try expect(range(5), "np.arange(5)")
    try expect(range(-3), "np.arange(-3)")
    try expect(range(2, 11, step: 3), "np.arange(2, 11, 3)")
    try expect(range(11, 2, step: -2), "np.arange(11, 2, -2)")
    try expect(range(2, 11, step: -1), "np.arange(2, 11, -1)")
    try expect(range(0, 1, step: 0.1), "np.arange(0, 1, 0.1)")
    try expect(range(1, 1.3, step: 0.1), "np.arange(1, 1.3, 0.1)")
    try expect(range(0.5, 700), "np.arange(0.5, 700)")
    // Where NumPy, which divides as float64, forgets the last one.
    #expect(try range(Int.min, Int.max, step: Int.max) == Tensor([Int.min, -1, Int.max - 1]))
    for dtype in DType.numeric where dtype.isInteger || dtype.isFloatingPoint {
      try expect(
        range(1, 100, step: 7, dtype: dtype), "np.arange(1, 100, 7, dtype=named('\(dtype)'))")
      let (end, step) = (try Tensor(60, dtype: dtype), try Tensor(3, dtype: dtype))
      try expect(range(2, end, step: step), "np.arange(2, 60, 3, dtype=named('\(dtype)'))")
      if dtype.isFloatingPoint {
        try expect(
          range(0, 1, step: 0.1, dtype: dtype), "np.arange(0, 1, 0.1, dtype=named('\(dtype)'))")
      }
    }
  }

  @Test func `range takes its ends from a run`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { (n: Tensor) in
      try range(1, n, step: 2)
    }
    #expect(try f(Tensor(8)) == Tensor([1, 3, 5, 7]))
    #expect(try f(Tensor(0)) == Tensor(zeros: [0], dtype: .int64))
    let rows = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { (x: Tensor) in
      try range(shapeOf(x)[0])
    }
    #expect(try rows(Tensor(zeros: [3, 2], dtype: .float32)) == Tensor([0, 1, 2]))
  }

  @Test func `linspace agrees with NumPy`() throws {
    for (start, end) in [
      (0.0, 1.0), (-2, 3), (5, 5), (1, -1e-3), (0, Double.leastNonzeroMagnitude),
    ] {
      for count in [0, 1, 2, 3, 50] {
        for endpoint in [true, false] {
          let flag = endpoint ? "True" : "False"
          try expect(
            linspace(start, end, count: count, endpoint: endpoint),
            "np.linspace(\(start), \(end), \(count), endpoint=\(flag))")
          try expect(
            linspace(start, end, count: count, endpoint: endpoint, dtype: .float32),
            "np.linspace(\(start), \(end), \(count), endpoint=\(flag), dtype='f4')")
        }
      }
    }
  }

  @Test(arguments: DType.numeric)
  func `tensors of one value agree with NumPy's`(dtype: DType) throws {
    let name = "named('\(dtype)')"
    for shape in [[], [0], [3], [2, 0, 3], [2, 3]] {
      let extents = try Tensor(shape.isEmpty ? [Int]() : shape)
      try expect(zeros(Shape(shape), dtype: dtype), "np.zeros(\(shape), \(name))")
      try expect(ones(Shape(shape), dtype: dtype), "np.ones(\(shape), \(name))")
      try expect(ones(extents, dtype: dtype), "np.ones(\(shape), \(name))")
      try expect(
        full(Shape(shape), Tensor(true).asType(dtype)), "np.full(\(shape), 1, \(name))")
      let x = try zeros(Shape(shape), dtype: dtype)
      try expect(onesLike(x), "np.ones_like(x[0])", x)
      try expect(zerosLike(x), "np.zeros_like(x[0])", x)
    }
    for (rows, columns, diagonal) in [
      (3, 3, 0), (2, 4, 1), (4, 2, -2), (0, 3, 0), (3, 0, 1), (2, 2, 9),
    ] {
      try expect(
        eye(rows, columns, diagonal: diagonal, dtype: dtype),
        "np.eye(\(rows), \(columns), \(diagonal), \(name))")
    }
    let positions = try Tensor([[0, 2], [1, 0]])
    try expect(
      oneHot(positions, depth: 3, dtype: dtype), "np.eye(3, dtype=\(name))[x[0]]", positions)
    try expect(
      oneHot(positions, depth: 3, dtype: dtype, axis: 0),
      "np.moveaxis(np.eye(3, dtype=\(name))[x[0]], -1, 0)", positions)
    try expect(
      oneHot(Tensor([-1, 1, 5]), depth: 2, dtype: dtype),
      "np.array([[0, 0], [0, 1], [0, 0]]).astype(\(name))")
  }

  @Test(arguments: DType.numeric)
  func `scatterAdd adds up as NumPy's add.at`(dtype: DType) throws {
    let base = try range(12).asType(dtype).reshaped(to: [4, 3])
    let updates = try range(9).asType(dtype).reshaped(to: [3, 3])
    let rows = try Tensor([1, -1, 1])
    let add = "np.add.at(y := x[0].copy(), (x[1],), x[2]) or y"
    try expect(scatterAdd(base, rows, updates), add, base, rows, updates)
    try expect(scatterAdd(base, rows, updates[0]), add, base, rows, updates[0])
    try expect(scatterAdd(base, Tensor(2), updates[0]), add, base, Tensor(2), updates[0])
    let columns = try Tensor([[0, 2], [2, 2]])
    let wide = try range(16).asType(dtype).reshaped(to: [4, 2, 2])
    let addColumns = "np.add.at(y := x[0].copy(), (slice(None), x[1]), x[2]) or y"
    try expect(scatterAdd(base, columns, wide, axis: 1), addColumns, base, columns, wide)
    try expect(scatterAdd(base, columns, wide, axis: -1), addColumns, base, columns, wide)
    if dtype != .bool {
      let one = try Tensor(1).asType(dtype)
      try expect(scatterAdd(base, rows, 1), add, base, rows, one)
    }
    let none = try Tensor(zeros: [0], dtype: .int32)
    #expect(try scatterAdd(base, none, base[..<0]) == base)
  }

  @Test(arguments: DType.numeric)
  func `triangles, nonzero elements and blocks agree with NumPy`(dtype: DType) throws {
    for shape in [[3, 3], [2, 4, 3], [0, 2], [2, 0], [5, 2]] {
      let count = shape.reduce(1, *)
      let x = try (range(count).asType(dtype)).reshaped(to: shape)
      for diagonal in [0, 1, -1, 7, -7] {
        try expect(x.lowerTriangle(diagonal: diagonal), "np.tril(x[0], \(diagonal))", x)
        try expect(x.upperTriangle(diagonal: diagonal), "np.triu(x[0], \(diagonal))", x)
      }
      try expect(nonZero(x), "np.argwhere(x[0])", x)
    }
    let x = try range(12).asType(dtype).reshaped(to: [4, 3])
    let block = try range(4).asType(dtype).reshaped(to: [2, 2])
    try expect(
      x.updating(from: Tensor([1, 1]), with: block),
      "(y := x[0].copy(), y.__setitem__((slice(1, 3), slice(1, 3)), x[1]))[0]", x, block)
    #expect(try x[0][0] == Tensor(0).asType(dtype))
  }

  @Test func `nonZero of a scalar and of strings`() throws {
    #expect(try nonZero(Tensor(3)).shape == [1, 0])
    #expect(try nonZero(Tensor(0)).shape == [0, 0])
    #expect(try nonZero(Tensor(["", "a", ""])) == Tensor([[1]]))
  }
}
