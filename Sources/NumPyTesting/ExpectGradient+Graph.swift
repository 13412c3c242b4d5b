public import NumPyFunctions
internal import NumPyTestingCore

/// Expects the gradient of a function of one tensor, as this library derives it, to be right by finite
/// differences.
///
/// ```swift
/// expectGradient(of: { x in try logSumExp(x) }, at: x)
/// ```
///
/// This checks the gradient rules of the operations in the function, such as the `gradient:` that was given to
/// a numpyFunction. If the result has several elements, they are weighted so that no part of the gradient
/// cancels out. See the form for several tensors.
///
/// - Parameters:
///   - function: the function of tensors, which is called outside of a graph and traced too. It should be smooth
///     near the point.
///   - point: where the gradient is taken, of a floating-point or complex dtype.
///   - step: the distance to the two points at which differences are taken; when nil, the third root of the
///     dtype's precision (5e-6 for float64, 4e-3 for float32) times the element, if that is larger than 1.
///   - rtol: the relative tolerance; when nil, 1e-6 for float64 and 6e-4 for float32.
///   - atol: the absolute tolerance; when nil, `rtol` times the largest element of the gradient, or what
///     rounding in the function is expected to cause if that is more.
///   - fileID: the file of the expectation.
///   - filePath: the file of the expectation, with its folder.
///   - line: the line that a failure is shown at.
///   - column: the column that a failure is shown at.
/// - Returns: whether the gradient is right.
@discardableResult
public func expectGradient(
  of function: (Tensor) throws -> Tensor, at point: Tensor,
  step: Double? = nil, rtol: Double? = nil, atol: Double? = nil,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) -> Bool {
  expectGradient(
    of: { try function($0[0]) }, at: [point], step: step, rtol: rtol, atol: atol, fileID: fileID,
    filePath: filePath, line: line, column: column)
}

/// Expects the gradients of a function of several tensors, as this library derives them, to be right by finite
/// differences.
///
/// Each element of each floating-point or complex tensor is moved by a step up and down; tensors of other
/// dtypes have no gradient. An input that the result does not depend on has the gradient 0. For a complex
/// element z = a + ib the gradient is ∂/∂a + i ∂/∂b of the result's real part, as in TensorFlow.
///
/// - Parameters:
///   - function: the function of tensors.
///   - points: where the gradients are taken.
///   - step: as for one tensor, and so are the others.
///   - rtol: the relative tolerance.
///   - atol: the absolute tolerance.
///   - fileID: the file of the expectation.
///   - filePath: the file of the expectation, with its folder.
///   - line: the line that a failure is shown at.
///   - column: the column that a failure is shown at.
/// - Returns: whether the gradients are right.
@discardableResult
public func expectGradient(
  of function: ([Tensor]) throws -> Tensor, at points: [Tensor],
  step: Double? = nil, rtol: Double? = nil, atol: Double? = nil,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) -> Bool {
  GradientCheck.check(CallSite(fileID, filePath, line, column)) {
    let result = try function(points)
    let weights = try GradientCheck.weights(shape: result.shape, dtype: result.dtype)
    let gradients = try gradient(at: points) { try function($0) * weights }
    for (index, point) in points.enumerated() {
      guard point.dtype.isFloatingPoint || point.dtype.isComplex else { continue }
      let differences = try FiniteDifferences(
        of: { moved in
          var inputs = points
          inputs[index] = moved
          return try GradientCheck.sum(of: function(inputs), weights: weights)
        }, at: point, step: step)
      let title =
        "expectGradient" + (points.count > 1 ? ", input \(index)" : "")
        + (gradients[index] == nil ? ", on which the result does not depend" : "")
      let found = try gradients[index] ?? Tensor(zeros: point.shape, dtype: point.dtype)
      if let report = try differences.report(found, title: title, rtol: rtol, atol: atol) {
        return report
      }
    }
    return nil
  }
}
