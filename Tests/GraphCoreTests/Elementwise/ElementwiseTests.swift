import GraphCore
import NumPyFunctions
import TensorCore
import Testing
import VectorMath

typealias Unary = @Sendable (Tensor) throws -> Tensor
typealias Binary = @Sendable (Tensor, Tensor) throws -> Tensor

/// Elementwise functions against NumPy's of the same name.
@Suite struct ElementwiseTests {
  private let oracle: ElementwiseOracle

  init() throws { oracle = try ElementwiseOracle() }

  static let shapes: [[Int]] = [[], [0], [1], [67], [2, 0, 3], [2, 3, 4, 5]]
  static let pairs: [([Int], [Int])] = [
    ([], []), ([67], [67]), ([67], []), ([], [3]), ([1], [5]), ([2, 3], [3]), ([2, 1], [1, 4]),
    ([4, 1, 3], [2, 1]), ([0], [1]), ([2, 0, 3], [3]), ([3, 5, 7], [3, 5, 7]),
    ([2, 3, 1, 4], [3, 5, 1]),
  ]

  /// NumPy's name, what else is known of the function, and the function.
  struct Elementary: Sendable {
    let name: String
    var vector: vec_function?
    var hasComplex = true
    /// How exact it is without vector instructions, in units in the last place; SciPy's own functions
    /// are not exact either.
    var ulps = 3.0
    let apply: Unary

    func ulps(_ dtype: DType) -> Double {
      guard let vector else { return ulps }
      // An empty loop says whether there is one.
      var (single, double): ([Float], [Double]) = ([0], [0])
      return
        (dtype == .float64
        ? unsafe vec_float64(vector, [0], &double, 0)
        : unsafe vec_float32(vector, [0], &single, 0)) ? 1 : ulps
    }
  }

  static let elementary: [Elementary] = [
    .init(name: "exp", vector: .exp) { try exp($0) },
    .init(name: "expm1", vector: .expm1) { try expm1($0) },
    .init(name: "log", vector: .log) { try log($0) },
    .init(name: "log1p", vector: .log1p) { try log1p($0) },
    .init(name: "log2", vector: .log2) { try log2($0) },
    .init(name: "log10", vector: .log10) { try log10($0) },
    .init(name: "sin", vector: .sin) { try sin($0) },
    .init(name: "cos", vector: .cos) { try cos($0) },
    .init(name: "tan", vector: .tan) { try tan($0) },
    .init(name: "arcsin", vector: .asin) { try asin($0) },
    .init(name: "arccos", vector: .acos) { try acos($0) },
    .init(name: "arctan", vector: .atan) { try atan($0) },
    .init(name: "sinh", vector: .sinh) { try sinh($0) },
    .init(name: "cosh", vector: .cosh) { try cosh($0) },
    .init(name: "tanh", vector: .tanh) { try tanh($0) },
    .init(name: "arcsinh", vector: .asinh) { try asinh($0) },
    .init(name: "arccosh", vector: .acosh) { try acosh($0) },
    .init(name: "arctanh", vector: .atanh) { try atanh($0) },
    .init(name: "sqrt", ulps: 0.5) { try sqrt($0) },
    .init(name: "rsqrt", hasComplex: false, ulps: 2) { try rsqrt($0) },
    .init(name: "erf", vector: .erf, hasComplex: false) { try erf($0) },
    .init(name: "erfc", hasComplex: false, ulps: 64) { try erfc($0) },
    .init(name: "sigmoid", hasComplex: false) { try sigmoid($0) },
    .init(name: "softplus", hasComplex: false) { try softplus($0) },
  ]

  @Test(arguments: DType.numeric)
  func `elementary functions agree with NumPy`(dtype: DType) throws {
    for function in Self.elementary where function.hasComplex || !dtype.isComplex {
      for (seed, shape) in Self.shapes.enumerated() {
        let x = try oracle.operand(dtype, shape, seed: seed)
        let y = try function.apply(x)
        try oracle.expect(function.name, y, [x], ulps: function.ulps(y.dtype))
      }
    }
  }

  /// Those that compute the same bits as NumPy, and the dtypes that they do not take.
  static let exact: [(name: String, refused: Set<DType>, apply: Unary)] = [
    ("absolute", [], { try abs($0) }), ("sign", [.bool], { try sign($0) }),
    ("square", [], { try square($0) }),
    ("floor", [.complex64, .complex128], { try floor($0) }),
    ("ceil", [.complex64, .complex128], { try ceil($0) }),
    ("trunc", [.complex64, .complex128], { try trunc($0) }),
    ("round", [], { try round($0) }),
    ("relu", [.bool, .complex64, .complex128], { try relu($0) }),
    ("logical_not", [], { try logicalNot($0) }), ("isnan", [], { try isNaN($0) }),
    ("isinf", [], { try isInfinite($0) }), ("isfinite", [], { try isFinite($0) }),
  ]

