import ComplexModule
import TensorCore
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What NumPy 2.4 prints.
///
/// Where NumPy 1.24 prints something else, the case is in `narrowTypes`.
@Suite struct DescriptionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let tensor: @Sendable () throws -> Tensor
    let text: String

    init(_ value: some TensorConvertible & Sendable, _ text: String) {
      tensor = { try Tensor(value) }
      self.text = text
    }

    var testDescription: String { String(text.prefix { $0 != "\n" }) }
  }

  @Test(
    arguments: bools + wholeNumbers + scalars + realArrays + notFinite + complexNumbers + layouts
      + narrowTypes)
  func `prints what NumPy's str prints`(_ example: Case) throws {
    #expect(try "\(example.tensor())" == example.text)
  }

  @Test func `debugDescription is NumPy's repr with Swift's names`() throws {
    func repr(_ value: some TensorConvertible) throws -> String {
      try Tensor(value).debugDescription
    }
    #expect(try repr([1, 2, 3] as [Float]) == "Tensor([1., 2., 3.], dtype: float32)")
    #expect(try repr(Float(1.5)) == "Tensor(1.5, dtype: float32)")
    #expect(try repr(Float(2)) == "Tensor(2., dtype: float32)")
    #expect(try repr(true) == "Tensor(True, dtype: bool)")
    #expect(try repr([Complex<Double>(0, 1)]) == "Tensor([0.+1.j], dtype: complex128)")
    #expect(
      try repr([[1, 2], [3, 4]]) == """
        Tensor([[1, 2],
                [3, 4]], dtype: int64)
        """)
  }

  @Test func `debugDescription names the shape where the brackets do not tell it`() throws {
    func zeros(_ shape: Shape) throws -> String {
      try Tensor(zeros: shape, dtype: .int8).debugDescription
    }
    #expect(try zeros([0]) == "Tensor([], dtype: int8)")
    #expect(try zeros([2, 0]) == "Tensor([], shape: [2, 0], dtype: int8)")
    #expect(try zeros([0, 3]) == "Tensor([], shape: [0, 3], dtype: int8)")
    #expect(
      try zeros([2000]) == "Tensor([0, 0, 0, ..., 0, 0, 0], shape: [2000], dtype: int8)")
  }

  @Test func `debugDescription puts the dtype on a line of its own past 75 columns`() throws {
    #expect(
      try Tensor(Array(0..<18)).debugDescription == """
        Tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15,
                16, 17], dtype: int64)
        """)
    #expect(
      try Tensor((0..<14).map { $0 * 5 }).debugDescription == """
        Tensor([ 0,  5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65],
               dtype: int64)
        """)
  }

  @Test(arguments: DType.numeric, [[], [1], [3], [2, 2], [0], [0, 3], [1, 1, 1], [7, 200]])
  func `prints every dtype in every shape`(_ dtype: DType, _ shape: [Int]) throws {
    let tensor = try Tensor(zeros: Shape(shape), dtype: dtype)
    let brackets = tensor.description.filter { $0 == "[" }.count
    if shape.contains(0) {
      #expect(tensor.description == "[]")
    } else if shape.count < 2 {
      #expect(brackets == shape.count)
    }
    #expect(tensor.debugDescription.hasSuffix("dtype: \(dtype))"))
  }

  @Test func `a symbolic tensor prints dtype and shape`() {
    func text(_ shape: Shape) -> String {
      "\(Tensor(symbol: Symbol(), shape: shape, dtype: .float32))"
    }
    #expect(text([nil, 3]) == "<symbolic float32[?, 3]>")
    #expect(text(.scalar) == "<symbolic float32[]>")
    #expect(text([0]) == "<symbolic float32[0]>")
    #expect(text(.unknown) == "<symbolic float32[...]>")
    let tensor = Tensor(symbol: Symbol(), shape: [2], dtype: .bool)
    #expect(tensor.debugDescription == "<symbolic bool[2]>")
  }

  @Test func `reads only the elements that it prints`() throws {
    // A tebibyte of address space, of which only the first page and the last may be read.
    let size = 1 << 40
    let page = Int(getpagesize())
    let flags = MAP_PRIVATE | MAP_ANON | MAP_NORESERVE
    guard let base = unsafe mmap(nil, size, PROT_NONE, flags, -1, 0), unsafe base != MAP_FAILED
    else {
      Issue.record("no address space")
      return
    }
    defer { unsafe _ = munmap(base, size) }
    unsafe _ = mprotect(base, page, PROT_READ)
    unsafe _ = mprotect(base + (size - page), page, PROT_READ)
    let storage = unsafe Storage(adopting: base, byteCount: size, owner: Symbol())
    let tensor = Tensor(storage: storage, shape: [size / 8], dtype: .float64)
    #expect("\(tensor)" == "[0. 0. 0. ... 0. 0. 0.]")
    #expect(
      tensor.debugDescription == """
        Tensor([0., 0., 0., ..., 0., 0., 0.],
               shape: [137438953472], dtype: float64)
        """)
  }
}
