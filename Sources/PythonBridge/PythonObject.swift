internal import CPython

/// A reference to any Python object; it may be used and dropped on any thread.
///
/// Members are Python's own: `np.linalg.norm` looks attributes up, `np.arange(3)` calls, and
/// `np.ones(3, dtype: "int8")` passes a keyword argument. A missing attribute or a failing call
/// throws, so one `try` in front covers the expression.
///
/// Two names are Swift's: `description` and `debugDescription`. Reach Python's own of these names,
/// and of the methods below, with ``attribute(_:)``.
@dynamicMemberLookup
@dynamicCallable
public struct PythonObject: Sendable {
  package let reference: PythonReference

  package init(_ reference: PythonReference) {
    self.reference = reference
  }

  /// The object, to be passed to C while this value lives.
  @unsafe package var pointer: OpaquePointer { unsafe reference.pointer }

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
      let tuple = try unsafe gil.owned(cpy_tuple(elements.count))
      for (index, element) in elements.enumerated() {
        let item = try element.makePythonObject()
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
      return try PythonObject(unsafe gil.owned(cpy_attribute(pointer, name.pointer)))
    }
  }

  /// The attribute of that name, as `object.name` in Python.
  ///
  /// - Throws: `PythonError`: `AttributeError`, or what a property raises.
  public subscript(dynamicMember name: String) -> PythonObject {
    get throws { try attribute(name) }
  }

  /// The item at `key`, as `object[key]` in Python.
  ///
  /// - Throws: `PythonError`: `KeyError`, `IndexError`, `TypeError`, or what `__getitem__` raises.
  public subscript(key: any PythonConvertible) -> PythonObject {
    get throws {
      try Python.withGIL { gil in
        let key = try key.makePythonObject()
        return try PythonObject(unsafe gil.owned(cpy_item(pointer, key.pointer)))
      }
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

  /// What Python sees the object as, before a Swift value is made of it.
  func kind(_ gil: borrowing GIL) -> cpy_kind {
    unsafe cpy_kind_of(pointer)
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

extension PythonObject: Equatable {
  /// Whether Python's `a == b` is true; false where that raises, or has no one truth, as between
  /// arrays.
  public static func == (a: PythonObject, b: PythonObject) -> Bool {
    let isEqual = try? GIL.held { gil in
      let result = try Python.import("operator").eq(a, b)
      return try Bool(result)
    }
    return isEqual ?? false
  }
}
