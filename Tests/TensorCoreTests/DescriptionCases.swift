import ComplexModule
import TensorCore

// NumPy's answers, as a script printed them.

extension DescriptionTests {
  static let bools: [Case] = [
    Case(true, "True"),
    Case(false, "False"),
    Case([true, false], "[ True False]"),
    Case([true, true], "[ True  True]"),
    Case(
      [[true, false], [false, false]],
      """
      [[ True False]
       [False False]]
      """),
  ]

  static let wholeNumbers: [Case] = [
    Case(7, "7"),
    Case(-7, "-7"),
    Case(Int8(-128), "-128"),
    Case(UInt64.max, "18446744073709551615"),
    Case([1, 2, 3], "[1 2 3]"),
    Case([1, -20, 300], "[  1 -20 300]"),
    Case([Int8.min, 0, Int8.max], "[-128    0  127]"),
    Case([Int64.min, Int64.max], "[-9223372036854775808  9223372036854775807]"),
    Case([UInt64.max, 0], "[18446744073709551615                    0]"),
    Case([UInt8(200), 5], "[200   5]"),
    Case(
      [[1, 2], [3, 4]],
      """
      [[1 2]
       [3 4]]
      """),
    Case(
      [[1], [100]],
      """
      [[  1]
       [100]]
      """),
    Case([[Int32(-1), 10, 100]], "[[ -1  10 100]]"),
    Case([UInt16.max, 1], "[65535     1]"),
    Case([Int16.min, 1], "[-32768      1]"),
    Case([UInt32.max, 1], "[4294967295          1]"),
  ]

  static let scalars: [Case] = [
    Case(Float(1.3810978), "1.3810978"),
    Case(1.0, "1.0"),
    Case(0.0, "0.0"),
    Case(-0.0, "-0.0"),
    Case(0.1, "0.1"),
    Case(Float(0.1), "0.1"),
    Case(Float16(0.1), "0.1"),
    Case(1e16, "1e+16"),
    Case(9_007_199_254_740_993.0, "9007199254740992.0"),
    Case(123_456_789.125, "123456789.125"),
    Case(0.0001, "0.0001"),
    Case(0.00001234, "1.234e-05"),
    Case(Double.nan, "nan"),
    Case(-Double.infinity, "-inf"),
    Case(Double.leastNonzeroMagnitude, "5e-324"),
    Case(Double.greatestFiniteMagnitude, "1.7976931348623157e+308"),
    Case(Float16(999), "999.0"),
    Case(2.0 / 3, "0.6666666666666666"),
  ]

  static let realArrays: [Case] = [
    Case([1, 2, 3] as [Float], "[1. 2. 3.]"),
    Case([0.5, -1, 2.25], "[ 0.5  -1.    2.25]"),
    Case(
      [[0.5, -1], [2, 3]],
      """
      [[ 0.5 -1. ]
       [ 2.   3. ]]
      """),
    Case([0.1, 0.2, 0.3] as [Float], "[0.1 0.2 0.3]"),
    Case([0.0], "[0.]"),
    Case([-0.0, 0.0], "[-0.  0.]"),
    Case([1.0 / 3, 2.0 / 3], "[0.33333333 0.66666667]"),
    Case([1, 2.123456789012], "[1.         2.12345679]"),
    Case([0.123456785, 0.5], "[0.12345678 0.5       ]"),
    Case([99_999_999.0, 100_000.0], "[99999999.   100000.]"),
    Case([1e8], "[1.e+08]"),
    Case([123_456_789.0], "[1.23456789e+08]"),
    Case([0.0001, 0.0999], "[0.0001 0.0999]"),
    Case([0.00001, 1], "[1.e-05 1.e+00]"),
    Case([1.0, 1001], "[1.000e+00 1.001e+03]"),
    Case([1.0, 1000], "[   1. 1000.]"),
    Case([1e-10, 1e10], "[1.e-10 1.e+10]"),
    Case([1e-100, 1], "[1.e-100 1.e+000]"),
    Case([1e-300, -2.5e300, 0], "[ 1.0e-300 -2.5e+300  0.0e+000]"),
    Case([0.1, 1e-9] as [Float], "[1.e-01 1.e-09]"),
    Case([Double.leastNonzeroMagnitude, 1], "[5.e-324 1.e+000]"),
    Case([Float(bitPattern: 1), Float(bitPattern: 71)], "[1.e-45 1.e-43]"),
    Case([0.015625, 0.0000152587890625, 2] as [Float16], "[1.563e-02 1.526e-05 2.000e+00]"),
    Case([1.5, 0.1, 100] as [Float16], "[  1.5   0.1 100. ]"),
  ]

  static let notFinite: [Case] = [
    Case([Double.nan], "[nan]"),
    Case([1, Double.nan, 3.5], "[1.  nan 3.5]"),
    Case([Double.infinity, -1.25], "[  inf -1.25]"),
    Case([-Double.infinity, 1], "[-inf   1.]"),
    Case([-Double.infinity, Double.nan, Double.infinity], "[-inf  nan  inf]"),
    Case([Double.nan, 1e-20, 1], "[   nan 1.e-20 1.e+00]"),
    Case([-Double.infinity, 0.000001], "[  -inf 1.e-06]"),
    Case([Float.nan, 0], "[nan  0.]"),
  ]

