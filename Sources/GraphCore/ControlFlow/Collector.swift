internal import TensorCore

/// Gathers one tensor for each iteration of a loop.
struct Collector {
  private let form: Loop.Form
  private let count: Int?
  private let spec: TensorSpec
  private let isReversed: Bool
  private var list: [Tensor] = []
  /// The memory for stacked elements; nil before the first.
  private var storage: Storage?
  private var shape: Shape?

  init(_ form: Loop.Form, count: Int?, of spec: TensorSpec, isReversed: Bool) throws {
    self.form = form
    self.count = count
    self.spec = spec
    self.isReversed = isReversed
  }

  mutating func add(_ tensor: Tensor, _ iteration: Int) throws {
    guard form == .stacked, let count, tensor.dtype != .string else {
      try expectShape(of: tensor)
      list.append(tensor)
      return
    }
    try expectShape(of: tensor)
    let size = try tensor.shape.byteCount(of: tensor.dtype)
    let (bytes, overflow) = size.multipliedReportingOverflow(by: count)
    guard !overflow else {
      throw TensorError(.resourceExhausted, "\(count) results of \(size) bytes do not fit memory")
    }
    let storage = try self.storage ?? Storage(byteCount: bytes)
    self.storage = storage
    let (source, offset) = try tensor.stored
    defer { extendLifetime(source) }
    let place = isReversed ? count - 1 - iteration : iteration
    unsafe (storage.base + place * size).copyMemory(from: source.base + offset, byteCount: size)
  }

  private mutating func expectShape(of tensor: Tensor) throws {
    guard form == .stacked else { return }
    guard let shape else {
      shape = tensor.shape
      return
    }
    guard shape == tensor.shape else {
      throw GraphError(
        .invalidArgument,
        "the results of a loop's iterations have different shapes, \(shape) and \(tensor.shape), "
          + "and cannot be stacked; make them one shape, by padding for example")
    }
  }

  /// Everything that was added.
  func result() throws -> Tensor {
    guard form == .stacked else {
      return Tensor(list: isReversed ? list.reversed() : list, dtype: spec.dtype)
    }
    guard let shape else {
      // No iteration: extents that are not known are 0.
      let extents =
        spec.shape.rankIfKnown.map { rank in (0..<rank).map { spec.shape[ifKnown: $0] ?? 0 } } ?? []
      return try Tensor(zeros: Shape([0] + extents), dtype: spec.dtype)
    }
    let whole = shape.stacked(count)
    guard let storage else {
      return try Tensor(stackingStrings: isReversed ? list.reversed() : list)
    }
    return Tensor(storage: storage, shape: whole, dtype: spec.dtype)
  }
}
