import ComplexModule
import TensorCore
import Testing

@Suite struct TensorConvertibleTests {
  @Test func `every element type gives its own dtype`() throws {
    func check<T: TensorElement & Equatable>(_ value: T, _ dtype: DType) throws {
      let scalar = Tensor(value)
      #expect(scalar.dtype == dtype)
      #expect(scalar.shape == .scalar)
      #expect(try T(scalar) == value)
      let matrix = try Tensor([[value, value, value], [value, value, value]])
      #expect(matrix.dtype == dtype)
      #expect(matrix.shape == [2, 3])
      #expect(try matrix.scalars(as: T.self) == Array(repeating: value, count: 6))
      #expect(MemoryLayout<T>.stride == dtype.itemSize)
      #expect(MemoryLayout<T>.stride == MemoryLayout<T>.size)
      #expect(DType(name: dtype.description) == dtype)
    }
    try check(true, .bool)
    try check(Int8.min, .int8)
    try check(Int16.min, .int16)
    try check(Int32.min, .int32)
    try check(Int64.min, .int64)
    try check(Int.max, .int64)
    try check(UInt8.max, .uint8)
    try check(UInt16.max, .uint16)
    try check(UInt32.max, .uint32)
    try check(UInt64.max, .uint64)
    try check(UInt.max, .uint64)
    try check(Float16(1.5), .float16)
    try check(Float(1.5), .float32)
    try check(1.5, .float64)
    try check(Complex<Float>(1, 2), .complex64)
    try check(Complex<Double>(1, 2), .complex128)
  }

  @Test(arguments: DType.numeric)
  func `each dtype's element type has that dtype`(_ dtype: DType) {
    #expect(dtype.elementType?.dtype == dtype)
  }

  @Test func `only NumPy's long names are names of dtypes`() {
    #expect(DType(name: "float32") == .float32)
    for name in ["f4", "single", "Float32", "", "float128"] { #expect(DType(name: name) == nil) }
  }

  @Test func `nested arrays become axes, the first one outermost`() throws {
    let tensor = try Tensor([[[1, 2]], [[3, 4]], [[5, 6]]])
    #expect(tensor.shape == [3, 1, 2])
    #expect(tensor.rank == 3)
    #expect(tensor.count == 6)
    #expect(try tensor.scalars(as: Int.self) == [1, 2, 3, 4, 5, 6])
  }

  @Test func `empty arrays keep the dtype of their type`() throws {
    #expect(try Tensor([Float]()).shape == [0])
    #expect(try Tensor([Float]()).dtype == .float32)
    #expect(try Tensor([[], []] as [[UInt8]]).shape == [2, 0])
    #expect(try Tensor([[], []] as [[UInt8]]).dtype == .uint8)
    #expect(try Tensor([[Bool]]()).dtype == .bool)
  }

  @Test func `tensors stack like arrays`() throws {
    let row = try Tensor([1, 2] as [Float])
    let tensor = try Tensor([row, row, row])
    #expect(tensor.shape == [3, 2])
    #expect(tensor.dtype == .float32)
    #expect(try tensor.scalars(as: Float.self) == [1, 2, 1, 2, 1, 2])
  }

  @Test func `a ragged array is refused, naming the element that differs`() {
    let error = #expect(throws: TensorError.self) { try Tensor([[1, 2], [3, 4], [5]]) }
    #expect(error?.code == .invalidArgument)
    #expect(
      error?.message
        == "a ragged array has no tensor: element 0 is int64[2], element 2 is int64[1]")
  }

