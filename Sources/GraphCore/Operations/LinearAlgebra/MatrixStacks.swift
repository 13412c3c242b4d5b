internal import TensorCore

/// The matrices that a tensor is made of: its last two axes, and the axes in front of them.
struct MatrixStack {
  /// The elements, with at least two axes.
  let tensor: Tensor

  /// The extents of the axes in front.
  let batch: [Int]

  /// The tensor as matrices; one of rank 1 as a matrix with one row, or one column.
  ///
  /// - Precondition: the rank is at least 1.
  init(_ tensor: Tensor, vectorIsRow: Bool) throws(TensorError) {
    let extents = try tensor.shape.extents
    if extents.count == 1 {
      let matrix: Shape = vectorIsRow ? [1, extents[0]] : [extents[0], 1]
      self.tensor = try tensor.viewed(as: matrix)
      batch = []
    } else {
      self.tensor = tensor
      batch = Array(extents.dropLast(2))
    }
  }

  private init(_ tensor: Tensor, batch: [Int]) {
    self.tensor = tensor
    self.batch = batch
  }

  /// The extents of each matrix as it is stored.
  var rows: Int { tensor.shape[-2] }
  var columns: Int { tensor.shape[-1] }

  /// The matrices, one below the other, as one.
  func stacked() throws(TensorError) -> MatrixStack {
    let rows = batch.reduce(rows, *)
    return MatrixStack(try tensor.viewed(as: [rows, columns]), batch: [])
  }

  /// The products of the matrices, paired by broadcasting.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when the extents in front do not broadcast,
  ///   `resourceExhausted`.
  func product(
    _ b: MatrixStack, transposeA: Bool = false, transposeB: Bool = false
  ) throws -> Tensor {
    let product = MatrixProduct(
      rows: transposeA ? columns : rows, inner: transposeA ? rows : columns,
      columns: transposeB ? b.rows : b.columns, transposeA: transposeA, transposeB: transposeB)
    let batch = try Shape(batch).broadcast(with: Shape(b.batch)).knownExtents
    if !transposeA && self.batch.count > 0 && b.batch.allSatisfy({ $0 == 1 })
      && batch == self.batch
    {
      // With a single matrix `b`, the matrices of this stack are multiplied as one tall matrix.
      let matrix = MatrixStack(try b.tensor.viewed(as: [b.rows, b.columns]), batch: [])
      let whole = try stacked().product(matrix, transposeB: transposeB)
      return try whole.viewed(as: Shape(batch + [product.rows, product.columns]))
    }
    return try StackVisitor(a: self, b: b, product: product, batch: batch).visit(tensor.dtype, ())
  }
}

/// The loop over pairs of matrices, for each element type.
private struct StackVisitor: ElementVisitor {
  let a: MatrixStack
  let b: MatrixStack
  let product: MatrixProduct
  let batch: [Int]

  func visit<T: KernelElement>(_ type: T.Type, _ operand: Void) throws -> Tensor {
    let dtype = a.tensor.dtype
    let shape = Shape(batch + [product.rows, product.columns])
    let (result, target) = try Tensor.uninitialized(shape, dtype)
    if try shape.elementCount == 0 { return result }
    if product.inner == 0 {
      target.clear()
      return result
    }
    let (aStorage, aOffset) = try a.tensor.stored
    let (bStorage, bOffset) = try b.tensor.stored
    let aStart = unsafe UnsafePointer((aStorage.base + aOffset).assumingMemoryBound(to: T.self))
    let bStart = unsafe UnsafePointer((bStorage.base + bOffset).assumingMemoryBound(to: T.self))
    let start = unsafe target.base.assumingMemoryBound(to: T.self)
    let (aSize, bSize) = (a.rows * a.columns, b.rows * b.columns)
    let size = product.rows * product.columns
    withExtendedLifetime((aStorage, bStorage)) {
      let count = batch.reduce(1, *)
      if count == 1 { return unsafe T.multiply(product, aStart, bStart, into: start) }
      let (aPlaces, bPlaces) = (places(of: a.batch), places(of: b.batch))
      // Small products are grouped for our threads; large ones are left to the threads of BLAS.
      let group = product.work < 1 << 18 ? min(count, max(1, 1 << 18 / product.work)) : count
      Parallel.forEach((count + group - 1) / group) { index in
        for place in index * group..<min(count, (index + 1) * group) {
          unsafe T.multiply(
            product, aStart + aPlaces[place] * aSize, bStart + bPlaces[place] * bSize,
            into: start + place * size)
        }
      }
    }
    return result
  }

  /// For each pair, the number of an operand's matrix.
  private func places(of own: [Int]) -> [Int] {
    let missing = [Int](repeating: 1, count: batch.count - own.count)
    var (places, step) = ([0], 1)
    for (count, extent) in zip(batch, missing + own).reversed() {
      places = (0..<count).flatMap { index in
        places.map { $0 + (extent == 1 ? 0 : index * step) }
      }
      step *= extent
    }
    return places
  }
}
