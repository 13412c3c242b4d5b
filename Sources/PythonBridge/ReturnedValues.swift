internal import CPython
package import TensorCore

/// What a function returned: no value (None), one, or those of a list or tuple.
///
/// It holds exactly one reference a value, which is what tells whether anybody else can reach it.
@safe
package struct ReturnedValues: ~Copyable {
  private var pointers: [OpaquePointer?]

  /// The values' addresses: one that is returned twice has as many references of ours.
  private let identities: [UInt]

  /// How many values were returned.
  package var count: Int { unsafe pointers.count }

  /// Calls a Python function with these arguments.
  ///
  /// - Throws: `PythonError`: what the function raises; the Swift error that a closure threw, and that
  ///   no Python code has handled.
  package init(
    calling function: PythonObject, with arguments: consuming [PythonReference],
    _ gil: borrowing GIL
  ) throws {
    let references = arguments
    cpy_begin_callback()
    defer { cpy_end_callback() }
    let result = unsafe try gil.call(
      function.pointer, references.map { unsafe $0.pointer }, positional: references.count)
    extendLifetime((function, references))
    unsafe pointers = ReturnedValues.split(result)
    identities = unsafe pointers.map { UInt(bitPattern: $0) }
  }

  /// What a function returned, a reference that the caller owns.
  @unsafe init(owning result: OpaquePointer) {
    unsafe pointers = ReturnedValues.split(result)
    identities = unsafe pointers.map { UInt(bitPattern: $0) }
  }

  deinit {
    for index in unsafe pointers.indices {
      if let pointer = unsafe pointers[index] { unsafe cpy_release(pointer) }
    }
  }

  private static func split(_ result: OpaquePointer) -> [OpaquePointer?] {
    switch unsafe cpy_kind_of(result) {
    case .none:
      unsafe cpy_release(result)
      return unsafe []
    case .list, .tuple:
      let items = unsafe (0..<cpy_sequence_count(result)).map { index in
        let item = unsafe cpy_sequence_item(result, index)
        unsafe cpy_retain(item)
        return unsafe item as OpaquePointer?
      }
      unsafe cpy_release(result)
      return unsafe items
    default: return unsafe [result]
    }
  }

  /// The name of the type of a value that has not been taken, for a message.
  package func typeName(at index: Int) -> String {
    guard let pointer = unsafe pointers[index] else { return "nothing" }
    return unsafe String(cString: cpy_type_name(pointer))
  }

  /// The tensor in a value that is a `numpyfn.Tensor`; nil for any other value.
  package func tensor(at index: Int, _ gil: borrowing GIL) -> Tensor? {
    guard let pointer = unsafe pointers[index] else { return nil }
    return unsafe PyTensor.tensor(of: pointer, gil)
  }

  /// One value as an array, taken out of here; nil when it was taken before.
  ///
  /// - Throws: `PythonError`: what NumPy raises when the value cannot be made an array.
  package mutating func takeArray(
    at index: Int, _ gil: borrowing GIL
  ) throws(PythonError) -> NDArray? {
    guard let pointer = unsafe pointers[index] else { return nil }
    unsafe pointers[index] = nil
    let holders = identities.count { $0 == identities[index] }
    return try unsafe NDArray(consuming: pointer, holders: holders, gil)
  }
}
