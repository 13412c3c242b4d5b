internal import RealModule
internal import TensorCore
internal import VectorMath

/// An elementary function of one number.
///
/// Floating-point dtypes stay, and complex ones where the function is defined for them. Whole numbers
/// and bool give the floating-point dtype that NumPy gives: float16 for one byte, float32 for two,
/// float64 for more. See <https://numpy.org/doc/stable/reference/ufuncs.html#type-casting-rules>.
struct RealOperation: ElementwiseOperation {
  enum Function: String {
    case sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh
    case exp, expm1, log, log1p, log2, log10, sqrt, rsqrt, erf, erfc, sigmoid, softplus
  }

  let function: Function

  init(_ function: Function) { self.function = function }

  var name: String { function.rawValue }
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    switch function {
    case .sin: .real(Sin.self, dtype, .sin)
    case .cos: .real(Cos.self, dtype, .cos)
    case .tan: .real(Tan.self, dtype, .tan)
    case .asin: .real(Asin.self, dtype, .asin)
    case .acos: .real(Acos.self, dtype, .acos)
    case .atan: .real(Atan.self, dtype, .atan)
    case .sinh: .real(Sinh.self, dtype, .sinh)
    case .cosh: .real(Cosh.self, dtype, .cosh)
    case .tanh: .real(Tanh.self, dtype, .tanh)
    case .asinh: .real(Asinh.self, dtype, .asinh)
    case .acosh: .real(Acosh.self, dtype, .acosh)
    case .atanh: .real(Atanh.self, dtype, .atanh)
    case .exp: .real(Exp.self, dtype, .exp)
    case .expm1: .real(Expm1.self, dtype, .expm1)
    case .log: .real(Log.self, dtype, .log)
    case .log1p: .real(Log1p.self, dtype, .log1p)
    case .log2: .real(Log2.self, dtype, .log2)
    case .log10: .real(Log10.self, dtype, .log10)
    case .sqrt: .real(Sqrt.self, dtype, .sqrt, cost: .cheap)
    case .rsqrt: .real(Rsqrt.self, dtype, nil, cost: .cheap)
    case .erf: .real(Erf.self, dtype, .erf)
    case .erfc: .real(Erfc.self, dtype, nil)
    case .sigmoid: .real(Sigmoid.self, dtype, nil)
    case .softplus: .real(Softplus.self, dtype, nil)
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try gradient(request.inputs[0], request.results[0], request.upstream)]
  }

  /// The gradient for operand `x` and result `y`; made of the result where that is exact.
  private func gradient(_ x: Tensor, _ y: Tensor, _ upstream: Tensor) throws -> Tensor {
    switch function {
    case .sin: try upstream * cos(x).conjugate()
    case .cos: try upstream * (-sin(x)).conjugate()
    case .tan: try upstream * (1 + square(y)).conjugate()
    case .asin: try upstream / sqrt(1 - square(x)).conjugate()
    case .acos: try -upstream / sqrt(1 - square(x)).conjugate()
    case .atan: try upstream / (1 + square(x)).conjugate()
    case .sinh: try upstream * cosh(x).conjugate()
    case .cosh: try upstream * sinh(x).conjugate()
    case .tanh: try upstream * (1 - square(y)).conjugate()
    case .asinh: try upstream / cosh(y).conjugate()
    case .acosh: try upstream / sinh(y).conjugate()
    case .atanh: try upstream / (1 - square(x)).conjugate()
    case .exp: try upstream * y.conjugate()
    case .expm1: try upstream * (y + 1).conjugate()
    case .log: try upstream / x.conjugate()
    case .log1p: try upstream / (1 + x.conjugate())
    case .log2: try upstream / (x.conjugate() * Tensor(floatLiteral: .log(2)))
    case .log10: try upstream / (x.conjugate() * Tensor(floatLiteral: .log(10)))
    case .sqrt: try upstream / (2 * y.conjugate())
    case .rsqrt: try upstream * -0.5 * y * square(y)
    case .erf: try upstream * gaussian(x)
    case .erfc: try upstream * -gaussian(x)
    case .sigmoid: try upstream * (y * (1 - y))
    case .softplus: try upstream * sigmoid(x)
    }
  }
}

// The functions of one number.

private enum Sin: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .sin(x) } }
private enum Cos: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .cos(x) } }
private enum Tan: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .tan(x) } }
private enum Asin: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .asin(x) } }
private enum Acos: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .acos(x) } }
private enum Atan: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .atan(x) } }
private enum Sinh: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .sinh(x) } }
private enum Cosh: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .cosh(x) } }
private enum Tanh: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .tanh(x) } }
private enum Asinh: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .asinh(x) } }
private enum Acosh: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .acosh(x) } }
private enum Atanh: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .atanh(x) } }
private enum Exp: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .exp(x) } }
private enum Expm1: RealFunction {
  static func value<T: ComplexPart>(_ x: T) -> T { .expMinusOne(x) }
}
private enum Log: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .log(x) } }
private enum Log1p: RealFunction {
  static func value<T: ComplexPart>(_ x: T) -> T { .log(onePlus: x) }
}
private enum Log2: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .log2(x) } }
private enum Log10: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .log10(x) } }
private enum Sqrt: RealFunction {
  static func value<T: ComplexPart>(_ x: T) -> T { x.squareRoot() }
}
private enum Rsqrt: RealFunction {
  static func value<T: ComplexPart>(_ x: T) -> T { 1 / x.squareRoot() }
}
private enum Erf: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .erf(x) } }
private enum Erfc: RealFunction { static func value<T: ComplexPart>(_ x: T) -> T { .erfc(x) } }

private enum Sigmoid: RealFunction {
  static func value<T: ComplexPart>(_ x: T) -> T {
    // The exponential of a negative number never overflows.
    let e = T.exp(-x.magnitude)
    return (x < 0 ? e : 1) / (1 + e)
  }
}

private enum Softplus: RealFunction {
  static func value<T: ComplexPart>(_ x: T) -> T {
    .log(onePlus: .exp(-x.magnitude)) + (x < 0 ? 0 : x)
  }
}
