internal import PythonBridge

/// What to call a Python function in a graph and in a message.
struct FunctionName {
  private let function: PythonObject

  init(of function: PythonObject) {
    self.function = function
  }

  /// Its own name without the module: `sinh`, `<lambda>`; the class of a callable object.
  var short: String {
    text("__name__") ?? inner?.short ?? text("__class__", "__name__") ?? "function"
  }

  /// Its name and where it is written: `numpy.sinh`, `normalise (model.py:12)`.
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
  private var inner: FunctionName? {
    (try? function.attribute("func")).map { FunctionName(of: $0) }
  }

  /// An attribute, or an attribute of one, as text; nil where there is none.
  private func text(_ path: String...) -> String? {
    var object = function
    for name in path {
      guard let next = try? object.attribute(name) else { return nil }
      object = next
    }
    return object.isNone ? nil : object.description
  }
}
