internal import ComplexModule
internal import TensorCore

#if canImport(Accelerate)
  internal import Accelerate
#else
  internal import OpenBLAS
#endif

// The only file that calls BLAS: OpenBLAS, or Apple's Accelerate on a Mac. OpenBLAS has its own
// threads, and may be called from several threads at once. Where it is not installed, loops of ours
// multiply.

/// Whether there is a BLAS.
private let isThere: Bool = {
  #if canImport(Accelerate)
    true
  #else
    unsafe openblas() != nil
  #endif
}()

/// The product of two matrices, which are contiguous in memory, in row-major order.
struct MatrixProduct {
  /// The extents of the product: `rows` × `inner` times `inner` × `columns`.
  let rows: Int
  let inner: Int
  let columns: Int

  /// Whether the operands are stored with rows and columns exchanged.
  let transposeA: Bool
  let transposeB: Bool

  /// How many multiplications there are.
  var work: Int { rows * inner * columns }

  /// The extents as BLAS takes them, and those of the operands' rows; nil when one does not fit, or there is
  /// no BLAS.
  var blas: BLASExtents? {
    guard isThere, let m = CInt(exactly: rows), let k = CInt(exactly: inner),
      let n = CInt(exactly: columns)
    else { return nil }
    return BLASExtents(
      m: m, n: n, k: k, lda: transposeA ? m : k, ldb: transposeB ? k : n,
      a: transposeA ? CblasTrans : CblasNoTrans, b: transposeB ? CblasTrans : CblasNoTrans)
  }
}

/// The arguments of BLAS for the product of two matrices.
struct BLASExtents {
  let m: CInt
  let n: CInt
  let k: CInt
  let lda: CInt
  let ldb: CInt
  let a: CBLAS_TRANSPOSE
  let b: CBLAS_TRANSPOSE
}

extension Float {
  static func multiply(
    _ product: MatrixProduct, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>
  ) {
    guard product.isWorthACall, let e = product.blas else {
      return unsafe product.multiplyPlainly(a, b, into: c)
    }
    if e.n == 1 {
      let (rows, columns) = product.storedA(e)
      unsafe cblas_sgemv(CblasRowMajor, e.a, rows, columns, 1, a, e.lda, b, 1, 0, c, 1)
    } else if e.m == 1 {
      let (rows, columns) = product.storedB(e)
      unsafe cblas_sgemv(CblasRowMajor, e.bFlipped, rows, columns, 1, b, e.ldb, a, 1, 0, c, 1)
    } else {
      unsafe cblas_sgemm(
        CblasRowMajor, e.a, e.b, e.m, e.n, e.k, 1, a, e.lda, b, e.ldb, 0, c, e.n)
    }
  }
}

extension Double {
  static func multiply(
    _ product: MatrixProduct, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    into c: UnsafeMutablePointer<Double>
  ) {
    guard product.isWorthACall, let e = product.blas else {
      return unsafe product.multiplyPlainly(a, b, into: c)
    }
    if e.n == 1 {
      let (rows, columns) = product.storedA(e)
      unsafe cblas_dgemv(CblasRowMajor, e.a, rows, columns, 1, a, e.lda, b, 1, 0, c, 1)
    } else if e.m == 1 {
      let (rows, columns) = product.storedB(e)
      unsafe cblas_dgemv(CblasRowMajor, e.bFlipped, rows, columns, 1, b, e.ldb, a, 1, 0, c, 1)
    } else {
      unsafe cblas_dgemm(
        CblasRowMajor, e.a, e.b, e.m, e.n, e.k, 1, a, e.lda, b, e.ldb, 0, c, e.n)
    }
  }
}

/// The type of the parts of complex numbers whose matrices BLAS multiplies.
protocol ComplexMatrixPart: ComplexPart {
  static func multiplyComplex(
    _ e: BLASExtents, _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ c: UnsafeMutableRawPointer)
}

extension Float: ComplexMatrixPart {
  static func multiplyComplex(
    _ e: BLASExtents, _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ c: UnsafeMutableRawPointer
  ) {
    var (one, zero) = (Complex<Float>(1), Complex<Float>.zero)
    unsafe cblas_cgemm(
      CblasRowMajor, e.a, e.b, e.m, e.n, e.k, &one, a, e.lda, b, e.ldb, &zero, c, e.n)
  }
}

extension Double: ComplexMatrixPart {
  static func multiplyComplex(
    _ e: BLASExtents, _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ c: UnsafeMutableRawPointer
  ) {
    var (one, zero) = (Complex<Double>(1), Complex<Double>.zero)
    unsafe cblas_zgemm(
      CblasRowMajor, e.a, e.b, e.m, e.n, e.k, &one, a, e.lda, b, e.ldb, &zero, c, e.n)
  }
}

extension BLASExtents {
  /// As if `b` were the first operand.
  var bFlipped: CBLAS_TRANSPOSE { b == CblasTrans ? CblasNoTrans : CblasTrans }
}

extension MatrixProduct {
  /// Whether BLAS is faster than a loop; for the smallest matrices, a loop takes less time than the
  /// call.
  var isWorthACall: Bool { work > 256 }

  /// Rows and columns of the operands as they are stored.
  fileprivate func storedA(_ e: BLASExtents) -> (CInt, CInt) {
    transposeA ? (e.k, e.m) : (e.m, e.k)
  }
  fileprivate func storedB(_ e: BLASExtents) -> (CInt, CInt) {
    transposeB ? (e.n, e.k) : (e.k, e.n)
  }
}
