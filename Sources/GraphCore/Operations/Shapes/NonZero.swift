public import TensorCore

/// The positions of the elements that are not zero, a row each.
struct NonZero: OneResultOperation, ZeroGradient {
  let name = "nonZero"

  func shape(of operand: Shape) -> Shape { [nil, operand.rankIfKnown] }

  func dtype(of operand: DType) -> DType { .int64 }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let x = inputs[0]
    let extents = x.shape.knownExtents
    var positions: [Int] = []
    var count = 0
    for place in try places(x) {
      var rest = place
      for stride in extents.strides {
        positions.append(rest / stride)
        rest %= stride
      }
      count += 1
    }
    return [try Tensor(positions, shape: [count, extents.count])]
  }

  /// The numbers of the elements, in row-major order.
  private func places(_ x: Tensor) throws -> [Int] {
    guard x.dtype != .string else {
      let (strings, first) = try x.storedStrings
      return (0..<x.count).filter { !strings[first + $0].isEmpty }
    }
    // As bytes: a bool of NumPy's need not be 0 or 1.
    let truths = x.dtype == .bool ? x : try x.casting(to: .bool)
    let (storage, offset) = try truths.stored
    return (0..<x.count).filter {
      unsafe storage.base.load(fromByteOffset: offset + $0, as: UInt8.self) != 0
    }
  }
}

/// The positions of the elements that are not zero, not false, not empty: int64[found, rank], in
/// row-major order.
///
/// How many there are is known only when the graph runs. Any dtype. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.argwhere.html>.
///
/// - Throws: `OperationError` (`resourceExhausted`) when there is no memory.
public func nonZero(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try NonZero().result(of: x, file: file, line: line)
}
