internal import NumPyFunctions
internal import NumPyTestingCore

/// A Python function whose results are right, or a Python value that is.
struct Oracle {
  /// The name for reports.
  let name: String

  private let object: PythonObject

  /// The callable, or the value.
  init(_ object: PythonObject) {
    self.object = object
    name = (try? String(object.attribute("__name__"))) ?? "a Python object"
  }

  /// The function called `MODULE.NAME`, where each part of the name is an attribute of the one before.
  ///
  /// See <https://docs.python.org/3/library/pkgutil.html#pkgutil.resolve_name>.
  ///
  /// - Throws: `StartError`; `TensorError` (`notFound`) when there is no such function; `PythonError`: what
  ///   the module's code raises.
  init(named path: String) throws {
    name = path
    do {
      object = try Python.import("pkgutil").resolve_name(path)
    } catch let error as PythonError
      where ["ModuleNotFoundError", "AttributeError", "ValueError"].contains(error.type)
    {
      throw TensorError(
        .notFound,
        """
        there is no Python function of this name (\(error.type): \(error.message))\
        \(Self.suggestion(for: path)); it is named by module and attribute, as scipy.special.softmax, and \
        the Python is \((try? Python.installation.executable) ?? "not running")
        """)
    }
  }

  /// What the object returns; the object itself if it cannot be called.
  ///
  /// - Throws: `PythonError`: what the function raises; `TensorError` when the result is no array of numbers.
  func tensor(
    _ arguments: [any PythonConvertible], _ keywords: [(key: String, value: any PythonConvertible)]
  ) throws -> Tensor {
    guard object.isCallable else {
      guard arguments.isEmpty && keywords.isEmpty else {
        throw TensorError(
          .invalidArgument,
          "\(name) is no function, so it takes no arguments: it is \(object.debugDescription.prefix(200))"
        )
      }
      return try Tensor(object)
    }
    return try Tensor(
      object.call(
        arguments.map(Self.argument),
        keywords: keywords.map { ($0.key, try Self.argument($0.value)) }
      ))
  }

  /// An argument, with numbers as arrays of their dtype.
  static func argument(_ value: any PythonConvertible) throws -> any PythonConvertible {
    if value is Double || value is Int || value is Bool || value is PythonObject { return value }
    guard let values = value as? any NumericValues else { return value }
    return try values.tensorOfValues()
  }

  private static func suggestion(for path: String) -> String {
    let parts = path.split(separator: ".").map(String.init)
    guard parts.count > 1, let module = try? Oracle(named: parts.dropLast().joined(separator: ".")),
      let names = try? Python.import("builtins").dir(module.object),
      let close = try? [String](
        Python.import("difflib").get_close_matches(parts[parts.count - 1], names, 1)),
      let name = close.first
    else { return "" }
    return "; did you mean \((parts.dropLast() + [name]).joined(separator: "."))?"
  }
}

extension PythonObject: NumericValues {
  /// The array that `numpy.asarray` makes of the object.
  ///
  /// - Throws: `TensorError` when its elements are no numbers; `PythonError` when it is no array.
  public func tensorOfValues() throws -> Tensor { try Tensor(self) }
}
