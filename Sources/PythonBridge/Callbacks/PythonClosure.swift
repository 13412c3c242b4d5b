internal import CPython

/// A Swift closure that Python owns and calls.
final class PythonClosure: Sendable {
  /// The closure, with Python objects as arguments and result; nil ends an iterator.
  typealias Body = @Sendable (borrowing GIL, inout BorrowedArguments) throws -> PythonObject?

  private let name: String
  private let body: Body

  private init(_ name: String, _ body: @escaping Body) {
    self.name = name
    self.body = body
  }

  /// A Python object that calls `body` with the GIL held, and owns it.
  ///
  /// - Throws: `StartError`, or what Python raises, such as `MemoryError`.
  static func object(
    _ kind: cpy_closure_kind, name: String, doc: String?, signature: String?,
    _ body: @escaping Body
  ) throws -> PythonObject {
    try Python.withGIL { gil in
      let texts = try (
        PythonObject(name), doc.map(PythonObject.init), signature.map(PythonObject.init)
      )
      let context = unsafe Unmanaged.passRetained(PythonClosure(name, body)).toOpaque()
      return try withExtendedLifetime(texts) {
        try unsafe gil.object(
          cpy_closure(
            kind, texts.0.pointer, texts.1?.pointer, texts.2?.pointer, context,
            { unsafe PythonClosure.call($0, $1, $2, $3) },
            { unsafe Unmanaged<PythonClosure>.fromOpaque($0).release() }))
      }
    }
  }

  /// The function that C calls, with the GIL held.
  @unsafe private static func call(
    _ context: UnsafeMutableRawPointer, _ values: UnsafePointer<OpaquePointer>?, _ count: Int,
    _ keywords: OpaquePointer?
  ) -> OpaquePointer? {
    // Fails only while Python shuts down; this thread then ends at its next use of Python.
    guard let gil = try? GIL() else {
      let none = unsafe cpy_none()
      unsafe cpy_raise(none)
      unsafe cpy_release(none)
      return nil
    }
    let closure = unsafe Unmanaged<PythonClosure>.fromOpaque(context).takeUnretainedValue()
    do {
      var arguments = unsafe BorrowedArguments(closure.name, values, count, keywords)
      guard let result = try closure.body(gil, &arguments) else { return nil }
      unsafe cpy_retain(result.pointer)
      return unsafe result.pointer
    } catch {
      gil.raise(error)
      return nil
    }
  }
}

/// The arguments of one call, which Python keeps alive until it returns.
@safe
struct BorrowedArguments {
  private let name: String
  private let values: UnsafePointer<OpaquePointer>?
  private let count: Int
  private let keywords: OpaquePointer?
  private var taken = 0

  @unsafe init(
    _ name: String, _ values: UnsafePointer<OpaquePointer>?, _ count: Int,
    _ keywords: OpaquePointer?
  ) {
    self.name = name
    unsafe self.values = values
    self.count = count
    unsafe self.keywords = keywords
  }

  /// Throws for another number of arguments, or for keyword arguments.
  ///
  /// - Throws: `PythonError`: `TypeError`.
  func require(_ expected: Int) throws {
    if let keywords = unsafe keywords, unsafe cpy_sequence_count(keywords) > 0 {
      throw Python.error("TypeError", "\(name)() takes no keyword arguments")
    }
    guard count == expected else {
      let arguments = expected == 1 ? "argument" : "arguments"
      throw Python.error(
        "TypeError", "\(name)() takes \(expected) positional \(arguments), but \(count) were given")
    }
  }

  /// The next positional argument.
  ///
  /// - Throws: `PythonError`: `TypeError` when it is not of that type, or does not fit.
  mutating func next<T: ConvertibleFromPython>(_ gil: borrowing GIL) throws -> T {
    defer { taken += 1 }
    return try T(argument(taken, gil))
  }

  /// All arguments.
  func all(_ gil: borrowing GIL) throws -> Python.Arguments {
    let names = try unsafe keywords.map { names in
      try [String](PythonObject(unsafe PythonReference(sharing: names, gil)))
    }
    var named: [String: PythonObject] = [:]
    for (index, key) in (names ?? []).enumerated() {
      named[key] = try argument(count + index, gil)
    }
    return Python.Arguments(
      name: name, positional: try (0..<count).map { try argument($0, gil) }, keywords: named)
  }

  private func argument(_ index: Int, _ gil: borrowing GIL) throws -> PythonObject {
    guard let values = unsafe values else {
      throw Python.error("TypeError", "\(name)() was called without its arguments")
    }
    return PythonObject(unsafe PythonReference(sharing: values[index], gil))
  }
}
