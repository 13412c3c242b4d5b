public import TensorCore

/// Passes whole numbers through if none is negative, as exponents must be where powers are whole
/// numbers.
struct EnsureNotNegative: PureOperation, ZeroGradient {
  let name = "ensureNotNegative"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(1, for: self)
    try require(inputs[0].dtype.isInteger, "whole numbers are expected, not \(inputs[0].dtype)")
    return inputs
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    if let negative = try inputs[0].casting(to: .int64).scalars(as: Int64.self).first(where: {
      $0 < 0
    }) {
      throw TensorError(
        .invalidArgument,
        "a whole number was to be raised to the power \(negative), which gives no whole number; convert "
          + "the base to floating-point numbers first")
    }
    return inputs
  }
}

/// Whole numbers as they are, if none is negative: exponents whose powers are to be whole numbers, as
/// NumPy's must be.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.power.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when one is negative, in a graph perhaps only when it
///   runs, or when they are no whole numbers.
public func ensureNotNegative(_ x: Tensor, file: String = #fileID, line: Int = #line) throws
  -> Tensor
{
  guard x.dtype.kind != .unsignedInteger else { return x.withoutLiteralMark }
  return try EnsureNotNegative().result(of: x, file: file, line: line)
}
