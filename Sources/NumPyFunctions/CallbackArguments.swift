internal import PythonBridge
internal import TensorCore

/// The keyword names of the last arguments of a callback.
struct ArgumentNames: Equatable {
  let list: [String]
  /// The names as a Python tuple.
  let tuple: PythonObject

  /// The names of keyword arguments; nil when there are none.
  ///
  /// - Throws: `CallbackError` when a name occurs twice, `StartError` when Python has ended.
  static func of(_ names: [String]) throws -> ArgumentNames? {
    if names.isEmpty { return nil }
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw CallbackError(message: "the argument \(name) is given twice; give each keyword once")
    }
    return ArgumentNames(list: names, tuple: try PythonObject(tuple: names))
  }

  static func == (a: Self, b: Self) -> Bool { a.list == b.list }
}

extension PythonObject {
  /// Checks that the object is callable.
  ///
  /// - Throws: `CallbackError` if it is not.
  func expectCallable() throws(CallbackError) {
    guard isCallable else {
      throw CallbackError(
        message: """
          \(debugDescription) cannot be called; pass a function, a class, or an object with a __call__ \
          method
          """)
    }
  }
}
