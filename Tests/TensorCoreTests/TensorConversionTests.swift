import ComplexModule
import TensorCore
import Testing

@Suite struct TensorConversionTests {
  struct Case: Sendable {
    let tensor: @Sendable () throws -> Tensor
    let dtype: DType
    let value: String

    init(_ value: some TensorConvertible & Sendable, _ dtype: DType, _ text: String) {
      tensor = { try Tensor(value) }
      self.dtype = dtype
      self.value = text
    }
  }

  @Test(arguments: [
    Case(300, .int8, "300"), Case(-129, .int8, "-129"), Case(-1, .uint8, "-1"),
    Case(-1, .uint64, "-1"), Case(UInt64.max, .int64, "18446744073709551615"),
    Case(70_000, .float16, "70000"), Case(2, .bool, "2"), Case(1.5, .int32, "1.5"),
    Case(-0.5, .uint8, "-0.5"), Case(Double.nan, .int64, "nan"),
    Case(Double.infinity, .int8, "inf"),
    Case(0x1p63, .int64, "9.223372036854776e+18"), Case(1e300, .float32, "1e+300"),
    Case(1e6, .float16, "1000000.0"), Case(0.5, .bool, "0.5"),
    Case(Complex<Double>(1, 2), .float64, "1.0 + 2.0i"),
    Case(Complex<Double>(1e300, 0), .complex64, "1e+300 + 0.0i"),
    Case(Complex<Double>(0.5, 0), .int8, "0.5 + 0.0i"),
  ])
  func `refuses what the dtype cannot hold, naming the value`(_ example: Case) throws {
    let tensor = try example.tensor()
    let error = #expect(throws: TensorError.self) { try tensor.converted(to: example.dtype) }
    #expect(error?.code == .invalidArgument)
    #expect(
      error?.message
        == "\(example.value) does not fit dtype \(example.dtype); give another dtype or value")
  }

  @Test(arguments: [
    Case(127, .int8, "127"), Case(255, .uint8, "255"), Case(UInt64.max, .float32, "1.8446744e+19"),
    Case(65504, .float16, "6.55e+04"), Case(2.0, .int32, "2"), Case(-0.0, .int8, "0"),
    Case(1, .bool, "True"), Case(true, .int8, "1"), Case(true, .complex64, "(1+0j)"),
    Case(Double.nan, .float16, "nan"), Case(-Double.infinity, .float32, "-inf"),
    Case(1e-300, .float32, "0.0"), Case((1 << 53) + 1, .float64, "9007199254740992.0"),
    Case(Complex<Double>(2, 0), .int16, "2"), Case(Complex<Double>(1.5, 0), .float16, "1.5"),
    Case([1, 2, 3], .float32, "[1. 2. 3.]"),
    Case([[0.5], [1]], .complex128, "[[0.5+0.j]\n [1. +0.j]]"),
  ])
  func `converts what the dtype can hold, rounding only fractions`(_ example: Case) throws {
    let tensor = try example.tensor().converted(to: example.dtype)
    #expect(tensor.dtype == example.dtype)
    #expect(tensor.description == example.value)
  }

  @Test func `one element that does not fit is enough to refuse`() {
    let error = #expect(throws: TensorError.self) {
      try Tensor([[1, 2], [3, 256]], dtype: .uint8)
    }
    #expect(error?.message == "256 does not fit dtype uint8; give another dtype or value")
  }

  @Test(arguments: [
    Case([1.9, -1.9, 0.5], .int32, "[ 1 -1  0]"), Case([300, -1, 256], .uint8, "[ 44 255   0]"),
    Case([0.0, 0.5, -0.0], .bool, "[False  True False]"), Case([Double.nan], .bool, "[ True]"),
    Case([Complex<Float>(1.5, 2)], .float32, "[1.5]"), Case([1e300], .float32, "[inf]"),
    Case([Complex<Float>(0, 2), Complex<Float>(0, 0)], .bool, "[ True False]"),
    Case([-1], .uint64, "[18446744073709551615]"), Case([UInt64.max], .int8, "[-1]"),
    Case([true, false], .float16, "[1. 0.]"),
    Case([1, 2] as [Int8], .complex64, "[1.+0.j 2.+0.j]"),
  ])
  func `casts as NumPy's astype, without asking`(_ example: Case) throws {
    let tensor = try example.tensor().casting(to: example.dtype)
    #expect(tensor.dtype == example.dtype)
    #expect(tensor.description == example.value)
  }

  @Test(arguments: DType.numeric, DType.numeric)
  func `0 and 1 survive the way to any dtype and back`(_ first: DType, _ second: DType) throws {
    let tensor = try Tensor([[0, 1], [1, 0]], dtype: first)
    #expect(try tensor.casting(to: second).casting(to: first) == tensor)
    #expect(try tensor.converted(to: second).converted(to: first) == tensor)
  }

  @Test(arguments: DType.numeric)
  func `a tensor that has the dtype already keeps its memory`(_ dtype: DType) throws {
    let tensor = try Tensor(zeros: [3], dtype: dtype)
    #expect(try tensor.converted(to: dtype).stored.storage === tensor.stored.storage)
    #expect(try tensor.casting(to: dtype).stored.storage === tensor.stored.storage)
  }

  @Test func `a symbolic tensor has nothing to convert`() {
    let tensor = Tensor(symbol: Symbol(), shape: [2], dtype: .float32)
    let error = #expect(throws: TensorError.self) { try tensor.casting(to: .int8) }
    #expect(error?.code == .failedPrecondition)
    #expect(throws: TensorError.self) { try tensor.converted(to: .int8) }
  }
}
