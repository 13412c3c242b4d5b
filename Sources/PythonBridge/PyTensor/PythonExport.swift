internal import CPython
internal import Synchronization
package import TensorCore

/// A Swift function that Python code of the module `numpyfn` calls with positional arguments.
package final class PythonExport: Sendable {
  /// The implementation, which is called with the GIL held.
  package typealias Body =
    @Sendable (borrowing PyArguments, borrowing GIL) throws -> PythonObject

  fileprivate let name: String
  private let body: Body

  /// The address of the Python object, which owns this object.
  private let object = Atomic<UInt>(0)

  private init(_ name: String, _ body: @escaping Body) {
    self.name = name
    self.body = body
  }

  /// Creates a Python callable.
  ///
  /// Errors are raised as the exception class that Python code expects.
  ///
  /// `references` are the references that only `body` owns. Python's garbage collector visits them, so that
  /// it can find cycles through them.
  ///
  /// - Throws: what Python raises, such as `MemoryError`.
  package static func object(
    _ name: String, _ gil: borrowing GIL, holding references: [PythonReference] = [],
    _ body: @escaping Body
  ) throws -> PythonObject {
    let text = try PythonObject(name)
    let function = PythonExport(name, body)
    let context = unsafe Unmanaged.passRetained(function).toOpaque()
    let object = try unsafe gil.object(
      cpy_closure(
        .callable, text.pointer, nil, nil, context,
        { context, values, count, _ in
          let function = unsafe Unmanaged<PythonExport>.fromOpaque(context).takeUnretainedValue()
          return unsafe PyTensor.Slots.answering { gil in
            let arguments = unsafe PyArguments(function, values, count)
            return try unsafe function.body(arguments, gil).given(gil)
          }
        },
        { unsafe Unmanaged<PythonExport>.fromOpaque($0).release() }))
    function.object.store(unsafe UInt(bitPattern: object.pointer), ordering: .relaxed)
    if !references.isEmpty {
      let pointers = unsafe references.map { unsafe $0.pointer }
      try gil.check(unsafe cpy_closure_show(object.pointer, pointers, pointers.count))
    }
    return object
  }

  /// A new reference to the Python object, while it is being called.
  package func reference(_ gil: borrowing GIL) throws -> PythonReference {
    guard let pointer = unsafe OpaquePointer(bitPattern: object.load(ordering: .relaxed)) else {
      throw Python.error(
        "SystemError", "\(name)() was called before it was made; please report this")
    }
    return unsafe PythonReference(sharing: pointer, gil)
  }
}

/// The arguments of one call, which Python keeps alive until it returns.
@safe
package struct PyArguments: ~Copyable {
  /// The function that is called.
  package let function: PythonExport
  private let values: UnsafePointer<OpaquePointer>?
  /// The number of arguments.
  package let count: Int

  private var name: String { function.name }

  @unsafe init(
    _ function: PythonExport, _ values: UnsafePointer<OpaquePointer>?, _ count: Int
  ) {
    self.function = function
    unsafe self.values = values
    self.count = count
  }

  @unsafe private func pointer(_ index: Int) throws -> OpaquePointer {
    guard index < count, let values = unsafe values else {
      throw Python.error("TypeError", "\(name)() has no argument \(index): \(count) were given")
    }
    return unsafe values[index]
  }

  /// An argument as a Python object.
  package func object(_ index: Int, _ gil: borrowing GIL) throws -> PythonObject {
    PythonObject(try unsafe PythonReference(sharing: pointer(index), gil))
  }

  /// Whether an argument is left out, or None.
  package func isNone(_ index: Int) throws -> Bool {
    try index >= count || (unsafe cpy_operand_of(pointer(index))) == .none
  }

  /// An argument as an operand: a tensor, an array, a number, a list of them.
  ///
  /// - Throws: `PythonError`: `TypeError` for an object that NumPy cannot convert to an array.
  package func operand(
    _ index: Int, allowsLarge: Bool = false, _ gil: borrowing GIL
  ) throws -> PyTensor.Operand {
    let pointer = try unsafe pointer(index)
    if let operand = try unsafe PyTensor.Operand(pointer, allowsLarge: allowsLarge, gil) {
      return operand
    }
    guard unsafe cpy_operand_of(pointer) == .other else {
      throw try wrong(index, "a tensor, an array or a number", gil)
    }
    return PyTensor.Operand(try unsafe PyTensor.Operand.array(pointer, gil))
  }

  /// An argument as a tensor; a Python number is int64 or float64, as in NumPy.
  package func tensor(_ index: Int, _ gil: borrowing GIL) throws -> Tensor {
    try operand(index, gil).tensor
  }

  /// The TypeError for an argument: it names the function that the user's code has called, and its
  /// parameter.
  private func wrong(
    _ index: Int, _ wanted: String, _ gil: borrowing GIL
  ) throws -> any Error {
    do {
      try Python.import("numpyfn.calls").attribute("_refuse_argument")(object(index, gil), wanted)
    } catch { return error }
    return Python.error("TypeError", "\(name)(): \(wanted) is wanted")
  }

  /// A conversion of an argument, whose TypeError says what is wanted, unless a class's own method raised it.
  private func converted<R>(
    _ index: Int, _ wanted: String, _ gil: borrowing GIL, _ convert: (PythonObject) throws -> R
  ) throws -> R {
    let object = try object(index, gil)
    do {
      return try convert(object)
    } catch let error as PythonError where error.type == "TypeError" {
      throw unsafe cpy_has_index(object.pointer) ? error : try wrong(index, wanted, gil)
    }
  }

  /// An argument that is an integer.
  package func int(_ index: Int, _ gil: borrowing GIL) throws -> Int {
    try converted(index, "a whole number", gil) { try Int($0) }
  }

  /// An argument that is a bool.
  package func bool(_ index: Int, _ gil: borrowing GIL) throws -> Bool {
    let truth = try unsafe cpy_truth(pointer(index))
    try gil.require(truth >= 0)
    return truth > 0
  }

  /// An argument that is a str.
  package func string(_ index: Int, _ gil: borrowing GIL) throws -> String {
    try converted(index, "a str", gil) { try String($0) }
  }

  /// The elements of an argument that is a list or tuple.
  package func list(_ index: Int, _ gil: borrowing GIL) throws -> [PythonObject] {
    try converted(index, "a list", gil) { try [PythonObject]($0) }
  }

  /// The operands in an argument that is a list or tuple.
  package func operands(_ index: Int, _ gil: borrowing GIL) throws -> [PyTensor.Operand] {
    try list(index, gil).map { item in
      guard let operand = try unsafe PyTensor.Operand(item.pointer, gil) else {
        return PyTensor.Operand(try unsafe PyTensor.Operand.array(item.pointer, gil))
      }
      return operand
    }
  }

  /// An argument that is a list or tuple of integers; nil for None.
  package func ints(_ index: Int, _ gil: borrowing GIL) throws -> [Int]? {
    try isNone(index) ? nil : converted(index, "a list of whole numbers", gil) { try [Int]($0) }
  }

  /// A tensor that Swift computes, as a new object.
  ///
  /// Large computations run without the GIL.
  package func computing(
    _ operands: [Tensor], _ gil: borrowing GIL, _ body: (PythonPlace?) throws -> Tensor
  ) throws -> PythonObject {
    PythonObject(
      unsafe PythonReference(owning: try PyTensor.Slots.computing(operands, gil, body)))
  }
}
