/// A Swift value that can become a tensor: a ``TensorElement``, an array of such values nested to
/// any depth, or a tensor.
///
/// `Double` and `Int` are the types Swift gives to literals. Their values, and arrays of them, take
/// the requested dtype, if it can hold them. A value of any other type has its own dtype.
public protocol TensorConvertible {
  /// The default dtype of the values; nil when it depends on the value.
  static var naturalDType: DType? { get }

  /// Whether Swift gives this type to literals, so that values take the requested dtype.
  static var isLiteralType: Bool { get }

  /// The value as a tensor of its own dtype.
  ///
  /// - Throws: `TensorError` when nested arrays are ragged, or memory is exhausted.
  func makeTensor() throws(TensorError) -> Tensor
}

extension TensorConvertible {
  /// False: the value has a dtype of its own.
  public static var isLiteralType: Bool { false }
}

extension TensorElement {
  /// The dtype of this element type.
  public static var naturalDType: DType? { dtype }

  /// The tensor of rank 0 with this element.
  public func makeTensor() -> Tensor { Tensor(element: self) }
}

extension Double {
  /// True: `1.5` is one.
  public static var isLiteralType: Bool { true }
}

extension Int {
  /// True: `1` is one.
  public static var isLiteralType: Bool { true }
}

extension Tensor: TensorConvertible {
  /// Nil: the dtype belongs to the value.
  public static var naturalDType: DType? { nil }

  /// The tensor itself.
  public func makeTensor() -> Tensor { self }
}

extension Array: TensorConvertible where Element: TensorConvertible {
  /// The dtype of the elements.
  public static var naturalDType: DType? { Element.naturalDType }

  /// Whether the elements are of a type that Swift gives to literals.
  public static var isLiteralType: Bool { Element.isLiteralType }

  /// The elements stacked along a new first axis.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) when the elements differ in shape or dtype, naming
  ///   the first that does.
  public func makeTensor() throws(TensorError) -> Tensor { try stackedTensor() }
}

extension ArraySlice: TensorConvertible where Element: TensorConvertible {
  /// The dtype of the elements.
  public static var naturalDType: DType? { Element.naturalDType }

  /// Whether the elements are of a type that Swift gives to literals.
  public static var isLiteralType: Bool { Element.isLiteralType }

  /// The elements stacked along a new first axis.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) when the elements differ in shape or dtype, naming
  ///   the first that does.
  public func makeTensor() throws(TensorError) -> Tensor { try stackedTensor() }
}

extension ContiguousArray: TensorConvertible where Element: TensorConvertible {
  /// The dtype of the elements.
  public static var naturalDType: DType? { Element.naturalDType }

  /// Whether the elements are of a type that Swift gives to literals.
  public static var isLiteralType: Bool { Element.isLiteralType }

  /// The elements stacked along a new first axis.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) when the elements differ in shape or dtype, naming
  ///   the first that does.
  public func makeTensor() throws(TensorError) -> Tensor { try stackedTensor() }
}

extension Collection where Element: TensorConvertible {
  /// The elements stacked along a new first axis.
  fileprivate func stackedTensor() throws(TensorError) -> Tensor {
    if let element = Element.self as? any TensorElement.Type {
      return try tensor(of: element)
    }
    // The element type is compared, since an empty array of any type can be cast to an array of
    // strings.
    if Element.self == String.self {
      let strings = compactMap { $0 as? String }
      return Tensor(strings: StringStorage(strings.map(\.utf8)), shape: Shape([count]))
    }
    var parts: [Tensor] = []
    parts.reserveCapacity(count)
    for element in self { try parts.append(element.makeTensor()) }
    return try Tensor(
      stacking: parts, dtypeIfEmpty: Element.naturalDType ?? .float64,
      isLiteral: Element.isLiteralType)
  }

  private func tensor<T: TensorElement>(of type: T.Type) throws(TensorError) -> Tensor {
    let storage = try unsafe withBytes { (bytes) throws(TensorError) in
      try unsafe Storage(copying: bytes)
    }
    return Tensor(
      storage: storage, shape: Shape([count]), dtype: T.dtype, isLiteral: T.isLiteralType)
  }
}

extension Tensor {
  /// The tensor of rank 0 with this element; one that is written as a literal, `Tensor(1.5)`, takes
  /// the dtype of what it is combined with.
  public init(_ scalar: some TensorElement) {
    self = Tensor(element: scalar).withoutLiteralMark
  }

