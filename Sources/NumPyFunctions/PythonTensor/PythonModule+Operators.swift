internal import GraphCore
internal import PythonBridge
internal import TensorCore

extension PythonModule {
  static func binary(
    _ which: PyTensor.Binary, _ a: PyTensor.Operand, _ b: PyTensor.Operand, at place: PythonPlace?
  ) throws -> Tensor {
    let line = Line(place)
    let (file, number) = (line.file, line.line)
    if a.tensor.dtype == .string, b.tensor.dtype == .string {
      return try strings(which, a.tensor, b.tensor, line)
    }
    let operands = try [a, b].promotedForComparison(which, line)
    let (x, y) = (operands[0], operands[1])
    switch which {
    case .add: return try Add().apply(to: operands, at: line.location)[0]
    case .subtract: return try Subtract().apply(to: operands, at: line.location)[0]
    case .multiply: return try Multiply().apply(to: operands, at: line.location)[0]
    case .divide: return try Divide().apply(to: operands, at: line.location)[0]
    case .floorDivide: return try floorDivide(x, y, file: file, line: number)
    case .remainder: return try remainder(x, y, file: file, line: number)
    case .matrixMultiply: return try matmul(x, y, file: file, line: number)
    case .power: return try pow(x, y, file: file, line: number)
    case .and, .or, .xor: return try logical(which, x, y, line)
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

  /// Strings are equal when their bytes are, and nothing else can be said of them.
  private static func strings(
    _ which: PyTensor.Binary, _ a: Tensor, _ b: Tensor, _ line: Line
  ) throws -> Tensor {
    guard which == .equal || which == .notEqual, !a.isSymbolic, !b.isSymbolic else {
      throw Python.error(
        "TypeError",
        "tensors of strings have == and !=, outside of graphs; for what else is done with strings use "
          + "numpy_function")
    }
    let shape = try a.shape.broadcast(with: b.shape)
    let (x, y) = try (
      a.broadcast(to: shape, file: line.file, line: line.line).byteStrings(),
      b.broadcast(to: shape, file: line.file, line: line.line).byteStrings()
    )
    let found = zip(x, y).map { ($0 == $1) == (which == .equal) }
    return try Tensor(found, shape: shape)
  }

  private static func logical(
    _ which: PyTensor.Binary, _ x: Tensor, _ y: Tensor, _ line: Line
  ) throws -> Tensor {
    guard x.dtype == .bool else {
      throw Python.error(
        "TypeError",
        "&, | and ^ combine tensors of bool, these are \(x.dtype); compare first, as in (x > 0) & "
          + "(y > 0), or use numpy_function for the bits of whole numbers")
    }
    switch which {
    case .and: return try logicalAnd(x, y, file: line.file, line: line.line)
    case .or: return try logicalOr(x, y, file: line.file, line: line.line)
    default: return try logicalXor(x, y, file: line.file, line: line.line)
    }
  }

  static func unary(_ which: PyTensor.Unary, _ a: Tensor, at place: PythonPlace?) throws -> Tensor {
    let line = Line(place)
    switch which {
    case .negative: return try Negate().apply(to: [a], at: line.location)[0]
    case .absolute: return try abs(a, file: line.file, line: line.line)
    case .inverted:
      guard a.dtype == .bool else {
        throw Python.error(
          "TypeError",
          "~ negates tensors of bool, this is \(a.dtype); compare first, as in ~(x > 0)")
      }
      return try logicalNot(a, file: line.file, line: line.line)
    case .transposed: return try a.transposed(file: line.file, line: line.line)
    case .real: return try real(a, file: line.file, line: line.line)
    case .imaginary:
      return try a.dtype.isComplex
        ? imaginary(a, file: line.file, line: line.line)
        : zerosLike(a, file: line.file, line: line.line)
    }
  }

  static func parts(_ a: Tensor, at place: PythonPlace?) throws -> [Tensor] {
    let line = Line(place)
    let what = "iteration over a tensor, for which a graph has numpyfn.map_fn,"
    guard try PyTensor.rank(of: a, for: what) > 0 else {
      throw Python.error("TypeError", "iteration over a tensor without axes")
    }
    guard a.shape[0] != nil else { throw PyTensor.unknownExtent(what) }
    return try a.unstacked(file: line.file, line: line.line)
  }

  static func stacked(_ parts: [PyTensor.Operand], at place: PythonPlace?) throws -> Tensor {
    let line = Line(place)
    return try stack(parts.promoted(line), file: line.file, line: line.line)
  }
}

extension [PyTensor.Operand] {
  /// The operands in one dtype; a Python int that does not fit the other's is compared nonetheless, as
  /// NumPy 2 does.
  fileprivate func promotedForComparison(
    _ which: PyTensor.Binary, _ line: Line
  ) throws -> [Tensor] {
    guard which.isComparison else { return try promoted(line) }
    do {
      return try promoted(line)
    } catch let error as PythonError where error.type == "OverflowError" {
      // An int beyond 64 bits is less or greater than all that fit.
      return try map { operand in
        guard operand.isLarge else { return PyTensor.Operand(operand.tensor) }
        let isNegative = try Double(operand.tensor) < 0
        return PyTensor.Operand(Tensor(isNegative ? -Double.infinity : .infinity))
      }.promoted(line)
    }
  }
}
