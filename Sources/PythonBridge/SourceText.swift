/// Python source text that stands in a Swift program.
struct SourceText {
  private let text: String

  /// What a traceback calls the text: `<python at Main/main.swift:12>`.
  private let filename: String

  /// The `__module__` of what the text defines.
  private static let moduleName = "swift_source"

  /// Text that was given at a line of a Swift file; its own lines are made known to tracebacks.
  init(_ text: String, file: String, line: Int) throws {
    let isIndented = text.first { $0 != "\n" }.map { $0 == " " || $0 == "\t" } ?? false
    self.text =
      isIndented ? try String(Python.import("textwrap").dedent(text)) : text
    filename = try SourceText.register(self.text, as: "python at \(file):\(line)")
  }

  /// Gives the lines to `linecache`, where `traceback` looks for them.
  ///
  /// An entry without a modification time is never checked against a file. See
  /// <https://docs.python.org/3/library/linecache.html>.
  private static func register(_ text: String, as name: String) throws -> String {
    let cache = try Python.import("linecache").cache
    let lines = try PythonObject(text).splitlines(true)
    let entry = try PythonObject(tuple: [text.utf8.count, nil as Int?, lines, name])
    // Texts that differ and were given at one line, as in a loop, are told apart by a number.
    for number in 1... {
      let filename = number == 1 ? "<\(name)>" : "<\(name) #\(number)>"
      let known = try cache.setdefault(filename, entry)
      if try known[2] == lines { return filename }
    }
    return name
  }

  /// The value of the text as one expression.
  func value(with variables: [String: any PythonConvertible]) throws -> PythonObject {
    let builtins = try Python.import("builtins")
    // As eval does; a space in front would be an IndentationError.
    let expression = String(text.drop { $0 == " " || $0 == "\t" || $0 == "\n" })
    let code = try builtins.compile(expression, filename, "eval")
    return try builtins.eval(code, PythonObject(dictionary: variables.map { ($0.key, $0.value) }))
  }

  /// What the text binds to `name`, or the last function or class that it defines.
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
      let module = try? String(candidate.attribute("__module__"))
      if candidate.isCallable, module == SourceText.moduleName { return candidate }
    }
    throw undefined("the text defines no function; it must contain a def or a class")
  }

  private func undefined(_ message: String) -> any Error {
    Python.error("NameError", "\(filename): \(message)")
  }
}
