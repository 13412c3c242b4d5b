import Synchronization
import TensorCore
import Testing

/// Swift's own memory in tensors, and tensors' memory in Swift.
struct SwiftMemoryTests {
  @Test func `every kind of Swift memory becomes a tensor`() throws {
    let numbers: [Float] = [1, 2, 3, 4, 5, 6]
    let expected = try Tensor(numbers)
    let matrix = try Tensor([[1, 2, 3], [4, 5, 6]] as [[Float]])

    #expect(try Tensor(numbers[0...]) == expected)
    #expect(try Tensor(numbers[1..<3]) == Tensor([2, 3] as [Float]))
    #expect(try Tensor(ContiguousArray(numbers)) == expected)
    #expect(try Tensor([numbers[0..<3], numbers[3..<6]]) == matrix)
    #expect(try Tensor(ContiguousArray(numbers), shape: [2, 3]) == matrix)
    #expect(try Tensor(numbers.span) == expected)
    #expect(try Tensor(numbers.span, shape: [2, 3]) == matrix)
    let ofSpan = try unsafe Tensor(bytes: numbers.span.bytes, dtype: .float32, shape: [2, 3])
    #expect(ofSpan == matrix)
    let copies = try unsafe numbers.withUnsafeBufferPointer { buffer in
      try unsafe [Tensor(buffer), Tensor(buffer, shape: [2, 3]), Tensor(buffer[2...])]
    }
    #expect(copies == [expected, matrix, try Tensor(numbers[2...])])
    let bytes = unsafe numbers.withUnsafeBytes { unsafe Array($0) }
    #expect(try Tensor(bytes: bytes, dtype: .float32, shape: [2, 3]) == matrix)
    #expect(try Tensor(0..<4) == Tensor([0, 1, 2, 3]))
    #expect(try Tensor(numbers.lazy.map { $0 * 2 }) == Tensor([2, 4, 6, 8, 10, 12] as [Float]))
    #expect(try Tensor([] as ArraySlice<Int8>) == Tensor([] as [Int8]))
    #expect(try Tensor(["a", "b"][1...]) == Tensor(["b"]))
    // Numbers of Swift's literal types take a dtype; others have their own.
    #expect(try Tensor([1, 2][0...], dtype: .float16).dtype == .float16)
  }

  @Test(arguments: DType.allCases.filter { $0 != .string })
  func `bytes of every dtype go in and out`(dtype: DType) throws {
    let bytes = (0..<6 * dtype.itemSize).map { UInt8($0 % 2) }
    let tensor = try Tensor(bytes: bytes, dtype: dtype, shape: [3, 2])
    #expect(tensor.dtype == dtype && tensor.shape == [3, 2])
    #expect(try tensor.withBytes { span in span.byteCount } == bytes.count)
    try tensor.withBytes { span in
      for index in bytes.indices {
        #expect(unsafe span.unsafeLoad(fromByteOffset: index, as: UInt8.self) == bytes[index])
      }
    }
  }

  @Test func `a tensor's elements are read without a copy`() throws {
    var x = try Tensor([[1, 2], [3, 4]] as [[Double]])
    #expect(try x.withSpan(as: Double.self) { span in span[3] } == 4)
    let first = try unsafe x.withUnsafeBufferPointer(as: Double.self) { $0.baseAddress }
    let again = try unsafe x.withUnsafeBufferPointer(as: Double.self) { $0.baseAddress }
    #expect(unsafe first == again)
    let copy = x
    try x.withMutableSpan(as: Double.self) { $0[0] = 9 }
    #expect(try [[Double]](x) == [[9, 2], [3, 4]])
    #expect(try [[Double]](copy) == [[1, 2], [3, 4]])
    #expect(try Tensor(2.5).withBytes { $0.byteCount } == 8)
    #expect(try Tensor(2.5).item(as: Double.self) == 2.5)
    let item: Double = try Tensor([[7.5]]).item()
    #expect(item == 7.5)
    #expect(throws: TensorError.self) { try x.item(as: Double.self) }
    #expect(throws: TensorError.self) { try x.item(as: Float.self) }
    #expect(throws: TensorError.self) { try Tensor(["a"]).withBytes { _ in } }
  }