  @Test(arguments: DType.numeric)
  func `functions of one number agree with NumPy`(dtype: DType) throws {
    for (name, refused, apply) in Self.exact {
      for (seed, shape) in Self.shapes.enumerated() {
        let x = try oracle.operand(dtype, shape, seed: seed)
        if refused.contains(dtype) {
          let error = #expect(throws: OperationError.self) { try apply(x) }
          #expect(error?.code == .invalidArgument && error?.location != nil)
        } else {
          try oracle.expect(name, apply(x), [x])
        }
      }
    }
  }

  @Test(arguments: DType.numeric)
  func `reciprocals agree with NumPy, and of the whole number 0 are 0`(dtype: DType) throws {
    let x =
      dtype.isInteger
      ? try Tensor([1, 2, 100, 0], dtype: dtype)
      : try oracle.operand(dtype, [67], seed: 5, domain: dtype == .bool ? nil : 0.5...4)
    let y = try reciprocal(x)
    if dtype.isInteger {
      #expect(try y == Tensor([1, 0, 0, 0], dtype: dtype))
    } else if dtype == .bool {
      #expect(try y == x.asType(.int8))
    } else {
      try oracle.expect("reciprocal", y, [x])
    }
  }

  static let binary: [(name: String, refused: Set<DType>, apply: Binary)] = [
    ("floor_divide", [.complex64, .complex128], { try floorDivide($0, $1) }),
    ("remainder", [.complex64, .complex128], { try remainder($0, $1) }),
    ("minimum", [], { try minimum($0, $1) }), ("maximum", [], { try maximum($0, $1) }),
    ("equal", [], { try equal($0, $1) }), ("not_equal", [], { try notEqual($0, $1) }),
    ("less", [], { try less($0, $1) }), ("less_equal", [], { try lessEqual($0, $1) }),
    ("greater", [], { try greater($0, $1) }),
    ("greater_equal", [], { try greaterEqual($0, $1) }),
    ("logical_and", [], { try logicalAnd($0, $1) }),
    ("logical_or", [], { try logicalOr($0, $1) }), ("logical_xor", [], { try logicalXor($0, $1) }),
  ]

  @Test(arguments: DType.numeric)
  func `functions of two numbers agree with NumPy`(dtype: DType) throws {
    for (name, refused, apply) in Self.binary {
      for (seed, (a, b)) in Self.pairs.enumerated() {
        let x = try oracle.operand(dtype, a, seed: seed)
        let y = try oracle.operand(dtype, b, seed: 100 + seed)
        if refused.contains(dtype) {
          let error = #expect(throws: OperationError.self) { try apply(x, y) }
          #expect(error?.code == .invalidArgument && error?.location != nil)
        } else {
          try oracle.expect(name, apply(x, y), [x, y])
        }
      }
    }
  }

  @Test(arguments: DType.numeric)
  func `powers, angles and distances agree with NumPy`(dtype: DType) throws {
    for (seed, (a, b)) in Self.pairs.enumerated() {
      let x = try oracle.operand(dtype, a, seed: seed)
      let y = try oracle.operand(dtype, b, seed: 100 + seed)
      if dtype.isInteger {
        // NumPy refuses negative powers of whole numbers.
        let exponent = try abs(remainder(y, 9))
        try oracle.expect("power", pow(x, exponent), [x, exponent])
      } else {
        try oracle.expect("power", pow(x, y), [x, y], ulps: 1)
      }
      guard !dtype.isComplex else { continue }
      try oracle.expect("arctan2", atan2(x, y), [x, y], ulps: 1)
      try oracle.expect("hypot", hypot(x, y), [x, y], ulps: 1)
    }
  }

  @Test func `negative powers of whole numbers are cut`() throws {
    let base = try Tensor([Int32(1), -1, -1, 2, 0, -3])
    let power = try pow(base, Tensor([Int32(-5), -2, -3, -1, -1, -2]))
    #expect(try power == Tensor([Int32(1), 1, -1, 0, 0, 0]))
  }

  @Test(arguments: DType.numeric)
  func `clip and select agree with NumPy`(dtype: DType) throws {
    let shapes: [([Int], [Int], [Int])] = [
      ([], [], []), ([67], [], []), ([67], [67], [67]), ([67], [], [67]), ([67], [67], []),
      ([], [5], [2, 1]), ([2, 3], [3], [2, 1]), ([0], [1], []), ([1], [2, 3, 4], [3, 1]),
      ([4, 1, 3], [2, 1], [3]), ([2, 3, 1, 4], [3, 5, 1], []),
    ]
    for (seed, (a, b, c)) in shapes.enumerated() {
      let x = try oracle.operand(dtype, a, seed: seed)
      let y = try oracle.operand(dtype, b, seed: 100 + seed)
      let z = try oracle.operand(dtype, c, seed: 200 + seed)
      let condition = try oracle.operand(.bool, a, seed: 300 + seed)
      try oracle.expect("select", select(condition, y, z), [condition, y, z])
      if !dtype.isComplex {
        try oracle.expect("clip", clip(x, y, z), [x, y, z])
      }
    }
  }

  @Test func `gelu is x times the share of a normal distribution below x`() throws {
    for dtype in [DType.float32, .float64] {
      let x = try oracle.operand(dtype, [401], seed: 1, domain: -5...5)
      try oracle.expect("gelu", gelu(x), [x], ulps: 64)
      let wide = try oracle.operand(dtype, [401], seed: 2, domain: -1...5)
      try oracle.expect("gelu_tanh", gelu(wide, approximate: true), [wide], ulps: 64)
    }
  }

