internal import TensorCore

// The loops of elementwise arithmetic: the one file of this module that touches memory. They are
// compiled for each element type; which one it is, is asked once a call.

/// Where a tensor's elements are.
private struct Place {
  var storage: Storage
  let offset: Int

  /// The tensor is let go of, so that the storage has one holder less.
  init(_ tensor: consuming Tensor) throws {
    (storage, offset) = try tensor.stored
  }

  init(new shape: Shape, _ dtype: DType) throws {
    storage = try Storage(byteCount: shape.byteCount(of: dtype))
    offset = 0
  }

  /// Whether nobody else can see what is written here: memory is dear, so that a result goes where
  /// an input was that nobody needs any more.
  var isOurs: Bool {
    mutating get { isKnownUniquelyReferenced(&storage) && storage.isOwned }
  }

  /// The first element; valid while the place lives.
  func start<T>(as type: T.Type) -> UnsafeMutablePointer<T> {
    unsafe (storage.base + offset).assumingMemoryBound(to: T.self)
  }
}

/// Two operands and the place for what becomes of them.
///
/// Not copyable: copies would cost more than small sums.
struct BinaryKernel: ~Copyable {
  private let a: Place
  private let b: Place
  private let target: Place
  /// Nil when the result is empty.
  private let walk: Broadcast?
  private let shape: Shape
  private let dtype: DType

  /// - Parameters:
  ///   - inputs: two tensors of one dtype.
  ///   - dtype: what the result will have.
  /// - Throws: `TensorError`: `invalidArgument` when the shapes do not broadcast,
  ///   `resourceExhausted` when there is no memory.
  init(_ inputs: consuming [Tensor], to dtype: DType) throws {
    let b = inputs.removeLast()
    let a = inputs.removeLast()
    let (aShape, bShape, source) = (a.shape, b.shape, a.dtype)
    let shape = aShape == bShape ? aShape : try aShape.broadcast(with: bShape)
    var (aPlace, bPlace) = (try Place(consume a), try Place(consume b))
    let target: Place
    if dtype == source && aShape == shape && aPlace.isOurs {
      target = aPlace
    } else if dtype == source && bShape == shape && bPlace.isOurs {
      target = bPlace
    } else {
      target = try Place(new: shape, dtype)
    }
    walk =
      try shape.elementCount == 0
      ? nil : Broadcast(aShape.knownExtents, bShape.knownExtents, result: shape.knownExtents)
    (self.a, self.b, self.target, self.shape, self.dtype) = (aPlace, bPlace, target, shape, dtype)
  }

  /// The result, after `function` has been called with each pair of elements.
  @inline(__always)
  func run<T, R>(_ function: (T, T) -> R) -> Tensor {
    let result = Tensor(storage: target.storage, offset: target.offset, shape: shape, dtype: dtype)
    guard let walk else { return result }
    // The places live as long as `self` does; where the result overwrites an operand, each element
    // is read before it is written.
    let (aStart, bStart) = unsafe (a.start(as: T.self), b.start(as: T.self))
    let start = unsafe target.start(as: R.self)
    walk.forEachRow { aRow, bRow, row in
      let (a, b, result) = unsafe (aStart + aRow, bStart + bRow, start + row)
      switch (walk.row.aStride, walk.row.bStride) {
      case (1, 1):
        for i in 0..<walk.row.count { unsafe result[i] = function(a[i], b[i]) }
      case (0, 1):
        let a = unsafe a[0]
        for i in 0..<walk.row.count { unsafe result[i] = function(a, b[i]) }
      case (1, 0):
        let b = unsafe b[0]
        for i in 0..<walk.row.count { unsafe result[i] = function(a[i], b) }
      case (let aStride, let bStride):
        for i in 0..<walk.row.count {
          unsafe result[i] = function(a[i * aStride], b[i * bStride])
        }
      }
    }
    return result
  }
}

/// An operand and the place for what becomes of it.
struct UnaryKernel: ~Copyable {
  private let a: Place
  private let target: Place
  private let count: Int
  private let shape: Shape
  private let dtype: DType

  /// - Throws: `TensorError` (`resourceExhausted`) when there is no memory.
  init(_ inputs: consuming [Tensor]) throws {
    let a = inputs.removeLast()
    let (shape, dtype) = (a.shape, a.dtype)
    var place = try Place(consume a)
    let target = place.isOurs ? place : try Place(new: shape, dtype)
    count = try shape.elementCount
    (self.a, self.target, self.shape, self.dtype) = (place, target, shape, dtype)
  }

  /// The result, after `function` has been called with each element.
  @inline(__always)
  func run<T>(_ function: (T) -> T) -> Tensor {
    let (start, result) = unsafe (a.start(as: T.self), target.start(as: T.self))
    for i in 0..<count { unsafe result[i] = function(start[i]) }
    return Tensor(storage: target.storage, offset: target.offset, shape: shape, dtype: dtype)
  }
}