  /// The tensor with this value: nested arrays of one shape.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) when nested arrays are ragged, `resourceExhausted`
  ///   when there is no memory.
  public init(_ value: some TensorConvertible) throws(TensorError) {
    self = try value.makeTensor().withoutLiteralMark
  }

  /// The tensor with this value, converted to `dtype`.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) when nested arrays are ragged or `dtype` cannot
  ///   hold a value: 300 in int8, 1.5 in int32. `asType` converts without this check, as NumPy
  ///   does.
  public init(_ value: some TensorConvertible, dtype: DType) throws(TensorError) {
    self = try value.makeTensor().converted(to: dtype).withoutLiteralMark
  }

  /// A tensor of zeros; of false for bool, of empty strings for string.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when the shape is not fully known or its size
  ///   overflows, `resourceExhausted` when there is no memory.
  public init(zeros shape: Shape, dtype: DType) throws(TensorError) {
    if dtype == .string {
      guard try shape.elementCount < 1 << 40 else {
        throw TensorError(.resourceExhausted, "no memory for \(shape) strings; ask for fewer")
      }
      let strings = StringStorage(
        bytes: [], offsets: try Array(repeating: 0, count: shape.elementCount + 1))
      self.init(strings: strings, shape: shape)
      return
    }
    let storage = try Storage(byteCount: shape.byteCount(of: dtype))
    storage.clear()
    self.init(storage: storage, shape: shape, dtype: dtype)
  }

  /// Parts of one shape and dtype, along a new first axis.
  fileprivate init(
    stacking parts: [Tensor], dtypeIfEmpty: DType, isLiteral: Bool
  ) throws(TensorError) {
    guard let first = parts.first else {
      try self.init(zeros: [0], dtype: dtypeIfEmpty)
      return
    }
    for (index, part) in parts.enumerated()
    where part.shape != first.shape || part.dtype != first.dtype {
      throw TensorError(
        .invalidArgument,
        "a ragged array has no tensor: element 0 is \(first.dtype)\(first.shape), element "
          + "\(index) is \(part.dtype)\(part.shape)")
    }
    if first.dtype == .string {
      try self.init(stackingStrings: parts)
      return
    }
    _ = try first.stored
    let shape = Shape([parts.count] + first.shape.knownExtents)
    let storage = try Storage(byteCount: shape.byteCount(of: first.dtype))
    let partSize = storage.byteCount / parts.count
    for (index, part) in parts.enumerated() {
      let (source, offset) = try part.stored
      unsafe (storage.base + index * partSize).copyMemory(
        from: source.base + offset, byteCount: partSize)
      extendLifetime(source)
    }
    self.init(storage: storage, shape: shape, dtype: first.dtype, isLiteral: isLiteral)
  }

  /// The same tensor, as a value with a dtype of its own.
  package var withoutLiteralMark: Tensor {
    guard isLiteral else { return self }
    switch content {
    case .scalar(let bits): return Tensor(scalar: bits, dtype: dtype)
    case .value(let storage, let offset):
      return Tensor(storage: storage, offset: offset, shape: shape, dtype: dtype)
    default: return self
    }
  }
}

extension Shape {
  /// The number of elements.
  ///
  /// - Throws: `TensorError`: `failedPrecondition` when an extent is unknown, `invalidArgument`
  ///   when the number does not fit an `Int`.
  package var elementCount: Int {
    get throws(TensorError) {
      var count = 1
      let extents = try self.extents
      // Checked for an empty tensor too, since NumPy refuses to create such an array.
      for extent in extents where extent != 0 {
        let (product, overflow) = count.multipliedReportingOverflow(by: extent)
        guard !overflow else {
          throw TensorError(.invalidArgument, "a tensor of shape \(self) is too large to address")
        }
        count = product
      }
      return extents.contains(0) ? 0 : count
    }
  }

  /// The size of a tensor of this shape, in bytes.
  ///
  /// - Throws: as ``elementCount``.
  package func byteCount(of dtype: DType) throws(TensorError) -> Int {
    let (bytes, overflow) = try elementCount.multipliedReportingOverflow(by: dtype.itemSize)
    guard !overflow else {
      throw TensorError(.invalidArgument, "a tensor of shape \(self) is too large to address")
    }
    return bytes
  }
}
