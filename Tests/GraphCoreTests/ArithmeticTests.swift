import ComplexModule
import GraphCore
import TensorCore
import Testing

@Suite struct ArithmeticTests {
  static let numeric = DType.numeric.filter { $0 != .bool }

  @Test(arguments: numeric)
  func `has all four operations and negation for every dtype`(_ dtype: DType) throws {
    let a = try Tensor([6, 8, 10], dtype: dtype)
    let b = try Tensor([3, 2, 4], dtype: dtype)
    let quotient = dtype.isInteger ? DType.float64 : dtype
    #expect(try a + b == Tensor([9, 10, 14], dtype: dtype))
    #expect(try a - b == Tensor([3, 6, 6], dtype: dtype))
    #expect(try a * b == Tensor([18, 16, 40], dtype: dtype))
    #expect(try a / b == Tensor([2, 4, 2.5], dtype: quotient))
    #expect(try -a == Tensor([-6, -8, -10]).asType(dtype))
  }

  @Test(arguments: numeric)
  func `gives the same in a graph as outside`(_ dtype: DType) throws {
    let spec = TensorSpec(dtype: dtype)
    let f = try GraphFunction(inputSignature: [spec, spec]) { a, b in
      [try a + b, try a - b, try a * b, try a / b, try -a, try a + 1]
    }
    let a = try Tensor([[6], [8]], dtype: dtype)
    let b = try Tensor([3, 2, 4], dtype: dtype)
    let eager = [try a + b, try a - b, try a * b, try a / b, try -a, try a + 1]
    #expect(try f(a, b) == eager)
  }

  @Test func `whole numbers wrap`() throws {
    let big = try Tensor([Int8.max, .min])
    #expect(try big + 1 == Tensor([Int8.min, -127]))
    #expect(try big - 1 == Tensor([Int8(126), 127]))
    #expect(try big * 2 == Tensor([Int8(-2), 0]))
    #expect(try -big == Tensor([Int8(-127), -128]))
    #expect(try -Tensor([UInt8(1), 0]) == Tensor([UInt8(255), 0]))
    let widest = try Tensor([Int64.min])
    #expect(try widest / -1 == Tensor([0x1p63]))
  }

  @Test func `division by zero does not trap`() throws {
    let quotient = try Tensor([Int32(1), -1, 0]) / 0
    let values = try quotient.scalars(as: Double.self)
    #expect(values[0] == .infinity && values[1] == -.infinity && values[2].isNaN)
    let float = try (Tensor([Float(1), 0]) / 0).scalars(as: Float.self)
    #expect(float[0] == .infinity && float[1].isNaN)
  }

  @Test func `bool adds as or, multiplies as and, divides to float64`() throws {
    let a = try Tensor([false, false, true, true])
    let b = try Tensor([false, true, false, true])
    #expect(try a + b == Tensor([false, true, true, true]))
    #expect(try a * b == Tensor([false, false, false, true]))
    #expect(try (b / a).scalars(as: Double.self)[1...] == [.infinity, 0, 1])
  }

  @Test func `bool has no difference and no negative`() throws {
    let a = try Tensor([true])
    let difference = #expect(throws: OperationError.self) { try a - a }
    #expect(difference?.message.contains("bool has no subtraction") == true)
    let negative = #expect(throws: OperationError.self) { try -a }
    #expect(negative?.message.contains("bool has no negative") == true)
  }

  @Test func `complex numbers divide by Smith's method`() throws {
    let a = try Tensor([Complex<Double>(1, 2), Complex(1e200, 1e200), Complex(1, 0)])
    let b = try Tensor([Complex<Double>(3, -4), Complex(1e200, 1e200), Complex(0, 0)])
    let quotients = try (a / b).scalars(as: Complex<Double>.self).map(\.rawStorage)
    #expect(quotients[0].x == -0.2 && quotients[0].y == 0.4)
    #expect(quotients[1].x == 1 && quotients[1].y == 0)
    #expect(quotients[2].x == .infinity && quotients[2].y.isNaN)
  }

  @Test func `complex numbers keep the parts of what is not finite`() throws {
    let a = try Tensor([Complex<Float>(.infinity, 1), Complex(.nan, 2)])
    let sums = try (a + a).scalars(as: Complex<Float>.self).map(\.rawStorage)
    #expect(sums[0].x == .infinity && sums[0].y == 2)
    #expect(sums[1].x.isNaN && sums[1].y == 4)
    let negatives = try (-a).scalars(as: Complex<Float>.self).map(\.rawStorage)
    #expect(negatives[0].x == -.infinity && negatives[0].y == -1)
  }

