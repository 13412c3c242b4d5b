internal import ComplexModule
internal import TensorCore

/// The variance of the elements along axes: the mean of the squares of their distances from the mean;
/// or the square root of that.
struct Variance: AxesReduction {
  let axes: ReductionAxes

  /// The number that is subtracted from the number of elements, by which the sum of the squares is
  /// divided.
  let ddof: Int

  /// Whether it is the standard deviation.
  var isRoot = false

  var name: String { isRoot ? "standardDeviation" : "variance" }

  func dtype(of operand: DType) -> DType { operand.deviation }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let (shape, dtype) = (inputs[0].shape, inputs[0].dtype)
    let computation = dtype.computation
    let divisor = try axes.reducedCount(of: shape).less(ddof)
    let values = try inputs.removeLast().casting(to: computation)
    let mean = try Mean(axes: ReductionAxes(axes.list, keepDims: true)).computed([values])
    // In two passes, as NumPy: the difference of two large numbers would be inexact.
    let distances = try Subtract().computed([consume values, mean])
    var variance =
      switch computation {
      case .float32: try squares(of: distances, Float.self, Float.self, divisor)
      case .float64: try squares(of: distances, Double.self, Double.self, divisor)
      case .complex64: try squares(of: distances, Complex<Float>.self, Float.self, divisor)
      default: try squares(of: distances, Complex<Double>.self, Double.self, divisor)
      }
    if isRoot { variance = try variance.squareRoots() }
    return [try variance.casting(to: dtype.deviation)]
  }

  private func squares<T: Squarable>(
    of distances: Tensor, _: T.Type, _: T.Square.Type, _ divisor: Int
  ) throws -> Tensor {
    try distances.reduced(
      along: axes, by: Squares<T>(divisor: divisor), to: distances.dtype.deviation)
  }

  private struct Squares<T: Squarable>: Reduction {
    let divisor: Int
    func lift(_ element: T) -> T.Square { element.square }
    func join(_ a: T.Square, _ b: T.Square) -> T.Square { T.Square.sum(a, b) }
    func finish(_ whole: T.Square) -> T.Square { whole.divided(by: divisor) }
    var empty: T.Square { finish(.zero) }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let x = request.inputs[0]
    let mean = try Mean(axes: ReductionAxes(axes.list, keepDims: true)).result(of: x)
    let upstream = isRoot ? try request.upstream / request.results[0] : request.upstream
    let share = try upstream.asType(x.dtype).spread(over: axes, of: x, ddof: ddof)
    return [isRoot ? try share * (x - mean) : try share * (x - mean) * 2]
  }

  var attributes: [(name: String, value: String)] {
    axes.attributes + (ddof == 0 ? [] : [("ddof", "\(ddof)")])
  }
}

/// A number whose distance from 0 can be squared.
private protocol Squarable {
  associatedtype Square: Accumulator
  var square: Square { get }
}

extension Float: Squarable { fileprivate var square: Float { self * self } }
extension Double: Squarable { fileprivate var square: Double { self * self } }
extension Complex: Squarable where RealType: ComplexPart & Accumulator {
  fileprivate var square: RealType {
    rawStorage.x * rawStorage.x + rawStorage.y * rawStorage.y
  }
}
