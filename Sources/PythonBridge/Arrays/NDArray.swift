internal import CPython
package import TensorCore

/// What a Python function returned, as a NumPy array: in native byte order, aligned and C-contiguous,
/// so that its memory can become a tensor's.
///
/// Python code can change an array, and making one of a value may run any. So all values are made
/// arrays first, and what they are is asked, and their memory taken, without a call in between.
package struct NDArray {
  /// The array.
  let reference: PythonReference

  /// How many references to the array there are if nobody else holds it.
  let holders: Int

  /// Whether the value was an array of another layout, of which NumPy has made a copy.
  let isCopy: Bool

  /// The value as an array, by the rules of `numpy.asarray`.
  ///
  /// Takes over the caller's reference: if it was the only one, the array is the only one that holds
  /// the value. `holders` is how many references to it the caller has, this one included.
  ///
  /// - Throws: `PythonError`: what NumPy raises when the value is no array, nor can be made one; `Misfit`
  ///   when elements of it are masked.
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

  /// The array as any other object.
  package var object: PythonObject { PythonObject(reference) }

  /// Makes the dtype known, if it is one that NumPy has from another package; to be called before the
  /// first question.
  package func loadDType(_ gil: borrowing GIL) throws {
    if dtype(gil) == nil, dtypeName(gil) == "bfloat16" { try DType.bfloat16.load(gil) }
  }

  /// The dtype; nil when tensors have no such dtype.
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