  @Test(
    arguments: [
      ([], []), ([], [3]), ([1], [3]), ([3], [3]), ([2, 3], [3]), ([2, 3], [2, 1]),
      ([2, 1], [1, 3]),
      ([1, 1], [1]), ([4, 1, 3], [2, 1]), ([2, 3, 4], [2, 3, 4]), ([2, 1, 4], [3, 1]),
      ([1, 3, 1], [2, 1, 4]), ([0], [1]), ([0, 3], [3]), ([2, 0], [2, 1]), ([1, 1, 1], [0, 1]),
      ([2, 3, 1, 1], [2, 3, 4, 5]), ([5, 1, 1, 2], [3, 4, 1]), ([1, 2, 1, 2, 1], [2, 1, 2, 1, 2]),
    ] as [([Int], [Int])])
  func `broadcasts as defined`(_ a: [Int], _ b: [Int]) throws {
    for (a, b) in [(a, b), (b, a)] {
      let (x, y) = (try counting(a), try counting(b))
      let result = try x - y
      let shape = try Shape(a).broadcast(with: Shape(b))
      #expect(result.shape == shape)
      #expect(try result.scalars(as: Int32.self) == expected(a, b, try shape.extents))
    }
  }

  private func counting(_ extents: [Int]) throws -> Tensor {
    let count = extents.reduce(1, *)
    return try Tensor((0..<count).map { Int32($0 * $0) }, shape: Shape(extents))
  }

  /// By the definition: the index along an axis of extent 1 is always 0.
  private func expected(_ a: [Int], _ b: [Int], _ result: [Int]) -> [Int32] {
    func element(_ extents: [Int], at index: [Int]) -> Int32 {
      let own = index.suffix(extents.count)
      let flat = zip(extents, own).reduce(0) { $0 * $1.0 + ($1.0 == 1 ? 0 : $1.1) }
      return Int32(flat * flat)
    }
    return (0..<result.reduce(1, *)).map { flat in
      var (rest, index) = (flat, [Int](repeating: 0, count: result.count))
      for axis in result.indices.reversed() {
        index[axis] = rest % result[axis]
        rest /= result[axis]
      }
      return element(a, at: index) - element(b, at: index)
    }
  }

  @Test func `refuses shapes that do not broadcast, naming both`() throws {
    let error = #expect(throws: OperationError.self) {
      try Tensor(zeros: [2], dtype: .float32) * Tensor(zeros: [3], dtype: .float32)
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.hasPrefix("shapes [2] and [3] do not broadcast") == true)
  }

  @Test func `refuses two dtypes, naming both and the mend`() throws {
    let error = #expect(throws: OperationError.self) {
      try Tensor([1], dtype: .int32) + Tensor([1], dtype: .float32)
    }
    #expect(
      error?.message
        == "dtypes int32 and float32 differ, and none is converted in silence; convert one with "
        + "asType(.int32) or asType(.float32)")
  }
}

@Suite struct LiteralTests {
  @Test(arguments: ArithmeticTests.numeric)
  func `an integer literal takes the other dtype on either side`(_ dtype: DType) throws {
    let x = try Tensor([4], dtype: dtype)
    #expect(try x + 1 == Tensor([5], dtype: dtype))
    #expect(try 1 + x == Tensor([5], dtype: dtype))
    #expect(try 2 * x - 3 == Tensor([5], dtype: dtype))
  }

  @Test(arguments: [DType.float16, .float32, .float64, .complex64, .complex128])
  func `a floating-point literal takes the other dtype`(_ dtype: DType) throws {
    let x = try Tensor([4], dtype: dtype)
    #expect(try x * 0.5 == Tensor([2], dtype: dtype))
    #expect(try 1.5 - x == Tensor([-2.5], dtype: dtype))
  }

  @Test func `two literals are as in NumPy, and then a tensor like any other`() throws {
    let (one, half): (Tensor, Tensor) = (1, 0.5)
    #expect(try one + one == Tensor(2, dtype: .int64))
    #expect(try one + half == Tensor(1.5, dtype: .float64))
    #expect(try half + one == Tensor(1.5, dtype: .float64))
    #expect(try one / one == Tensor(1, dtype: .float64))
    #expect(throws: OperationError.self) { try (one + one) * Tensor([1], dtype: .float32) }
  }

  @Test func `a literal that the other dtype cannot hold is refused`() throws {
    let x = try Tensor([1], dtype: .int8)
    for body in [{ try x + 300 }, { try x + 1.5 }] {
      let error = #expect(throws: OperationError.self) { try body() }
      #expect(error?.code == .invalidArgument)
      #expect(error?.operation == "add")
    }
  }

  @Test func `a literal is a constant of the other's dtype in a graph`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float16)]) { x in try 2 * x }
    #expect(try f.graph.nodes.map(\.results[0].dtype) == [.float16, .float16, .float16])
    #expect(try f(3) == Tensor(6, dtype: .float16))
  }
}

@Suite struct CastTests {
  @Test func `converts as NumPy does, eagerly and in a graph`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try x.asType(.int8)
    }
    let x = try Tensor([1.9, -1.9, 257])
    #expect(try x.asType(.int8) == Tensor([Int8(1), -1, 1]))
    #expect(try f(x) == Tensor([Int8(1), -1, 1]))
  }

  @Test func `returns a tensor that has the dtype already`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .int8)]) { x in
      try x.asType(.int8)
    }
    #expect(try f.graph.nodes.count == 1)
  }
}
