internal import CPython
internal import Synchronization
package import TensorCore

/// Python's class `numpyfn.Tensor`: an object that holds one Swift tensor.
///
/// Operators and functions on it call those that the loaded ``PythonTensorModule`` has.
package enum PyTensor {
  /// A tensor in a Python object, which holds it alive.
  final class Box: Sendable {
    let tensor: Tensor

    init(_ tensor: Tensor) { self.tensor = tensor }
  }

  /// A new Python object that holds this tensor; nothing is copied.
  ///
  /// - Throws: what the first import of the module `numpyfn` raises; `MemoryError`.
  package static func wrap(_ tensor: Tensor, _ gil: borrowing GIL) throws -> PythonReference {
    try unsafe PythonReference(owning: new(tensor, gil))
  }

  /// The tensor in a `numpyfn.Tensor`; nil for any other object.
  package static func tensor(of object: PythonReference, _ gil: borrowing GIL) -> Tensor? {
    unsafe tensor(of: object.pointer, gil)
  }

  /// The tensor in a `numpyfn.Tensor`; nil for any other object.
  @unsafe package static func tensor(of object: OpaquePointer, _ gil: borrowing GIL) -> Tensor? {
    guard let context = unsafe cpy_tensor_context(object) else { return nil }
    return unsafe Unmanaged<Box>.fromOpaque(context).takeUnretainedValue().tensor
  }

  /// A new object, whose reference is the caller's.
  @unsafe static func new(_ tensor: Tensor, _ gil: borrowing GIL) throws -> OpaquePointer {
    if !isLoaded.load(ordering: .acquiring) { _ = try Python.import("numpyfn") }
    let context = unsafe Unmanaged.passRetained(Box(tensor.withoutLiteralMark)).toOpaque()
    guard let object = unsafe cpy_tensor(context) else { throw gil.raised() }
    return unsafe object
  }

  /// Has a `numpyfn.Tensor` hold the tensor of another one.
  ///
  /// - Throws: `PythonError`: `TypeError` for other objects.
  package static func replace(
    _ object: PythonObject, by other: PythonObject, _ gil: borrowing GIL
  ) throws {
    let tensor = try unsafe Slots.own(other.pointer, gil)
    _ = try unsafe Slots.own(object.pointer, gil)
    let context = unsafe Unmanaged.passRetained(Box(tensor)).toOpaque()
    unsafe cpy_tensor_replace(object.pointer, context)
  }

  /// The class, new or as it has been made.
  ///
  /// - Throws: what Python raises, such as `MemoryError`.
  static func type(_ gil: borrowing GIL) throws -> PythonObject {
    var table = Slots.table
    return try unsafe gil.object(cpy_tensor_type(&table))
  }
}
