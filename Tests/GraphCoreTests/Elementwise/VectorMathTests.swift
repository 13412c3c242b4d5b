import GraphCore
import NumPyFunctions
import TensorCore
import Testing

/// That what is computed for an element depends on its operands only, and how exact it is.
@Suite struct VectorMathTests {
  private static let others: [(name: String, apply: Unary)] = [
    ("negative", { try -$0 }), ("square", { try square($0) }), ("pow", { try pow($0, $0) }),
    ("pow of a number", { try pow(1.5, $0) }), ("atan2", { try atan2($0, 2.5) }),
    ("fraction", { try $0 % 0.75 }), ("select", { try select($0 .> 0, $0, -$0) }),
  ]

  private static var functions: [(name: String, apply: Unary)] {
    others + ElementwiseTests.elementary.map { (name: $0.name, apply: $0.apply) }
  }

  @Test(arguments: [DType.float32, .float64, .float16])
  func `an element's value depends neither on its place nor on the threads`(dtype: DType) throws {
    let oracle = try ElementwiseOracle()
    let x = try oracle.operand(dtype, [17_003], seed: 7)
    for (name, apply) in Self.functions {
      let whole = try bytes(of: apply(x))
      let alone = try Parallel.$limit.withValue(1) { try bytes(of: apply(x)) }
      #expect(whole == alone, "\(name) on one core")
      // Other places in vectors, and other lengths of what is left over.
      let size = dtype.itemSize
      for (first, count) in [(0, 1), (1, 1), (3, 5), (64, 31), (1000, 257), (16_990, 13)] {
        let part = try apply(Tensor(slicing: x, from: first, count: count))
        let expected = Array(whole[(first * size)..<((first + count) * size)])
        #expect(try bytes(of: part) == expected, "\(name) of \(count) from \(first)")
      }
      // One element, repeated; and in the memory of the operand.
      let one = try Tensor(slicing: x, from: 5, count: 1)
      let repeated = try apply(broadcastOnly(one, 40))
      let single = Array(whole[(5 * size)..<(6 * size)])
      #expect(
        try bytes(of: repeated) == Array((0..<40).map { _ in single }.joined()), "\(name) repeated")
    }
  }

  @Test func `large tensors are as exact as small ones, everywhere`() throws {
    let oracle = try ElementwiseOracle()
    for function in ElementwiseTests.elementary where function.vector != nil {
      for dtype in [DType.float32, .float64] {
        for domain in [nil, -1.0...1, 80...100, 700...720, 1e-30...1e30] as [ClosedRange<Double>?] {
          let x = try oracle.operand(dtype, [3000], seed: 3, domain: domain)
          // The C library steps in near overflow; and SciPy's erf is no more exact than ours.
          let isOther = function.name == "erf" || (domain?.upperBound ?? 0) > 1
          let ulps = max(function.ulps(dtype), isOther ? 3 : 1)
          try oracle.expect(function.name, function.apply(x), [x], ulps: ulps)
        }
      }
    }
  }

  /// A tensor of `count` elements that are all that of `one`.
  private func broadcastOnly(_ one: Tensor, _ count: Int) throws -> Tensor {
    try one + Tensor(zeros: [count], dtype: one.dtype)
  }
}

extension Tensor {
  /// Some elements of a tensor of rank 1, in a place of its memory that no vector is aligned to.
  fileprivate init(slicing tensor: Tensor, from first: Int, count: Int) throws {
    let (storage, offset) = try tensor.stored
    self.init(
      storage: storage, offset: offset + first * tensor.dtype.itemSize, shape: [count],
      dtype: tensor.dtype)
  }
}
