import ComplexModule
import NumPyTesting
import Testing

@testable import NumPyTestingCore

@Suite struct ComparisonTests {
  @Test func `a report has what numpy.testing reports`() throws {
    var x = (0..<1000).map(Double.init)
    let expected = try Tensor(x, shape: [10, 100])
    x[345] += 0.5
    x[999] = 0
    let actual = try Tensor(x, shape: [10, 100])
    #expect(
      try report { expectClose(actual, to: expected) } == """
        expectClose: 2 of 1,000 elements differ (0.2 %), with rtol 1e-07, atol 0.0
          actual:   float64[10, 100]
          expected: float64[10, 100]
          largest absolute difference: 999.0 at [9, 99]
          largest relative difference: 1.0 at [9, 99]
          would pass with atol: 1000.0, or with rtol: 1.0
          they are:
            index    actual  expected  absolute  relative
            [3, 45]  345.5   345.0     0.5       0.001449
            [9, 99]  0.0     999.0     999.0     1.0
        """)
  }

  @Test func `shapes that differ are a failure, also where NumPy would broadcast`() throws {
    let a = try Tensor([[1.0, 2, 3], [4, 5, 6]])
    #expect(
      try report { expectClose(a, to: [[1.0, 4], [2, 5], [3, 6]]) } == """
        expectClose: the shapes differ
          actual:   float64[2, 3]
          expected: float64[3, 2]
          transpose one of them
        """)
    #expect(try report { expectClose([1.0, 1.0], to: 1.0) }.contains("the shapes differ"))
    #expect(try report { expectClose([1.0], to: 1.0) }.contains("axes of extent 1"))
  }

  @Test func `dtypes that differ are a failure on request`() throws {
    let (a, b): ([Float], [Double]) = ([1, 2], [1, 2])
    #expect(try reports { expectClose(a, to: b) }.isEmpty)
    let found = try report { expectClose(a, to: b, checkDType: true) }
    #expect(found.contains("the dtypes differ") && found.contains("the values are close"))
    #expect(found.contains("float32[2]") && found.contains("float64[2]"))
    let both = try report { expectClose(a, to: [1.0, 3.0], checkDType: true) }
    #expect(both.contains("1 of 2 elements differ") && both.contains("the dtypes differ too"))
  }

  @Test func `NaN and infinities have to be in the same places`() throws {
    let (nan, inf) = (Double.nan, Double.infinity)
    #expect(try reports { expectClose([nan, inf, -inf], to: [nan, inf, -inf]) }.isEmpty)
    #expect(
      try report { expectClose([nan], to: [nan], equalNaN: false) }.contains("equalNaN: false"))
    let found = try report { expectClose([inf, inf, 1, 1, nan], to: [-inf, 1, inf, nan, 1]) }
    #expect(
      found.contains("infinite in one, or with another sign: 3, the first at [0]"), "\(found)")
    #expect(found.contains("NaN in actual only: 1, the first at [4]"), "\(found)")
    #expect(found.contains("NaN in expected only: 1, the first at [3]"), "\(found)")
    // A tolerance that is infinite, or becomes it, accepts no infinity in the place of a number.
    #expect(try reports { expectClose([1.0], to: [inf]) }.count == 1)
    #expect(try reports { expectClose([inf], to: [1.0], atol: inf) }.count == 1)
  }

  @Test func `distances are in units of the less precise dtype`() throws {
    let x: [Float] = [1, Float(1).nextUp.nextUp, -0.0]
    #expect(try reports { expectClose(x, to: [1, 1, 0] as [Float], ulps: 2) }.isEmpty)
    let found = try report { expectClose(x, to: [1.0, 1, 0], ulps: 1) }
    #expect(found.contains("with rtol 0.0, atol 0.0, ulps 1"), "\(found)")
    #expect(found.contains("largest distance: 2 units in the last place at [1]"), "\(found)")
    #expect(
      try report {
        expectClose([-Double.leastNonzeroMagnitude], to: [Double.leastNonzeroMagnitude], ulps: 0)
      }.contains(
        "largest distance: 2 units"))
  }

  @Test func `whole numbers are compared exactly`() throws {
    let (a, b): ([Int64], [UInt64]) = ([.max, -1, .min], [UInt64(Int64.max), .max, 0])
    let found = try report { expectClose(a, to: b) }
    #expect(found.contains("2 of 3 elements differ"), "\(found)")
    #expect(found.contains("[1]    -1                    18446744073709551615"), "\(found)")
    #expect(try reports { expectClose([Int.max], to: [Int.max - 1]) }.count == 1)
    #expect(try reports { expectClose([100], to: [101], atol: 1) }.isEmpty)
    #expect(try reports { expectClose([true, false], to: [1, 0]) }.isEmpty)
  }

  @Test func `tolerances that are none are named`() throws {
    #expect(try report { expectClose(1.0, to: 1.0, rtol: -1) }.contains("rtol: -1.0"))
    #expect(try report { expectClose(1.0, to: 1.0, atol: .nan) }.contains("atol: nan"))
    #expect(try report { expectClose(1.0, to: 1.0, ulps: -1) }.contains("ulps: -1"))
  }

  @Test func `a tensor without numbers is a failure`() throws {
    #expect(try report { expectClose(Tensor("a"), to: Tensor("a")) }.contains("dtype string"))
    var found: [String] = []
    _ = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
      found = try reports { expectClose(x, to: x) }
      return x
    }
    #expect(found.count == 1 && found[0].contains("is symbolic"), "\(found)")
  }

  /// A type of the user's.
  private struct Image: NumericValues {
    let pixels: [UInt8]
    let width: Int
    func tensorOfValues() throws -> Tensor {
      try Tensor(pixels, shape: [pixels.count / width, width])
    }
  }

  @Test func `everything that has numbers is taken`() throws {
    let array: [Float] = [1, 2, 3, 4]
    let expected = try Tensor(array)
    let all = try reports {
      expectClose(array, to: expected)
      expectClose(array[1...2], to: [2, 3])
      expectClose(ContiguousArray(array), to: expected)
      expectClose(array.span, to: expected)
      expectClose(array.span, to: array.span)
      expectClose(array, to: array.span)
      _ = unsafe array.withUnsafeBufferPointer { unsafe expectClose($0, to: expected) }
      expectClose([[1, 2], [3, 4]], to: [array[..<2], array[2...]])
      expectClose([ContiguousArray(array)], to: [array])
      expectClose(2.5 as Float16, to: 2.5)
      expectClose(Complex(1.0, 2), to: Complex<Float>(1, 2))
      expectClose(BFloat16(1.5), to: 1.5)
      expectClose(Image(pixels: [1, 2, 3, 4], width: 2), to: [[1, 2], [3, 4]])
      expectClose([Image(pixels: [1, 2], width: 1)], to: [[[1], [2]]])
      try expectClose([] as [Float], to: Tensor(zeros: [0], dtype: .float32))
    }
    #expect(all.isEmpty, "\(all)")
  }

  @Test func `values that cannot be read are a failure`() throws {
    #expect(try report { expectClose([[1.0], [1, 2]], to: 1.0) }.contains("ragged"))
    #expect(try report { expectClose(1.0, to: [[1.0], [1, 2]]) }.contains("expected values"))
  }

  private static let pairs: [(DType, DType)] = [
    (.float64, .float64), (.float32, .float32), (.float16, .float16), (.float32, .float64),
    (.int8, .float16), (.int64, .int64), (.uint64, .uint64), (.uint8, .int32), (.bool, .int8),
    (.complex64, .complex64), (.complex128, .complex128), (.float64, .complex128),
    (.complex64, .int16),
  ]

  @Test(arguments: pairs)
  func `as many elements differ as NumPy's isclose says`(actual: DType, expected: DType) throws {
    let count = try Python.function(
      """
      import numpy as np
      def count(a, b, rtol, atol, equal_nan):
          wide = np.complex128 if np.iscomplexobj(a) or np.iscomplexobj(b) else np.float64
          if a.dtype.kind in "iub" and b.dtype.kind in "iub":
              return sum(abs(int(x) - int(y)) > atol + rtol * abs(int(y)) for x, y in zip(a.flat, b.flat))
          a, b = a.astype(wide), b.astype(wide)
          with np.errstate(all="ignore"):
              # As np.isclose in NumPy 2; before, equal complex infinities were not close.
              close = (abs(a - b) <= atol + rtol * abs(b)) & np.isfinite(b) | (a == b)
              if equal_nan:
                  close |= np.isnan(a) & np.isnan(b)
              return int((~close).sum())
      """)
    // Lengths around those of a block; values that are close, equal and far.
    for (seed, length) in [0, 1, 1023, 1024, 1025, 5000].enumerated() {
      let shape = Shape([length])
      let draw = try RandomDraw.draw(
        [
          RandomInput(dtypes: [actual], shapes: .patterns([shape])),
          RandomInput(dtypes: [expected], shapes: .patterns([shape])),
        ], seed: UInt64(seed))
      let (a, other) = try (draw[0].tensor(), draw[1].tensor())
      let mixed = try zip(a.numbers(), other.numbers()).enumerated().map {
        $0 % 3 == 0 ? $1.1 : $1.0
      }
      let b = try Tensor(numbers: mixed, shape: shape, dtype: expected)
      for (rtol, atol, equalNaN) in [(0.0, 0.0, true), (1e-3, 0, false), (0.1, 0.5, true)] {
        let closeness = Closeness(rtol: rtol, atol: atol, equalNaN: equalNaN)
        let found = try Comparison(a, b, closeness).differences().count
        #expect(try found == Int(count(a, b, rtol, atol, equalNaN)), "\(length) \(rtol)")
      }
    }
  }

  @Test func `a failure is an issue at the caller's line`() {
    let line = #line + 2
    withKnownIssue {
      expectClose([1.0, 2], to: [1.0, 3])
    } matching: { issue in
      issue.sourceLocation?.line == line && issue.sourceLocation?.fileID == #fileID
        && issue.comments.contains { $0.rawValue.contains("1 of 2 elements differ (50.0 %)") }
    }
  }
}
