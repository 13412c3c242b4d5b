internal import ComplexModule

extension Tensor: CustomStringConvertible {
  /// The elements as NumPy's `str` prints them with its default options: eight digits after the
  /// point, lines of 75 columns, `...` in the middle when there are more than 1000 elements.
  ///
  /// Neither dtype nor shape is shown; ``debugDescription`` has both. A symbolic tensor has no
  /// elements and prints as `<symbolic float32[?, 3]>`. Where NumPy's own versions differ (large
  /// float16 and float32 numbers) this is NumPy 2.3 and later.
  /// See <https://numpy.org/doc/stable/reference/generated/numpy.set_printoptions.html>.
  ///
  /// - Complexity: O(number of elements that are shown), and only they are read.
  public var description: String {
    // Only a symbolic tensor has no elements to read.
    guard let text = try? printedElements() else { return symbolicDescription }
    return text
  }
}

extension Tensor: CustomDebugStringConvertible {
  /// The elements as NumPy's `repr` prints them, with the dtype, and with the shape where the
  /// brackets do not tell it.
  ///
  /// `Tensor([1., 2., 3.], dtype: float32)`. The shape is named when the tensor is empty, save for
  /// `[0]`, or too large to show: `Tensor([], shape: [0, 3], dtype: bool)`.
  /// See <https://numpy.org/doc/stable/reference/generated/numpy.array_repr.html>.
  ///
  /// - Complexity: O(number of elements that are shown), and only they are read.
  public var debugDescription: String {
    let prefix = "Tensor("
    guard let formatter = try? arrayFormatter,
      let elements = try? printedElements(separator: ", ", prefix: prefix)
    else { return symbolicDescription }
    let isShapeSeen = formatter.count == 0 ? rank == 1 : !formatter.isSummarised
    let ending = (isShapeSeen ? "" : "shape: \(shape), ") + "dtype: \(dtype))"
    let text = prefix + elements + ","
    let lastLine = text.utf8.reversed().prefix { $0 != UInt8(ascii: "\n") }.count
    let fits = lastLine + 1 + ending.utf8.count <= ArrayFormatter.lineWidth
    return text + (fits ? " " : "\n" + String(repeating: " ", count: prefix.utf8.count)) + ending
  }
}

extension Tensor {
  private var symbolicDescription: String { "<symbolic \(dtype)\(shape)>" }

  private var arrayFormatter: ArrayFormatter {
    get throws(TensorError) {
      ArrayFormatter(extents: try shape.extents, count: try shape.elementCount)
    }
  }

  /// The text that `str` prints, or with a prefix the text that `repr` prints between the prefix
  /// and `)`.
  private func printedElements(separator: String = " ", prefix: String? = nil) throws -> String {
    let formatter = try arrayFormatter
    if isSymbolic { throw TensorError(.failedPrecondition, symbolicDescription) }
    // NumPy prints all empty arrays in the same way.
    if formatter.count == 0 { return "[]" }
    guard let type = dtype.elementType else {
      let words = try stringWords(
        at: formatter.visibleOffsets, isQuoted: rank != 0 || prefix != nil)
      return formatter.text(
        words: words, separator: separator, indent: prefix?.utf8.count ?? 0,
        width: ArrayFormatter.lineWidth - (prefix == nil ? 0 : 1))
    }
    let numbers = try numbers(at: formatter.visibleOffsets, as: type)
    // `str` of an array of rank 0 is that of a scalar, `1.0`; its `repr` is that of an array, `1.`.
    if rank == 0 && prefix == nil { return numbers[0].scalarText(as: dtype) }
    return formatter.text(
      words: numbers.words(as: dtype, rank: rank), separator: separator,
      indent: prefix?.utf8.count ?? 0,
      width: ArrayFormatter.lineWidth - (prefix == nil ? 0 : 1))
  }

  private func numbers<T: TensorElement>(at offsets: [Int], as type: T.Type) throws -> [Number] {
    try withElements(as: type) { elements in offsets.map { elements[$0].number } }
  }
}

extension Number {
  /// The number on its own, as NumPy prints a scalar of `dtype`.
  fileprivate func scalarText(as dtype: DType) -> String {
    switch (self, dtype) {
    case (.integer(let value), .bool): value != 0 ? "True" : "False"
    case (.integer(let value), _): "\(value)"
    case (.unsigned(let value), _): "\(value)"
    case (.real(let value), .float16): FloatFormatter.scalarText(Float16(value))
    case (.real(let value), .float32): FloatFormatter.scalarText(Float(value))
    case (.real(let value), .bfloat16): FloatFormatter.generalText(Float(value))
    case (.real(let value), _): FloatFormatter.scalarText(value)
    case (.complex(let real, let imaginary), .complex64):
      FloatFormatter.scalarText(Float(real), Float(imaginary))
    case (.complex(let real, let imaginary), _): FloatFormatter.scalarText(real, imaginary)
    }
  }
}

extension [Number] {
  /// The elements of an array of `dtype` as words of one width.
  fileprivate func words(as dtype: DType, rank: Int) -> [String] {
    switch dtype {
    case .bool: map { $0 == .integer(0) ? "False" : rank == 0 ? "True" : " True" }
    case .float16: FloatFormatter.words(map { Float16(casting: $0) })
    case .float32: FloatFormatter.words(map { Float(casting: $0) })
    case .bfloat16: padded(map { FloatFormatter.generalText(Float(casting: $0)) })
    case .float64: FloatFormatter.words(map { Double(casting: $0) })
    case .complex64: FloatFormatter.words(map { Complex<Float>(casting: $0) })
    case .complex128: FloatFormatter.words(map { Complex<Double>(casting: $0) })
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .string:
      padded(map { number in "\(number)" })
    }
  }

  private func padded(_ texts: [String]) -> [String] {
    let width = texts.reduce(0) { Swift.max($0, $1.utf8.count) }
    return texts.map { $0.padded(to: width) }
  }
}
