internal import CPython
public import TensorCore

/// A Python exception, as data.
///
/// ```swift
/// do { try f(x) } catch let error as PythonError {
///   print(error.type, error.message)   // ZeroDivisionError division by zero
///   print(error.traceback)
/// }
/// ```
public struct PythonError: CodedError {
  /// One level of the traceback, the innermost last.
  public struct Frame: Sendable, Equatable {
    /// The file, or `<python at Main/main.swift:12>` for source text in a Swift program.
    public let file: String
    /// The line, counted from 1; nil where Python does not know.
    public let line: Int?
    /// The name of the function.
    public let function: String
    /// The source line, without its indentation; nil where it cannot be found.
    public let source: String?
  }

  /// The canonical code of the exception's class: ValueError and TypeError are `invalidArgument`,
  /// StopIteration `outOfRange`, MemoryError `resourceExhausted`, NotImplementedError
  /// `unimplemented`, KeyboardInterrupt `cancelled`, all others `unknown`; subclasses follow their
  /// base, as in `tf.numpy_function`.
  public let code: ErrorCode

  /// The name of the class, with its module unless it is a builtin: `numpy.linalg.LinAlgError`.
  public let type: String

  /// Python's `str(exception)`.
  public let message: String

  /// The levels of the traceback, the innermost last.
  ///
  /// - Complexity: computed at each access; the source lines are read from their files.
  public var frames: [Frame] { (try? PythonError.frames(of: exception)) ?? [] }

  /// The text that Python would print, including chained exceptions.
  ///
  /// - Complexity: as ``frames``.
  public var traceback: String { (try? PythonError.traceback(of: exception)) ?? "" }

  /// The arguments with which the exception was made: Python's `args`.
  ///
  /// See <https://docs.python.org/3/library/exceptions.html#BaseException.args>.
  public var arguments: [PythonObject] {
    (try? [PythonObject](exception.attribute("args"))) ?? []
  }

  /// Whether the exception is of the class with this name, or of a subclass, as an `except` clause
  /// asks.
  ///
  /// ```swift
  /// do { try table["x"] } catch let error as PythonError where error.isInstance(of: "KeyError") { … }
  /// ```
  ///
  /// - Parameter name: the name of a builtin class, `KeyError`; or a name with its module,
  ///   `numpy.linalg.LinAlgError`. A name without module that is no builtin class is compared with
  ///   the name of each class of the exception.
  /// - Returns: false too where the exception is no object any more, or its classes cannot be read.
  public func isInstance(of name: String) -> Bool {
    let isBuiltin = (try? Python.import("builtins").attribute(name)) != nil
    let classes = try? GIL.held { gil in
      let type = PythonError.attribute("__class__", of: exception, gil)
      let order = type.flatMap { PythonError.attribute("__mro__", of: $0, gil) }
      return try order.map { try [PythonObject]($0) }?.map { PythonError.name(ofClass: $0, gil) }
    }
    return classes.flatMap { $0 }?.contains { found in
      found.map { $0 == name || (!isBuiltin && !name.contains(".") && $0.hasSuffix("." + name)) }
        ?? false
    } ?? false
  }

  /// Whether the exception is of this class, or one of these classes where it is a tuple, or of a
  /// subclass, as Python's `isinstance`.
  ///
  /// ```swift
  /// let singular = try np.linalg.LinAlgError
  /// do { try f(x) } catch let error as PythonError where error.isInstance(of: singular) { … }
  /// ```
  public func isInstance(of class: PythonObject) -> Bool {
    (try? Bool(Python.import("builtins").isinstance(exception, `class`))) ?? false
  }

  /// The exception that this one was raised from (`raise … from …`), if any.
  public var cause: PythonError? { related("__cause__") }

  /// The exception that was being handled when this one was raised, if any.
  public var context: PythonError? { related("__context__") }

  /// The exception itself.
  ///
  /// It keeps its frames alive, and the objects to which their variables refer.
  public let exception: PythonObject

  /// Whether it was raised by a function with read-only arguments.
  var isOfReadOnlyArguments = false

  /// The class, the message, and the traceback where there is one.
  public var description: String { description(in: .swift) }

  /// The description, in which the parts that this package adds are spelled for a language.
  public func description(in language: Language) -> String {
    let summary = message.isEmpty ? type : "\(type): \(message)"
    let text = exception.isNone || !hasTraceback ? summary : "\(summary)\n\(traceback)"
    return readOnlyHint.map { "\(text)\n\($0.text(in: language))" } ?? text
  }

