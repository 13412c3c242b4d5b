import ComplexModule
import GraphCore
import TensorCore
import Testing

/// The gradients of elementwise functions against finite differences, to the second order.
@Suite struct ElementwiseGradientTests {
  typealias Case = (name: String, at: [Double], apply: Unary)

  static let unary: [Case] = [
    ("exp", [-1.5, 0.25, 2], { try exp($0) }), ("expm1", [-1.5, 0.25, 2], { try expm1($0) }),
    ("log", [0.5, 1, 3], { try log($0) }), ("log1p", [-0.5, 0.25, 3], { try log1p($0) }),
    ("log2", [0.5, 1, 3], { try log2($0) }), ("log10", [0.5, 1, 3], { try log10($0) }),
    ("sin", [-1.5, 0.25, 2], { try sin($0) }), ("cos", [-1.5, 0.25, 2], { try cos($0) }),
    ("tan", [-1, 0.25, 0.75], { try tan($0) }), ("asin", [-0.5, 0.25, 0.7], { try asin($0) }),
    ("acos", [-0.5, 0.25, 0.7], { try acos($0) }), ("atan", [-1.5, 0.25, 2], { try atan($0) }),
    ("sinh", [-1.5, 0.25, 2], { try sinh($0) }), ("cosh", [-1.5, 0.25, 2], { try cosh($0) }),
    ("tanh", [-1.5, 0.25, 2], { try tanh($0) }), ("asinh", [-1.5, 0.25, 2], { try asinh($0) }),
    ("acosh", [1.5, 2, 3], { try acosh($0) }), ("atanh", [-0.5, 0.25, 0.7], { try atanh($0) }),
    ("sqrt", [0.5, 1, 3], { try sqrt($0) }), ("rsqrt", [0.5, 1, 3], { try rsqrt($0) }),
    ("square", [-1.5, 0, 2], { try square($0) }),
    ("reciprocal", [-1.5, 0.5, 2], { try reciprocal($0) }),
    ("abs", [-1.5, 0.5, 2], { try abs($0) * $0 }), ("sign", [-1.5, 2], { try sign($0) * $0 }),
    ("erf", [-1.5, 0.25, 2], { try erf($0) }), ("erfc", [-1.5, 0.25, 2], { try erfc($0) }),
    ("sigmoid", [-1.5, 0, 2], { try sigmoid($0) }),
    ("softplus", [-1.5, 0, 2], { try softplus($0) }),
    ("relu", [-1.5, 0.5, 2], { try relu($0) * $0 }), ("gelu", [-1.5, 0.5, 2], { try gelu($0) }),
    ("gelu by tanh", [-1.5, 0.5, 2], { try gelu($0, approximate: true) }),
    ("clip", [-1.5, 0.5, 2], { try clip($0, -1, 1) * $0 }),
    ("floor", [-1.5, 0.5], { try floor($0) * $0 }), ("ceil", [-1.5, 0.5], { try ceil($0) * $0 }),
    ("round", [-1.4, 0.6], { try round($0) * $0 }), ("trunc", [-1.5, 1.5], { try trunc($0) * $0 }),
    ("conjugate", [-1.5, 0.5], { try conjugate($0) * $0 }), ("real", [1.5], { try real($0) * $0 }),
    ("remainder", [-1.5, 0.5, 5], { try ($0 % 2) * $0 }),
    ("pow", [0.5, 2, 3], { try pow($0, 2.5) }), ("pow of 2", [-0.5, 2, 3], { try pow(2, $0) }),
    ("whole powers", [-1.5, 0.5, 2], { try pow($0, 3) }),
    ("ensureNotZero", [-1.5, 0.5, 2], { try ensureNotZero($0, "x") * $0 }),
  ]

  @Test(arguments: unary.indices)
  func `functions of one number have the gradients that differences show`(index: Int) throws {
    let (name, at, apply) = Self.unary[index]
    try expectGradients(name, at: [Tensor(at)], order: 2) { try apply($0[0]) }
  }

  static let binary: [(name: String, apply: Binary)] = [
    ("pow", { try pow($0 * $0 + 0.5, $1) }), ("atan2", { try atan2($0, $1) }),
    ("hypot", { try hypot($0, $1) }), ("minimum", { try minimum($0, $1) * $0 }),
    ("maximum", { try maximum($0, $1) * $1 }), ("remainder", { try remainder($0, $1) * $1 }),
    ("floorDivide", { try floorDivide($0, $1) * $0 }),
    ("select", { try select($0 .> 0.3, $0 * $0, $1 * $0) }), ("clip", { try clip($0, $1, 2) * $0 }),
    ("clip from above", { try clip($0, -2, $1) * $0 }),
  ]

  @Test(arguments: binary.indices)
  func `functions of two numbers have the gradients that differences show`(index: Int) throws {
    let (name, apply) = Self.binary[index]
    let x = try Tensor([[0.55, -1.7, 2.2], [3.1, 0.25, -0.75]])
    let y = try Tensor([1.5, -2.1, 0.6])
    try expectGradients(name, at: [x, y], order: 2) { try apply($0[0], $0[1]) }
    try expectGradients("\(name), y first", at: [y, x], order: 2) { try apply($0[0], $0[1]) }
    try expectGradients("\(name), of a scalar", at: [x, Tensor(0.9)], order: 1) {
      try apply($0[0], $0[1])
    }
  }

