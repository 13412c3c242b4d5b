import ComplexModule
import Foundation
import NumPyTesting
import Testing

@Suite struct GradientExpectationTests {
  @Test func `gradients that are written by hand`() throws {
    let point = [0.5, -1.5, 2]
    func value(_ x: [Double]) -> Double { x.map { $0 * $0 * $0 }.reduce(0, +) }
    let all = try reports {
      expectGradient({ (x: [Double]) in x.map { 3 * $0 * $0 } }, of: value, at: point)
      expectGradient({ (x: Double) in cos(x) }, of: { (x: Double) in sin(x) }, at: 0.7)
      expectGradient(
        { (x: [Float]) in x.map { 1 / $0 } }, of: { (x: [Float]) in x.map { log($0) } },
        at: [1, 2, 0.5])
      expectGradient(
        { x in try x * 2.0 }, of: { x in try (x * x).sum() }, at: try Tensor([[1.0, 2], [3, 4]]))
    }
    #expect(all.isEmpty, "\(all)")
    let found = try report {
      expectGradient({ (x: [Double]) in x.map { 3 * $0 * abs($0) } }, of: value, at: point)
    }
    #expect(
      found.contains("expectGradient: actual is the gradient, expected are central"), "\(found)")
    #expect(found.contains("1 of 3 elements differ") && found.contains("[1]    -6.75"), "\(found)")
  }

  @Test func `a backward pass takes the gradient of what follows`() throws {
    func softmax(_ x: [Double]) -> [Double] { NumPyTestingTests.softmax([x])[0] }
    func backward(_ x: [Double], _ upstream: [Double]) -> [Double] {
      let y = softmax(x)
      let mean = zip(y, upstream).reduce(0) { $0 + $1.0 * $1.1 }
      return zip(y, upstream).map { $0 * ($1 - mean) }
    }
    let x = [0.1, 0.7, -0.3, 2]
    #expect(try reports { expectGradient(backward, of: softmax, at: x) }.isEmpty)
    #expect(
      try report { expectGradient({ x, upstream in upstream }, of: softmax, at: x) }.contains(
        "4 of 4 elements differ"))
  }

  @Test(arguments: [DType.float32, .float64, .complex64, .complex128])
  func `gradients that the library derives`(dtype: DType) throws {
    let x = try Tensor([[0.5, -1.25], [2, 0.75]], dtype: dtype)
    let y = try Tensor([[1.5, 0.25], [-0.5, 1]], dtype: dtype)
    let all = try reports {
      expectGradient(of: { x in try x * x * x }, at: x)
      expectGradient(of: { try $0[0] * $0[1] / ($0[1] * $0[1] + 3) }, at: [x, y])
      // An input of whole numbers has none.
      expectGradient(of: { try $0[0] * $0[0] }, at: [x, try Tensor([1, 2])])
    }
    #expect(all.isEmpty, "\(all)")
  }

  @Test func `a wrong gradient of a numpyFunction is found`() throws {
    let np = try Python.import("numpy")
    let x = try Tensor([0.5, 1.5])
    func sine(_ x: Tensor, factor: Double) throws -> Tensor {
      try numpyFunction(
        np.sin, [x], Tout: .float64,
        gradient: {
          [try $0.upstream * numpyFunction(np.cos, $0.inputs, Tout: .float64) * Tensor(factor)]
        })
    }
    #expect(try reports { expectGradient(of: { try sine($0, factor: 1) }, at: x) }.isEmpty)
    #expect(
      try report { expectGradient(of: { try sine($0, factor: 1.01) }, at: x) }.contains(
        "2 of 2 elements differ"))
  }

  @Test func `what has no gradient, and what throws, is a failure`() throws {
    let x = try Tensor([1, 2])
    #expect(
      try report { expectGradient({ x in x }, of: { x in x }, at: x) }.contains("int64[2]"))
    #expect(
      try report { expectGradient({ x in x }, of: { x in x }, at: [1.0], step: 0) }.contains("step")
    )
    struct Failed: Error {}
    #expect(
      try report {
        expectGradient(
          { (x: Double) in x }, of: { (x: Double) -> Double in throw Failed() }, at: 1.0)
      }.contains("Failed()"))
  }
}
