internal import CPython
package import TensorCore

/// A Python function that is called with tensors again and again: the objects of its arguments are
/// kept between calls, and used again where nobody else holds them.
package struct Callback: Sendable {
  /// The numpyfn.Callback that holds the function and the objects.
  fileprivate let reference: PythonReference

  fileprivate let results: [DType]
  fileprivate let shapes: [Shape]
  fileprivate let counter: CallCounter

  /// Makes the results of what is not as declared, or throws.
  package typealias Other =
    @Sendable (consuming ReturnedValues, inout PythonStatistics.Counts, borrowing GIL) throws
    -> [Tensor]

  fileprivate let other: Other

  /// Results of the declared dtypes, of which some have other shapes than the declared ones.
  package struct WrongShapes: Error {
    /// The shapes of all results.
    package let shapes: [Shape]
  }

  /// Nil when arguments of these dtypes, or results of those, are passed in other ways.
  ///
  /// - Parameters:
  ///   - function: what is called.
  ///   - inputs: the dtypes of its arguments.
  ///   - results: what its results must be to be taken as they are.
  ///   - shapes: what the results' shapes must be, as far as they are known.
  ///   - counter: what counts the calls.
  ///   - gil: proof that the GIL is held.
  ///   - other: makes the results of what is not as declared, or throws.
  /// - Throws: `PythonError` when there is no memory.
  package init?(
    _ function: PythonObject, inputs: [DType], results: [DType], shapes: [Shape],
    counter: CallCounter, _ gil: borrowing GIL, other: @escaping Other
  ) throws {
    guard (inputs + results).allSatisfy({ $0 != .string && $0 != .bfloat16 }) else { return nil }
    self.results = results
    self.shapes = shapes
    self.counter = counter
    self.other = other
    reference = try unsafe gil.owned(cpy_callback(function.pointer, inputs.count))
  }
}

