import ComplexModule
import GraphCore
import TensorCore
import Testing

/// Swift numbers among tensors: variables, not only literals.
struct NumberOperandTests {
  /// Expressions with variables, and with the same numbers as tensors of the other operand's dtype.
  private func expressions(
    _ t: Tensor
  ) throws -> [(name: String, found: Tensor, expected: Tensor)] {
    let (k, n, d, b): (Float, Int, Double, Int8) = (2, 3, 0.5, 4)
    func number(_ x: Double) throws -> Tensor { try Tensor(x, dtype: t.dtype) }
    let pi = try number(2 * Double.pi)
    return [
      ("2πt", try 2 * Double.pi * t, try pi * t),
      ("t * k", try t * k, try t * number(2)),
      ("n * t", try n * t, try number(3) * t),
      ("t + d", try t + d, try t + number(0.5)),
      ("n - t", try n - t, try number(3) - t),
      ("t - b", try t - b, try t - number(4)),
      ("k / t", try k / t, try number(2) / t),
      ("t / n", try t / n, try t / number(3)),
      ("t % k", try t % k, try t % number(2)),
      ("n % t", try n % t, try number(3) % t),
      ("t .== k", try t .== k, try t .== number(2)),
      ("k .== t", try k .== t, try number(2) .== t),
      ("t .!= k", try t .!= k, try t .!= number(2)),
      ("k .!= t", try k .!= t, try number(2) .!= t),
      ("t .< k", try t .< k, try t .< number(2)),
      ("k .< t", try k .< t, try number(2) .< t),
      ("t .<= k", try t .<= k, try t .<= number(2)),
      ("k .<= t", try k .<= t, try number(2) .<= t),
      ("t .> k", try t .> k, try t .> number(2)),
      ("k .> t", try k .> t, try number(2) .> t),
      ("t .>= k", try t .>= k, try t .>= number(2)),
      ("k .>= t", try k .>= t, try number(2) .>= t),
      ("equal", try equal(k, t), try equal(number(2), t)),
      ("notEqual", try notEqual(t, k), try notEqual(t, number(2))),
      ("less", try less(k, t), try less(number(2), t)),
      ("lessEqual", try lessEqual(t, n), try lessEqual(t, number(3))),
      ("greater", try greater(k, t), try greater(number(2), t)),
      ("greaterEqual", try greaterEqual(t, n), try greaterEqual(t, number(3))),
      ("logicalAnd", try logicalAnd(k, t), try logicalAnd(number(2), t)),
      ("logicalOr", try logicalOr(t, 0), try logicalOr(t, number(0))),
      ("logicalXor", try logicalXor(n, t), try logicalXor(number(3), t)),
      ("maximum", try maximum(t, 0), try maximum(t, number(0))),
      ("maximum of n", try maximum(n, t), try maximum(number(3), t)),
      ("minimum", try minimum(t, k), try minimum(t, number(2))),
      ("minimum of k", try minimum(k, t), try minimum(number(2), t)),
      ("pow", try pow(t, 2), try pow(t, number(2))),
      ("pow of k", try pow(k, t), try pow(number(2), t)),
      ("hypot", try hypot(t, n), try hypot(t, number(3))),
      ("hypot of n", try hypot(n, t), try hypot(number(3), t)),
      ("atan2", try atan2(t, d), try atan2(t, number(0.5))),
      ("atan2 of d", try atan2(d, t), try atan2(number(0.5), t)),
      ("floorDivide", try floorDivide(t, n), try floorDivide(t, number(3))),
      ("floorDivide of n", try floorDivide(n, t), try floorDivide(number(3), t)),
      ("remainder", try remainder(t, n), try remainder(t, number(3))),
      ("remainder of n", try remainder(n, t), try remainder(number(3), t)),
      ("select", try select(t .> k, t, k), try select(t .> number(2), t, number(2))),
      ("select of k", try select(t .> k, k, t), try select(t .> number(2), number(2), t)),
      ("clip", try clip(t, k, 4), try clip(t, number(2), number(4))),
    ]
  }

  @Test(arguments: [DType.float16, .float32, .float64])
  func `a number takes the dtype of the tensor`(dtype: DType) throws {
    let t = try Tensor([[-1.5, 0.25, 2], [3, 4, 7.5]], dtype: dtype)
    let n = 7
    #expect(try n / 2 * t == Tensor(3, dtype: dtype) * t)
    for (name, found, expected) in try expressions(t) {
      #expect(found == expected, "\(name)")
      #expect(found.dtype == dtype || found.dtype == .bool, "\(name)")
    }
    let spec = TensorSpec(shape: [nil, 3], dtype: dtype)
    let f = try GraphFunction(
      inputSignature: [spec], list: { try self.expressions($0[0]).map(\.found) })
    for (found, row) in try zip(f(t), expressions(t)) {
      #expect(found == row.expected, "\(row.name), in a graph")
    }
  }

  @Test func `a number that does not fit is refused`() throws {
    let t = try Tensor([1, 2], dtype: .int8)
    let (half, large, true_) = (0.5, 300, true)
    #expect(try t * 2 == Tensor([2, 4], dtype: .int8))
    for body in [{ try t * half }, { try large + t }, { try maximum(t, half) }, { try t * true_ }] {
      let error = #expect(throws: OperationError.self) { _ = try body() }
      #expect(error?.code == .invalidArgument)
    }
    let complex = Complex<Double>(0, 1)
    #expect(throws: OperationError.self) { _ = try Tensor([1.0]) * complex }
    #expect(
      try Tensor([Complex<Double>(1, 2)]) * complex == Tensor([Complex<Double>(-2, 1)]))
  }
}
