internal import GraphCore
internal import PythonBridge
internal import TensorCore

extension PythonModule {
  static func binary(
    _ which: PyTensor.Binary, _ a: PyTensor.Operand, _ b: PyTensor.Operand, at place: PythonPlace?
  ) throws -> Tensor {
    // NumPy's operator `**` squares bools as int8; its function `power` does not.
    if which == .power, a.tensor.dtype == .bool, !a.isWeak, b.isWeak, b.tensor.dtype == .int64,
      try b.tensor.scalars(as: Int64.self) == [2]
    {
      return try square(a.tensor, file: place.file, line: place.line)
    }
    return try combined(which, a, b, at: place)
  }

  /// The result of a binary operator, with NumPy's promotion.
  static func combined(
    _ which: PyTensor.Binary, _ a: PyTensor.Operand, _ b: PyTensor.Operand, at place: PythonPlace?
  ) throws -> Tensor {
    let (file, number) = (place.file, place.line)
    if a.tensor.dtype == .string, b.tensor.dtype == .string {
      return try strings(which, a.tensor, b.tensor, place)
    }
    let operands = try [a, b].promoted(for: which, place)
    let (x, y) = (operands[0], operands[1])
    if which.isComparison, x.dtype != y.dtype, x.dtype.isInteger, y.dtype.isInteger {
      return try exactly(which, x, y, place)
    }
    switch which {
    case .add: return try Add().apply(to: operands, at: place.location)[0]
    case .subtract: return try Subtract().apply(to: operands, at: place.location)[0]
    case .multiply: return try Multiply().apply(to: operands, at: place.location)[0]
    case .divide: return try Divide().apply(to: operands, at: place.location)[0]
    case .floorDivide: return try floorDivide(x, y, file: file, line: number)
    case .remainder: return try remainder(x, y, file: file, line: number)
    case .matrixMultiply: return try matmul(x, y, file: file, line: number)
    case .power: return try power(x, y, place)
    case .and, .or, .xor: return try logical(which, x, y, place)
    case .shiftLeft, .shiftRight:
      throw TensorError(.unimplemented, "tensors have no shifts of bits; multiply by powers of 2")
    case .less: return try less(x, y, file: file, line: number)
    case .lessEqual: return try lessEqual(x, y, file: file, line: number)
    case .equal: return try equal(x, y, file: file, line: number)
    case .notEqual: return try notEqual(x, y, file: file, line: number)
    case .greater: return try greater(x, y, file: file, line: number)
    case .greaterEqual: return try greaterEqual(x, y, file: file, line: number)
    }
  }

  /// Integers can be raised only to powers that are not negative, as in NumPy.
  private static func power(_ x: Tensor, _ y: Tensor, _ place: PythonPlace?) throws -> Tensor {
    let mayBeNegative = y.dtype.kind == .signedInteger
    let exponents =
      mayBeNegative ? try ensureNotNegative(y, file: place.file, line: place.line) : y
    // Exponents that are known now need no check when the graph runs.
    return try pow(x, y.isSymbolic ? exponents : y, file: place.file, line: place.line)
  }

  /// Compares int64 with uint64 exactly, since no dtype can hold both.
  private static func exactly(
    _ which: PyTensor.Binary, _ a: Tensor, _ b: Tensor, _ place: PythonPlace?
  ) throws -> Tensor {
    let (file, number) = (place.file, place.line)
    guard a.dtype.kind == .signedInteger else { return try exactly(which.mirrored, b, a, place) }
    let isNegative = try less(a, Tensor(0, dtype: a.dtype), file: file, line: number)
    let whole = try a.asType(b.dtype, file: file, line: number)
    func compared(_ compare: (Tensor, Tensor, String, Int) throws -> Tensor) throws -> Tensor {
      try compare(whole, b, file, number)
    }
    func orNegative(_ other: Tensor) throws -> Tensor {
      try logicalOr(isNegative, other, file: file, line: number)
    }
    func andNot(_ other: Tensor) throws -> Tensor {
      let isPositive = try logicalNot(isNegative, file: file, line: number)
      return try logicalAnd(isPositive, other, file: file, line: number)
    }
    switch which {
    case .less: return try orNegative(compared { try less($0, $1, file: $2, line: $3) })
    case .lessEqual: return try orNegative(compared { try lessEqual($0, $1, file: $2, line: $3) })
    case .notEqual: return try orNegative(compared { try notEqual($0, $1, file: $2, line: $3) })
    case .greater: return try andNot(compared { try greater($0, $1, file: $2, line: $3) })
    case .greaterEqual: return try andNot(compared { try greaterEqual($0, $1, file: $2, line: $3) })
    default: return try andNot(compared { try equal($0, $1, file: $2, line: $3) })
    }
  }

