internal import CPython
package import TensorCore

/// A Python function that is called repeatedly with tensors.
///
/// Its argument objects are kept between calls, and reused if they have a unique reference. The data for a
/// call is kept in manually allocated memory, to avoid reference counting: a whole call takes only as long as
/// ten retains.
///
/// `@unchecked Sendable`: after initialisation only data that the GIL protects is written.
@safe
package final class Callback: @unchecked Sendable {
  /// The Python object of class numpyfn.Callback that holds the function and the argument objects.
  package let reference: PythonReference

  // Unmanaged and retained here, since retaining it for each call would take longer than counting the call.
  private let counter: Unmanaged<CallCounter>
  private let object: OpaquePointer
  private let inputCount: Int
  private let dtypes: UnsafeMutableBufferPointer<DType>
  private let declared: UnsafeMutableBufferPointer<cpy_declared>

  /// The declared structure of the results.
  private let structure: ResultStructure

  /// The number of results that C may convert directly; -1 for results with a structure, which C does not
  /// convert.
  private let plainCount: Int

  /// The storage of the last small result at each position, to be reused when it has a unique reference.
  ///
  /// Creating a storage takes longer than passing an argument. Used with the GIL held.
  private let spares: UnsafeMutablePointer<Storage?>

  /// Results of up to this many bytes are small: their memory is kept until the next call.
  private static let small = 8 << 10

  /// Whether the function may write to its arguments.
  private let isWritable: Bool

  /// Whether strings are passed as str, not bytes.
  private let isText: Bool

  /// Whether C makes the argument objects, unless a tensor has strings or more than four axes.
  private let makesInC: Bool

  /// Converts results that do not match the declaration, or throws.
  package typealias MismatchHandler =
    @Sendable (consuming ReturnedValues, inout PythonStatistics.Counts, borrowing GIL) throws
    -> [Tensor]

  private let onMismatch: MismatchHandler

  /// - Parameters:
  ///   - function: what is called.
  ///   - inputs: the dtypes of its arguments, keyword arguments last.
  ///   - names: a tuple of the keyword names; nil when there are none.
  ///   - isWritable: whether the function may write to its arguments.
  ///   - isText: whether strings are passed as str, not bytes.
  ///   - results: the declared dtypes of the results, and their shapes, which may be partially known.
  ///   - structure: the declared structure of the results.
  ///   - counter: the counter of the calls.
  ///   - gil: proof that the GIL is held.
  ///   - onMismatch: converts results that do not match the declaration, or throws.
  /// - Throws: `PythonError` when there is no memory.
  package init(
    _ function: PythonObject, inputs: [DType], names: PythonObject?, isWritable: Bool, isText: Bool,
    results: [(dtype: DType, shape: Shape)], structure: ResultStructure, counter: CallCounter,
    _ gil: borrowing GIL, onMismatch: @escaping MismatchHandler
  ) throws {
    reference = try withExtendedLifetime(names) {
      try unsafe gil.owned(cpy_callback(function.pointer, inputs.count, names?.pointer))
    }
    unsafe object = reference.pointer
    unsafe self.counter = .passRetained(counter)
    inputCount = inputs.count
    unsafe dtypes = .allocate(capacity: results.count)
    _ = unsafe dtypes.initialize(from: results.map(\.dtype))
    unsafe declared = .allocate(capacity: results.count)
    _ = unsafe declared.initialize(from: results.map { unsafe cpy_declared($0.dtype, $0.shape) })
    unsafe spares = .allocate(capacity: results.count)
    unsafe spares.initialize(repeating: nil, count: results.count)
    self.structure = structure
    plainCount = structure == .values ? results.count : -1
    self.isWritable = isWritable
    self.isText = isText
    makesInC = !isWritable && !inputs.contains(.bfloat16)
    self.onMismatch = onMismatch
  }

  deinit {
    for index in unsafe declared.indices { unsafe declared[index].extents?.deallocate() }
    unsafe declared.deallocate()
    unsafe spares.deinitialize(count: dtypes.count)
    unsafe spares.deallocate()
    unsafe dtypes.deallocate()
    unsafe counter.release()
  }

  /// Calls the function with an array of values.
  ///
  /// The results are written to uninitialised memory, which stays uninitialised on failure.
  ///
  /// - Precondition: the function may not write to its arguments.
  /// - Throws: `StartError` when there is no interpreter; what the function raises; what the callback's
  ///   `onMismatch` throws.
  @unsafe package func run(
    _ inputs: UnsafePointer<Tensor>, to results: UnsafeMutablePointer<Tensor>
  ) throws {
    var counts = PythonStatistics.Counts()
    try unsafe run(inputs, to: results, isProfiled: false, &counts)
  }

  /// Calls the function with a list of values, and returns the cost in `counts`, with times if `isProfiled`.
  ///
  /// - Throws: as ``run(_:to:)``.
  package func run(
    _ inputs: consuming [Tensor], isProfiled: Bool, _ counts: inout PythonStatistics.Counts
  ) throws -> [Tensor] {
    let count = unsafe dtypes.count
    var inputs = inputs
    return try unsafe Array(unsafeUninitializedCapacity: max(count, 1)) { results, filled in
      guard let start = results.baseAddress else { return }
      if isWritable {
        try unsafe inputs.withUnsafeMutableBufferPointer {
          try unsafe run($0.baseAddress ?? start, to: start, isProfiled: isProfiled, &counts)
        }
      } else {
        // An empty list may have a nil address.
        try unsafe inputs.withUnsafeBufferPointer {
          try unsafe run(
            $0.baseAddress ?? UnsafePointer(start), to: start, isProfiled: isProfiled, &counts)
        }
      }
      filled = count
    }
  }

  @unsafe private func run(
    _ tensors: UnsafePointer<Tensor>, to outputs: UnsafeMutablePointer<Tensor>,
    isProfiled: Bool, _ counts: inout PythonStatistics.Counts
  ) throws {
    let (count, resultCount) = unsafe (inputCount, dtypes.count)
    let isTimed = unsafe isProfiled || counter._withUnsafeGuaranteedRef { $0.timesNext }
    let asked = isTimed ? cpy_nanoseconds() : 0
    try unsafe withUnsafeTemporaryAllocation(of: cpy_argument.self, capacity: count) { arguments in
      try unsafe withUnsafeTemporaryAllocation(
        of: cpy_result.self, capacity: resultCount
      ) { results in
        guard let arguments = arguments.baseAddress, let results = results.baseAddress else {
          return
        }
        let arePassed = unsafe makesInC && Self.pass(tensors, arguments, count)
        let gil = try GIL()
        let begun = isTimed ? cpy_nanoseconds() : 0
        defer {
          if isTimed { counts.setTimes(asked: asked, begun: begun) }
          unsafe counter._withUnsafeGuaranteedRef { $0.addCall(counts, isTimed: isTimed, gil) }
        }
        if !arePassed { try unsafe makeObjects(tensors, arguments, &counts, gil) }
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
    let (count, resultCount) = unsafe (inputCount, dtypes.count)
    var returned: OpaquePointer?
    let status = unsafe cpy_call_back(
      object, arguments, count,
      { unsafe Unmanaged<Storage>.fromOpaque($0).release() },
      declared.baseAddress, results, plainCount, &returned)
    guard status == .fits else {
      return try unsafe finish(status, returned, tensors, arguments, outputs, &counts, gil)
    }
    for index in 0..<resultCount {
      unsafe (outputs + index).initialize(
        to: tensor(
          results + index, dtypes[index], tensors, arguments, spare: spares + index, &counts))
    }
    unsafe endCall(arguments, results, resultCount)
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
  // Not inlined, for the same reason as `makeObjects`.
  @inline(never)
  private func finish(
    _ status: cpy_call_status, _ returned: OpaquePointer?, _ tensors: UnsafePointer<Tensor>,
    _ arguments: UnsafeMutablePointer<cpy_argument>, _ outputs: UnsafeMutablePointer<Tensor>,
    _ counts: inout PythonStatistics.Counts, _ gil: borrowing GIL
  ) throws {
    guard status == .other, let returned = unsafe returned else {
      let error = gil.raised()
      unsafe endCall(arguments, nil, 0)
      let hasArrays = (0..<inputCount).contains { unsafe tensors[$0].rank != 0 }
      guard hasArrays, !isWritable, let raised = error as? PythonError else { throw error }
      throw raised.ofReadOnlyArguments
    }
    unsafe endCall(arguments, nil, 0)
    let results = try onMismatch(
      unsafe ReturnedValues(owning: returned, as: structure, gil), &counts, gil)
    assert(unsafe results.count == dtypes.count)
    for index in results.indices { unsafe (outputs + index).initialize(to: results[index]) }
  }

  // MARK: - Arguments

  /// Sets the arguments to the tensors' memory, without retaining it; false when their objects must be made
  /// here.
  @inline(__always)
  private static func pass(
    _ tensors: UnsafePointer<Tensor>, _ arguments: UnsafeMutablePointer<cpy_argument>, _ count: Int
  ) -> Bool {
    for index in 0..<count {
      var exported = ExportedTensor()
      guard unsafe (tensors + index).export(&exported) else { return false }
      unsafe (arguments + index).initialize(
        to: cpy_argument(
          data: exported.data, context: exported.storage?.toOpaque(), extents: exported.extents,
          rank: exported.rank, dtype: tensors[index].dtype.numPyType, object: nil, owner: nil))
    }
    return true
  }

  /// Makes the objects of arguments that C cannot make.
  // Not inlined, since that would add 30 instructions to each call.
  @inline(never)
  private func makeObjects(
    _ tensors: UnsafePointer<Tensor>, _ arguments: UnsafeMutablePointer<cpy_argument>,
    _ counts: inout PythonStatistics.Counts, _ gil: borrowing GIL
  ) throws {
    var made = unsafe cpy_argument()
    unsafe made.rank = -1
    unsafe arguments.initialize(repeating: made, count: inputCount)
    do {
      for index in 0..<inputCount {
        let object: PythonReference
        if isWritable {
          // The tensor leaves the list, so that one with a unique reference is then referenced by its array
          // only.
          let place = unsafe UnsafeMutablePointer(mutating: tensors + index)
          let tensor = unsafe place.move()
          unsafe place.initialize(to: Tensor(scalar: ScalarBits(), dtype: .bool))
          let copied: Int
          (object, copied) = try (consume tensor).makeWritableNDArray(text: isText, gil)
          counts.add(.copied, byteCount: copied)
        } else {
          object = try unsafe tensors[index].makeNDArray(text: isText, gil)
        }
        unsafe cpy_retain(object.pointer)
        unsafe arguments[index].object = object.pointer
      }
    } catch {
      unsafe endCall(arguments, nil, 0)
      throw error
    }
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
    counts.add(.shared, byteCount: byteCount)
    return unsafe Tensor(sharing: data, of: context, shape: shape, dtype: dtype)
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

extension cpy_declared {
  /// What is declared of a result; the caller deallocates the extents.
  fileprivate init(_ dtype: DType, _ shape: Shape) {
    let known = shape.axes?.map { $0.number ?? -1 }
    let extents = UnsafeMutableBufferPointer<Int>.allocate(capacity: known?.count ?? 0)
    _ = unsafe extents.initialize(from: known ?? [])
    unsafe self.init(
      dtype: dtype.numPyType, rank: Int32(known?.count ?? -1),
      extents: UnsafePointer(extents.baseAddress))
  }
}