/// The use of a callback in one place of a plan.
///
/// What it needs for a call lies in memory of its own, which costs no references: a call takes as
/// long as ten of those.
///
/// `@unchecked Sendable`: nothing is written once it is made.
@safe
package final class CallbackRunner: SlotRunner, @unchecked Sendable {
  private let callback: Callback
  private let object: OpaquePointer
  private let inputs: UnsafeMutableBufferPointer<TensorSlots.Use>
  private let places: UnsafeMutableBufferPointer<Int?>
  private let resultTypes: UnsafeMutableBufferPointer<cpy_dtype>
  private let dtypes: UnsafeMutableBufferPointer<DType>

  /// Whether something is declared of the results' shapes.
  private let hasShapes: Bool

  /// Calls the function in the ordinary way, with tensors that cannot be passed in this one.
  private let callAnew: @Sendable ([Tensor]) throws -> [Tensor]

  /// - Parameters:
  ///   - callback: what is called.
  ///   - inputs: which slots its arguments are in.
  ///   - places: the slots of its results; nil for one that nobody wants.
  ///   - callAnew: calls it with tensors that cannot be passed in this way.
  package init(
    _ callback: Callback, _ inputs: [TensorSlots.Use], to places: [Int?],
    callAnew: @escaping @Sendable ([Tensor]) throws -> [Tensor]
  ) {
    self.callback = callback
    unsafe object = callback.reference.pointer
    unsafe self.inputs = .allocate(capacity: inputs.count)
    _ = unsafe self.inputs.initialize(from: inputs)
    unsafe self.places = .allocate(capacity: places.count)
    _ = unsafe self.places.initialize(from: places)
    unsafe resultTypes = .allocate(capacity: callback.results.count)
    _ = unsafe resultTypes.initialize(from: callback.results.map(\.numPyType))
    unsafe dtypes = .allocate(capacity: callback.results.count)
    _ = unsafe dtypes.initialize(from: callback.results)
    hasShapes = callback.shapes.contains { $0.rank != nil }
    self.callAnew = callAnew
  }

  deinit {
    unsafe inputs.deallocate()
    unsafe places.deallocate()
    unsafe resultTypes.deallocate()
    unsafe dtypes.deallocate()
  }

  /// Calls the function with the values of slots.
  ///
  /// - Throws: `StartError` when there is no interpreter; what the function raises;
  ///   `Callback.WrongShapes`; what the callback's `other` throws.
  package func run(_ slots: borrowing TensorSlots) throws {
    let (count, resultCount) = unsafe (inputs.count, dtypes.count)
    try unsafe withUnsafeTemporaryAllocation(
      of: Tensor.self, capacity: count + resultCount
    ) { tensors in
      guard let tensors = tensors.baseAddress else { return }
      for index in 0..<count {
        guard let tensor = unsafe slots.take(inputs[index]) else {
          unsafe tensors.deinitialize(count: index)
          throw TensorError(.internal, "a callback has no input \(index); please report this")
        }
        unsafe (tensors + index).initialize(to: tensor)
      }
      // One by one, as all of these: to do all at once takes a call of the runtime.
      defer {
        for index in 0..<count { unsafe (tensors + index).deinitialize(count: 1) }
      }
      try unsafe run(tensors, to: tensors + count)
      for index in 0..<resultCount {
        let tensor = unsafe (tensors + count + index).move()
        if let place = unsafe places[index] { slots[place] = tensor }
      }
    }
  }

  /// Calls the function with values that are in no slots.
  ///
  /// - Throws: as ``run(_:)``.
  @unsafe package func run(
    _ inputs: UnsafePointer<Tensor>, to results: UnsafeMutablePointer<Tensor>
  ) throws {
    var counts = PythonStatistics.Counts()
    try unsafe run(inputs, to: results, isTimed: callback.counter.timesNext, &counts)
  }

  /// Calls the function with a list of values, and says what that has cost.
  ///
  /// - Throws: as ``run(_:)``.
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
    let (count, resultCount) = unsafe (inputs.count, dtypes.count)
    for index in 0..<count {
      guard unsafe Self.isPassable(tensors[index]) else {
        return try unsafe runAnew(tensors, to: outputs)
      }
    }
    let asked = isTimed ? cpy_nanoseconds() : 0
    try unsafe withUnsafeTemporaryAllocation(of: cpy_argument.self, capacity: count) { arguments in
      try unsafe withUnsafeTemporaryAllocation(
        of: cpy_result.self, capacity: resultCount
      ) { results in
        guard let arguments = arguments.baseAddress, let results = results.baseAddress else {
          return
        }
        let gil = try GIL()
        let begun = isTimed ? cpy_nanoseconds() : 0
        for index in 0..<count { unsafe Self.pass(tensors + index, arguments + index) }
        defer {
          if isTimed {
            counts.setTimes(asked: asked, begun: begun)
            callback.counter.addCall(timedIn: counts)
          } else {
            callback.counter.addCall()
          }
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
    let (count, resultCount) = unsafe (inputs.count, resultTypes.count)
    var returned: OpaquePointer?
    let status = unsafe cpy_call_back(
      object, arguments, count,
      { unsafe Unmanaged<Storage>.fromOpaque($0).release() },
      resultTypes.baseAddress, results, resultCount, &returned)
    guard status == .fits else {
      return try unsafe finish(status, returned, arguments, outputs, &counts, gil)
    }
    defer { unsafe cpy_end_call(object, arguments, count, results, resultCount) }
    // First the shapes: nothing is made where they are wrong.
    if hasShapes { try unsafe checkShapes(results, tensors) }
    for index in 0..<resultCount {
      unsafe (outputs + index).initialize(
        to: tensor(results + index, dtypes[index], tensors, &counts))
    }
    if counts.hasBytes { callback.counter.addBytes(of: counts) }
  }

  /// Takes the exception, or what came back that is not as declared.
  private func finish(
    _ status: cpy_call_status, _ returned: OpaquePointer?,
    _ arguments: UnsafeMutablePointer<cpy_argument>, _ outputs: UnsafeMutablePointer<Tensor>,
    _ counts: inout PythonStatistics.Counts, _ gil: borrowing GIL
  ) throws {
    guard status == .other, let returned = unsafe returned else {
      let error = gil.raised()
      unsafe cpy_end_call(object, arguments, inputs.count, nil, 0)
      throw error
    }
    unsafe cpy_end_call(object, arguments, inputs.count, nil, 0)
    let results = try callback.other(unsafe ReturnedValues(owning: returned), &counts, gil)
    for index in results.indices { unsafe (outputs + index).initialize(to: results[index]) }
    callback.counter.addBytes(of: counts)
  }

  private func runAnew(
    _ tensors: UnsafePointer<Tensor>, to outputs: UnsafeMutablePointer<Tensor>
  ) throws {
    let arguments = unsafe (0..<inputs.count).map { unsafe tensors[$0] }
    let results = try callAnew(arguments)
    for index in results.indices { unsafe (outputs + index).initialize(to: results[index]) }
  }

  private func checkShapes(
    _ results: UnsafeMutablePointer<cpy_result>, _ tensors: UnsafePointer<Tensor>
  ) throws {
    let shapes = unsafe (0..<resultTypes.count).map { unsafe shape(results + $0, tensors) }
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

  /// Whether a tensor may be an argument.
  private static func isPassable(_ tensor: borrowing Tensor) -> Bool {
    switch tensor.content {
    case .scalar: true
    case .value: tensor.shape.knownExtents.count <= Int(cpy_most_axes)
    default: false
    }
  }

  /// Makes a tensor an argument, with a reference to its memory.
  @inline(__always)
  private static func pass(
    _ tensor: UnsafePointer<Tensor>, _ argument: UnsafeMutablePointer<cpy_argument>
  ) {
    unsafe argument.initialize(to: cpy_argument())
    unsafe argument.pointee.dtype = tensor.pointee.dtype.numPyType
    switch unsafe tensor.pointee.content {
    case .scalar(let bits):
      unsafe argument.pointee.extents.0 = Int(bitPattern: UInt(bits.low))
      unsafe argument.pointee.extents.1 = Int(bitPattern: UInt(bits.high))
    case .value(let storage, let offset):
      let extents = unsafe tensor.pointee.shape.knownExtents
      guard !extents.isEmpty else {
        let bits = unsafe tensor.pointee.scalarBits ?? ScalarBits()
        unsafe argument.pointee.extents.0 = Int(bitPattern: UInt(bits.low))
        unsafe argument.pointee.extents.1 = Int(bitPattern: UInt(bits.high))
        return
      }
      unsafe argument.pointee.data = UnsafeRawPointer(storage.base + offset)
      unsafe argument.pointee.context = Unmanaged.passRetained(storage).toOpaque()
      unsafe argument.pointee.rank = Int32(extents.count)
      unsafe withUnsafeMutableBytes(of: &argument.pointee.extents) { bytes in
        let axes = unsafe bytes.assumingMemoryBound(to: Int.self)
        for axis in extents.indices { unsafe axes[axis] = extents[axis] }
      }
    default: break
    }
  }

  // MARK: - Results

  private func tensor(
    _ result: UnsafeMutablePointer<cpy_result>, _ dtype: DType,
    _ tensors: UnsafePointer<Tensor>, _ counts: inout PythonStatistics.Counts
  ) -> Tensor {
    let kind = unsafe result.pointee.kind
    if kind == .scalar {
      let bits = unsafe ScalarBits(low: result.pointee.bits.0, high: result.pointee.bits.1)
      return Tensor(scalar: bits, dtype: dtype)
    }
    if kind == .argument {
      let tensor = unsafe tensors[result.pointee.argument]
      counts.add(.shared, byteCount: byteCount(tensor.shape, dtype))
      return tensor
    }
    let shape = unsafe shape(result, tensors)
    let byteCount = byteCount(shape, dtype)
    guard let data = unsafe result.pointee.data else {
      preconditionFailure("a result without memory")
    }
    if kind == .taken {
      counts.add(.adopted, byteCount: byteCount)
      let storage = unsafe Storage(owning: data, byteCount: byteCount)
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
    _ result: UnsafeMutablePointer<cpy_result>, _ tensors: UnsafePointer<Tensor>
  ) -> Shape {
    if unsafe result.pointee.kind == .scalar { return .scalar }
    if unsafe result.pointee.kind == .argument {
      return unsafe tensors[result.pointee.argument].shape
    }
    let rank = Int(unsafe result.pointee.rank)
    let extents = unsafe UnsafeBufferPointer(start: result.pointee.extents, count: rank)
    for index in unsafe inputs.indices {
      let known = unsafe tensors[index].shape.knownExtents
      if known.count == rank,
        (0..<rank).allSatisfy({ unsafe known[$0] == extents[$0] })
      {
        return unsafe tensors[index].shape
      }
    }
    return unsafe Shape(Array(extents))
  }

  private func byteCount(_ shape: Shape, _ dtype: DType) -> Int {
    var size = dtype.itemSize
    for extent in shape.knownExtents { size *= extent }
    return size
  }
}
