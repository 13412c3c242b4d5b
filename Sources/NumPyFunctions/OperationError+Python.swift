public import GraphCore
public import PythonBridge

extension OperationError {
  /// The Python exception that ended the operation; nil if something else did.
  public var pythonError: PythonError? { underlying as? PythonError }

  /// Whether a Python exception ended the operation that is of the class with this name, or of a subclass:
  /// see ``PythonBridge/PythonError/isInstance(of:)-(String)``.
  ///
  /// ```swift
  /// do { try f(x) } catch let error as OperationError where error.isInstance(of: "KeyError") { … }
  /// ```
  public func isInstance(of name: String) -> Bool { pythonError?.isInstance(of: name) ?? false }

  /// Whether a Python exception ended the operation that is of this class, or of one of these where it is a
  /// tuple, or of a subclass, as Python's `isinstance`.
  public func isInstance(of class: PythonObject) -> Bool {
    pythonError?.isInstance(of: `class`) ?? false
  }
}
