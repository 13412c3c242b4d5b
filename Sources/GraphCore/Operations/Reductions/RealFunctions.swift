internal import TensorCore

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

// What softmax and its relatives do to float32 and float64 tensors.

extension Tensor {
  /// The exponentials of the elements.
  consuming func exponentials() throws -> Tensor { try mapped(exp, exp) }

  /// The natural logarithms of the elements.
  consuming func logarithms() throws -> Tensor { try mapped(log, log) }

  /// The square roots of the elements.
  consuming func squareRoots() throws -> Tensor {
    try mapped({ $0.squareRoot() }, { $0.squareRoot() })
  }

  /// The elements, and 0 for those that are not finite.
  consuming func finiteOrZero() throws -> Tensor {
    try mapped({ $0.isFinite ? $0 : 0 }, { $0.isFinite ? $0 : 0 })
  }

  private consuming func mapped(
    _ float: @Sendable (Float) -> Float, _ double: @Sendable (Double) -> Double
  ) throws -> Tensor {
    let isFloat = dtype == .float32
    var result = consume self
    if isFloat {
      try result.withMutableElements(as: Float.self) { elements in
        for index in elements.indices { elements[index] = float(elements[index]) }
      }
    } else {
      try result.withMutableElements(as: Double.self) { elements in
        for index in elements.indices { elements[index] = double(elements[index]) }
      }
    }
    return result
  }
}
