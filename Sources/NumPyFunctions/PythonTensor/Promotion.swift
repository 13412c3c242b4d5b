internal import PythonBridge
internal import TensorCore

// Type promotion by NumPy 2's rules, whichever version of NumPy is loaded. See
// https://numpy.org/neps/nep-0050-scalar-promotion.html.

extension DType {
  /// The result of `numpy.result_type` for both dtypes: the smallest one to which both can be cast
  /// safely.
  func promoted(with other: DType) -> DType {
    let (low, high) = rank <= other.rank ? (self, other) : (other, self)
    if low == high || low == .bool || high == .string { return high }
    switch (low.kind, high.kind) {
    case (.signedInteger, .unsignedInteger), (.unsignedInteger, .signedInteger):
      return Self.promoted(
        signed: low.kind == .signedInteger ? low : high,
        unsigned: low.kind == .signedInteger ? high : low)
    case (.real, .real):
      return low.itemSize == high.itemSize ? .float32 : high.itemSize > low.itemSize ? high : low
    case (_, .real): return Self.promoted(whole: low, real: high)
    case (_, .complex): return low.needsDouble ? .complex128 : high
    default: return high.itemSize > low.itemSize ? high : low
    }
  }

  private var rank: Int {
    switch kind {
    case .bool: 0
    case .signedInteger, .unsignedInteger: 1
    case .real: 2
    case .complex: 3
    case .string: 4
    }
  }

  /// Whether the dtype has values that float32 cannot represent exactly.
  private var needsDouble: Bool {
    switch kind {
    case .signedInteger, .unsignedInteger: itemSize >= 4
    case .real, .complex: self == .float64 || self == .complex128
    case .bool, .string: false
    }
  }

  private static func promoted(signed: DType, unsigned: DType) -> DType {
    if signed.itemSize > unsigned.itemSize { return signed }
    switch unsigned {
    case .uint8: return .int16
    case .uint16: return .int32
    case .uint32: return .int64
    default: return .float64
    }
  }

  private static func promoted(whole: DType, real: DType) -> DType {
    if whole.needsDouble { return .float64 }
    if whole.itemSize == 2 && real.itemSize == 2 { return .float32 }
    return real
  }

  /// The result dtype for a tensor of this dtype and a Python number of another.
  fileprivate func promoted(withNumber number: DType) -> DType {
    if number.rank <= rank || self == .string { return self }
    switch number.kind {
    case .complex: return needsDouble || rank < 2 ? .complex128 : .complex64
    case .real: return .float64
    default: return number
    }
  }
}

extension [PyTensor.Operand] {
  /// The dtype in which the operands are combined.
  var promotedDType: DType {
    let own = filter { !$0.isWeak }.map(\.tensor.dtype)
    let numbers = filter(\.isWeak).map(\.weakDType)
    guard let first = own.first else {
      return numbers.dropFirst().reduce(numbers.first ?? .float64) { $0.promoted(with: $1) }
    }
    let dtype = own.dropFirst().reduce(first) { $0.promoted(with: $1) }
    return numbers.reduce(dtype) { $0.promoted(withNumber: $1) }
  }

  /// The operands in one dtype.
  ///
  /// - Throws: `PythonError` (`OverflowError`) when a Python int does not fit.
  func promoted(_ place: PythonPlace?) throws -> [Tensor] {
    let dtype = promotedDType
    return try map { try $0.converted(to: dtype, place) }
  }
}

extension [PyTensor.Operand] {
  /// The operands, promoted for a binary operator.
  ///
  /// A Python int that does not fit the other operand's integer dtype can still be compared with it and
  /// divide it. int64 and uint64 keep their dtypes in a comparison, which is exact.
  ///
  /// - Throws: `PythonError` (`OverflowError`) when a Python int does not fit.
  func promoted(for which: PyTensor.Binary, _ place: PythonPlace?) throws -> [Tensor] {
    if which.isComparison {
      if allSatisfy({ !$0.isWeak && $0.tensor.dtype.isInteger }), promotedDType == .float64 {
        return try map { operand in
          operand.tensor.dtype == .uint64
            ? operand.tensor
            : try operand.tensor.asType(.int64, file: place.file, line: place.line)
        }
      }
    }
    do {
      return try promoted(place)
    } catch let error as PythonError where error.type == "OverflowError" {
      let isWhole = contains { !$0.isWeak && $0.tensor.dtype.isInteger }
      if which == .divide { return try map { try $0.converted(to: .float64, place) } }
      guard which.isComparison, isWhole else { throw error }
      // The int lies outside the range of that dtype, so the result is the same for all elements.
      return try map { operand in
        guard operand.isWeak else { return operand }
        let isNegative = try Double(operand.tensor.casting(to: .float64)) < 0
        return PyTensor.Operand(Tensor(isNegative ? -Double.infinity : .infinity))
      }.promoted(place)
    }
  }

  /// The operands of a function that is defined for floating-point numbers only, in the smallest
  /// floating-point dtype to which all can be cast.
  ///
  /// Complex numbers, strings and bfloat16 are promoted as for any function.
  ///
  /// Each operand is converted separately, without an integer dtype in between: for int8 and uint8 the result
  /// is float16. A Python number is weakly typed here too.
  func promotedToFloat(_ place: PythonPlace?) throws -> [Tensor] {
    let own = filter { !$0.isWeak }.map(\.tensor.dtype)
    let numbers = filter(\.isWeak).map(\.weakDType)
    let isReal = (own + numbers).allSatisfy { !$0.isComplex && $0 != .string && $0 != .bfloat16 }
    guard isReal else { return try promoted(place) }
    var floats = own.map(\.floatingPoint)
    if own.allSatisfy({ !$0.isFloatingPoint }) {
      // With integer operands a Python float is float64, and with bool operands a Python int is
      // int64.
      let isBool = own.allSatisfy { $0 == .bool }
      if numbers.contains(where: { $0.isFloatingPoint || isBool && $0.isInteger }) {
        floats = [.float64]
      }
    }
    let dtype = floats.dropFirst().reduce(floats.first ?? .float64) { $0.promoted(with: $1) }
    return try map { try $0.converted(to: dtype, place) }
  }
}

extension DType {
  /// The smallest floating-point dtype that can hold all of the dtype's numbers.
  fileprivate var floatingPoint: DType {
    if isFloatingPoint { return self }
    return needsDouble ? .float64 : itemSize == 2 ? .float32 : .float16
  }
}

extension PyTensor.Operand {
  /// The dtype of a Python number with bool operands, or without other operands; an int is int64.
  fileprivate var weakDType: DType { isLarge || tensor.dtype == .uint64 ? .int64 : tensor.dtype }

  /// The operand, converted to a dtype to which it can be promoted.
  func converted(to dtype: DType, _ place: PythonPlace?) throws -> Tensor {
    if tensor.dtype == dtype { return tensor }
    if isWeak {
      if dtype.isInteger, !isLarge, let number = try? tensor.converted(to: dtype) { return number }
      guard !dtype.isInteger else {
        throw Python.error(
          "OverflowError",
          "the Python int \(isLarge ? "of about " : "")\(tensor) does not fit \(dtype), the dtype of the tensor it is combined "
            + "with; convert that with astype")
      }
      return try tensor.casting(to: dtype)
    }
    // Strings are not converted; the operation throws the error.
    if tensor.dtype == .string || dtype == .string { return tensor }
    return try tensor.asType(dtype, file: place.file, line: place.line)
  }
}