  @Test func `tensors of two dtypes do not stack`() throws {
    let parts = [try Tensor([1, 2] as [Float]), try Tensor([1, 2] as [Double])]
    let error = #expect(throws: TensorError.self) { try Tensor(parts) }
    #expect(
      error?.message
        == "a ragged array has no tensor: element 0 is float32[2], element 1 is float64[2]")
  }

  @Test func `flat elements take the shape they are given`() throws {
    let tensor = try Tensor([1, 2, 3, 4, 5, 6] as [Int16], shape: [3, 2])
    #expect(tensor.shape == [3, 2])
    #expect(try [[Int16]](tensor) == [[1, 2], [3, 4], [5, 6]])
    #expect(try Tensor([7] as [Int16], shape: .scalar).rank == 0)
    #expect(try Tensor([Int16](), shape: [2, 0, 3]).shape == [2, 0, 3])
  }

  @Test func `a shape of another number of elements is refused`() {
    let error = #expect(throws: TensorError.self) { try Tensor([1, 2, 3], shape: [2, 2]) }
    #expect(error?.code == .invalidArgument)
    #expect(
      error?.message == "3 elements were given for a tensor of shape [2, 2], which holds 4")
  }

  @Test func `an open shape has no zeros and no elements`() {
    #expect(throws: TensorError.self) { try Tensor(zeros: [nil, 3], dtype: .float32) }
    #expect(throws: TensorError.self) { try Tensor(zeros: .unknown, dtype: .float32) }
    #expect(throws: TensorError.self) { try Tensor([1, 2, 3], shape: [nil]) }
  }

  @Test(arguments: DType.numeric)
  func `zeros are zeros of every dtype`(_ dtype: DType) throws {
    let zeros = try Tensor(zeros: [2, 3], dtype: dtype)
    #expect(zeros.dtype == dtype)
    #expect(zeros.shape == [2, 3])
    #expect(try zeros == Tensor([[0, 0, 0], [0, 0, 0]], dtype: dtype))
  }

  @Test(arguments: DType.numeric, [[0], [2, 0], [0, 3], [1, 0, 1]])
  func `tensors without elements exist in every dtype`(_ dtype: DType, _ shape: [Int]) throws {
    let tensor = try Tensor(zeros: Shape(shape), dtype: dtype)
    #expect(tensor.count == 0)
    #expect(try tensor == Tensor(zeros: Shape(shape), dtype: dtype))
    #expect(try tensor.casting(to: .float64).shape == Shape(shape))
  }

  @Test(arguments: [
    ([1 << 40, 1 << 40], ErrorCode.invalidArgument), ([.max, 2], .invalidArgument),
    ([.max], .invalidArgument), ([1 << 46], .resourceExhausted), ([1 << 60], .resourceExhausted),
  ])
  func `a shape that is too large throws`(_ shape: [Int], _ code: ErrorCode) {
    let error = #expect(throws: TensorError.self) {
      try Tensor(zeros: Shape(shape), dtype: .int16)
    }
    #expect(error?.code == code)
  }

  @Test(arguments: DType.numeric, [[], [0], [1], [3, 5], [1000]])
  func `memory is aligned to 64 bytes`(_ dtype: DType, _ shape: [Int]) throws {
    let (storage, offset) = try Tensor(zeros: Shape(shape), dtype: dtype).stored
    #expect(unsafe Int(bitPattern: storage.base).isMultiple(of: 64))
    #expect(offset == 0)
    #expect(try storage.byteCount == Shape(shape).byteCount(of: dtype))
  }
}

@Suite struct TensorLiteralsTests {
  @Test func `a literal alone has the dtype of Swift's literal types`() {
    let whole: Tensor = 2
    let real: Tensor = 2.5
    let truth: Tensor = true
    #expect(whole.dtype == .int64)
    #expect(real.dtype == .float64)
    #expect(truth.dtype == .bool)
    #expect([whole, real, truth].allSatisfy { $0.shape == .scalar })
  }

  @Test func `a literal takes the dtype that is asked for`() throws {
    #expect(try Tensor(2, dtype: .float16).dtype == .float16)
    #expect(try Tensor(2.5, dtype: .complex64).description == "(2.5+0j)")
    #expect(try Tensor([[1, 2], [3, 4]], dtype: .float32).description == "[[1. 2.]\n [3. 4.]]")
  }

  @Test func `only literals, and values of their types, are marked as such`() throws {
    let literal: Tensor = 2
    #expect(literal.isLiteral)
    #expect(literal.withoutLiteralMark == literal)
    #expect(!literal.withoutLiteralMark.isLiteral)
    let number = 2
    #expect(number.makeTensor().isLiteral)
    #expect(try [1.5, 2].makeTensor().isLiteral)
    #expect(!Float(2).makeTensor().isLiteral)
    #expect(!Tensor(number).isLiteral)
    #expect(try !Tensor([1, 2]).isLiteral)
  }

  @Test(arguments: DType.numeric)
  func `a whole literal goes to every dtype but bool`(_ dtype: DType) throws {
    let one: Tensor = 1
    guard dtype != .bool else {
      #expect(throws: TensorError.self) { try one.literal(as: dtype) }
      return
    }
    #expect(try one.literal(as: dtype) == Tensor(1, dtype: dtype))
    #expect(try !one.literal(as: dtype).isLiteral)
  }

  @Test(arguments: DType.numeric)
  func `a floating-point literal goes to no whole dtype`(_ dtype: DType) throws {
    let literal: Tensor = 1.5
    guard dtype.isInteger || dtype == .bool else {
      #expect(try literal.literal(as: dtype).dtype == dtype)
      return
    }
    let error = #expect(throws: TensorError.self) { try literal.literal(as: dtype) }
    #expect(
      error?.message
        == "the floating-point value 1.5 cannot stand for \(dtype); write a whole number, or "
        + "convert with asType")
  }
}