  /// Takes the exception that is set in the interpreter.
  init(takingFrom gil: borrowing GIL) {
    if let pointer = unsafe cpy_take_exception() {
      self.init(PythonObject(unsafe PythonReference(owning: pointer)), gil)
    } else {
      let none = PythonObject(unsafe PythonReference(owning: cpy_none()))
      self.init(
        code: .internal, type: "SystemError", message: "a call failed without an exception",
        exception: none)
    }
  }

  /// The data of an exception; parts that raise in turn are omitted.
  init(_ exception: PythonObject, _ gil: borrowing GIL) {
    let type = PythonError.className(of: exception, gil)
    let message = unsafe gil.attempt(cpy_description(exception.pointer)).map(\.lossyText)
    self.init(
      code: PythonError.code(of: exception),
      type: type,
      message: message ?? "<the exception's message cannot be printed>",
      exception: exception)
  }

  private init(
    code: ErrorCode, type: String, message: String, exception: PythonObject
  ) {
    self.code = code
    self.type = type
    self.message = message
    self.exception = exception
  }

  private var hasTraceback: Bool {
    (try? exception.attribute("__traceback__").isNone) == false
  }

  private func related(_ attribute: String) -> PythonError? {
    guard let other = try? exception.attribute(attribute), !other.isNone else { return nil }
    return try? GIL.held { gil in PythonError(other, gil) }
  }

  private static func code(of exception: PythonObject) -> ErrorCode {
    switch unsafe cpy_exception_kind_of(exception.pointer) {
    case .value, .type: .invalidArgument
    case .stop_iteration: .outOfRange
    case .memory: .resourceExhausted
    case .not_implemented: .unimplemented
    case .keyboard_interrupt: .cancelled
    case .other: .unknown
    }
  }

  private static func className(of exception: PythonObject, _ gil: borrowing GIL) -> String {
    let type = attribute("__class__", of: exception, gil)
    if let name = type.flatMap({ name(ofClass: $0, gil) }) { return name }
    return unsafe String(cString: cpy_type_name(exception.pointer))
  }

  /// The name of a class, with its module unless it is a builtin; nil where it has none.
  private static func name(ofClass type: PythonObject, _ gil: borrowing GIL) -> String? {
    guard let qualifiedName = attribute("__qualname__", of: type, gil),
      let name = try? String(qualifiedName)
    else { return nil }
    let module = attribute("__module__", of: type, gil).flatMap { try? String($0) }
    guard let module, module != "builtins", module != "__main__" else { return name }
    return "\(module).\(name)"
  }

  /// An attribute; nil, without an error, if there is none.
  private static func attribute(
    _ name: String, of object: PythonObject, _ gil: borrowing GIL
  ) -> PythonObject? {
    unsafe cpy_quiet_attribute(object.pointer, name)
      .map { PythonObject(unsafe PythonReference(owning: $0)) }
  }

  /// See <https://docs.python.org/3/library/traceback.html#traceback.extract_tb>.
  private static func frames(of exception: PythonObject) throws -> [Frame] {
    let entries = try Python.import("traceback").extract_tb(exception.attribute("__traceback__"))
    return try [PythonObject](entries).map { entry in
      let source = try entry.attribute("line")
      let line = source.isNone ? "" : source.lossyText
      return try Frame(
        file: entry.attribute("filename").lossyText,
        line: Int?(entry.attribute("lineno")),
        function: entry.attribute("name").lossyText,
        source: line.isEmpty ? nil : line)
    }
  }

  private static func traceback(of exception: PythonObject) throws -> String {
    let lines = try Python.import("traceback").format_exception(
      exception.attribute("__class__"), exception, exception.attribute("__traceback__"))
    var text = try [PythonObject](lines).map(\.lossyText).joined()
    while text.last == "\n" { text.removeLast() }
    return text
  }
}

extension Python {
  /// An exception of a builtin class with this message; the Python error if there is no such class.
  package static func error(_ type: String, _ message: String) -> any Error {
    do {
      let exception = try Python.import("builtins").attribute(type)(message)
      return try withGIL { gil in PythonError(exception, gil) }
    } catch {
      return error
    }
  }
}
