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
  public let frames: [Frame]

  /// What Python would print, chained exceptions included.
  public let traceback: String

  /// The exception itself.
  ///
  /// It keeps the frames that it passed through, and what their variables refer to.
  public let exception: PythonObject

  /// The class, the message, and the traceback where there is one.
  public var description: String {
    let summary = message.isEmpty ? type : "\(type): \(message)"
    return frames.isEmpty ? summary : "\(summary)\n\(traceback)"
  }

  /// Takes the exception that is set in the interpreter.
  init(takingFrom gil: borrowing GIL) {
    if let pointer = unsafe cpy_take_exception() {
      self.init(PythonObject(unsafe PythonReference(owning: pointer)), gil)
    } else {
      let none = PythonObject(unsafe PythonReference(owning: cpy_none()))
      self.init(
        code: .internal, type: "SystemError", message: "a call failed without an exception",
        frames: [], traceback: "", exception: none)
    }
  }

  /// What an exception says; whatever of it raises in turn is left out.
  init(_ exception: PythonObject, _ gil: borrowing GIL) {
    let type = PythonError.className(of: exception)
    let message = try? String(Python.import("builtins").str(exception))
    self.init(
      code: PythonError.code(of: exception),
      type: type,
      message: message ?? "<the exception's message cannot be printed>",
      frames: (try? PythonError.frames(of: exception)) ?? [],
      traceback: (try? PythonError.traceback(of: exception)) ?? "",
      exception: exception)
  }

  private init(
    code: ErrorCode, type: String, message: String, frames: [Frame], traceback: String,
    exception: PythonObject
  ) {
    self.code = code
    self.type = type
    self.message = message
    self.frames = frames
    self.traceback = traceback
    self.exception = exception
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

  private static func className(of exception: PythonObject) -> String {
    let type = try? exception.attribute("__class__")
    guard let type, let name = try? String(type.attribute("__qualname__")) else {
      return unsafe String(cString: cpy_type_name(exception.pointer))
    }
    let module = try? String(type.attribute("__module__"))
    guard let module, module != "builtins", module != "__main__" else { return name }
    return "\(module).\(name)"
  }

  /// See <https://docs.python.org/3/library/traceback.html#traceback.extract_tb>.
  private static func frames(of exception: PythonObject) throws -> [Frame] {
    let entries = try Python.import("traceback").extract_tb(exception.attribute("__traceback__"))
    return try [PythonObject](entries).map { entry in
      let source = try String(entry.attribute("line"))
      return try Frame(
        file: String(entry.attribute("filename")),
        line: Int?(entry.attribute("lineno")),
        function: String(entry.attribute("name")),
        source: source.isEmpty ? nil : source)
    }
  }

  private static func traceback(of exception: PythonObject) throws -> String {
    let lines = try Python.import("traceback").format_exception(
      exception.attribute("__class__"), exception, exception.attribute("__traceback__"))
    var text = try [String](lines).joined()
    while text.last == "\n" { text.removeLast() }
    return text
  }
}

extension Python {
  /// The error that a builtin exception class makes of a message; the reason that Python gives
  /// where there is no such class.
  package static func error(_ type: String, _ message: String) -> any Error {
    do {
      let exception = try Python.import("builtins").attribute(type)(message)
      return try withGIL { gil in PythonError(exception, gil) }
    } catch {
      return error
    }
  }
}
