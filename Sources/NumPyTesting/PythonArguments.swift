public import NumPyFunctions
public import NumPyTestingCore

// What can be an argument of a function that is compared with, as a NumPy array.

extension ContiguousArray: PythonConvertible where Element: NumericValues {
  /// A NumPy array.
  public func makePythonObject() throws -> PythonObject {
    try tensorOfValues().makePythonObject()
  }
}

extension UnsafeBufferPointer: @unsafe PythonConvertible where Element: NumericValues {
  /// A NumPy array with a copy of the elements.
  public func makePythonObject() throws -> PythonObject {
    try unsafe tensorOfValues().makePythonObject()
  }
}
