internal import CPython

/// A reference to any Python object; it may be used and dropped on any thread.
///
/// Members are Python's own: `np.linalg.norm` looks attributes up, `np.arange(3)` calls, and
/// `np.ones(3, dtype: "int8")` passes a keyword argument. A missing attribute or a failing call
/// throws, so one `try` in front covers the expression.
///
/// Items are read by subscript, where ranges are slices (`a[1..<3, ..<2]`), and assigned by
/// ``setItem(_:to:)``. Operators take Swift values on either side (`try 2 * a + 1`); `<` answers a
/// `Bool`, `.<` what Python answers, such as an array. ``with(_:)`` is Python's `with`.
///
/// Swift members hide Python attributes of the same name. So they have names that Python code
/// rarely uses: mixed-case names, and Python's keywords. Of the methods of a Swift sequence, those that
/// Python uses too, such as `max`, `split` and `filter`, are Python's when they are called as in Python.
/// Only `attribute`, `call`, `unpacked`, `description`, `hash` and the sequence's `prefix` and `suffix` with
/// a number may conflict: access Python's with ``attribute(_:)``.
@dynamicMemberLookup
@dynamicCallable
public struct PythonObject: Sendable {
  /// Nil for None without a reference, as the result of a function that is called for its effect.
  private let held: PythonReference?

  /// The object's reference.
  package var reference: PythonReference { held ?? PythonObject.none }

  /// The address of the object; 0 if `held` is nil.
  ///
  /// It is also in `held`, but reading it there would retain the reference.
  private let address: UInt

  package init(_ reference: PythonReference) {
    held = reference
    address = unsafe UInt(bitPattern: reference.pointer)
  }

  /// Python's None, without a reference.
  ///
  /// The GIL is not needed.
  init(none: ()) {
    held = nil
    address = 0
  }

  private static let none = unsafe PythonReference(owning: cpy_none())

  /// The object, to be passed to C while this value lives.
  @unsafe package var pointer: OpaquePointer {
    if let pointer = unsafe OpaquePointer(bitPattern: address) { return unsafe pointer }
    return unsafe PythonObject.none.pointer
  }

  /// A Python object with the value of a Swift one.
  ///
  /// - Throws: `StartError`, or what the conversion raises.
  public init(_ value: some PythonConvertible) throws {
    self = try value.makePythonObject()
  }

  /// A Python tuple with these elements.
  ///
  /// - Throws: `StartError`, or what a conversion raises.
  public init(tuple elements: [any PythonConvertible]) throws {
    self = try Python.withGIL { gil in
      // The items are created first, since other threads could see an incomplete tuple through
      // gc.get_objects().
      let items = try elements.map { try $0.makePythonObject() }
      let tuple = try unsafe gil.owned(cpy_tuple(elements.count))
      for (index, item) in items.enumerated() {
        unsafe cpy_retain(item.pointer)
        unsafe cpy_tuple_set(tuple.pointer, index, item.pointer)
      }
      return PythonObject(tuple)
    }
  }

  /// The attribute called `name`, as `getattr` finds it.
  ///
  /// - Throws: `PythonError`: `AttributeError`, or what a property raises.
  public func attribute(_ name: String) throws -> PythonObject {
    try Python.withGIL { gil in
      let name = try PythonObject(name)
      return try unsafe gil.object(cpy_attribute(pointer, name.pointer))
    }
  }

  /// The attribute of that name, as `object.name` in Python.
  ///
  /// - Throws: `PythonError`: `AttributeError`, or what a property raises.
  public subscript(dynamicMember name: String) -> PythonObject {
    get throws { try attribute(name) }
  }

  /// Sets an attribute, as `object.name = value` in Python.
  ///
  /// A method, because the setter of a Swift dynamic member cannot throw.
  ///
  /// - Throws: `PythonError`: `AttributeError`, or what a property raises.
  public func setAttribute(_ name: String, to value: any PythonConvertible) throws {
    try Python.withGIL { gil in
      let (name, value) = try (PythonObject(name), value.makePythonObject())
      try gil.require(unsafe cpy_set_attribute(pointer, name.pointer, value.pointer))
    }
  }

  /// Removes an attribute, as `del object.name` in Python.
  ///
  /// - Throws: `PythonError`: `AttributeError`, or what a property raises.
  public func removeAttribute(_ name: String) throws {
    try Python.withGIL { gil in
      let name = try PythonObject(name)
      try gil.require(unsafe cpy_remove_attribute(pointer, name.pointer))
    }
  }

  /// Whether the object is `None`.
  package var isNone: Bool {
    (try? GIL.held { gil in kind(gil) == .none }) ?? false
  }

  /// Whether the object can be called.
  package var isCallable: Bool {
    (try? GIL.held { _ in unsafe cpy_is_callable(pointer) }) ?? false
  }

  /// The kind of the object, for its conversion to a Swift value.
  func kind(_ gil: borrowing GIL) -> cpy_kind {
    unsafe cpy_kind_of(pointer)
  }
}

extension PythonObject {
  /// The text of a str for messages, with an escape such as `\\udc80` for each lone surrogate,
  /// which Swift strings cannot contain.
  var lossyText: String {
    if let text = try? String(self) { return text }
    let bytes = try? GIL.held { gil in
      try PythonObject(unsafe gil.owned(cpy_lossy_bytes(pointer))).attribute("decode")()
    }
    return bytes.flatMap { try? String($0) } ?? "<a text that cannot be printed>"
  }
}

extension PythonObject: CustomStringConvertible, CustomDebugStringConvertible {
  /// Python's `str(object)`; a placeholder where that raises.
  public var description: String { unsafe text { unsafe cpy_description($0) } }

  /// Python's `repr(object)`; a placeholder where that raises.
  public var debugDescription: String { unsafe text { unsafe cpy_representation($0) } }

  private func text(_ function: (OpaquePointer) -> OpaquePointer?) -> String {
    let text = try? GIL.held { gil in
      try String(PythonObject(unsafe gil.owned(function(pointer))))
    }
    return text ?? "<a Python object that cannot be printed>"
  }
}
