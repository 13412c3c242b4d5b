internal import TensorCore

// The product of matrices whose dtype BLAS does not support, or that are too small or too long for
// it.

extension MatrixProduct {
  /// Computes the product, element by element.
  ///
  /// It is computed in blocks, so that elements are still in the cache when they are used again.
  /// Sums of whole numbers wrap; for bool, sums are "or" and products are "and".
  func multiplyPlainly<T: KernelElement>(
    _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, into c: UnsafeMutablePointer<T>
  ) {
    // From one element to the next along the inner extent, and along the other.
    let (aInner, aOuter) = transposeA ? (rows, 1) : (1, inner)
    let block = 64
    if transposeB {
      // Rows of both operands are multiplied with each other.
      for start in stride(from: 0, to: columns, by: block) {
        for row in 0..<rows {
          for column in start..<min(start + block, columns) {
            let (x, y) = unsafe (a + row * aOuter, b + column * inner)
            var sum = unsafe T.product(x[0], y[0])
            for i in 1..<max(inner, 1) {
              unsafe sum = T.sum(sum, T.product(x[i * aInner], y[i]))
            }
            unsafe (c + row * columns + column).initialize(to: sum)
          }
        }
      }
      return
    }
    // Rows of the second operand are added up.
    for start in stride(from: 0, to: inner, by: block) {
      for row in 0..<rows {
        let sums = unsafe c + row * columns
        for i in start..<min(start + block, inner) {
          let factor = unsafe a[row * aOuter + i * aInner]
          let other = unsafe b + i * columns
          if i == 0 {
            for column in 0..<columns {
              unsafe (sums + column).initialize(to: T.product(factor, other[column]))
            }
          } else {
            for column in 0..<columns {
              unsafe sums[column] = T.sum(sums[column], T.product(factor, other[column]))
            }
          }
        }
      }
    }
  }
}