  static let complexNumbers: [Case] = [
    Case(Complex<Double>(1, 2), "(1+2j)"),
    Case(Complex<Double>(0, 2), "2j"),
    Case(Complex<Double>(-0.0, 2), "(-0+2j)"),
    Case(Complex<Float>(1.5, -0.25), "(1.5-0.25j)"),
    Case([Complex<Double>(1, 2), Complex<Double>(0, -1)], "[1.+2.j 0.-1.j]"),
    Case([Complex<Float>(0.5, 1), Complex<Float>(-10, 0.125)], "[  0.5+1.j    -10. +0.125j]"),
    Case([Complex<Double>(1e-9, 1), Complex<Double>(1, 1e9)], "[1.e-09+1.e+00j 1.e+00+1.e+09j]"),
    Case(
      [[Complex<Double>(1, 0)], [Complex<Double>(0, 12.5)]],
      """
      [[1. +0.j ]
       [0.+12.5j]]
      """),
  ]

  static let layouts: [Case] = [
    Case([Float](), "[]"),
    Case([[Float]]([[], []]), "[]"),
    Case(
      [[[1, 2], [3, 4]], [[5, 6], [7, 8]]],
      """
      [[[1 2]
        [3 4]]

       [[5 6]
        [7 8]]]
      """),
    Case(
      [[[[1]], [[2]]], [[[3]], [[4]]]],
      """
      [[[[1]]

        [[2]]]


       [[[3]]

        [[4]]]]
      """),
    Case(
      Array(0..<30),
      """
      [ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
       24 25 26 27 28 29]
      """),
    Case(
      (0..<20).map { Float($0) / 8 },
      """
      [0.    0.125 0.25  0.375 0.5   0.625 0.75  0.875 1.    1.125 1.25  1.375
       1.5   1.625 1.75  1.875 2.    2.125 2.25  2.375]
      """),
    Case(
      [(0..<14).map { $0 * 100_000 }, Array(0..<14)],
      """
      [[      0  100000  200000  300000  400000  500000  600000  700000  800000
         900000 1000000 1100000 1200000 1300000]
       [      0       1       2       3       4       5       6       7       8
              9      10      11      12      13]]
      """),
    Case(
      Array(repeating: true, count: 14),
      """
      [ True  True  True  True  True  True  True  True  True  True  True  True
        True  True]
      """),
    Case(Array(0...1000), "[   0    1    2 ...  998  999 1000]"),
    Case(
      (0..<1002).map { Float($0) / 2 },
      "[0.000e+00 5.000e-01 1.000e+00 ... 4.995e+02 5.000e+02 5.005e+02]"),
    Case(
      (0..<40).map { row in (0..<30).map { row * 30 + $0 } },
      """
      [[   0    1    2 ...   27   28   29]
       [  30   31   32 ...   57   58   59]
       [  60   61   62 ...   87   88   89]
       ...
       [1110 1111 1112 ... 1137 1138 1139]
       [1140 1141 1142 ... 1167 1168 1169]
       [1170 1171 1172 ... 1197 1198 1199]]
      """),
    Case(
      (0..<300).map { [$0, -$0, 0, 1] },
      """
      [[   0    0    0    1]
       [   1   -1    0    1]
       [   2   -2    0    1]
       ...
       [ 297 -297    0    1]
       [ 298 -298    0    1]
       [ 299 -299    0    1]]
      """),
    Case(
      [(0..<501).map { [$0, 1] }],
      """
      [[[  0   1]
        [  1   1]
        [  2   1]
        ...
        [498   1]
        [499   1]
        [500   1]]]
      """),
    Case(
      (0..<12).map { Complex<Double>(Double($0), 0.5) },
      """
      [ 0.+0.5j  1.+0.5j  2.+0.5j  3.+0.5j  4.+0.5j  5.+0.5j  6.+0.5j  7.+0.5j
        8.+0.5j  9.+0.5j 10.+0.5j 11.+0.5j]
      """),
  ]

  // NumPy before 2.3 prints these otherwise.
  static let narrowTypes: [Case] = [
    Case(Float(1_234_567), "1.234567e+06"),
    Case(Float16(4112), "4.11e+03"),
    Case([999, 1000] as [Float16], "[9.99e+02 1.00e+03]"),
    Case([4112, 65504] as [Float16], "[4.11e+03 6.55e+04]"),
    Case([999_999, 1_000_000] as [Float], "[9.99999e+05 1.00000e+06]"),
    Case([16_777_216, 1_234_567] as [Float], "[1.6777216e+07 1.2345670e+06]"),
    Case([0.0001, 0.05] as [Float], "[0.0001 0.05  ]"),
    Case(Complex<Float>(1e6, 0), "(1e+06+0j)"),
  ]
}
