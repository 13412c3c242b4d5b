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
    case .sin: .real(dtype, .sin, Float.sin, Double.sin)
    case .cos: .real(dtype, .cos, Float.cos, Double.cos)
    case .tan: .real(dtype, .tan, Float.tan, Double.tan)
    case .asin: .real(dtype, .asin, Float.asin, Double.asin)
    case .acos: .real(dtype, .acos, Float.acos, Double.acos)
    case .atan: .real(dtype, .atan, Float.atan, Double.atan)
    case .sinh: .real(dtype, .sinh, Float.sinh, Double.sinh)
    case .cosh: .real(dtype, .cosh, Float.cosh, Double.cosh)
    case .tanh: .real(dtype, .tanh, Float.tanh, Double.tanh)
    case .asinh: .real(dtype, .asinh, Float.asinh, Double.asinh)
    case .acosh: .real(dtype, .acosh, Float.acosh, Double.acosh)
    case .atanh: .real(dtype, .atanh, Float.atanh, Double.atanh)
    case .exp: .real(dtype, .exp, Float.exp, Double.exp)
    case .expm1: .real(dtype, .expm1, Float.expMinusOne, Double.expMinusOne)
    case .log: .real(dtype, .log, { Float.log($0) }, { Double.log($0) })
    case .log1p: .real(dtype, .log1p, Float.log(onePlus:), Double.log(onePlus:))
    case .log2: .real(dtype, .log2, Float.log2, Double.log2)
    case .log10: .real(dtype, .log10, Float.log10, Double.log10)
    case .sqrt: .real(dtype, .sqrt, cost: .cheap, { $0.squareRoot() }, { $0.squareRoot() })
    case .rsqrt: .real(dtype, nil, cost: .cheap, { 1 / $0.squareRoot() }, { 1 / $0.squareRoot() })
    case .erf: .real(dtype, .erf, Float.erf, Double.erf)
    case .erfc: .real(dtype, nil, Float.erfc, Double.erfc)
    case .sigmoid: .real(dtype, nil, { logistic($0) }, { logistic($0) })
    case .softplus: .real(dtype, nil, { logOfOnePlusExp($0) }, { logOfOnePlusExp($0) })
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

@inline(__always)
private func logistic<T: ComplexPart>(_ x: T) -> T {
  // The exponential of a negative number never overflows.
  let e = T.exp(-x.magnitude)
  return (x < 0 ? e : 1) / (1 + e)
}

@inline(__always)
private func logOfOnePlusExp<T: ComplexPart>(_ x: T) -> T {
  .log(onePlus: .exp(-x.magnitude)) + (x < 0 ? 0 : x)
}
