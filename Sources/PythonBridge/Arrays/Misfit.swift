internal import CPython
package import TensorCore

/// The reason why a Python object cannot become a tensor.
package struct Misfit: Error {
  /// A description of the object: `an object of class numpy.ndarray (dtype object)`.
  private let object: String

  /// The cause, as a clause: `element [1] of which is None`.
  private let cause: String

  /// The remedy.
  private let remedy: Message

  /// Whether the cause is more specific than the error of NumPy or of the object itself.
  package let isKnown: Bool

  /// The message for an object that a function has returned, with the cause and the remedy.
  package var returned: Message {
    let cause = cause.isEmpty ? ", which is no tensor" : ", \(cause)"
    return "\(object) returned\(cause); \(remedy)"
  }

  /// The error for an object that was passed as a tensor.
  var given: TensorError {
    let cause = cause.isEmpty ? "" : ", \(cause)"
    return TensorError(.invalidArgument, spelled: "\(object)\(cause), is no tensor; \(remedy)")
  }

  /// Finds the cause for an object that NumPy cannot convert to an array, or converts to an array of an
  /// unsupported dtype.
  ///
  /// A coroutine is closed, so that Python does not warn that it was never awaited.
  ///
  /// - Parameters:
  ///   - value: the object.
  ///   - array: the array to which NumPy converts it.
  ///   - error: the exception that NumPy, or the object, raises in the conversion.
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
    object = "\(Self.words(for: value))\(suffix)"
    self.cause = cause
    remedy = parts.map { Self.remedy($0[2]) } ?? "give NumPy arrays or numbers"
  }

  /// The cause for elements that an object hides from NumPy, if the exception reports them.
  fileprivate init?(_ error: PythonError, of value: PythonObject) throws {
    let hidden = try Inspection.function("Hidden")
    guard try error.exception.attribute("__class__").isSame(as: hidden) else { return nil }
    let parts = try [PythonObject](error.exception.attribute("args"))
    object = Self.words(for: value)
    cause = parts[0].lossyText
    isKnown = true
    remedy = Self.remedy(parts[1])
  }

  /// An object in a few words: `None`, or `an object of class numpy.ndarray`.
  static func words(for value: PythonObject) -> String {
    value.isNone
      ? "None" : unsafe "an object of class \(String(cString: cpy_type_name(value.pointer)))"
  }

  /// The remedy, from one text for both languages, or a tuple of two.
  private static func remedy(_ object: PythonObject) -> Message {
    if let text = try? String(object) { return Message(text) }
    guard let pair = try? [String](object), pair.count == 2 else { return "" }
    return Message(swift: pair[0], python: pair[1])
  }
}

extension NDArray {
  /// Converts an unusual object to one that NumPy converts correctly.
  ///
  /// Consumes the caller's reference, and returns a new one.
  ///
  /// - Throws: `Misfit` when elements are masked or missing, which NumPy would convert to other values;
  ///   `PythonError` when the object cannot be converted to an array.
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
