extension String: TensorConvertible, TensorReadable {
  /// string.
  public static var naturalDType: DType? { .string }

  /// The tensor of rank 0 with this string, as UTF-8.
  public func makeTensor() -> Tensor {
    Tensor(strings: StringStorage([utf8]), shape: .scalar)
  }

  /// The only element of `tensor`, which may have any rank.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when its dtype is not string, it has not exactly one
  ///   element, or that is not UTF-8; `failedPrecondition` when it is symbolic.
  public init(_ tensor: Tensor) throws(TensorError) {
    let strings = try tensor.strings()
    guard strings.count == 1 else {
      throw TensorError(
        .invalidArgument,
        "one String was asked of a tensor of shape \(tensor.shape), which has \(strings.count) "
          + "elements; use strings()")
    }
    self = strings[0]
  }
}

extension Tensor: ExpressibleByStringLiteral {
  /// A string scalar.
  public init(stringLiteral value: String) {
    self = value.makeTensor()
  }
}

extension Tensor {
  /// The tensor of rank 0 with this string, as UTF-8.
  public init(_ string: String) {
    self = string.makeTensor()
  }

  /// The tensor of this shape whose elements, in row-major order, are these bytes, which need not be
  /// text.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) when the shape is not fully known or has another number of
  ///   elements.
  public init(byteStrings elements: [[UInt8]], shape: Shape) throws(TensorError) {
    guard try shape.elementCount == elements.count else {
      throw TensorError(
        .invalidArgument,
        "\(elements.count) elements were given for a tensor of shape \(shape), which holds "
          + "\(try shape.elementCount)")
    }
    self.init(strings: StringStorage(elements), shape: shape)
  }

  /// Parts of one shape and dtype string, along a new first axis.
  package init(stackingStrings parts: [Tensor]) throws(TensorError) {
    var elements: [[UInt8]] = []
    for part in parts { elements += try part.byteStrings() }
    let extents = parts.first?.shape.knownExtents ?? []
    try self.init(byteStrings: elements, shape: Shape([parts.count] + extents))
  }

  /// All elements in row-major order, as they are.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when the dtype is not string, `failedPrecondition`
  ///   when the tensor is symbolic.
  public func byteStrings() throws(TensorError) -> [[UInt8]] {
    let (storage, first) = try storedStrings
    return (first..<first + count).map { Array(storage[$0]) }
  }

  /// All elements in row-major order, as text.
  ///
  /// - Throws: `TensorError` as ``byteStrings()``, and `invalidArgument` when an element is not UTF-8.
  public func strings() throws(TensorError) -> [String] {
    let (storage, first) = try storedStrings
    var strings: [String] = []
    for index in first..<first + count {
      guard let string = String(validating: storage[index], as: UTF8.self) else {
        throw TensorError(
          .invalidArgument,
          "element \(index - first) of a string tensor is not UTF-8: \(storage[index].pythonText()); "
            + "read the bytes with byteStrings()")
      }
      strings.append(string)
    }
    return strings
  }

  /// The elements as NumPy would print them: text in quotes, bytes that are no text as `b'...'`.
  func stringWords(at offsets: [Int], isQuoted: Bool) throws(TensorError) -> [String] {
    let (storage, first) = try storedStrings
    return offsets.map { offset in
      let bytes = storage[first + offset]
      guard let text = String(validating: bytes, as: UTF8.self) else { return bytes.pythonText() }
      return isQuoted ? text.pythonText : text
    }
  }
}

extension String {
  /// The text as Python's `repr` writes it.
  fileprivate var pythonText: String {
    let quote = contains("'") && !contains("\"") ? "\"" : "'"
    let body = unicodeScalars.map { scalar in
      switch scalar {
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      case "\\": "\\\\"
      case "'" where quote == "'": "\\'"
      case _ where scalar.value < 32 || scalar.value == 127: "\\x" + UInt8(scalar.value).hex
      default: String(scalar)
      }
    }
    return quote + body.joined() + quote
  }
}

extension ArraySlice<UInt8> {
  /// The bytes as Python's `repr` writes them.
  fileprivate func pythonText() -> String {
    let body = map { byte in
      (32..<127).contains(byte) && byte != UInt8(ascii: "'") && byte != UInt8(ascii: "\\")
        ? String(UnicodeScalar(byte)) : "\\x" + byte.hex
    }
    return "b'" + body.joined() + "'"
  }
}

extension UInt8 {
  fileprivate var hex: String { (self < 16 ? "0" : "") + String(self, radix: 16) }
}
