internal import GraphCore
internal import PythonBridge
internal import TensorCore

/// Called when the program is loaded: see `Registration.h`.
@c(numpyfn_register)
package func registerPythonModule() { PyTensor.register(PythonModule.self) }

/// The Python package `numpyfn` and its class `Tensor`.
///
/// It applies GraphCore's operations by NumPy's rules; they run immediately or are recorded.
enum PythonModule: PythonTensorModule {
  static func contains(_ module: String) -> Bool { PythonFiles.modules[module] != nil }

  static func addFunctions(to module: PythonObject, _ gil: borrowing GIL) throws {
    for entry in allFunctions {
      try module.setAttribute(entry.name, to: PythonExport.object(entry.name, gil, entry.body))
    }
  }

  static func run(_ name: String, in module: PythonObject, _ gil: borrowing GIL) throws {
    guard let file = PythonFiles.modules[name] else {
      throw Python.error("ImportError", "\(name) is no module of this program")
    }
    let source = String(decoding: file.bytes, as: UTF8.self)
    try Python.run(
      source, named: "\(PythonPlace.moduleFolder)\(file.name).py>", in: module.attribute("__dict__")
    )
  }

  /// All functions that the Python files call as `_swift.name`.
  private static var allFunctions: [PyEntry] {
    [
      elementwiseFunctions, reductionFunctions, shapeFunctions, rankFunctions, makingFunctions,
      graphFunctions, gradientFunctions, controlFlowFunctions, variableFunctions,
    ].flatMap { $0 }
  }

  static func value(
    of tensor: Tensor, for use: PyTensor.Use, at place: PythonPlace?
  ) throws -> Tensor {
    if use == .array, tensor.isRecorded { throw leaving(tensor, at: place) }
    if use == .number || use == .whole { tensor.noteRead(at: place.location) }
    if use == .number, tensor.isRecorded, tensor.count == 1 { try warnOfReading(tensor) }
    guard tensor.isSymbolic else { return tensor }
    let what =
      "\(TensorSpec(of: tensor)), which is symbolic: it has no elements until the graph runs"
    let line = place.map { " (\($0.file):\($0.line))" } ?? ""
    let problem =
      switch use {
      case .truth:
        "Python was asked to decide by the value of a tensor\(line), \(what); use numpyfn.where, or "
          + "numpyfn.cond and numpyfn.while_loop, in place of `if`, `while`, `and`, `or` and `not`"
      case .number, .whole:
        "a Python number was asked of a tensor\(line), \(what); compute with the tensor itself"
      case .numpy, .array, .text:
        "a NumPy array was asked of a tensor\(line), \(what); use the tensor's own operations and "
          + "NumPy's functions on it, or numpyfn.numpy_function"
      }
    throw GraphError(.failedPrecondition, problem)
  }

  /// The error for code that takes a tensor's elements while operations on the tensor are recorded:
  /// without an error, the gradient would be 0.
  private static func leaving(_ tensor: Tensor, at place: PythonPlace?) -> GraphError {
    let line = place.map { " (\($0.file):\($0.line))" } ?? ""
    return GraphError(
      .failedPrecondition,
      spelled: """
        a tensor that is being differentiated, \(TensorSpec(of: tensor)), was made a NumPy array\(line), \
        and nothing is known of the gradient of what becomes of that; use operators, numpyfn's \
        functions, or NumPy's on the tensor itself. To cut the gradient on purpose, say t.numpy() or \
        numpyfn.stop_gradient(t); \(Message.name("numpyFunction")) with \(Message.argument("gradient")) \
        makes a differentiable operation of other code
        """)
  }

  /// Warns that a tensor was converted to a number implicitly, which makes it a constant for gradients.
  ///
  /// By Python's default filters the warning appears once for each line.
  private static func warnOfReading(_ tensor: Tensor) throws {
    try Python.import("warnings").attribute("warn")(
      "a tensor that is being differentiated, \(TensorSpec(of: tensor)), was made a Python number, which "
        + "counts as a constant: no gradient flows through it. Where that is meant, say t.item() or "
        + "float(numpyfn.stop_gradient(t)); otherwise use the tensor itself, and NumPy's functions in "
        + "place of math's",
      Python.import("builtins").attribute("UserWarning"))
  }

  static func raised(
    _ error: any Error, at place: PythonPlace?
  ) -> (error: any Error, cause: PythonError?) {
    guard let error = error as? OperationError else { return (error, nil) }
    let cause = error.underlying as? PythonError
    guard error.outer.isEmpty, error.location?.isUnknown ?? true else { return (error, cause) }
    let location = place.map { SourceLocation(file: $0.file, line: $0.line) }
    let located = OperationError(
      error.underlying, in: error.operation, node: error.node, at: location)
    return (located, cause)
  }
}

/// The line of Python code that applies an operation, in the form that operations take.
///
/// It may be nil for an operation that runs immediately: its error gets the line when it is raised.
extension PythonPlace? {
  var file: String { self?.file ?? SourceLocation.unknownFile }
  var line: Int { self?.line ?? 0 }
  var location: SourceLocation { SourceLocation(file: file, line: line) }
}

extension SourceLocation {
  fileprivate static let unknownFile = "python"

  fileprivate var isUnknown: Bool { line == 0 && file == SourceLocation.unknownFile }
}

/// A function that the Python files of the module call by its name.
struct PyEntry {
  let name: String
  let body: PythonExport.Body

  init(_ name: String, _ body: @escaping PythonExport.Body) {
    self.name = name
    self.body = body
  }
}
