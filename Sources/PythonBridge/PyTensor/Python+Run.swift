extension Python {
  /// Runs source text with these global variables.
  ///
  /// Tracebacks show its lines under this file name.
  ///
  /// - Throws: `PythonError`: `SyntaxError`, or what the text raises.
  package static func run(_ source: String, named name: String, in globals: PythonObject) throws {
    let builtins = try Python.import("builtins")
    let text = try PythonObject(source)
    let code = try builtins.compile(text, name, "exec")
    // Without a modification time, the lines are never checked against a file.
    let entry = try PythonObject(tuple: [
      source.utf8.count, nil as Int?, text.splitlines(true), name,
    ])
    try Python.import("linecache").attribute("cache").setItem(name, to: entry)
    try builtins.exec(code, globals)
  }
}
