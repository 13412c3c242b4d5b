public import TensorCore

/// Matrices with zeros above or below a diagonal.
struct Triangle: OneResultOperation {
  /// Whether the elements above the diagonal are kept; otherwise those below it are.
  let isUpper: Bool
  /// The number of places by which the diagonal lies above the main one.
  let diagonal: Int

  var name: String { isUpper ? "upperTriangle" : "lowerTriangle" }

  func check(_ inputs: [TensorSpec]) throws { try inputs[0].expectMatrices(for: self) }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    var x = inputs.removeLast()
    try TensorSpec(of: x).expectMatrices(for: self)
    let (rows, columns) = (x.shape[-2], x.shape[-1])
    guard x.count > 0 else { return [x] }
    try x.makeUnique()
    let (storage, offset) = try x.stored
    let item = x.dtype.itemSize
    for row in 0..<x.count / columns {
      // The first column beyond the diagonal of this row.
      let (sum, overflow) = (row % rows).addingReportingOverflow(diagonal)
      let edge =
        overflow ? columns : min(max(isUpper ? sum : sum < .max ? sum + 1 : sum, 0), columns)
      let zeros = isUpper ? 0..<edge : edge..<columns
      let start = offset + (row * columns + zeros.lowerBound) * item
      unsafe (storage.base + start).initializeMemory(
        as: UInt8.self, repeating: 0, count: zeros.count * item)
    }
    return [x]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try result(of: request.upstream)]
  }

  var attributes: [(name: String, value: String)] { [("diagonal", "\(diagonal)")] }
}

extension TensorSpec {
  /// Refuses tensors of rank less than 2, and strings, which have no zero.
  fileprivate func expectMatrices(for operation: any Operation) throws {
    try require(
      ((shape.rankIfKnown ?? 2) >= 2) && dtype != .string,
      spelled: "\(Message.name(operation.name)) takes numbers of rank 2 or more, \(self) was given")
  }
}

extension Tensor {
  /// The matrices of the last two axes with zeros above a diagonal, which lies `diagonal` places
  /// above the main one.
  ///
  /// Any dtype but string. See <https://numpy.org/doc/stable/reference/generated/numpy.tril.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the rank is less than 2.
  public func lowerTriangle(
    diagonal: Int = 0, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try Triangle(isUpper: false, diagonal: diagonal).result(of: self, file: file, line: line)
  }

  /// The matrices of the last two axes with zeros below a diagonal, which lies `diagonal` places
  /// above the main one.
  ///
  /// Any dtype but string. See <https://numpy.org/doc/stable/reference/generated/numpy.triu.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the rank is less than 2.
  public func upperTriangle(
    diagonal: Int = 0, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try Triangle(isUpper: true, diagonal: diagonal).result(of: self, file: file, line: line)
  }
}

/// The matrix with ones on a diagonal, which lies `diagonal` places above the main one, and zeros
/// elsewhere.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.eye.html>.
///
/// - Throws: `OperationError`: `invalidArgument` when an extent is negative or too large, or the dtype
///   is string; `resourceExhausted` when there is no memory.
public func eye(
  _ rows: Int, _ columns: Int? = nil, diagonal: Int = 0, dtype: DType = .float32,
  file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try located("eye", file, line) { _ in
    let columns = columns ?? rows
    try require(
      rows >= 0 && columns >= 0, "a matrix of \(rows) rows and \(columns) columns was asked for")
    _ = try Shape([rows, columns]).byteCount(of: dtype)
    try require(rows < 1 << 40, code: .resourceExhausted, "no memory for a matrix of \(rows) rows")
    let positions = (0..<rows).map { row in
      let (column, overflow) = row.addingReportingOverflow(diagonal)
      return overflow ? -1 : column
    }
    return try OneHot(depth: columns, dtype: dtype, axis: -1).result(of: Tensor(positions))
  }
}
