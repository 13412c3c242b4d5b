internal import CPython
package import TensorCore

/// A Python function that is called with tensors again and again: the objects of its arguments are
/// kept between calls, and used again where nobody else holds them.
package struct Callback: Sendable {
  /// The numpyfn.Callback that holds the function and the objects.
  package let reference: PythonReference

  fileprivate let results: [DType]
  fileprivate let shapes: [Shape]
  fileprivate let counter: CallCounter

  /// Makes the results of what is not as declared, or throws.
  package typealias Other =
    @Sendable (consuming ReturnedValues, inout PythonStatistics.Counts, borrowing GIL) throws
    -> [Tensor]

  fileprivate let other: Other

  /// How the results were declared to be put together.
  fileprivate let structure: ResultStructure

  /// Results of the declared dtypes, of which some have other shapes than the declared ones.
  package struct WrongShapes: Error {
    /// The shapes of all results.
    package let shapes: [Shape]
  }

  /// Nil when arguments of these dtypes, or results of those, are passed in other ways.
  ///
  /// - Parameters:
  ///   - function: what is called.
  ///   - inputs: the dtypes of its arguments, those with a name last.
  ///   - names: a tuple of the names; nil when there are none.
  ///   - results: what its results must be to be taken as they are.
  ///   - shapes: what the results' shapes must be, as far as they are known.
  ///   - structure: how they must be put together.
  ///   - counter: what counts the calls.
  ///   - gil: proof that the GIL is held.
  ///   - other: makes the results of what is not as declared, or throws.
  /// - Throws: `PythonError` when there is no memory.
  package init?(
    _ function: PythonObject, inputs: [DType], names: PythonObject?, results: [DType],
    shapes: [Shape], structure: ResultStructure, counter: CallCounter, _ gil: borrowing GIL,
    other: @escaping Other
  ) throws {
    guard (inputs + results).allSatisfy({ $0 != .string && $0 != .bfloat16 }) else { return nil }
    self.results = results
    self.shapes = shapes
    self.counter = counter
    self.other = other
    self.structure = structure
    reference = try withExtendedLifetime(names) {
      try unsafe gil.owned(cpy_callback(function.pointer, inputs.count, names?.pointer))
    }
  }
}

/// How a callback is called.
///
/// What it needs for a call lies in memory of its own, which costs no references: a call takes as
/// long as ten of those.
///
/// `@unchecked Sendable`: once it is made nothing is written but what the GIL protects.
@safe
package final class CallbackRunner: @unchecked Sendable {
  private let callback: Callback
  // The callback keeps it; to count a reference takes longer than to count a call.
  private let counter: Unmanaged<CallCounter>
  private let object: OpaquePointer
  private let inputCount: Int
  private let resultTypes: UnsafeMutableBufferPointer<cpy_dtype>
  private let dtypes: UnsafeMutableBufferPointer<DType>

  /// How many values are taken as they are, where all of them can be: none of a structure, which is no
  /// number of values.
  private let plainCount: Int

  /// The storage of the last small result in each place, to be used again when nobody has it any more.
  ///
  /// To make one takes longer than to pass an argument. Used with the GIL held.
  private let spares: UnsafeMutablePointer<Storage?>

  /// Up to how many bytes a result is small, whose memory is kept until the next call.
  private static let small = 8 << 10

  /// Whether something is declared of the results' shapes.
  private let hasShapes: Bool

  /// Calls the function in the ordinary way, with tensors that cannot be passed in this one.
  private let callAnew: @Sendable ([Tensor]) throws -> [Tensor]

  /// - Parameters:
  ///   - callback: what is called.
  ///   - inputs: how many arguments it takes.
  ///   - callAnew: calls it with tensors that cannot be passed in this way.
  package init(
    _ callback: Callback, inputs: Int,
    callAnew: @escaping @Sendable ([Tensor]) throws -> [Tensor]
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
    hasShapes = callback.shapes.contains { $0.rank != nil }
    self.callAnew = callAnew
  }

  deinit {
    unsafe resultTypes.deallocate()
    unsafe spares.deinitialize(count: dtypes.count)
    unsafe spares.deallocate()
    unsafe dtypes.deallocate()
  }

  /// Calls the function with values in memory; the results go to uninitialised memory, which stays so on
  /// failure.
  ///
  /// - Throws: `StartError` when there is no interpreter; what the function raises;
  ///   `Callback.WrongShapes`; what the callback's `other` throws.
  @unsafe package func run(
    _ inputs: UnsafePointer<Tensor>, to results: UnsafeMutablePointer<Tensor>
  ) throws {
    var counts = PythonStatistics.Counts()
    try unsafe run(
      inputs, to: results, isTimed: unsafe counter._withUnsafeGuaranteedRef { $0.timesNext },
      &counts)
  }

  /// Calls the function with a list of values, and says what that has cost.
  ///
  /// - Throws: as ``run(_:to:)``.
  package func run(
    _ inputs: [Tensor], isTimed: Bool, _ counts: inout PythonStatistics.Counts
  ) throws -> [Tensor] {
    let count = unsafe dtypes.count
    return try unsafe inputs.withUnsafeBufferPointer { inputs in
      try unsafe Array(unsafeUninitializedCapacity: count) { results, filled in
        try unsafe withUnsafeTemporaryAllocation(of: Tensor.self, capacity: 1) { none in
          // An empty list may have no address.
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
            return try unsafe runAnew(tensors, to: outputs)
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
    // First the shapes: nothing is made where they are wrong.
    if hasShapes { try unsafe checkShapes(results, tensors, arguments) }
    for index in 0..<resultCount {
      unsafe (outputs + index).initialize(
        to: tensor(
          results + index, dtypes[index], tensors, arguments, spare: spares + index, &counts))
    }
  }

  /// Lets go of the arguments and results of a call.
  @inline(__always)
  private func endCall(
    _ arguments: UnsafeMutablePointer<cpy_argument>, _ results: UnsafeMutablePointer<cpy_result>?,
    _ resultCount: Int
  ) {
    unsafe cpy_end_call(
      object, arguments, inputCount,
      { _ = unsafe Unmanaged<Storage>.fromOpaque($0).retain() }, results, resultCount)
  }

  /// Takes the exception, or what came back that is not as declared.
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
    let results = try callback.other(
      unsafe ReturnedValues(owning: returned, as: callback.structure, gil), &counts, gil)
    for index in results.indices { unsafe (outputs + index).initialize(to: results[index]) }
  }

  private func runAnew(
    _ tensors: UnsafePointer<Tensor>, to outputs: UnsafeMutablePointer<Tensor>
  ) throws {
    let arguments = (0..<inputCount).map { unsafe tensors[$0] }
    let results = try callAnew(arguments)
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
      // It is nobody's else.
      if let data = unsafe results[index].data {
        _ = unsafe Storage(owning: data, byteCount: 0)
      }
    }
    throw Callback.WrongShapes(shapes: shapes)
  }

  // MARK: - Arguments

  /// Makes a tensor an argument, which lends its memory; false when it can be none.
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
      preconditionFailure("memory that is nobody's")
    }
    let storage = unsafe Unmanaged<Storage>.fromOpaque(context).takeUnretainedValue()
    counts.add(.shared, byteCount: byteCount)
    return unsafe Tensor(
      storage: storage, offset: data - storage.base, shape: shape, dtype: dtype)
  }

  /// The shape of a result; an argument's where that is the same, as it often is: it need not be made.
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
