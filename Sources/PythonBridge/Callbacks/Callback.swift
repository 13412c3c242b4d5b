internal import CPython
package import TensorCore

/// A Python function that is called repeatedly with tensors.
///
/// Its argument objects are kept between calls, and reused if they have a unique reference.
package struct Callback: Sendable {
  /// The Python object of class numpyfn.Callback that holds the function and the argument objects.
  package let reference: PythonReference

  fileprivate let results: [DType]
  fileprivate let shapes: [Shape]
  fileprivate let counter: CallCounter

  /// Converts results that do not match the declaration, or throws.
  package typealias MismatchHandler =
    @Sendable (consuming ReturnedValues, inout PythonStatistics.Counts, borrowing GIL) throws
    -> [Tensor]

  fileprivate let onMismatch: MismatchHandler

  /// The declared structure of the results.
  fileprivate let structure: ResultStructure

  /// Thrown for results with the declared dtypes, but not the declared shapes.
  package struct WrongShapes: Error {
    /// The shapes of all results.
    package let shapes: [Shape]
  }

  /// Nil when an argument or a result has dtype string or bfloat16, which need another kind of
  /// call.
  ///
  /// - Parameters:
  ///   - function: what is called.
  ///   - inputs: the dtypes of its arguments, keyword arguments last.
  ///   - names: a tuple of the keyword names; nil when there are none.
  ///   - results: the declared dtypes of the results.
  ///   - shapes: the declared shapes of the results, which may be partially known.
  ///   - structure: the declared structure of the results.
  ///   - counter: the counter of the calls.
  ///   - gil: proof that the GIL is held.
  ///   - onMismatch: converts results that do not match the declaration, or throws.
  /// - Throws: `PythonError` when there is no memory.
  package init?(
    _ function: PythonObject, inputs: [DType], names: PythonObject?, results: [DType],
    shapes: [Shape], structure: ResultStructure, counter: CallCounter, _ gil: borrowing GIL,
    onMismatch: @escaping MismatchHandler
  ) throws {
    guard (inputs + results).allSatisfy({ $0 != .string && $0 != .bfloat16 }) else { return nil }
    self.results = results
    self.shapes = shapes
    self.counter = counter
    self.onMismatch = onMismatch
    self.structure = structure
    reference = try withExtendedLifetime(names) {
      try unsafe gil.owned(cpy_callback(function.pointer, inputs.count, names?.pointer))
    }
  }
}

