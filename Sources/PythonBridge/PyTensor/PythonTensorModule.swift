internal import CPython
internal import Synchronization
package import TensorCore

/// What the class `numpyfn.Tensor` and the module `numpyfn` can do, in Swift: implemented where
/// operations are known.
///
/// The implementation is registered when the program that links it is loaded: ``PyTensor/register(_:)``.
package protocol PythonTensorModule: SendableMetatype {
  /// `a op b`, with NumPy's promotion.
  static func binary(
    _ which: PyTensor.Binary, _ a: PyTensor.Operand, _ b: PyTensor.Operand, at place: PythonPlace?
  ) throws -> Tensor

  /// The result of `a op= b`, as the tensor that takes the place of `a`.
  static func inPlace(_ result: Tensor, of a: Tensor, at place: PythonPlace?) throws -> Tensor

  /// `-a` and what else has one operand.
  static func unary(_ which: PyTensor.Unary, _ a: Tensor, at place: PythonPlace?) throws -> Tensor

  /// `a[key]`.
  static func item(
    _ a: Tensor, _ key: [PyTensor.Key], at place: PythonPlace?
  ) throws -> Tensor

  /// The parts along the first axis.
  static func parts(_ a: Tensor, at place: PythonPlace?) throws -> [Tensor]

  /// The tensors along a new first axis, with NumPy's promotion.
  static func stacked(_ parts: [PyTensor.Operand], at place: PythonPlace?) throws -> Tensor

  /// The tensor with a value that Python may look at.
  ///
  /// - Throws: when there is none, or its gradient would be lost unseen.
  static func value(
    of tensor: Tensor, for use: PyTensor.Use, at place: PythonPlace?
  ) throws -> Tensor

  /// An error as Python code shall see it, and the exception that has led to it.
  static func raised(
    _ error: any Error, at place: PythonPlace?
  ) -> (error: any Error, cause: PythonError?)

  /// Fills the module, which has the class already.
  static func load(into module: PythonObject, _ gil: borrowing GIL) throws
}

extension PyTensor {
  /// The operators of two operands, in the order that C has them.
  package enum Binary: UInt8, Sendable {
    case add, subtract, multiply, divide, floorDivide, remainder, matrixMultiply
    case and, or, xor, shiftLeft, shiftRight, power
    case less, lessEqual, equal, notEqual, greater, greaterEqual

    /// Whether it asks for bools.
    package var isComparison: Bool { rawValue >= Binary.less.rawValue }
  }

  /// What has one operand.
  package enum Unary: Sendable {
    case negative, absolute, inverted, transposed, real, imaginary
  }

  /// What Python code wants a tensor's elements for.
  package enum Use: Sendable {
    /// An array that was asked for: `t.numpy()`.
    case numpy
    /// An array, or memory, for other code that was given the tensor: `numpy.asarray(t)`.
    case array
    /// A Python number: `float(t)`.
    case number
    /// A whole number, whose derivative is 0: `int(t)`.
    case whole
    /// A decision: `if t:`.
    case truth
    /// A text that shows it.
    case text
  }

  private static let registered = Locked<(any PythonTensorModule.Type)?>(nil)

  /// Says which type implements the module; to be called before it is first used.
  package static func register(_ module: any PythonTensorModule.Type) {
    registered.withLock { $0 = module }
  }

  /// The implementation that is linked into the program; nil if none is.
  static let linked = registered.withLock { $0 }

  /// Whether the module has been loaded, and objects can be made.
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

  /// Has `import numpyfn` find the module.
  ///
  /// - Throws: what Python raises.
  static func install(_ gil: borrowing GIL) throws {
    try gil.require(
      unsafe cpy_install_importer({ PyTensor.linked != nil }, { unsafe PyTensor.load($0) }))
  }

  /// Fills the module that is being imported; false when an exception is set.
  private static func load(_ module: OpaquePointer) -> Bool {
    Slots.succeeding { gil in
      // A program of Python's has NumPy loaded when it wants this module, not before.
      do throws(StartError) {
        try Python.start()
      } catch {
        throw Python.error("ImportError", error.message)
      }
      let module = PythonObject(unsafe PythonReference(sharing: module, gil))
      try module.setAttribute("Tensor", to: type(gil))
      try addExceptions(to: module, gil)
      try PyTensor.module.load(into: module, gil)
      cpy_seal_tensor_type()
      isLoaded.store(true, ordering: .releasing)
    }
  }
}

extension PyTensor {
  /// The classes that Swift errors are raised as.
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

  /// How the names begin that tracebacks have for the Python files of the module.
  package static let moduleFolder = "<numpyfn/"

  /// A line of Python code.
  package init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  /// The innermost line of Python code that this thread is running, but the module's own; nil when
  /// there is none.
  package static func current(_ gil: borrowing GIL) -> PythonPlace? {
    var line: Int32 = 0
    guard let file = unsafe cpy_place(moduleFolder, &line) else { return nil }
    let name = PythonObject(unsafe PythonReference(owning: file)).lossyText
    return PythonPlace(file: name, line: Int(line))
  }
}
