import ComplexModule
import TensorCore
import Testing

@Suite struct TensorElementsTests {
  @Test func `reads back what it was made of`() throws {
    let tensor = try Tensor([[1, 2, 3], [4, 5, 6]] as [[Float]])
    #expect(try tensor.scalars(as: Float.self) == [1, 2, 3, 4, 5, 6])
    #expect(try [[Float]](tensor) == [[1, 2, 3], [4, 5, 6]])
    #expect(try [[[Int]]](Tensor([[[1], [2]]])) == [[[1], [2]]])
    #expect(try [Bool](Tensor([true, false])) == [true, false])
    #expect(try Float(Tensor(Float(1.5))) == 1.5)
    #expect(try Complex<Float>(Tensor(Complex<Float>(1, 2))) == Complex(1, 2))
    #expect(try tensor.withElements(as: Float.self) { $0[4] } == 5)
  }

  @Test func `a scalar is read from one element of any rank`() throws {
    #expect(try Int(Tensor([[[7]]])) == 7)
    let error = #expect(throws: TensorError.self) { try Int(Tensor([7, 8])) }
    #expect(
      error?.message
        == "one Int was asked of a tensor of shape [2], which has 2 elements; use scalars(as:)")
    #expect(throws: TensorError.self) { try Int(Tensor([Int]())) }
  }

  @Test func `an array must be as deep as the rank`() throws {
    let tensor = try Tensor([[1, 2], [3, 4]])
    let error = #expect(throws: TensorError.self) { try [Int](tensor) }
    #expect(
      error?.message
        == "Array<Int> was asked of a tensor of shape [2, 2]; its rank must equal the depth of "
        + "the array, or use scalars(as:)")
    #expect(throws: TensorError.self) { try [[[Int]]](tensor) }
    #expect(throws: TensorError.self) { try [Int](Tensor(Int8(1))) }
  }

  @Test func `empty axes are read as empty arrays`() throws {
    #expect(try [[Int8]](Tensor(zeros: [2, 0], dtype: .int8)) == [[], []])
    #expect(try [[Int8]](Tensor(zeros: [0, 2], dtype: .int8)).isEmpty)
    #expect(try Tensor(zeros: [0, 2], dtype: .int8).scalars(as: Int8.self).isEmpty)
  }

  @Test func `elements of another type are refused, naming both`() throws {
    let tensor = try Tensor([1, 2] as [Float])
    let error = #expect(throws: TensorError.self) { try tensor.scalars(as: Double.self) }
    #expect(error?.code == .invalidArgument)
    #expect(
      error?.message
        == "elements of type Double (float64) were asked of a tensor of dtype float32; ask for "
        + "Float, or convert with asType(.float64)")
    #expect(throws: TensorError.self) { try [Double](tensor) }
    #expect(throws: TensorError.self) { try tensor.withElements(as: Int32.self) { $0.count } }
  }

  @Test func `int64 is read as Int and as Int64`() throws {
    #expect(try Tensor([1, 2]).scalars(as: Int64.self) == [1, 2])
    #expect(try Tensor([1, 2] as [UInt64]).scalars(as: UInt.self) == [1, 2])
  }

  @Test func `a symbolic tensor has no elements yet`() {
    let tensor = Tensor(symbol: Symbol(), shape: [2], dtype: .float32)
    let error = #expect(throws: TensorError.self) { try tensor.scalars(as: Float.self) }
    #expect(error?.code == .failedPrecondition)
    #expect(error?.message.contains("float32[2]") == true)
    #expect(throws: TensorError.self) { try [Float](tensor) }
    #expect(throws: TensorError.self) { try Tensor([tensor, tensor]) }
  }
}

@Suite struct ValueSemanticsTests {
  @Test func `changing a tensor changes neither its copy nor the array it was made of`() throws {
    let array: [Float] = [1, 2, 3]
    let original = try Tensor(array)
    var copy = original
    try copy.withMutableElements(as: Float.self) { $0[0] = 9 }
    #expect(try copy.scalars(as: Float.self) == [9, 2, 3])
    #expect(try original.scalars(as: Float.self) == [1, 2, 3])
    #expect(array == [1, 2, 3])
  }

  @Test func `an array read from a tensor does not change with it`() throws {
    var tensor = try Tensor([1, 2, 3])
    let before = try tensor.scalars(as: Int.self)
    try tensor.withMutableElements(as: Int.self) { $0[1] = 0 }
    #expect(before == [1, 2, 3])
  }

  @Test func `a copy is a copy from either side`() throws {
    var original = try Tensor([1, 2, 3])
    let copy = original
    try original.withMutableElements(as: Int.self) { $0[2] = 0 }
    #expect(try copy.scalars(as: Int.self) == [1, 2, 3])
    #expect(try original.scalars(as: Int.self) == [1, 2, 0])
  }

