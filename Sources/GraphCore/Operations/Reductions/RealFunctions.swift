internal import TensorCore

// The parts of softmax and similar functions, for float32 and float64 tensors.

extension Operation {
  /// The result of an operation that runs as part of another: a uniquely referenced tensor, so that
  /// the next operation may overwrite it.
  func computed(_ inputs: consuming [Tensor]) throws -> Tensor {
    var results = try run(inputs)
    return results.removeLast()
  }
}

extension Tensor {
  /// The exponentials of the elements.
  consuming func exponentials() throws -> Tensor { try RealOperation(.exp).computed([self]) }

  /// The natural logarithms of the elements.
  consuming func logarithms() throws -> Tensor { try RealOperation(.log).computed([self]) }

  /// The square roots of the elements.
  consuming func squareRoots() throws -> Tensor { try RealOperation(.sqrt).computed([self]) }

  /// The elements, and 0 for those that are not finite.
  consuming func finiteOrZero() throws -> Tensor {
    var result = self
    if result.dtype == .float32 {
      try result.withMutableElements(as: Float.self) { elements in
        for index in elements.indices where !elements[index].isFinite { elements[index] = 0 }
      }
    } else {
      try result.withMutableElements(as: Double.self) { elements in
        for index in elements.indices where !elements[index].isFinite { elements[index] = 0 }
      }
    }
    return result
  }
}
