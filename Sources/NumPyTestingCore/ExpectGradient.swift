public import TensorCore

/// Expects a gradient that is written by hand to be that of a function, by finite differences.
///
/// ```swift
/// func energy(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 } }
/// func slope(_ x: [Double]) -> [Double] { x.map { 2 * $0 } }
/// expectGradient(slope, of: energy, at: [1, 2])
/// ```
///
/// Each element is moved by a step up and down, so the function is called twice as often as there are
/// elements. It should be smooth near the point. If its result has several elements, the gradient is that of
/// their sum.
///
/// For a complex element z = a + ib the gradient of the real part of the result is ∂/∂a + i ∂/∂b, as in
/// TensorFlow.
///
/// - Parameters:
///   - gradient: the gradient; its shape is that of the point.
///   - function: the function.
///   - point: where the gradient is taken, of a floating-point or complex dtype.
///   - step: the distance to the two points; when nil, the third root of the dtype's precision (5e-6 for
///     float64, 4e-3 for float32) times the element, if that is larger than 1.
///   - rtol: the relative tolerance; when nil, 1e-6 for float64 and 6e-4 for float32.
///   - atol: the absolute tolerance; when nil, `rtol` times the largest element of the gradient, or what
///     rounding in the function is expected to cause if that is more.
///   - fileID: the file of the expectation.
///   - filePath: the file of the expectation, with its folder.
///   - line: the line that a failure is shown at.
///   - column: the column that a failure is shown at.
/// - Returns: whether the gradient is right.
@discardableResult
public func expectGradient<
  Point: NumericValues & TensorReadable, Slope: NumericValues, Value: NumericValues
>(
  _ gradient: (Point) throws -> Slope, of function: (Point) throws -> Value,
  at point: Point, step: Double? = nil, rtol: Double? = nil, atol: Double? = nil,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) -> Bool {
  GradientCheck.check(CallSite(fileID, filePath, line, column)) {
    let point = try point.tensorOfValues()
    let differences = try FiniteDifferences(
      of: { try GradientCheck.sum(of: function(Point($0)).tensorOfValues()) }, at: point, step: step
    )
    return try differences.report(
      gradient(Point(point)).tensorOfValues(), title: "expectGradient", rtol: rtol, atol: atol)
  }
}

/// Expects a gradient of tensors that is written by hand to be that of a function, by finite differences.
///
/// - Parameters:
///   - gradient: the gradient; its shape is that of the point.
///   - function: the function; if its result has several elements, their sum is differentiated.
///   - point: where the gradient is taken, of a floating-point or complex dtype.
///   - step: as for numbers that are no tensor, and so are the others.
///   - rtol: the relative tolerance.
///   - atol: the absolute tolerance.
///   - fileID: the file of the expectation.
///   - filePath: the file of the expectation, with its folder.
///   - line: the line that a failure is shown at.
///   - column: the column that a failure is shown at.
/// - Returns: whether the gradient is right.
@discardableResult
public func expectGradient<Slope: NumericValues, Value: NumericValues>(
  _ gradient: (Tensor) throws -> Slope, of function: (Tensor) throws -> Value,
  at point: Tensor, step: Double? = nil, rtol: Double? = nil, atol: Double? = nil,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) -> Bool {
  GradientCheck.check(CallSite(fileID, filePath, line, column)) {
    let differences = try FiniteDifferences(
      of: { try GradientCheck.sum(of: function($0).tensorOfValues()) }, at: point, step: step)
    return try differences.report(
      gradient(point).tensorOfValues(), title: "expectGradient", rtol: rtol, atol: atol)
  }
}

/// Expects a gradient that is written by hand, of a function with several results, to be right by finite
/// differences.
///
/// ```swift
/// expectGradient(softmaxGradient, of: softmax, at: x)  // softmaxGradient(x, upstream)
/// ```
///
/// The gradient takes the gradient of what follows, `upstream`, which has the shape of the results, as the
/// backward pass of a layer does. It is checked with weights that do not cancel out.
///
/// - Parameters:
///   - gradient: the gradient, of the point and the upstream gradient; its shape is that of the point.
///   - function: the function.
///   - point: where the gradient is taken, of a floating-point dtype.
///   - step: as for a function with one result, and so are the others.
///   - rtol: the relative tolerance.
///   - atol: the absolute tolerance.
///   - fileID: the file of the expectation.
///   - filePath: the file of the expectation, with its folder.
///   - line: the line that a failure is shown at.
///   - column: the column that a failure is shown at.
/// - Returns: whether the gradient is right.
@discardableResult
public func expectGradient<
  Point: NumericValues & TensorReadable, Results: NumericValues & TensorReadable,
  Slope: NumericValues
>(
  _ gradient: (Point, Results) throws -> Slope,
  of function: (Point) throws -> Results,
  at point: Point, step: Double? = nil, rtol: Double? = nil, atol: Double? = nil,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) -> Bool {
  GradientCheck.check(CallSite(fileID, filePath, line, column)) {
    let point = try point.tensorOfValues()
    let results = try function(Point(point)).tensorOfValues()
    let weights = try GradientCheck.weights(shape: results.shape, dtype: results.dtype)
    let differences = try FiniteDifferences(
      of: { try GradientCheck.sum(of: function(Point($0)).tensorOfValues(), weights: weights) },
      at: point, step: step)
    return try differences.report(
      gradient(Point(point), Results(weights)).tensorOfValues(), title: "expectGradient",
      rtol: rtol, atol: atol)
  }
}

/// What the forms of `expectGradient` share.
package enum GradientCheck {
  /// Records the report of `body`, or the error that it throws.
  ///
  /// - Returns: whether there was neither.
  package static func check(_ site: CallSite, _ body: () throws -> String?) -> Bool {
    let report: String?
    do { report = try body() } catch {
      report = "expectGradient: the gradient or the function threw: \(error)"
    }
    guard let report else { return true }
    TestReport.record(report, at: site)
    return false
  }

  /// The sum of the real parts of the elements, each times its weight.
  package static func sum(of tensor: Tensor, weights: Tensor? = nil) throws -> Double {
    let numbers = try tensor.numbers().map(\.real)
    guard let weights else { return numbers.reduce(0, +) }
    return try zip(numbers, weights.numbers()).reduce(0) { $0 + $1.0 * $1.1.real }
  }

  /// Weights for the elements of a result, so that no part of a gradient cancels out.
  package static func weights(shape: Shape, dtype: DType) throws -> Tensor {
    let cycle = [0.5, -0.4375, 1, 0.625, -0.25]
    let numbers = try (0..<shape.extents.reduce(1, *)).map { Number.real(cycle[$0 % cycle.count]) }
    return try Tensor(numbers: numbers, shape: shape, dtype: dtype)
  }
}
