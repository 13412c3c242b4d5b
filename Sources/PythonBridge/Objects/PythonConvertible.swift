internal import CPython
public import ComplexModule
public import TensorCore

/// A Swift value that has a Python counterpart: numbers, `Bool`, `String` and its parts, arrays (as
/// lists), sets, dictionaries, ranges, optionals (nil as None), tensors (as NumPy arrays and
/// scalars), Python objects.
///
/// Containers with elements of several types are created by ``PythonObject/init(list:)``,
/// ``PythonObject/init(tuple:)`` and `PythonObject(dictionary:)`, bytes by
/// ``PythonObject/init(bytes:)``.
public protocol PythonConvertible: SendableMetatype {
  /// The value as a Python object.
  ///
  /// - Throws: `StartError`, or what Python raises, such as `MemoryError`.
  func makePythonObject() throws -> PythonObject

  /// The value as a key in `object[value]`, where ranges become slices.
  ///
  /// - Throws: `StartError`, or what Python raises, such as `MemoryError`.
  func makePythonKey() throws -> PythonObject
}

extension PythonConvertible {
  /// The same object as elsewhere.
  public func makePythonKey() throws -> PythonObject { try makePythonObject() }
}

extension PythonObject: PythonConvertible {
  /// The object itself.
  public func makePythonObject() -> PythonObject { self }
}

extension Bool: PythonConvertible {
  /// `True` or `False`.
  public func makePythonObject() throws -> PythonObject {
    try Python.withGIL { gil in try unsafe gil.object(cpy_bool(self)) }
  }
}

extension PythonConvertible where Self: FixedWidthInteger & SignedInteger {
  /// An `int`.
  public func makePythonObject() throws -> PythonObject {
    try Python.withGIL { gil in try unsafe gil.object(cpy_int(Int64(self))) }
  }
}

extension PythonConvertible where Self: FixedWidthInteger & UnsignedInteger {
  /// An `int`.
  public func makePythonObject() throws -> PythonObject {
    try Python.withGIL { gil in try unsafe gil.object(cpy_unsigned(UInt64(self))) }
  }
}

extension PythonConvertible where Self: BinaryFloatingPoint {
  /// A `float`, which has 64 bits.
  public func makePythonObject() throws -> PythonObject {
    try Python.withGIL { gil in try unsafe gil.object(cpy_float(Double(self))) }
  }
}

extension Int: PythonConvertible {}
extension Int8: PythonConvertible {}
extension Int16: PythonConvertible {}
extension Int32: PythonConvertible {}
extension Int64: PythonConvertible {}
extension UInt: PythonConvertible {}
extension UInt8: PythonConvertible {}
extension UInt16: PythonConvertible {}
extension UInt32: PythonConvertible {}
extension UInt64: PythonConvertible {}
extension Float16: PythonConvertible {}
extension Float: PythonConvertible {}
extension Double: PythonConvertible {}

extension Complex: PythonConvertible where RealType: ComplexPart {
  /// A `complex`, whose parts have 64 bits.
  public func makePythonObject() throws -> PythonObject {
    try Python.withGIL { gil in
      let (real, imaginary) = (Double(rawStorage.x), Double(rawStorage.y))
      return try unsafe gil.object(cpy_complex(real, imaginary))
    }
  }
}

extension String: PythonConvertible {
  /// A `str`; NUL characters included.
  public func makePythonObject() throws -> PythonObject {
    try Python.withGIL { gil in
      var text = self
      return try text.withUTF8 { bytes in
        // An empty string may have a nil address.
        let start = unsafe UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
        return try unsafe gil.object(cpy_str(start, bytes.count))
      }
    }
  }
}

extension Optional: PythonConvertible where Wrapped: PythonConvertible {
  /// The value's object, or `None`.
  public func makePythonObject() throws -> PythonObject {
    if let self { return try self.makePythonObject() }
    return try Python.none
  }
}

extension Array: PythonConvertible where Element: PythonConvertible {
  /// A `list`; for a NumPy array, pass a `Tensor`.
  public func makePythonObject() throws -> PythonObject {
    try Python.withGIL { gil in
      // The items are created first, since other threads could see an incomplete list through
      // gc.get_objects().
      let items = try map { try $0.makePythonObject() }
      let list = try unsafe gil.owned(cpy_list(count))
      for (index, item) in items.enumerated() {
        unsafe cpy_retain(item.pointer)
        unsafe cpy_list_set(list.pointer, index, item.pointer)
      }
      return PythonObject(list)
    }
  }
}

extension Dictionary: PythonConvertible where Key: PythonConvertible, Value: PythonConvertible {
  /// A `dict`; write `PythonObject(dictionary:)` for values of several types.
  public func makePythonObject() throws -> PythonObject {
    try PythonObject(dictionary: map { ($0.key, $0.value) })
  }
}

extension PythonObject {
  /// A Python dict with these keys and values, of any types.
  ///
  /// - Throws: `StartError`, or what a conversion raises: `TypeError` for a key that has no hash.
  public init(dictionary pairs: [(any PythonConvertible, any PythonConvertible)]) throws {
    self = try Python.withGIL { gil in
      let dict = try unsafe gil.owned(cpy_dict())
      for (key, value) in pairs {
        let (key, value) = try (key.makePythonObject(), value.makePythonObject())
        try gil.require(unsafe cpy_dict_set(dict.pointer, key.pointer, value.pointer))
      }
      return PythonObject(dict)
    }
  }
}
