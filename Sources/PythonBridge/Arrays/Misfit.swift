internal import CPython
package import TensorCore

/// Why a Python object is no tensor.
package struct Misfit: Error {
  /// What it is: `an object of class numpy.ndarray (dtype object)`.
  private let object: String

  /// What is the matter with it, as a clause: `element [1] of which is None`.
  private let cause: String

  /// What to do instead.
  private let remedy: Message

  /// Whether more is known than what NumPy, or the object itself, says.
  package let isKnown: Bool

  /// Says that a function has returned the object, with the cause and what to do.
  package var returned: Message {
    let cause = cause.isEmpty ? ", which is no tensor" : ", \(cause)"
    return "\(object) returned\(cause); \(remedy)"
  }

  /// The error of something that was given as a tensor.
  var given: TensorError {
    let cause = cause.isEmpty ? "" : ", \(cause)"
    return TensorError(.invalidArgument, spelled: "\(object)\(cause), is no tensor; \(remedy)")
  }

  /// What is the matter with an object that NumPy makes no array of, or one of another dtype than tensors
  /// have.
  ///
  /// A coroutine is closed: it would warn that it was never awaited, when it is dropped.
  ///
  /// - Parameters:
  ///   - value: the object.
  ///   - array: the array that NumPy makes of it.
  ///   - error: what NumPy, or the object, raises when it is asked for one.
  ///   - isResult: whether a function has returned it.
  ///   - gil: proof that the GIL is held.
  package init(
    of value: PythonObject, array: NDArray? = nil, error: PythonError? = nil, isResult: Bool,
    _ gil: borrowing GIL
  ) {
    let parts = try? [PythonObject](
      Inspection.function("misfit")(value, array.map { PythonObject($0.reference) }, isResult))
    let suffix = parts.map { $0[0].lossyText } ?? ""
    var cause = parts.map { $0[1].lossyText } ?? ""
    isKnown = !cause.isEmpty
    if cause.isEmpty, let error {
      cause = "of which no array can be made: \(error.type): \(error.message)"
    }
    object = "an object of class \(Self.className(value))\(suffix)"
    self.cause = cause
    remedy = parts.map { Self.remedy($0[2]) } ?? "give NumPy arrays or numbers"
  }

  /// What an object hides from NumPy, if that is what an exception says.
  fileprivate init?(_ error: PythonError, of value: PythonObject) throws {
    let hidden = try Inspection.function("Hidden")
    guard try error.exception.attribute("__class__").isSame(as: hidden) else { return nil }
    let parts = try [PythonObject](error.exception.attribute("args"))
    object = "an object of class \(Self.className(value))"
    cause = parts[0].lossyText
    isKnown = true
    remedy = Self.remedy(parts[1])
  }

  private static func className(_ value: PythonObject) -> String {
    unsafe String(cString: cpy_type_name(value.pointer))
  }

  /// One text for both languages, or a tuple of two.
  private static func remedy(_ object: PythonObject) -> Message {
    if let text = try? String(object) { return Message(text) }
    guard let pair = try? [String](object), pair.count == 2 else { return "" }
    return Message(swift: pair[0], python: pair[1])
  }
}

extension NDArray {
  /// An unusual object as what NumPy makes a right array of, with one reference for the caller; takes over
  /// the caller's.
  ///
  /// - Throws: `Misfit` when elements are masked or missing, which NumPy would show as something else;
  ///   `PythonError` when the object can be made no array.
  @unsafe static func prepare(
    _ value: OpaquePointer, _ gil: borrowing GIL
  ) throws -> OpaquePointer {
    let object = PythonObject(unsafe PythonReference(owning: value))
    do {
      let prepared = try Inspection.function("prepared")(object)
      unsafe cpy_retain(prepared.pointer)
      return unsafe prepared.pointer
    } catch let error as PythonError {
      throw try Misfit(error, of: object) ?? error
    }
  }
}
