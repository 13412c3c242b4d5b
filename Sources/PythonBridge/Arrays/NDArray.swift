internal import CPython
package import TensorCore

/// A value that a Python function returned, as a NumPy array: in native byte order, aligned and C-contiguous,
/// so that a tensor can adopt its memory.
///
/// Python code can change an array, and converting a value to an array may run any Python code. So
/// all values are converted first; then they are inspected, and their memory is adopted, without
/// running Python code in between.
package struct NDArray {
  /// The array.
  let reference: PythonReference

  /// The number of references to the array if there are no others than ours.
  let holders: Int

  /// Whether NumPy has copied the value, since it was an array of another layout.
  let isCopy: Bool

  /// The value as an array, by the rules of `numpy.asarray`.
  ///
  /// Consumes the caller's reference: if it was the only one, only the array refers to the value. `holders`
  /// is the number of references that the caller has, including this one.
  ///
  /// - Throws: `PythonError`: what NumPy raises when the value cannot be converted to an array; `Misfit` when
  ///   elements of it are masked.
  @unsafe init(
    consuming value: OpaquePointer, holders: Int = 1, _ gil: borrowing GIL
  ) throws {
    let source = unsafe cpy_is_ordinary(value) ? value : try unsafe NDArray.prepare(value, gil)
    guard let array = unsafe cpy_as_array(source) else { throw PythonError(takingFrom: gil) }
    unsafe reference = PythonReference(owning: array)
    let isValue = array == value
    self.holders = isValue ? holders : 1
    isCopy = unsafe array != source
  }

  /// The array as a Python object.
  package var object: PythonObject { PythonObject(reference) }

  /// Registers the dtype if it belongs to another package.
  ///
  /// Must be called before the other functions.
  package func loadDType(_ gil: borrowing GIL) throws {
    if dtype(gil) == nil, dtypeName(gil) == "bfloat16" { try DType.bfloat16.load(gil) }
  }

  /// The dtype; nil when tensors do not support it.
  package func dtype(_ gil: borrowing GIL) -> DType? {
    unsafe DType(cpy_array_dtype(reference.pointer))
  }

  /// The dtype as NumPy prints it.
  package func dtypeName(_ gil: borrowing GIL) -> String {
    let name = try? unsafe gil.owned(cpy_array_dtype_name(reference.pointer))
    return name.map { PythonObject($0).description } ?? "unknown"
  }

  /// The extents.
  package func shape(_ gil: borrowing GIL) -> Shape {
    let array = unsafe cpy_array_of(reference.pointer)
    return unsafe Shape([Int](UnsafeBufferPointer(start: array.extents, count: Int(array.rank))))
  }
}