/// Calls a callback.
///
/// The data for a call is kept in manually allocated memory, to avoid reference counting: a whole
/// call takes only as long as ten retains.
///
/// `@unchecked Sendable`: after initialisation only data that the GIL protects is written.
@safe
package final class CallbackRunner: @unchecked Sendable {
  private let callback: Callback
  // Unmanaged, since the callback retains it, and retaining it here would take longer than counting
  // a call.
  private let counter: Unmanaged<CallCounter>
  private let object: OpaquePointer
  private let inputCount: Int
  private let resultTypes: UnsafeMutableBufferPointer<cpy_dtype>
  private let dtypes: UnsafeMutableBufferPointer<DType>

  /// The number of results that C may convert directly; -1 for results with a structure, which C does not
  /// convert.
  private let plainCount: Int

  /// The storage of the last small result at each position, to be reused when it has a unique reference.
  ///
  /// Creating a storage takes longer than passing an argument. Used with the GIL held.
  private let spares: UnsafeMutablePointer<Storage?>

  /// Results of up to this many bytes are small: their memory is kept until the next call.
  private static let small = 8 << 10

  /// Whether any result has a declared shape.
  private let hasShapes: Bool

  /// Calls the function with new argument objects, for tensors that the fast call cannot pass.
  private let callWithNewArguments: @Sendable ([Tensor]) throws -> [Tensor]

  /// - Parameters:
  ///   - callback: what is called.
  ///   - inputs: how many arguments it takes.
  ///   - callWithNewArguments: calls it with new argument objects, for tensors that the fast call cannot pass.
  package init(
    _ callback: Callback, inputs: Int,
    callWithNewArguments: @escaping @Sendable ([Tensor]) throws -> [Tensor]
  ) {
    self.callback = callback
    unsafe counter = .passUnretained(callback.counter)
    unsafe object = callback.reference.pointer
    inputCount = inputs
    unsafe resultTypes = .allocate(capacity: callback.results.count)
    _ = unsafe resultTypes.initialize(from: callback.results.map(\.numPyType))
    unsafe dtypes = .allocate(capacity: callback.results.count)
    _ = unsafe dtypes.initialize(from: callback.results)
    unsafe spares = .allocate(capacity: callback.results.count)
    unsafe spares.initialize(repeating: nil, count: callback.results.count)
    plainCount = callback.structure == .values ? callback.results.count : -1
    hasShapes = callback.shapes.contains { $0.rankIfKnown != nil }
    self.callWithNewArguments = callWithNewArguments
  }

  deinit {
    unsafe resultTypes.deallocate()
    unsafe spares.deinitialize(count: dtypes.count)
    unsafe spares.deallocate()
    unsafe dtypes.deallocate()
  }

  /// Calls the function with an array of values.
  ///
  /// The results are written to uninitialised memory, which stays uninitialised on failure.
  ///
  /// - Throws: `StartError` when there is no interpreter; what the function raises;
  ///   `Callback.WrongShapes`; what the callback's `onMismatch` throws.
  @unsafe package func run(
    _ inputs: UnsafePointer<Tensor>, to results: UnsafeMutablePointer<Tensor>
  ) throws {
    var counts = PythonStatistics.Counts()
    try unsafe run(
      inputs, to: results, isTimed: unsafe counter._withUnsafeGuaranteedRef { $0.timesNext },
      &counts)
  }

  /// Calls the function with a list of values, and returns the cost in `counts`.
  ///
  /// - Throws: as ``run(_:to:)``.
  package func run(
    _ inputs: [Tensor], isTimed: Bool, _ counts: inout PythonStatistics.Counts
  ) throws -> [Tensor] {
    let count = unsafe dtypes.count
    return try unsafe inputs.withUnsafeBufferPointer { inputs in
      try unsafe Array(unsafeUninitializedCapacity: count) { results, filled in
        try unsafe withUnsafeTemporaryAllocation(of: Tensor.self, capacity: 1) { none in
          // An empty list may have a nil address.
          guard let none = none.baseAddress else { return }
          try unsafe run(
            inputs.baseAddress ?? UnsafePointer(none), to: results.baseAddress ?? none,
            isTimed: isTimed, &counts)
        }
        filled = count
      }
    }
  }

  @unsafe private func run(
    _ tensors: UnsafePointer<Tensor>, to outputs: UnsafeMutablePointer<Tensor>,
    isTimed: Bool, _ counts: inout PythonStatistics.Counts
  ) throws {
    let (count, resultCount) = unsafe (inputCount, dtypes.count)
    let asked = isTimed ? cpy_nanoseconds() : 0
    try unsafe withUnsafeTemporaryAllocation(of: cpy_argument.self, capacity: count) { arguments in
      try unsafe withUnsafeTemporaryAllocation(
        of: cpy_result.self, capacity: resultCount
      ) { results in
        guard let arguments = arguments.baseAddress, let results = results.baseAddress else {
          return
        }
        for index in 0..<count {
          guard unsafe Self.pass(tensors + index, arguments + index) else {
            return try unsafe runWithNewArguments(tensors, to: outputs)
          }
        }
        let gil = try GIL()
        let begun = isTimed ? cpy_nanoseconds() : 0
        defer {
          if isTimed { counts.setTimes(asked: asked, begun: begun) }
          unsafe counter._withUnsafeGuaranteedRef { $0.addCall(counts, isTimed: isTimed, gil) }
        }
        try unsafe call(tensors, arguments, results, outputs, &counts, gil)
      }
    }
  }

  @inline(__always)
  private func call(
    _ tensors: UnsafePointer<Tensor>, _ arguments: UnsafeMutablePointer<cpy_argument>,
    _ results: UnsafeMutablePointer<cpy_result>, _ outputs: UnsafeMutablePointer<Tensor>,
    _ counts: inout PythonStatistics.Counts, _ gil: borrowing GIL
  ) throws {
    let (count, resultCount) = unsafe (inputCount, resultTypes.count)
    var returned: OpaquePointer?
    let status = unsafe cpy_call_back(
      object, arguments, count,
      { unsafe Unmanaged<Storage>.fromOpaque($0).release() },
      resultTypes.baseAddress, results, plainCount, &returned)
    guard status == .fits else {
      return try unsafe finish(status, returned, arguments, outputs, &counts, gil)
    }
    defer { unsafe endCall(arguments, results, resultCount) }
    // The shapes are checked before any tensor is created.
    if hasShapes { try unsafe checkShapes(results, tensors, arguments) }
    for index in 0..<resultCount {
      unsafe (outputs + index).initialize(
        to: tensor(
          results + index, dtypes[index], tensors, arguments, spare: spares + index, &counts))
    }
  }

  /// Releases the arguments and results of a call.
  @inline(__always)
  private func endCall(
    _ arguments: UnsafeMutablePointer<cpy_argument>, _ results: UnsafeMutablePointer<cpy_result>?,
    _ resultCount: Int
  ) {
    unsafe cpy_end_call(
      object, arguments, inputCount,
      { _ = unsafe Unmanaged<Storage>.fromOpaque($0).retain() }, results, resultCount)
  }

  /// Handles an exception, or a result that does not match the declaration.
  private func finish(
    _ status: cpy_call_status, _ returned: OpaquePointer?,
    _ arguments: UnsafeMutablePointer<cpy_argument>, _ outputs: UnsafeMutablePointer<Tensor>,
    _ counts: inout PythonStatistics.Counts, _ gil: borrowing GIL
  ) throws {
    guard status == .other, let returned = unsafe returned else {
      let error = gil.raised()
      let hasArrays = (0..<inputCount).contains { unsafe arguments[$0].rank > 0 }
      unsafe endCall(arguments, nil, 0)
      guard hasArrays, let raised = error as? PythonError else { throw error }
      throw raised.ofReadOnlyArguments
    }
    unsafe endCall(arguments, nil, 0)
    let results = try callback.onMismatch(
      unsafe ReturnedValues(owning: returned, as: callback.structure, gil), &counts, gil)
    for index in results.indices { unsafe (outputs + index).initialize(to: results[index]) }
  }

  private func runWithNewArguments(
    _ tensors: UnsafePointer<Tensor>, to outputs: UnsafeMutablePointer<Tensor>
  ) throws {
    let arguments = (0..<inputCount).map { unsafe tensors[$0] }
    let results = try callWithNewArguments(arguments)
    for index in results.indices { unsafe (outputs + index).initialize(to: results[index]) }
  }

  private func checkShapes(
    _ results: UnsafeMutablePointer<cpy_result>, _ tensors: UnsafePointer<Tensor>,
    _ arguments: UnsafeMutablePointer<cpy_argument>
  ) throws {
    let shapes = unsafe (0..<resultTypes.count).map {
      unsafe shape(results + $0, tensors, arguments)
    }
    if zip(shapes, callback.shapes).allSatisfy({ $0.fits($1) }) { return }
    for index in unsafe dtypes.indices where unsafe results[index].kind == .taken {
      // The block has been taken from Python, so it must be freed here.
      if let data = unsafe results[index].data {
        _ = unsafe Storage(owning: data, byteCount: 0)
      }
    }
    throw Callback.WrongShapes(shapes: shapes)
  }

  // MARK: - Arguments

  /// Sets an argument to a tensor's memory, without retaining it; false when the tensor cannot be
  /// passed in this way.
  @inline(__always)
  private static func pass(
    _ tensor: UnsafePointer<Tensor>, _ argument: UnsafeMutablePointer<cpy_argument>
  ) -> Bool {
    var exported = ExportedTensor()
    guard unsafe tensor.export(&exported) else { return false }
    unsafe argument.initialize(
      to: cpy_argument(
        data: exported.data, context: exported.storage?.toOpaque(), extents: exported.extents,
        rank: exported.rank, dtype: tensor.pointee.dtype.numPyType, object: nil, owner: nil))
    return true
  }

  // MARK: - Results

  private func tensor(
    _ result: UnsafeMutablePointer<cpy_result>, _ dtype: DType,
    _ tensors: UnsafePointer<Tensor>, _ arguments: UnsafeMutablePointer<cpy_argument>,
    spare: UnsafeMutablePointer<Storage?>, _ counts: inout PythonStatistics.Counts
  ) -> Tensor {
    let kind = unsafe result.pointee.kind
    if kind == .scalar {
      let bits = unsafe ScalarBits(low: result.pointee.bits.0, high: result.pointee.bits.1)
      return Tensor(scalar: bits, dtype: dtype)
    }
    let byteCount = unsafe result.pointee.size
    if kind == .argument {
      counts.add(.shared, byteCount: byteCount)
      return unsafe tensors[result.pointee.argument]
    }
    let shape = unsafe shape(result, tensors, arguments)
    guard let data = unsafe result.pointee.data else {
      preconditionFailure("a result without memory")
    }
    if kind == .taken {
      counts.add(.adopted, byteCount: byteCount)
      let storage =
        byteCount <= Self.small
        ? unsafe Storage.reusing(&spare.pointee, for: data, byteCount: byteCount)
        : unsafe Storage(owning: data, byteCount: byteCount)
      return Tensor(storage: storage, shape: shape, dtype: dtype)
    }
    guard let context = unsafe result.pointee.context else {
      preconditionFailure("memory without an owner")
    }
    let storage = unsafe Unmanaged<Storage>.fromOpaque(context).takeUnretainedValue()
    counts.add(.shared, byteCount: byteCount)
    return unsafe Tensor(
      storage: storage, offset: data - storage.base, shape: shape, dtype: dtype)
  }

  /// The shape of a result.
  ///
  /// If an argument has the same shape, as is common, that one is returned instead of a new one.
  private func shape(
    _ result: UnsafeMutablePointer<cpy_result>, _ tensors: UnsafePointer<Tensor>,
    _ arguments: UnsafeMutablePointer<cpy_argument>
  ) -> Shape {
    if unsafe result.pointee.kind == .scalar { return .scalar }
    let like = unsafe cpy_argument_like(result, arguments, inputCount)
    if like >= 0 { return unsafe tensors[like].shape }
    return unsafe Shape(
      Array(UnsafeBufferPointer(start: result.pointee.extents, count: Int(result.pointee.rank))))
  }
}
