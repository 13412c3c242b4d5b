extension Tensor {
  /// The elements as another dtype, converted as NumPy's `astype` does: floats to whole numbers by
  /// truncation, wide integers to narrow ones by wrapping, complex to real by dropping the
  /// imaginary part, anything to bool by asking whether it is not zero.
  ///
  /// A tensor that has the dtype already is returned as it is.
  /// See <https://numpy.org/doc/stable/reference/generated/numpy.ndarray.astype.html>.
  ///
  /// - Throws: `TensorError`: `failedPrecondition` for a symbolic tensor, `resourceExhausted`.
  package func casting(to dtype: DType) throws(TensorError) -> Tensor {
    if dtype == self.dtype { return withoutLiteralMark }
    return try mapNumbers(to: dtype) { number, _ in number }
  }

  /// The elements as another dtype, if each of them can be held by it.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) naming the first value that cannot.
  package func converted(to dtype: DType) throws(TensorError) -> Tensor {
    if dtype == self.dtype { return self }
    return try mapNumbers(to: dtype) { (number, type) throws(TensorError) in
      guard number.isHeld(by: type) else {
        throw TensorError(
          .invalidArgument, "\(number) does not fit dtype \(dtype); give another dtype or value")
      }
      return number
    }
  }

  /// A literal as a tensor of the other operand's dtype.
  ///
  /// `1` can have any numeric dtype, `1.5` any floating-point or complex dtype.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) when it does not fit.
  package func literal(as dtype: DType) throws(TensorError) -> Tensor {
    guard self.dtype.kind.literalRank <= dtype.kind.literalRank else {
      throw TensorError(
        .invalidArgument,
        spelled: """
          the \(self.dtype == .float64 ? "floating-point" : "\(self.dtype)") value \(self) cannot \
          stand for \(dtype); write a whole number, or convert with \(Message.asType)
          """)
    }
    return try converted(to: dtype).withoutLiteralMark
  }

  private func mapNumbers(
    to dtype: DType,
    _ transform: (Number, any TensorElement.Type) throws(TensorError) -> Number
  ) throws(TensorError) -> Tensor {
    let (source, offset) = try stored
    defer { extendLifetime(source) }
    guard let sourceType = self.dtype.elementType, let type = dtype.elementType else {
      throw TensorError(
        .invalidArgument,
        spelled: """
          \(self.dtype) cannot be converted to \(dtype); make strings of numbers, and numbers of \
          strings, \(swift: "in Swift or ", python: "")in a \(Message.name("numpyFunction"))
          """)
    }
    let storage = try Storage(byteCount: shape.byteCount(of: dtype))
    try unsafe Tensor.copyNumbers(
      from: source.base + offset, as: sourceType,
      to: storage.base, as: type, count: shape.elementCount, transform)
    return Tensor(storage: storage, shape: shape, dtype: dtype)
  }

  private static func copyNumbers<Source: TensorElement, Target: TensorElement>(
    from source: UnsafeMutableRawPointer, as _: Source.Type,
    to target: UnsafeMutableRawPointer, as type: Target.Type, count: Int,
    _ transform: (Number, any TensorElement.Type) throws(TensorError) -> Number
  ) throws(TensorError) {
    let input = unsafe source.assumingMemoryBound(to: Source.self)
    let output = unsafe target.assumingMemoryBound(to: Target.self)
    for index in 0..<count {
      unsafe output[index] = Target(casting: try transform(input[index].number, type))
    }
  }
}

extension DType.Kind {
  /// A literal can have a dtype of the same rank or a higher one.
  fileprivate var literalRank: Int {
    switch self {
    case .bool: 0
    case .signedInteger, .unsignedInteger: 1
    case .real: 2
    case .complex: 3
    case .string: 4
    }
  }
}

extension Number: CustomStringConvertible {
  /// Whether an element of `type` can hold the number: whole numbers exactly, others rounded but
  /// not to infinity.
  fileprivate func isHeld(by type: any TensorElement.Type) -> Bool {
    let held = type.init(casting: self).number
    return switch (self, held) {
    case (.integer(let a), .integer(let b)): a == b
    case (.integer(let a), .unsigned(let b)): a == b
    case (.unsigned(let a), .integer(let b)): a == b
    case (.unsigned(let a), .unsigned(let b)): a == b
    case (.real(let a), .integer(let b)): a == Double(b)
    case (.real(let a), .unsigned(let b)): a == Double(b)
    case (.real(let a), .real(let b)), (.real(let a), .complex(let b, _)):
      a.isFinite == b.isFinite
    case (.integer, .real(let b)), (.unsigned, .real(let b)): b.isFinite
    case (.integer, .complex), (.unsigned, .complex): true
    case (.complex(let a, let b), .complex(let c, let d)):
      a.isFinite == c.isFinite && b.isFinite == d.isFinite
    case (.complex(let a, let b), .real(let c)): b == 0 && a.isFinite == c.isFinite
    case (.complex(let a, let b), .integer(let c)): b == 0 && a == Double(c)
    case (.complex(let a, let b), .unsigned(let c)): b == 0 && a == Double(c)
    }
  }

  /// The number as Swift prints it.
  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .real(let value): "\(value)"
    case .complex(let real, let imaginary): "\(real) + \(imaginary)i"
    }
  }
}
