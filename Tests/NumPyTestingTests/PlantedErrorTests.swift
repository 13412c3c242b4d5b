import ComplexModule
import NumPyTesting
import Testing

/// Errors that are planted in Swift numerics are found, at the element where they are; the right versions
/// pass with 1,000 random inputs.
@Suite struct PlantedErrorTests {
  private let signal = (0..<8).map { Complex(Double($0 * $0 % 7), Double($0 % 3)) }
  private let system: (a: [[Double]], b: [Double]) = (
    [[0, 2, 1], [3, 1, 4], [1, 5, 9]], [1, 2, 3]
  )

  @Test func `an FFT with one twiddle factor too far`() throws {
    let found = try report {
      expectClose(fft(signal, .offByOne), to: "numpy.fft.fft", signal, atol: 1e-12)
    }
    #expect(
      found.contains("expectClose to numpy.fft.fft: 6 of 8 elements differ (75.0 %)"), "\(found)")
    #expect(found.contains("complex128[8]") && found.contains("    [1]  "), "\(found)")
  }

  @Test func `an FFT with twiddle factors of single precision`() throws {
    let found = try report {
      expectClose(
        fft(signal, .singlePrecision), to: "numpy.fft.fft", signal, rtol: 1e-10, ulps: 4)
    }
    #expect(found.contains("units in the last place at ["), "\(found)")
    #expect(found.contains("would pass with atol: "), "\(found)")
  }

  @Test func `a convolution that leaves out the last element`() throws {
    let (a, b) = ([1.0, 2, 3], [1.0, 10])
    let found = try report { expectClose(convolve(a, b, .offByOne), to: "numpy.convolve", a, b) }
    #expect(found.contains("2 of 4 elements differ (50.0 %)"), "\(found)")
    #expect(found.contains("[3]    0.0     30.0      30.0      1.0"), "\(found)")
    #expect(found.contains("largest absolute difference: 30.0 at [3]"), "\(found)")
  }

  @Test func `a convolution whose kernel is not flipped`() throws {
    let (a, b) = ([1.0, 0, 0], [1.0, 2, 3])
    let found = try report { expectClose(convolve(a, b, .notFlipped), to: "numpy.convolve", a, b) }
    #expect(found.contains("[0]    3.0     1.0"), "\(found)")
  }

  @Test func `a softmax along the wrong axis`() throws {
    let rows = [[1.0, 2, 3], [1, 2, 3]]
    let found = try report {
      expectClose(
        softmax(rows, .wrongAxis), to: "scipy.special.softmax", rows, keywords: ["axis": 1])
    }
    #expect(found.contains("6 of 6 elements differ (100.0 %)"), "\(found)")
    #expect(found.contains("[0, 0]  0.5 "), "\(found)")
  }

  @Test func `a softmax that overflows`() throws {
    let rows = [[1.0, 2], [1000, 1]]
    let found = try report {
      expectClose(
        softmax(rows, .overflow), to: "scipy.special.softmax", rows, keywords: ["axis": 1])
    }
    #expect(found.contains("NaN in actual only: 1, the first at [1, 0]"), "\(found)")
    #expect(!found.contains("would pass"), "\(found)")
  }

  @Test func `a softmax that is summed up in single precision`() throws {
    let rows = [(0..<50).map { Double($0) / 7 }]
    let found = try report {
      expectClose(
        softmax(rows, .singlePrecision), to: "scipy.special.softmax", rows, keywords: ["axis": 1],
        rtol: 1e-9)
    }
    #expect(found.contains("50 of 50 elements differ"), "\(found)")
    #expect(found.contains("largest relative difference: ") && found.contains("e-0"), "\(found)")
  }

  @Test func `a sort that puts NaN first`() throws {
    let x: [Float] = [2, .nan, 1]
    let found = try report { expectClose(sorted(x, .nanFirst), to: "numpy.sort", x) }
    #expect(found.contains("NaN in actual only: 1, the first at [0]"), "\(found)")
    #expect(found.contains("NaN in expected only: 1, the first at [2]"), "\(found)")
  }

  @Test func `a sort that loses the sign of zero`() throws {
    let x: [Float] = [2, -0.0, -1]
    #expect(try reports { expectClose(sorted(x, .lostSign), to: "numpy.sort", x) }.isEmpty)
    let found = try report {
      expectClose(sorted(x, .lostSign), to: "numpy.sort", x, signOfZero: true)
    }
    #expect(found.contains("zeros with another sign: 1, the first at [1]"), "\(found)")
    #expect(found.contains("[1]    0.0     -0.0"), "\(found)")
  }

  @Test func `a solver without pivots`() throws {
    let found = try report {
      expectClose(solve(system.a, system.b, .noPivot), to: "numpy.linalg.solve", system.a, system.b)
    }
    #expect(found.contains("NaN in actual only: 3, the first at [0]"), "\(found)")
  }

  @Test func `a solver whose back substitution begins too late`() throws {
    let found = try report {
      expectClose(
        solve(system.a, system.b, .offByOne), to: "numpy.linalg.solve", system.a, system.b)
    }
    #expect(found.contains("2 of 3 elements differ"), "\(found)")
    #expect(
      found.contains("largest absolute difference: ") && found.contains(" at [0]"), "\(found)")
  }

  // MARK: - The right ones

  private static let count = 1000

  @Test func `the right FFT passes`() {
    let lengths = RandomShapes.patterns([[1], [2], [4], [8], [16], [32]])
    forEachRandomInput(
      count: Self.count, dtypes: [.complex128], shapes: lengths, values: .moderate
    ) { x in
      let size = try x.numbers().reduce(0) { $0 + abs($1.real) } + 1
      try expectClose(fft([Complex<Double>](x)), to: "numpy.fft.fft", x, atol: 1e-11 * size)
    }
  }

  @Test func `the right convolution passes`() {
    let vector = RandomInput(
      dtypes: [.float64], shapes: .ranks(1...1, extents: 1...40), values: .moderate)
    forEachRandomInput([vector, vector], count: Self.count) { inputs in
      let (a, b) = try ([Double](inputs[0]), [Double](inputs[1]))
      let size = a.reduce(1) { $0 + abs($1) } * (b.map(abs).max() ?? 0)
      expectClose(convolve(a, b), to: "numpy.convolve", a, b, atol: 1e-13 * size)
    }
  }

  @Test func `the right softmax passes`() throws {
    let quiet = try Python.function(
      """
      import warnings
      from scipy.special import softmax
      def quiet(x):
          with warnings.catch_warnings():
              warnings.simplefilter("ignore")
              return softmax(x, axis=1)
      """)
    forEachRandomInput(count: Self.count, dtypes: [.float64], shapes: .matrices) { x in
      try expectClose(softmax([[Double]](x)), to: quiet, x, rtol: 1e-12)
    }
  }

  @Test func `the right sort passes`() {
    forEachRandomInput(
      count: Self.count, dtypes: [.float32], shapes: .vectors,
      values: RandomValues.all.subtracting(.zero)
    ) { x in
      try expectClose(
        sorted([Float](x)), to: "numpy.sort", x, ulps: 0, signOfZero: true, checkDType: true)
    }
  }

  @Test func `the right solver passes`() {
    let matrix = RandomInput(
      dtypes: [.float64], shapes: .squares, values: [.ordinary, .zero, .repeated])
    let vector = RandomInput(
      dtypes: [.float64], shapes: .pattern(Shape(extents: ["n"])), values: .moderate)
    forEachRandomInput([matrix, vector], count: Self.count) { inputs in
      let (rows, b) = try ([[Double]](inputs[0]), [Double](inputs[1]))
      // Large elements beside the diagonal, so that the solution is well determined.
      let size = rows.joined().map(abs).max() ?? 0
      let a = rows.enumerated().map { i, row in
        row.enumerated().map { j, x in
          j == row.count - 1 - i ? 3 * Double(row.count) * (size + 1) : x
        }
      }
      let scale = b.map(abs).max() ?? 0
      expectClose(
        solve(a, b), to: "numpy.linalg.solve", a, b, rtol: 1e-9, atol: 1e-12 * (scale + 1))
    }
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `a planted error is found among random inputs, and the input is shrunk`(seed: UInt64) throws
  {
    let found = try report {
      forEachRandomInput(
        count: Self.count, seed: seed, dtypes: [.float32], shapes: .vectors,
        values: RandomValues.all.subtracting(.zero)
      ) { x in
        try expectClose(sorted([Float](x), .lostSign), to: "numpy.sort", x, signOfZero: true)
      }
    }
    #expect(found.contains("of 1,000 fails (seed "), "\(found)")
    #expect(found.contains("input: float32[1]"), "\(found)")
    #expect(found.contains("x = Tensor([-0.], dtype: float32)"), "\(found)")
  }
}