  @Test(arguments: [DType.complex64, .complex128])
  func `parts of complex numbers agree with NumPy`(dtype: DType) throws {
    for (seed, shape) in Self.shapes.enumerated() {
      let z = try oracle.operand(dtype, shape, seed: seed)
      try oracle.expect("conjugate", conjugate(z), [z])
      try oracle.expect("real", real(z), [z])
      try oracle.expect("imag", imaginary(z), [z])
      // NumPy has no loop for angles, so that its results are not rounded in one way.
      let parts = [try imaginary(z), try real(z)]
      try oracle.expect("arctan2", angle(z), parts, ulps: 2)
    }
    let x = try Tensor([1, 2], dtype: .float32)
    #expect(try conjugate(x) == x)
    #expect(try real(x) == x)
    #expect(throws: OperationError.self) { try imaginary(x) }
  }

  @Test func `operators are the functions`() throws {
    let (a, b) = (try Tensor([1, 2, 3], dtype: .int32), try Tensor([3, 2, 1], dtype: .int32))
    #expect(try (a .== b) == Tensor([false, true, false]))
    #expect(try (a .!= b) == Tensor([true, false, true]))
    #expect(try (a .< b) == Tensor([true, false, false]))
    #expect(try (a .<= b) == Tensor([true, true, false]))
    #expect(try (a .> b) == Tensor([false, false, true]))
    #expect(try (a .>= b) == Tensor([false, true, true]))
    #expect(try (a % 2) == Tensor([1, 0, 1], dtype: .int32))
    let (p, q) = (try Tensor([false, true, true]), try Tensor([true, true, false]))
    #expect(try (p .& q) == Tensor([false, true, false]))
    #expect(try (p .| q) == Tensor([true, true, true]))
    #expect(try (p .^ q) == Tensor([true, false, true]))
    #expect(try (.!p) == Tensor([true, false, false]))
    let error = #expect(throws: OperationError.self) { try a .& b }
    #expect(error?.message.contains("takes bool, int32 was given") == true)
  }

  @Test(arguments: DType.numeric.filter { $0 != .bool })
  func `literals take the other operands' dtype`(dtype: DType) throws {
    let x = try Tensor([1, 2, 3], dtype: dtype)
    #expect(try maximum(x, 2) == Tensor([2, 2, 3], dtype: dtype))
    #expect(try minimum(2, x) == Tensor([1, 2, 2], dtype: dtype))
    #expect(try clip(x, 2, 2) == Tensor([2, 2, 2], dtype: dtype))
    #expect(try select(Tensor([true, false, true]), x, 7) == Tensor([1, 7, 3], dtype: dtype))
    #expect(try (x .> 1) == Tensor([false, true, true]))
    #expect(try pow(x, 2) == Tensor([1, 4, 9], dtype: dtype))
  }

  @Test func `bytes of bool other than 1 are true`() throws {
    let frombuffer = try Python.evaluate(
      "lambda: __import__('numpy').frombuffer(bytes([0, 1, 2, 255]), dtype=bool)")
    let x = try Tensor(frombuffer())
    #expect(try square(x) == Tensor([0, 1, 1, 1], dtype: .int8))
    #expect(try equal(x, true) == Tensor([false, true, true, true]))
    #expect(try (x .& true) == Tensor([false, true, true, true]))
    #expect(try select(x, 1, 0) == Tensor([0, 1, 1, 1]))
    #expect(try floorDivide(x, x) == Tensor([0, 1, 1, 1], dtype: .int8))
    #expect(try floor(x) == Tensor([false, true, true, true]))
  }

  @Test func `what an operation does not take is refused, with what to do`() throws {
    let cases: [(String, () throws -> Tensor)] = [
      ("strings have no arithmetic", { try exp(Tensor(["a"])) }),
      ("strings have no arithmetic", { try equal(Tensor(["a"]), Tensor(["a"])) }),
      ("convert with asType", { try floor(Tensor([1, 2], dtype: .complex64)) }),
      ("sign is not defined for bool, as in NumPy", { try sign(Tensor([true])) }),
      (
        "dtypes int32 and float32 differ",
        {
          try maximum(Tensor([1], dtype: .int32), Tensor([1], dtype: .float32))
        }
      ),
      (
        "dtypes int32 and float32 differ",
        {
          try select(true, Tensor([1], dtype: .int32), Tensor([1], dtype: .float32))
        }
      ),
      ("the condition of select is bool, int64 was given", { try select(1, 2, 3) }),
      ("do not broadcast", { try atan2(Tensor([1.0, 2]), Tensor([1.0, 2, 3])) }),
    ]
    for (text, body) in cases {
      let error = #expect(throws: OperationError.self) { _ = try body() }
      #expect(error?.message.contains(text) == true, "\(text): \(error.map { "\($0)" } ?? "")")
      #expect(error?.location?.file.hasSuffix("ElementwiseTests.swift") == true)
    }
  }
}
