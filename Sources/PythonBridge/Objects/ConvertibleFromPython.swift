internal import CPython
public import ComplexModule
public import TensorCore

/// A Swift value that can be created from a Python object.
///
/// ```swift
/// let n = try Int(object)
/// let names = try [String](object)
/// let table = try [String: [Double]](object)
/// ```
public protocol ConvertibleFromPython: SendableMetatype {
  /// The Swift value of a Python object.
  ///
  /// - Throws: `PythonError`: `TypeError` when the object is of another kind, `OverflowError` when
  ///   the value does not fit.
  init(_ object: PythonObject) throws
}

extension PythonObject: ConvertibleFromPython {
  /// The object itself.
  public init(_ object: PythonObject) { self = object }
}

extension Bool: ConvertibleFromPython {
  /// Python's truth value of the object, as `bool(object)`; throws for an array of several
  /// elements.
  public init(_ object: PythonObject) throws {
    self = try GIL.held { gil in
      let truth = unsafe cpy_truth(object.pointer)
      try gil.require(truth >= 0)
      return truth == 1
    }
  }
}

extension SignedInteger where Self: FixedWidthInteger {
  /// The value of an `int`, or of an object with `__index__`, such as NumPy's integers, but not of
  /// a float.
  public init(_ object: PythonObject) throws {
    self = try GIL.held { gil in
      var value: Int64 = 0
      try gil.require(unsafe cpy_as_int(object.pointer, &value))
      return try Self.narrowed(value)
    }
  }
}

extension UnsignedInteger where Self: FixedWidthInteger {
  /// The value of an `int`, or of an object with `__index__`, such as NumPy's integers, but not of
  /// a float.
  public init(_ object: PythonObject) throws {
    self = try GIL.held { gil in
      var value: UInt64 = 0
      try gil.require(unsafe cpy_as_unsigned(object.pointer, &value))
      return try Self.narrowed(value)
    }
  }
}

extension FixedWidthInteger {
  fileprivate static func narrowed(_ value: some FixedWidthInteger) throws -> Self {
    guard let narrow = Self(exactly: value) else {
      throw Python.error("OverflowError", "\(value) does not fit in \(Self.self)")
    }
    return narrow
  }
}

extension BinaryFloatingPoint {
  /// The value of a `float` or `int`, or of an object with `__float__`, such as NumPy's scalars;
  /// rounded to this type.
  public init(_ object: PythonObject) throws {
    self = try GIL.held { gil in
      var value = 0.0
      try gil.require(unsafe cpy_as_float(object.pointer, &value))
      return Self(value)
    }
  }
}

extension Int: ConvertibleFromPython {}
extension Int8: ConvertibleFromPython {}
extension Int16: ConvertibleFromPython {}
extension Int32: ConvertibleFromPython {}
extension Int64: ConvertibleFromPython {}
extension UInt: ConvertibleFromPython {}
extension UInt8: ConvertibleFromPython {}
extension UInt16: ConvertibleFromPython {}
extension UInt32: ConvertibleFromPython {}
extension UInt64: ConvertibleFromPython {}
extension Float16: ConvertibleFromPython {}
extension Float: ConvertibleFromPython {}
extension Double: ConvertibleFromPython {}

extension Complex: ConvertibleFromPython where RealType: ComplexPart {
  /// The value of a `complex`, or of anything with `__complex__` or `__float__`.
  public init(_ object: PythonObject) throws {
    self = try GIL.held { gil in
      var (real, imaginary) = (0.0, 0.0)
      try gil.require(unsafe cpy_as_complex(object.pointer, &real, &imaginary))
      return Complex(RealType(real), RealType(imaginary))
    }
  }
}

extension String: ConvertibleFromPython {
  /// The text of a `str`.
  ///
  /// For the text that Python prints for any other object, take its `description`.
  ///
  /// - Throws: `PythonError`: `TypeError` when it is no str, `UnicodeEncodeError` when it contains a lone
  ///   surrogate, which Swift strings cannot contain.
  public init(_ object: PythonObject) throws {
    self = try GIL.held { gil in
      var length = 0
      guard object.kind(gil) == .str else {
        // An item that could not be got raises its own exception.
        _ = try object.attribute("__class__")
        let type = unsafe String(cString: cpy_type_name(object.pointer))
        throw Python.error(
          "TypeError", "a str was expected, not \(type); its description is a String")
      }
      let bytes = unsafe cpy_utf8(object.pointer, &length)
      try gil.require(unsafe bytes != nil)
      let buffer = unsafe UnsafeBufferPointer(start: bytes, count: length)
      return unsafe String(decoding: UnsafeRawBufferPointer(buffer), as: UTF8.self)
    }
  }
}

extension Optional: ConvertibleFromPython where Wrapped: ConvertibleFromPython {
  /// Nil for `None`, the value of any other object.
  public init(_ object: PythonObject) throws {
    let isNone = try GIL.held { gil in object.kind(gil) == .none }
    self = isNone ? nil : try Wrapped(object)
  }
}

extension Array: ConvertibleFromPython where Element: ConvertibleFromPython {
  /// The elements of an iterable, as in `list(object)`; the elements of `bytes` are numbers.
  public init(_ object: PythonObject) throws {
    self = try GIL.held { gil in
      // Copies the bytes at once: about a hundred nanoseconds in all, instead of for each byte.
      if Element.self == UInt8.self, object.kind(gil) == .bytes,
        let bytes = try [UInt8](bytesOf: object) as? [Element]
      {
        return bytes
      }
      let sequence = try unsafe gil.object(cpy_sequence(object.pointer))
      return try (0..<(unsafe cpy_sequence_count(sequence.pointer))).map { index in
        let item = unsafe cpy_sequence_item(sequence.pointer, index)
        return try Element(PythonObject(unsafe PythonReference(sharing: item, gil)))
      }
    }
  }
}

extension Dictionary: ConvertibleFromPython
where Key: ConvertibleFromPython, Value: ConvertibleFromPython {
  /// The keys and values of a mapping, as in `dict(object)`.
  public init(_ object: PythonObject) throws {
    let items = try [PythonObject](Python.import("builtins").dict(object).items())
    self = try Dictionary(
      items.map { try (Key($0[0]), Value($0[1])) }, uniquingKeysWith: { _, last in last })
  }
}