  @Test func `elements are written in place`() throws {
    let squares = try Tensor(shape: [2, 2]) { (elements: inout OutputSpan<Int16>) in
      for index in 0..<4 { elements.append(Int16(index * index)) }
    }
    #expect(try [[Int16]](squares) == [[0, 1], [4, 9]])
    let error = #expect(throws: TensorError.self) {
      try Tensor(shape: [3]) { (elements: inout OutputSpan<Float>) in elements.append(1) }
    }
    #expect(error?.message == "1 elements were written of a tensor of shape [3], which has 3")
    #expect(throws: CancellationError.self) {
      try Tensor(shape: [3]) { (elements: inout OutputSpan<Float>) in
        elements.append(1)
        throw CancellationError()
      }
    }
  }

  @Test func `adopted memory is used where it lies, and released once`() throws {
    let released = Atomic(0)
    let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 6)
    for index in 0..<6 { unsafe memory[index] = Float(index) }
    do {
      var x = try unsafe Tensor(adopting: UnsafeBufferPointer(memory), shape: [2, 3]) { bytes in
        #expect(bytes.count == 6)
        released.add(1, ordering: .relaxed)
      }
      try unsafe x.withUnsafeBufferPointer(as: Float.self) {
        #expect(unsafe $0.baseAddress == UnsafePointer(memory.baseAddress))
      }
      let view = try x.part(1)
      // Writing copies first: memory that was adopted is never changed.
      try x.withMutableSpan(as: Float.self) { $0[0] = 100 }
      #expect(unsafe memory[0] == 0)
      #expect(released.load(ordering: .relaxed) == 0)
      #expect(try [Float](view) == [3, 4, 5])
    }
    #expect(released.load(ordering: .relaxed) == 1)
    unsafe memory.deallocate()
  }

  @Test func `strides are those of the memory`() throws {
    let released = Atomic(0)
    let numbers = (0..<12).map { Int32($0) }
    func adopted(_ shape: Shape, _ strides: [Int]?, from start: Int = 0) throws -> Tensor {
      try unsafe numbers.withUnsafeBufferPointer { buffer in
        let part = unsafe UnsafeBufferPointer(rebasing: buffer[start...])
        let tensor = try unsafe Tensor(adopting: part, shape: shape, strides: strides) { _ in
          released.add(1, ordering: .relaxed)
        }
        // A copy, since the array's memory is valid in this closure only.
        var copy = tensor
        try copy.withMutableSpan(as: Int32.self) { _ in }
        return copy
      }
    }
    #expect(
      try [[Int32]](adopted([3, 4], [4, 1])) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]])
    #expect(
      try [[Int32]](adopted([4, 3], [1, 4])) == [[0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7, 11]])
    #expect(try [Int32](adopted([3], [2])) == [0, 2, 4])
    #expect(try [Int32](adopted([3], [0])) == [0, 0, 0])
    #expect(try adopted([0, 4], [99, 99]).shape == [0, 4])
    #expect(try Int32(adopted([], [], from: 5)) == 5)
    #expect(try [[Int32]](adopted([1, 2], [1000, 1])) == [[0, 1]])
    let wrong: [(Shape, [Int]?)] = [
      ([13], nil), ([3], [1, 1]), ([3], [6]), ([2], [-1]), ([2], [.max]), ([3], [.max / 2]),
      ([.max, 2], [0, .max]), ([nil], [1]), ([2, 2], [.min, 1]),
    ]
    let before = released.load(ordering: .relaxed)
    for (shape, strides) in wrong {
      #expect(throws: TensorError.self, "\(shape) \(String(describing: strides))") {
        try adopted(shape, strides)
      }
    }
    #expect(released.load(ordering: .relaxed) == before + wrong.count)
  }

  @Test func `bytes that are not 0 are true`() throws {
    let bytes: [UInt8] = [0, 255, 2, 1]
    #expect(
      try [Bool](Tensor(bytes: bytes, dtype: .bool, shape: [4])) == [false, true, true, true])
    let adopted = try unsafe bytes.withUnsafeBytes { bytes in
      try unsafe Tensor(adopting: bytes, dtype: .bool, shape: [2, 1], strides: [2, .max]) { _ in }
    }
    #expect(try [[Bool]](adopted) == [[false], [true]])
  }

  @Test func `memory that is not aligned is copied`() throws {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 17, alignment: 16)
    defer { unsafe bytes.deallocate() }
    for index in 0..<17 { unsafe bytes[index] = 0 }
    let odd = unsafe UnsafeRawBufferPointer(rebasing: bytes[1...])
    let x = try unsafe Tensor(adopting: odd, dtype: .float64, shape: [2]) { _ in }
    unsafe bytes[1] = 255
    #expect(try [Double](x) == [0, 0])
  }

  @Test func `the wrong number of elements is refused`() throws {
    let numbers: [Float] = [1, 2, 3]
    let error = #expect(throws: TensorError.self) { try Tensor(numbers.span, shape: [2, 2]) }
    #expect(
      error?.message == "3 elements were given for a tensor of shape [2, 2], which holds 4")
    let other = #expect(throws: TensorError.self) {
      try Tensor(bytes: [1, 2, 3] as [UInt8], dtype: .int16, shape: [2])
    }
    #expect(other?.message == "3 bytes were given for a tensor of int16[2], which has 4")
    #expect(throws: TensorError.self) {
      try Tensor(bytes: [1] as [UInt8], dtype: .string, shape: [1])
    }
    #expect(throws: TensorError.self) { try Tensor(numbers.span, shape: [nil]) }
  }
}
