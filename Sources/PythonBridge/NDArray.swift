internal import CPython
package import TensorCore

/// What a Python function returned, seen as a NumPy array: in native byte order, aligned and
/// C-contiguous, so that its memory can become a tensor's.
@safe package struct NDArray {
  /// The dtype; nil when tensors have no such dtype.
  package let dtype: DType?

  /// The dtype as NumPy prints it.
  package let dtypeName: String

  /// The extents.
  package let shape: Shape

  /// The size of the elements, in bytes; of strings, that of their bytes is not known yet, so 0.
  package let byteCount: Int

  /// Whether NumPy had to copy the value into another layout.
  let isCopy: Bool

  /// How many references to the array there are if nobody else holds it.
  let holders: Int

  let reference: PythonReference
  let data: UnsafeMutableRawPointer

  /// The value as an array, by the rules of `numpy.asarray`.
  ///
  /// Takes over the caller's reference: if it was the only one, the array is the only one that holds
  /// the value. `holders` is how many references to it the caller has, this one included.
  ///
  /// - Throws: `PythonError`: what NumPy raises when the value is no array, nor can be made one.
  @unsafe init(
    consuming value: OpaquePointer, holders: Int = 1, _ gil: borrowing GIL
  ) throws(PythonError) {
    let array = unsafe cpy_as_array(value)
    guard let pointer = unsafe array.array, let data = unsafe array.data else {
      throw PythonError(takingFrom: gil)
    }
    self.holders = pointer == value ? holders : 1
    let rank = Int(unsafe array.rank)
    let extents = unsafe [Int](UnsafeBufferPointer(start: array.extents, count: rank))
    dtype = unsafe try NDArray.dtype(of: array, gil)
    byteCount = extents.reduce(dtype?.itemSize ?? 0, *)
    unsafe reference = PythonReference(owning: pointer, byteCount: byteCount)
    shape = Shape(extents)
    if let dtype {
      dtypeName = dtype.rawValue
    } else {
      dtypeName = PythonObject(try unsafe gil.owned(cpy_array_dtype_name(pointer))).description
    }
    isCopy = unsafe array.is_copy
    unsafe self.data = data
  }

  /// The dtype; that of a bfloat16 array is known only once its package is.
  private static func dtype(
    of array: cpy_array, _ gil: borrowing GIL
  ) throws(PythonError) -> DType? {
    if let dtype = unsafe DType(array.dtype) { return dtype }
    guard let pointer = unsafe array.array else { return nil }
    let name = PythonObject(try unsafe gil.owned(cpy_array_dtype_name(pointer))).description
    guard name == "bfloat16" else { return nil }
    do throws(TensorError) {
      try DType.bfloat16.load(gil)
      return .bfloat16
    } catch {
      return nil
    }
  }
}
