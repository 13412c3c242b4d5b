internal import CPython
internal import Synchronization
package import TensorCore

/// The C loop of a NumPy universal function for operands of one dtype.
///
/// It runs on tensors' memory, without array objects and without the GIL.
///
/// See <https://numpy.org/doc/stable/reference/c-api/types-and-structures.html#c.PyUFuncObject>.
///
/// `@unchecked Sendable`: it contains two addresses of code and constants in NumPy, which is never
/// unloaded.
@safe package struct UFuncLoop: @unchecked Sendable {
  private let loop: cpy_ufunc_loop

  /// The loop of `function` for operands of these dtypes with a result of dtype `result`.
  ///
  /// Nil unless `function` is a ufunc of NumPy itself, all operands have the same dtype, so that
  /// NumPy does not convert them, and there is such a loop.
  package init?(
    _ function: PythonObject, operands: [DType], result: DType, _ gil: borrowing GIL
  ) {
    guard Python.runsUFuncsDirectly, let operand = operands.first, (1...3).contains(operands.count),
      operands.allSatisfy({ $0 == operand })
    else { return nil }
    var loop = unsafe cpy_ufunc_loop(function: {}, data: nil)
    guard
      unsafe cpy_find_ufunc_loop(
        function.pointer, Int32(operands.count), operand.numPyType, result.numPyType, &loop)
    else { return nil }
    unsafe self.loop = loop
  }

  /// Runs the loop over `count` elements.
  ///
  /// - Returns: the floating-point errors that occurred.
  @unsafe package func run(
    _ a: UnsafeRawPointer, _ aStep: Int, _ b: UnsafeRawPointer, _ bStep: Int, _ c: UnsafeRawPointer,
    _ cStep: Int, operands: Int, to result: UnsafeMutableRawPointer, _ step: Int, _ count: Int
  ) -> FloatErrors {
    unsafe withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer.self, capacity: 4) { places in
      unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: 4) { steps in
        guard let place = places.baseAddress, let first = steps.baseAddress else { return [] }
        unsafe (place[0], first[0]) = (UnsafeMutableRawPointer(mutating: a), aStep)
        unsafe (place[1], first[1]) = (UnsafeMutableRawPointer(mutating: b), bStep)
        unsafe (place[2], first[2]) = (UnsafeMutableRawPointer(mutating: c), cStep)
        unsafe (place[operands], first[operands]) = (result, step)
        return FloatErrors(rawValue: unsafe cpy_run_ufunc_loop(loop, place, first, count))
      }
    }
  }
}

/// NumPy's floating-point errors.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.errstate.html>.
package struct FloatErrors: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  private static let keys = ["divide", "over", "under", "invalid"]

  /// Whether NumPy's error state (`numpy.errstate`) in this thread currently ignores all of these
  /// errors.
  package func areIgnored() throws -> Bool {
    if isEmpty { return true }
    return try Python.withGIL { _ in
      let state = try Python.import("numpy").attribute("geterr")()
      for (bit, key) in Self.keys.enumerated() where rawValue & (1 << UInt8(bit)) != 0 {
        guard try String(state[key]) == "ignore" else { return false }
      }
      return true
    }
  }
}

extension Python {
  private static let direct = Atomic(environmentVariable("NUMPYFN_DIRECT_UFUNCS") != "0")

  /// Whether `numpyFunction` runs the C loops of NumPy's own universal functions, such as `numpy.sinh`,
  /// on the tensors' memory: without array objects, without the GIL, and on all cores.
  ///
  /// Values, dtypes, errors and warnings are the same: where NumPy would warn or raise, the function is
  /// called through Python instead. A change affects nodes that are created afterwards. The default is true,
  /// unless the environment variable `NUMPYFN_DIRECT_UFUNCS` is 0.
  public static var runsUFuncsDirectly: Bool {
    get { direct.load(ordering: .relaxed) }
    set { direct.store(newValue, ordering: .relaxed) }
  }
}
