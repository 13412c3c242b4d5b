internal import CPython
internal import Synchronization
package import TensorCore

/// Python's class `numpyfn.Tensor`: an object that holds one Swift tensor.
///
/// Operators and functions on it call those that the loaded ``PythonTensorModule`` has.
package enum PyTensor {
  /// The tensor inside a Python object, which keeps it alive.
  final class Box: Sendable {
    let tensor: Tensor

    /// The tensors that recorded code sees instead, one for each owner of a recording.
    let twins: [Twin]

    init(_ tensor: Tensor, twins: [Twin] = []) {
      self.tensor = tensor
      self.twins = twins
    }

    /// The tensor that the running code sees.
    func tensor(_ gil: borrowing GIL) -> Tensor {
      if twins.isEmpty { return tensor }
      let owner = PyTensor.currentOwner(gil)
      if let own = twins.first(where: { $0.owner == owner }) { return own.tensor }
      // A thread without a recording sees the twin of the only recording, if there is exactly one.
      if owner == 0, twins.count == 1, !twins[0].tensor.isSymbolic { return twins[0].tensor }
      return tensor
    }
  }

  /// A tensor that replaces another one for the code of one owner.
  struct Twin: Sendable {
    let owner: Int
    let tensor: Tensor
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
    return unsafe Unmanaged<Box>.fromOpaque(context).takeUnretainedValue().tensor(gil)
  }

  /// A new object; the caller owns the reference.
  @unsafe static func new(_ tensor: Tensor, _ gil: borrowing GIL) throws -> OpaquePointer {
    if !isLoaded.load(ordering: .acquiring) { _ = try Python.import("numpyfn") }
    let context = unsafe Unmanaged.passRetained(Box(tensor.withoutLiteralMark)).toOpaque()
    guard let object = unsafe cpy_tensor(context) else { throw gil.raised() }
    return unsafe object
  }

  /// Replaces the tensor that the code of an owner sees in a `numpyfn.Tensor`, or undoes that.
  ///
  /// - Throws: `PythonError`: `TypeError` for other objects.
  package static func replace(
    _ object: PythonObject, by other: PythonObject?, for owner: Int, _ gil: borrowing GIL
  ) throws {
    let tensor = try other.map { try unsafe Slots.own($0.pointer, gil) }
    guard let context = unsafe cpy_tensor_context(object.pointer) else {
      throw Python.error("TypeError", "a numpyfn.Tensor was expected")
    }
    let box = unsafe Unmanaged<Box>.fromOpaque(context).takeUnretainedValue()
    var twins = box.twins.filter { $0.owner != owner }
    if let tensor { twins.append(Twin(owner: owner, tensor: tensor)) }
    let new = Box(box.tensor, twins: twins)
    unsafe cpy_tensor_replace(object.pointer, Unmanaged.passRetained(new).toOpaque())
  }

  /// A Python function that returns the owner of the running code's recording, 0 for none.
  private static let owner = Locked<PythonObject?>(nil)

  /// Sets the function that returns the owner of the running code's recording, 0 for none.
  package static func setOwner(_ function: PythonObject) {
    let old = owner.withLock { owner in
      defer { owner = function }
      return owner
    }
    _ = old
  }

  /// The owner of the running code's recording, 0 for none.
  package static func currentOwner(_ gil: borrowing GIL) -> Int {
    let function = owner.withLock { $0 }
    return (try? function.map { try Int($0()) }) ?? 0
  }

  /// The class, which is created at the first call.
  ///
  /// - Throws: what Python raises, such as `MemoryError`.
  static func type(_ gil: borrowing GIL) throws -> PythonObject {
    var table = Slots.table
    return try unsafe gil.object(cpy_tensor_type(&table))
  }
}
