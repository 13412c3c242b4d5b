package import TensorCore

/// Derivatives by central differences: (f(x + h) - f(x - h)) / 2h for each element.
package struct FiniteDifferences {
  /// The derivative by each element; for a complex element with parts a and b, ∂/∂a + i ∂/∂b.
  package let gradient: Tensor

  /// The absolute error that is to be expected of an element, from rounding in the function.
  private let noise: Double

  /// The differences of a function at a point.
  ///
  /// - Parameters:
  ///   - total: the function, whose results are summed up to one number.
  ///   - point: where.
  ///   - step: h; nil for one that fits the dtype and the element.
  /// - Throws: `TensorError` (`invalidArgument`) when the elements of the point are no real or complex numbers,
  ///   or the step is not positive; what `total` throws.
  package init(
    of total: (Tensor) throws -> Double, at point: Tensor, step: Double? = nil
  ) throws {
    guard point.dtype.isFloatingPoint || point.dtype.isComplex else {
      throw TensorError(
        .invalidArgument,
        "a gradient at \(point.dtype)\(point.shape) was asked for; give a floating-point or complex dtype"
      )
    }
    if let step, !(step > 0 && step.isFinite) {
      throw TensorError(.invalidArgument, "step: \(step) is no step; give a number above 0")
    }
    let numbers = try point.numbers()
    let precision = point.dtype.unitRoundoff
    var largest = 0.0
    var smallestStep = Double.infinity
    func slope(_ index: Int, _ part: Double, _ moved: (Double) -> Number) throws -> Double {
      let step = step ?? precision.cubeRoot * max(1, abs(part))
      smallestStep = min(smallestStep, step)
      func value(_ offset: Double) throws -> (position: Double, total: Double) {
        // The dtype rounds the position.
        let position = try Self.rounded(part + offset, to: point.dtype)
        var numbers = numbers
        numbers[index] = moved(position)
        let total = try total(Tensor(numbers: numbers, shape: point.shape, dtype: point.dtype))
        largest = max(largest, total.isFinite ? abs(total) : 0)
        return (position, total)
      }
      let (above, below) = try (value(step), value(-step))
      return (above.total - below.total) / (above.position - below.position)
    }
    let slopes = try numbers.enumerated().map { index, number -> Number in
      guard case .complex(let real, let imaginary) = number else {
        return .real(try slope(index, number.real) { .real($0) })
      }
      return .complex(
        try slope(index, real) { .complex($0, imaginary) },
        try slope(index, imaginary) { .complex(real, $0) })
    }
    gradient = try Tensor(
      numbers: slopes, shape: point.shape, dtype: point.dtype.isComplex ? .complex128 : .float64)
    noise = numbers.isEmpty ? 0 : 4 * precision * largest / smallestStep
  }

  private static func rounded(_ value: Double, to dtype: DType) throws -> Double {
    try Tensor(numbers: [.real(value)], shape: .scalar, dtype: dtype).numbers()[0].real
  }

  /// Compares a gradient with the differences.
  ///
  /// - Returns: nil when they are close; else the report.
  package func report(
    _ found: Tensor, title: String, rtol: Double?, atol: Double?
  ) throws -> String? {
    let precision: Double =
      found.dtype.isFloatingPoint || found.dtype.isComplex ? found.dtype.unitRoundoff : 0
    let rtol = rtol ?? max(1e-6, 40 * precision.cubeRoot * precision.cubeRoot)
    let size = try gradient.numbers().map(\.size).filter(\.isFinite).max() ?? 0
    let closeness = Closeness(rtol: rtol, atol: atol ?? max(rtol * size, noise))
    guard let text = DifferenceReport.text(found, gradient, source: nil, closeness) else {
      return nil
    }
    return "\(title): actual is the gradient, expected are central differences\n\(text)"
  }
}

extension DType {
  /// Half the distance from 1 to the next number.
  fileprivate var unitRoundoff: Double {
    switch self {
    case .bfloat16: 0x1p-9
    case .float16: 0x1p-12
    case .float32, .complex64: 0x1p-24
    default: 0x1p-53
    }
  }
}

extension Double {
  /// The third root, to a few digits.
  fileprivate var cubeRoot: Double {
    guard self > 0 else { return 0 }
    var root = Double(sign: .plus, exponent: Int(exponent) / 3, significand: 1)
    for _ in 0..<60 { root -= (root - self / (root * root)) / 3 }
    return root
  }
}

extension Number {
  /// The absolute value.
  fileprivate var size: Double {
    if case .complex(let real, let imaginary) = self { return max(abs(real), abs(imaginary)) }
    return abs(real)
  }

  /// The number as a float64; the real part of a complex one.
  package var real: Double {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .real(let value), .complex(let value, _): value
    }
  }
}
