internal import CPython
internal import Synchronization
package import TensorCore

/// The implementation of the class `numpyfn.Tensor` and the package `numpyfn`, in a module that
/// knows the operations.
///
/// The implementation is registered when the program that links it is loaded: ``PyTensor/register(_:)``.
package protocol PythonTensorModule: SendableMetatype {
  /// `a op b`, with NumPy's promotion.
  static func binary(
    _ which: PyTensor.Binary, _ a: PyTensor.Operand, _ b: PyTensor.Operand, at place: PythonPlace?
  ) throws -> Tensor

  /// The tensor that replaces `a` in `a op= b`.
  static func inPlace(_ result: Tensor, of a: Tensor, at place: PythonPlace?) throws -> Tensor

  /// `-a` and the other unary operators.
  static func unary(_ which: PyTensor.Unary, _ a: Tensor, at place: PythonPlace?) throws -> Tensor

  /// `a[key]`.
  static func item(
    _ a: Tensor, _ key: [PyTensor.Key], at place: PythonPlace?
  ) throws -> Tensor

  /// The parts along the first axis.
  static func parts(_ a: Tensor, at place: PythonPlace?) throws -> [Tensor]

  /// The tensors along a new first axis, with NumPy's promotion.
  static func stacked(_ parts: [PyTensor.Operand], at place: PythonPlace?) throws -> Tensor

  /// The tensor with a value that Python may read.
  ///
  /// - Throws: when it has no value, or when its gradient would be lost without a warning.
  static func value(
    of tensor: Tensor, for use: PyTensor.Use, at place: PythonPlace?
  ) throws -> Tensor

  /// The error to raise in Python code, and the exception that caused it.
  static func raised(
    _ error: any Error, at place: PythonPlace?
  ) -> (error: any Error, cause: PythonError?)

  /// Whether there is a module of this name: `numpyfn`, the package, or `numpyfn.NAME`, one of its
  /// modules.
  static func contains(_ module: String) -> Bool

  /// Adds the functions in Swift to the module `numpyfn._swift`, which already contains the class.
  static func addFunctions(to module: PythonObject, _ gil: borrowing GIL) throws

  /// Runs the Python file of a module in the module's namespace.
  static func run(_ name: String, in module: PythonObject, _ gil: borrowing GIL) throws
}

extension PyTensor {
  /// The binary operators, in C's order.
  package enum Binary: UInt8, Sendable {
    case add, subtract, multiply, divide, floorDivide, remainder, matrixMultiply
    case and, or, xor, shiftLeft, shiftRight, power
    case less, lessEqual, equal, notEqual, greater, greaterEqual

    /// Whether the result is of dtype bool.
    package var isComparison: Bool { rawValue >= Binary.less.rawValue }
  }

  /// The unary operators.
  package enum Unary: Sendable {
    case negative, absolute, inverted, transposed, real, imaginary
  }

  /// The use for which Python code reads a tensor's elements.
  package enum Use: Sendable {
    /// An explicitly requested array: `t.numpy()`.
    case numpy
    /// An array, or memory, for other code: `numpy.asarray(t)`.
    case array
    /// A Python number: `float(t)`.
    case number
    /// An integer, whose derivative is 0: `int(t)`.
    case whole
    /// A truth value: `if t:`.
    case truth
    /// A text for display.
    case text
  }

  private static let registered = Locked<(any PythonTensorModule.Type)?>(nil)

  /// Says which type implements the module; to be called before it is first used.
  package static func register(_ module: any PythonTensorModule.Type) {
    registered.withLock { $0 = module }
  }

  /// The implementation that is linked into the program; nil if none is.
  static let linked = registered.withLock { $0 }

  /// Whether the module has been loaded, so that objects can be created.
  static let isLoaded = Atomic<Bool>(false)

  /// The implementation.
  ///
  /// - Throws: `TensorError` (`failedPrecondition`) when none is linked.
  static var module: any PythonTensorModule.Type {
    get throws {
      guard let linked else {
        throw TensorError(
          .failedPrecondition,
          "numpyfn.Tensor needs the Swift module NumPyFunctions, which is not part of this program")
      }
      return linked
    }
  }

  /// The package, and its module with what is written in Swift.
  private static let packageName = "numpyfn", nativeName = "numpyfn._swift"

  /// Makes the package available to `import numpyfn`.
  ///
  /// - Throws: what Python raises.
  static func install(_ gil: borrowing GIL) throws {
    try gil.require(
      unsafe cpy_install_importer(
        { name in
          let name = unsafe String(cString: name)
          return PyTensor.linked.map { name == PyTensor.nativeName || $0.contains(name) } ?? false
        }, { unsafe PyTensor.load($0) }))
  }

  /// Fills the module that is being imported; false when an exception is set.
  private static func load(_ module: OpaquePointer) -> Bool {
    Slots.succeeding { gil in
      let module = PythonObject(unsafe PythonReference(sharing: module, gil))
      let name = try String(module.attribute("__name__"))
      guard name != nativeName else {
        try module.setAttribute("Tensor", to: type(gil))
        try addExceptions(to: module, gil)
        return try PyTensor.module.addFunctions(to: module, gil)
      }
      let isPackage = name == packageName
      if isPackage {
        // A Python program loads NumPy when it imports this package, not before.
        do throws(StartError) {
          try Python.start()
        } catch {
          throw Python.error("ImportError", error.message)
        }
      }
      try PyTensor.module.run(name, in: module, gil)
      if isPackage {
        cpy_seal_tensor_type()
        isLoaded.store(true, ordering: .releasing)
      }
    }
  }
}

extension PyTensor {
  /// Adds the exception classes for Swift errors to the module.
  private static func addExceptions(to module: PythonObject, _ gil: borrowing GIL) throws {
    for which: cpy_swift_error_class in [
      .plain, .value, .index, .memory, .unimplemented, .precondition,
    ] {
      guard let borrowed = unsafe cpy_swift_exception_class(which) else { throw gil.raised() }
      let found = PythonObject(unsafe PythonReference(sharing: borrowed, gil))
      try module.setAttribute(String(found.attribute("__name__")), to: found)
    }
  }
}

/// A line of Python code.
package struct PythonPlace: Sendable {
  /// The file, as Python names it.
  package let file: String
  /// The line, counted from 1.
  package let line: Int

  /// The prefix of the file names of the module's Python files in tracebacks.
  package static let moduleFolder = "<numpyfn/"

  /// A line of Python code.
  package init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  /// The innermost line of Python code that this thread is running, outside of the module's own
  /// files; nil when there is none.
  package static func current(_ gil: borrowing GIL) -> PythonPlace? {
    var line: Int32 = 0
    guard let file = unsafe cpy_place(moduleFolder, &line) else { return nil }
    let name = PythonObject(unsafe PythonReference(owning: file)).lossyText
    return PythonPlace(file: name, line: Int(line))
  }
}
