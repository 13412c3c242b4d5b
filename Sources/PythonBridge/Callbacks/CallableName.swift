internal import CPython
internal import TensorCore

/// The name of a Python function in graphs and messages.
package final class CallableName: Sendable {
  /// The name without the module: `sinh`, `<lambda>`; the class name for a callable object.
  package let short: String

  /// The name with its module or location: `numpy.sinh`, `normalise (model.py:12)`.
  package let full: String

  /// The counter of the function's calls.
  package let counter: CallCounter

  private init(_ parts: CallableParts) {
    short = parts.short
    full = parts.full
    counter = CallCounter.of(full)
  }

  /// The objects that a name was made from.
  ///
  /// They are kept alive, so that no other object gets their addresses.
  private struct Entry {
    let identity: PythonReference
    let qualifiedName: PythonReference?
    let name: CallableName
  }

  private struct Key: Hashable {
    let identity: UInt
    let qualifiedName: UInt
  }

  private static let cache = Locked<[Key: Entry]>([:])

  /// The cache is cleared when it has this many entries, since source text in a loop defines more
  /// and more functions.
  private static let limit = 256

  /// The name of a callable.
  ///
  /// - Complexity: a hundred nanoseconds for a cached name, twenty microseconds otherwise.
  package static func of(_ callable: PythonObject, _ gil: borrowing GIL) -> CallableName {
    var qualifiedName: OpaquePointer?
    guard let identity = unsafe cpy_callable_identity(callable.pointer, &qualifiedName) else {
      return CallableName(CallableParts(callable))
    }
    let key = Key(
      identity: UInt(bitPattern: identity), qualifiedName: UInt(bitPattern: qualifiedName))
    if let name = cache.withLock({ $0[key]?.name }) { return name }
    let entry = unsafe Entry(
      identity: PythonReference(sharing: identity, gil),
      qualifiedName: qualifiedName.map { unsafe PythonReference(sharing: $0, gil) },
      name: CallableName(CallableParts(callable)))
    // Entries are released outside of the lock, since that may run Python code.
    let dropped = cache.withLock { cache in
      let old = cache.count >= limit ? cache : [:]
      if !old.isEmpty { cache = [:] }
      cache[key] = entry
      return old
    }
    _ = dropped
    return entry.name
  }
}

/// The parts of a callable's name.
private struct CallableParts {
  let callable: PythonObject

  init(_ callable: PythonObject) { self.callable = callable }

  var short: String {
    text("__name__") ?? inner?.short ?? text("__class__", "__name__") ?? "function"
  }

  var full: String {
    if let inner, text("__name__") == nil { return "\(kind)(\(inner.full))" }
    let name = text("__qualname__") ?? text("__name__") ?? "an object of class \(kind)"
    if let file = text("__code__", "co_filename"), let line = text("__code__", "co_firstlineno") {
      return "\(name) (\(file):\(line))"
    }
    // A ufunc has no module of its own in NumPy 1.x.
    let module = text("__module__") ?? (kind == "ufunc" ? "numpy" : "builtins")
    return module == "builtins" ? name : "\(module).\(name)"
  }

  private var kind: String { text("__class__", "__name__") ?? "unknown" }

  /// The function inside a `functools.partial`.
  ///
  /// Python flattens a partial of a partial.
  private var inner: CallableParts? {
    guard kind == "partial", text("__class__", "__module__") == "functools" else { return nil }
    return (try? callable.attribute("func")).map { CallableParts($0) }
  }

  /// An attribute, or a nested one, as text; nil if there is none.
  private func text(_ path: String...) -> String? {
    var object = callable
    for name in path {
      guard let next = try? object.attribute(name) else { return nil }
      object = next
    }
    return object.isNone ? nil : object.description
  }
}