  private func derivative(
    at x: [Double], _ function: @escaping @Sendable (Tensor) throws -> Tensor
  ) throws -> [Double] {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try gradient(of: function(x), with: [x])[0] ?? x * 0
    }
    return try f(Tensor(x)).doubles
  }

  @Test func `the gradient of a power knows bases that are 0 and negative`() throws {
    #expect(try derivative(at: [0, 0, -2]) { try pow($0, 0) } == [0, 0, 0])
    #expect(try derivative(at: [0, -2]) { try pow($0, 1) } == [1, 1])
    #expect(try derivative(at: [0, -2]) { try pow($0, 2) } == [0, -4])
    #expect(try derivative(at: [0, 2, 3]) { try pow(0, $0) } == [0, 0, 0])
    #expect(try derivative(at: [2]) { try pow(-2, $0) } == [0])
    let second = try derivative(at: [0, -2]) { x in
      try gradient(of: pow(x, 2), with: [x])[0] ?? x
    }
    #expect(second == [2, 2])
  }

  @Test func `where there is no derivative the gradient is TensorFlow's`() throws {
    #expect(try derivative(at: [0]) { try abs($0) } == [0])
    #expect(try derivative(at: [0]) { try relu($0) } == [0])
    #expect(try derivative(at: [1]) { try maximum($0, 1) } == [1])
    #expect(try derivative(at: [1]) { try maximum(1, $0) } == [0])
    #expect(try derivative(at: [1]) { try minimum($0, 1) } == [1])
    #expect(try derivative(at: [1]) { try minimum(1, $0) } == [0])
    #expect(try derivative(at: [-1, 1]) { try clip($0, -1, 1) } == [1, 1])
    #expect(try derivative(at: [0]) { try hypot($0, 0) } == [0])
    #expect(try derivative(at: [0]) { try atan2($0, 0) } == [0])
    #expect(try derivative(at: [0.5]) { try floor($0) } == [0])
  }

  /// With f of (x, y) complex and its result's real and imaginary parts weighted by a and b, the
  /// gradient is that of the weighted sum by x, plus i times that by y.
  static let complex: [(name: String, apply: Unary)] = [
    ("exp", { try exp($0) }), ("expm1", { try expm1($0) }), ("log", { try log($0) }),
    ("log1p", { try log1p($0) }), ("log2", { try log2($0) }), ("log10", { try log10($0) }),
    ("sin", { try sin($0) }), ("cos", { try cos($0) }), ("tan", { try tan($0) }),
    ("asin", { try asin($0) }), ("acos", { try acos($0) }), ("atan", { try atan($0) }),
    ("sinh", { try sinh($0) }), ("cosh", { try cosh($0) }), ("tanh", { try tanh($0) }),
    ("asinh", { try asinh($0) }), ("acosh", { try acosh($0) }), ("atanh", { try atanh($0) }),
    ("sqrt", { try sqrt($0) }), ("square", { try square($0) }),
    ("reciprocal", { try reciprocal($0) }), ("abs", { try abs($0) }), ("sign", { try sign($0) }),
    ("conjugate", { try conjugate($0) * $0 * $0 }), ("real", { try real($0 * $0) }),
    ("imaginary", { try imaginary($0 * $0) }), ("angle", { try angle($0) }),
    ("pow", { try pow($0, $0 + 1) }), ("multiply", { try $0 * $0 * $0 }),
    ("divide", { try $0 / ($0 + 2) }), ("select", { try select(true, $0 * $0, $0) }),
  ]

  @Test(arguments: complex.indices)
  func `complex functions have the gradients that differences show`(index: Int) throws {
    let (name, apply) = Self.complex[index]
    let weight = Complex<Double>(0.6, -0.8)
    let point = Complex<Double>(0.4, 0.7)
    func total(_ z: Complex<Double>) throws -> Double {
      let value = try apply(Tensor(z))
      let (a, b) = (
        try Double(real(value)), value.dtype.isComplex ? try Double(imaginary(value)) : 0
      )
      return a * weight.real + b * weight.imaginary
    }
    let h = 1e-6
    let byX = try (total(point + Complex(h, 0)) - total(point - Complex(h, 0))) / (2 * h)
    let byY = try (total(point + Complex(0, h)) - total(point - Complex(0, h))) / (2 * h)
    for shape in [Shape.scalar, .unknown] {
      let spec = TensorSpec(shape: shape, dtype: .complex128)
      let f = try GraphFunction(inputSignature: [spec]) { z in
        let value = try apply(z)
        let upstream =
          value.dtype.isComplex
          ? Tensor(weight) : Tensor(weight.real)
        return try gradient(of: value, with: [z], upstream: upstream)[0] ?? z * 0
      }
      let found = try Complex<Double>(f(Tensor(point)))
      #expect((found - Complex(byX, byY)).length < 1e-7, "\(name): \(found) for \(byX), \(byY)")
    }
  }
}
