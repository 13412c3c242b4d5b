internal import TensorCore

/// Python source text in a Swift program.
struct SourceText {
  private let text: String

  /// The file name of the text in tracebacks: `<python at Main/main.swift:12>`.
  private let filename: String

  /// The `__module__` of what the text defines.
  private static let moduleName = "swift_source"

  /// Source text from a line of a Swift file.
  ///
  /// Its own lines are registered for tracebacks.
  init(_ text: String, file: String, line: Int) throws {
    let isIndented = text.first { !$0.isNewline }.map { $0 == " " || $0 == "\t" } ?? false
    self.text =
      isIndented ? try String(Python.import("textwrap").dedent(text)) : text
    let (filename, dropped) = SourceNames.name(of: self.text, at: "python at \(file):\(line)")
    self.filename = filename
    try register(dropping: dropped)
  }

  /// Gives the lines to `linecache`, where `traceback` looks for them.
  ///
  /// An entry without a modification time is never checked against a file. See
  /// <https://docs.python.org/3/library/linecache.html>.
  private func register(dropping dropped: String?) throws {
    let cache = try Python.import("linecache").cache
    if let dropped { try cache.pop(dropped, nil as Int?) }
    let lines = try PythonObject(text).splitlines(true)
    let entry = try PythonObject(tuple: [text.utf8.count, nil as Int?, lines, filename])
    try cache.setdefault(filename, entry)
  }

  /// The value of the text as one expression.
  func value(with variables: [String: any PythonConvertible]) throws -> PythonObject {
    let builtins = try Python.import("builtins")
    // As `eval` does, since a leading space would be an IndentationError.
    let expression = String(text.drop { $0 == " " || $0 == "\t" || $0 == "\n" })
    let code = try builtins.compile(expression, filename, "eval")
    return try builtins.eval(code, PythonObject(dictionary: variables.map { ($0.key, $0.value) }))
  }

  /// The value that the text binds to `name`, or the last function or class that it defines.
  func function(named name: String?) throws -> PythonObject {
    let builtins = try Python.import("builtins")
    let code = try builtins.compile(text, filename, "exec")
    let globals = try PythonObject(["__name__": SourceText.moduleName])
    try builtins.exec(code, globals)
    let names = try [String](globals)
    if let name {
      if names.contains(name) { return try globals[name] }
      throw undefined("the text defines no \(name); it defines \(names.dropFirst(2))")
    }
    for name in names.reversed() {
      let candidate = try globals[name]
      if try isDefined(candidate) { return candidate }
    }
    throw undefined(
      "the text defines no function with def, lambda or class; if a decorator makes something else "
        + "of it, say which name is meant with named:")
  }

  /// Whether a value is a function or class that the text defines, not an instance or a call's
  /// result.
  private func isDefined(_ value: PythonObject) throws -> Bool {
    guard value.isCallable, try text("__module__", of: value) == SourceText.moduleName else {
      return false
    }
    return try text("__qualname__", of: value) != nil
  }

  /// An attribute that is a string; nil if there is none.
  private func text(_ attribute: String, of value: PythonObject) throws -> String? {
    do {
      return try String(value.attribute(attribute))
    } catch let error as PythonError where error.code != .resourceExhausted {
      return nil
    }
  }

  private func undefined(_ message: String) -> any Error {
    Python.error("NameError", "\(filename): \(message)")
  }
}
