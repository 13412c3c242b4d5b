internal import CPython
package import TensorCore

/// NumPy's C functions, and the table between its dtypes and ours.
enum NumPy {
  /// Imports NumPy and checks its C API.
  ///
  /// - Throws: `StartError` when NumPy is missing, broken, or of another ABI than 1.22 to 2.x.
  static func load(
    _ library: LibPython, _ choice: PythonChoice, _ gil: borrowing GIL
  ) throws(StartError) {
    var (abi, feature): (UInt32, UInt32) = (0, 0)
    switch unsafe cpy_numpy_load(&abi, &feature) {
    case .loaded: return
    case .missing:
      let error = PythonError(takingFrom: gil)
      let message = error.message.split(separator: "\n").first ?? ""
      // A user's file with the name of a standard module can make an import inside NumPy fail.
      let isThere = error.type != "ModuleNotFoundError" || !message.hasSuffix("'numpy'")
      let place = isThere ? error.frames.last.map { " in \($0.file):\($0.line ?? 0)" } ?? "" : ""
      throw StartError(
        "NumPy cannot be imported by \(executable), which is chosen by \(choice.name): "
          + "\(error.type): \(message)\(place); \(isThere ? shadowed + remedy : remedy)")
    case .unsupported:
      let version = try? Python.import("numpy").attribute("__version__").description
      throw StartError(
        "NumPy \(version ?? "of unknown version"), imported by \(executable), has the C ABI "
          + "0x\(String(abi, radix: 16)) at feature level 0x\(String(feature, radix: 16)); "
          + "supported are NumPy 1.22 (0x1000009, level 0xf) to 2.x (0x2000000); \(remedy)")
    }
  }

  fileprivate static var executable: String {
    Interpreter.chosenExecutable
      ?? (try? Python.import("sys").attribute("executable").description) ?? "python"
  }

  private static let shadowed =
    "if that file is yours, give it another name than Python's own modules have; otherwise "

  private static var remedy: String {
    "install one with `\(executable) -m pip install numpy` (Debian's own Python: apt-get install "
      + "python3-numpy), or choose another environment with NUMPYFN_PYTHON"
  }
}

extension GIL {
  /// Makes NumPy allocate arrays in the pool that tensors use, unless the limit of the pool is 0.
  ///
  /// - Throws: `PythonError`.
  borrowing func usePool() throws {
    guard TensorMemory.poolLimit > 0 else { return }
    _ = IdleMemory.isWatched
    try check(cpy_use_memory_pool())
  }
}

extension DType {
  /// Registers the dtype with NumPy, if necessary, before it is used.
  ///
  /// - Throws: `TensorError` (`failedPrecondition`) for bfloat16 when the package that defines it cannot be
  ///   imported.
  package func load(_ gil: borrowing GIL) throws(TensorError) {
    guard self == .bfloat16, !cpy_load_bfloat16() else { return }
    let error = PythonError(takingFrom: gil)
    throw TensorError(
      .failedPrecondition,
      "NumPy has no bfloat16 of its own, and the package ml_dtypes, which brings it, cannot be "
        + "imported by \(NumPy.executable) (\(error.type): \(error.message)); install it with "
        + "`\(NumPy.executable) -m pip install ml_dtypes`, or use float32")
  }

  /// The number of the dtype in C.
  ///
  /// The numbers follow the order of the cases.
  var numPyType: cpy_dtype {
    switch self {
    case .bool: .bool
    case .int8: .int8
    case .int16: .int16
    case .int32: .int32
    case .int64: .int64
    case .uint8: .uint8
    case .uint16: .uint16
    case .uint32: .uint32
    case .uint64: .uint64
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float32: .float32
    case .float64: .float64
    case .complex64: .complex64
    case .complex128: .complex128
    case .string: .string
    }
  }

  /// The dtype with this number in C; nil for a dtype that tensors do not support.
  init?(_ type: cpy_dtype) {
    switch type {
    case .bool: self = .bool
    case .int8: self = .int8
    case .int16: self = .int16
    case .int32: self = .int32
    case .int64: self = .int64
    case .uint8: self = .uint8
    case .uint16: self = .uint16
    case .uint32: self = .uint32
    case .uint64: self = .uint64
    case .float16: self = .float16
    case .bfloat16: self = .bfloat16
    case .float32: self = .float32
    case .float64: self = .float64
    case .complex64: self = .complex64
    case .complex128: self = .complex128
    case .string: self = .string
    case .none: return nil
    }
  }
}
