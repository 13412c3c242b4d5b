internal import TensorCore

// Whole numbers that operations are given as tensors: extents, positions, sizes.

extension TensorSpec {
  /// The number of extents that this tensor holds, as far as it is known.
  ///
  /// - Throws: `GraphError` when it is no tensor of whole numbers of rank 1.
  func rankOfExtents(for operation: any Operation) throws -> Int? {
    guard dtype.isInteger, shape.fits([nil]) else {
      throw GraphError(
        .invalidArgument,
        spelled: """
          \(Message.name(operation.name)) takes extents or positions as whole numbers of rank 1, \
          such as int64[3], \(self) was given
          """)
    }
    return shape.rankIfKnown == nil ? nil : shape[ifKnown: 0]
  }
}

extension Tensor {
  /// The extents that this tensor holds, nil for -1, which is allowed where it has a meaning.
  func extentValues(allowsInferred: Bool) throws -> [Int?] {
    try require(
      dtype.isInteger && shape.rankIfKnown == 1,
      "extents are whole numbers of rank 1, such as int64[3]; \(TensorSpec(of: self)) was given")
    return try wholeNumbers().map { extent in
      if extent == -1 && allowsInferred { return nil }
      try require(extent >= 0, "an extent of \(extent) was given")
      return extent
    }
  }

  /// The shape whose extents this tensor holds.
  func shapeValue() throws -> Shape {
    Shape(try extentValues(allowsInferred: false).compactMap { $0 })
  }

  /// The elements, which are whole numbers, in row-major order.
  ///
  /// Those beyond int64 become its largest number, which is on no axis either, and not a negative one.
  func wholeNumbers() throws -> [Int] {
    if dtype == .uint64 { return try scalars(as: UInt64.self).map(Int.init(clamping:)) }
    return try casting(to: .int64).scalars(as: Int.self)
  }
}

/// Calls `body`, and wraps its errors as errors of the operation `name`, applied at `location`.
func located<R>(
  _ name: String, at location: SourceLocation, _ body: () throws -> R
) throws -> R {
  do {
    return try body()
  } catch let error as OperationError {
    throw error
  } catch {
    throw OperationError(error, in: name, node: nil, at: location)
  }
}

/// Calls `body` with a line of the program, and wraps its errors as errors of the operation `name`.
func located<R>(
  _ name: String, _ file: String, _ line: Int, _ body: (SourceLocation) throws -> R
) throws -> R {
  let location = SourceLocation(file: file, line: line)
  return try located(name, at: location) { try body(location) }
}