  static func inPlace(_ result: Tensor, of a: Tensor, at place: PythonPlace?) throws -> Tensor {
    // A tensor without axes is like a NumPy scalar, which takes the dtype of the result.
    if a.rankIfKnown == 0 || result.dtype == a.dtype { return result }
    guard result.dtype.isSameKind(as: a.dtype) else {
      throw Python.error(
        "TypeError",
        "an operator in place, as in t += u, keeps the dtype of t, which is \(a.dtype), and the result is "
          + "\(result.dtype); write t = t + u, or convert with astype")
    }
    return try result.asType(a.dtype, file: place.file, line: place.line)
  }

  /// Strings are compared by their bytes, with `==` and `!=` only.
  private static func strings(
    _ which: PyTensor.Binary, _ a: Tensor, _ b: Tensor, _ place: PythonPlace?
  ) throws -> Tensor {
    guard which == .equal || which == .notEqual, !a.isSymbolic, !b.isSymbolic else {
      throw Python.error(
        "TypeError",
        "tensors of strings have == and !=, outside of graphs; for what else is done with strings use "
          + "numpy_function")
    }
    let shape = try a.shape.broadcast(with: b.shape)
    let (x, y) = try (
      a.broadcast(to: shape, file: place.file, line: place.line).byteStrings(),
      b.broadcast(to: shape, file: place.file, line: place.line).byteStrings()
    )
    let found = zip(x, y).map { ($0 == $1) == (which == .equal) }
    return try Tensor(found, shape: shape)
  }

  private static func logical(
    _ which: PyTensor.Binary, _ x: Tensor, _ y: Tensor, _ place: PythonPlace?
  ) throws -> Tensor {
    guard x.dtype == .bool else {
      throw Python.error(
        "TypeError",
        "&, | and ^ combine tensors of bool, these are \(x.dtype); compare first, as in (x > 0) & "
          + "(y > 0), or use numpy_function for the bits of whole numbers")
    }
    switch which {
    case .and: return try logicalAnd(x, y, file: place.file, line: place.line)
    case .or: return try logicalOr(x, y, file: place.file, line: place.line)
    default: return try logicalXor(x, y, file: place.file, line: place.line)
    }
  }

  static func unary(_ which: PyTensor.Unary, _ a: Tensor, at place: PythonPlace?) throws -> Tensor {
    switch which {
    case .negative: return try Negate().apply(to: [a], at: place.location)[0]
    case .absolute: return try abs(a, file: place.file, line: place.line)
    case .inverted:
      guard a.dtype == .bool else {
        throw Python.error(
          "TypeError",
          "~ negates tensors of bool, this is \(a.dtype); compare first, as in ~(x > 0)")
      }
      return try logicalNot(a, file: place.file, line: place.line)
    case .transposed: return try a.transposed(file: place.file, line: place.line)
    case .real: return try real(a, file: place.file, line: place.line)
    case .imaginary:
      return try a.dtype.isComplex
        ? imaginary(a, file: place.file, line: place.line)
        : zerosLike(a, file: place.file, line: place.line)
    }
  }

  static func parts(_ a: Tensor, at place: PythonPlace?) throws -> [Tensor] {
    let what = "iteration over a tensor, for which a graph has numpyfn.map_fn,"
    guard try PyTensor.rank(of: a, for: what, at: place) > 0 else {
      throw Python.error("TypeError", "iteration over a tensor without axes")
    }
    guard a.shape[ifKnown: 0] != nil else { throw PyTensor.unknownExtent(what, at: place) }
    return try a.unstacked(file: place.file, line: place.line)
  }

  static func stacked(_ parts: [PyTensor.Operand], at place: PythonPlace?) throws -> Tensor {
    try stack(parts.promoted(place), file: place.file, line: place.line)
  }
}

extension PyTensor.Binary {
  /// The comparison with the operands exchanged.
  fileprivate var mirrored: Self {
    switch self {
    case .less: .greater
    case .lessEqual: .greaterEqual
    case .greater: .less
    case .greaterEqual: .lessEqual
    default: self
    }
  }
}