  @Test func `memory that nobody shares is changed in place`() throws {
    var tensor = try Tensor([1, 2, 3])
    let address = unsafe try Int(bitPattern: tensor.stored.storage.base)
    try tensor.withMutableElements(as: Int.self) { $0[0] = 9 }
    #expect(unsafe try Int(bitPattern: tensor.stored.storage.base) == address)
    let copy = tensor
    try tensor.withMutableElements(as: Int.self) { $0[0] = 8 }
    #expect(unsafe try Int(bitPattern: copy.stored.storage.base) == address)
    #expect(unsafe try Int(bitPattern: tensor.stored.storage.base) != address)
  }

  @Test func `changing a part leaves the whole alone`() throws {
    let whole = try Tensor([[1, 2], [3, 4]])
    var part = try whole.part(1)
    #expect(part.shape == [2])
    #expect(try part.stored.storage === whole.stored.storage)
    try part.withMutableElements(as: Int.self) { $0[0] = 9 }
    #expect(try [Int](part) == [9, 4])
    #expect(try [[Int]](whole) == [[1, 2], [3, 4]])
  }

  @Test func `memory that was adopted is never written`() throws {
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8)
    defer { unsafe bytes.deallocate() }
    unsafe bytes.storeBytes(of: 7, as: Int64.self)
    let storage = unsafe Storage(adopting: bytes, byteCount: 8, owner: Symbol())
    var tensor = Tensor(storage: storage, shape: [1], dtype: .int64)
    try tensor.withMutableElements(as: Int64.self) { $0[0] = 9 }
    #expect(try tensor.scalars(as: Int64.self) == [9])
    #expect(unsafe bytes.load(as: Int64.self) == 7)
  }

  @Test func `the owner of adopted memory lives as long as a tensor of it`() throws {
    weak var owner: Symbol?
    var tensor: Tensor?
    do {
      let bytes = UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8)
      let symbol = Symbol()
      owner = symbol
      let storage = unsafe Storage(adopting: bytes, byteCount: 8, owner: symbol)
      tensor = Tensor(storage: storage, shape: [1], dtype: .int64)
      unsafe bytes.deallocate()
    }
    #expect(owner != nil)
    #expect(tensor?.count == 1)
    tensor = nil
    #expect(owner == nil)
  }

  @Test func `an error in the closure leaves the tensor usable`() throws {
    struct Stop: Error {}
    var tensor = try Tensor([1, 2])
    #expect(throws: Stop.self) {
      try tensor.withMutableElements(as: Int.self) { elements in
        elements[0] = 5
        throw Stop()
      }
    }
    #expect(try tensor.scalars(as: Int.self) == [5, 2])
    #expect(throws: TensorError.self) { try tensor.withMutableElements(as: Float.self) { _ in } }
    #expect(try tensor.scalars(as: Int.self) == [5, 2])
  }
}

@Suite struct TensorEqualityTests {
  @Test func `tensors are equal when dtype, shape and elements are`() throws {
    #expect(try Tensor([1, 2]) == Tensor([1, 2]))
    #expect(try Tensor([1, 2]) != Tensor([1, 3]))
    #expect(try Tensor([1, 2]) != Tensor([[1, 2]]))
    #expect(try Tensor([1, 2]) != Tensor([1, 2] as [Int32]))
    #expect(try Tensor([1, 2] as [Float]) != Tensor([1, 2] as [Double]))
    #expect(try Tensor(zeros: [2, 0], dtype: .int8) == Tensor(zeros: [2, 0], dtype: .int8))
    #expect(try Tensor(zeros: [2, 0], dtype: .int8) != Tensor(zeros: [0, 2], dtype: .int8))
  }

  @Test func `elements are compared by their own rule`() throws {
    #expect(try Tensor([Double.nan]) != Tensor([Double.nan]))
    #expect(try Tensor([0.0]) == Tensor([-0.0]))
    #expect(try Tensor([Complex<Float>(1, 2)]) == Tensor([Complex<Float>(1, 2)]))
    #expect(try Tensor([Complex<Float>(1, 2)]) != Tensor([Complex<Float>(1, 3)]))
    #expect(try Tensor([UInt64.max]) != Tensor([UInt64.max - 1]))
  }

  @Test func `a part equals a tensor of the same elements`() throws {
    #expect(try Tensor([[1, 2], [3, 4]]).part(1) == Tensor([3, 4]))
  }

  @Test func `a literal equals the value it stands for`() throws {
    let literal: Tensor = 2
    let number = 2
    #expect(literal == Tensor(number))
  }

  @Test func `a symbolic tensor equals itself only`() throws {
    let symbol = Symbol()
    let tensor = Tensor(symbol: symbol, shape: [1], dtype: .int64)
    #expect(tensor == Tensor(symbol: symbol, shape: [1], dtype: .int64))
    #expect(tensor != Tensor(symbol: Symbol(), shape: [1], dtype: .int64))
    #expect(try tensor != Tensor([0]))
  }
}
