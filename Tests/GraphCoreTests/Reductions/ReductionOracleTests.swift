import GraphCore
import NumPyFunctions
import TensorCore
import Testing

/// Reductions against NumPy's functions of the same name.
@Suite struct ReductionOracleTests {
  typealias Reduce = @Sendable (Tensor, [Int]?, Bool) throws -> Tensor

  private static let reductions: [(name: String, apply: Reduce)] = [
    ("sum", { try $0.sum(axes: $1, keepDims: $2) }),
    ("prod", { try $0.product(axes: $1, keepDims: $2) }),
    ("mean", { try $0.mean(axes: $1, keepDims: $2) }),
    ("var", { try $0.variance(axes: $1, keepDims: $2) }),
    ("std", { try $0.standardDeviation(axes: $1, keepDims: $2) }),
    ("min", { try $0.min(axes: $1, keepDims: $2) }),
    ("max", { try $0.max(axes: $1, keepDims: $2) }),
    ("any", { try $0.any(axes: $1, keepDims: $2) }),
    ("all", { try $0.all(axes: $1, keepDims: $2) }),
    ("count_nonzero", { try $0.countNonZero(axes: $1, keepDims: $2) }),
    ("logsumexp", { try $0.logSumExp(axes: $1, keepDims: $2) }),
  ]

  static let shapes: [([Int], [[Int]?])] = [
    ([], [nil, []]), ([1], [nil, [0]]), ([7], [nil, [-1], []]), ([0], [nil, [0]]),
    ([67], [nil, [0]]), ([300], [nil]), ([2, 3], [nil, [0], [1], [-1, 0], [1, 0]]),
    ([2, 0, 3], [nil, [0], [1], [2], [0, 2]]), ([130, 3], [[0], [1]]), ([3, 130], [[0], [1]]),
    ([4, 5, 6], [[0], [1], [2], [0, 2], [1, 2], [0, 1], nil]),
    ([2, 3, 2, 3, 2], [[0, 2, 4], [1, 3], [4, 0], [2]]), ([1, 5, 1], [[0], [1], [0, 2]]),
  ]

  private let oracle = NumPyOracle()

  @Test(arguments: DType.numeric)
  func `agree with NumPy`(dtype: DType) throws {
    for (name, apply) in Self.reductions {
      if dtype.isComplex && ["min", "max", "logsumexp"].contains(name) { continue }
      for (shape, axesList) in Self.shapes {
        let x = try oracle.operand(dtype, shape)
        for axes in axesList {
          let count = (axes ?? Array(shape.indices)).reduce(1) {
            $0 * shape[$1 < 0 ? $1 + shape.count : $1]
          }
          for keepDims in [false, true] {
            if count == 0 && ["min", "max", "logsumexp"].contains(name) { continue }
            let result = try apply(x, axes, keepDims)
            try oracle.expect(name, result, x, axes: axes, keepDims: keepDims)
          }
        }
      }
    }
  }

  @Test(arguments: [DType.int8, .float16, .float32, .float64, .complex64])
  func `agree with NumPy where there is work for several threads`(dtype: DType) throws {
    for (name, apply) in Self.reductions {
      if name == "prod" || dtype.isComplex && ["min", "max", "logsumexp"].contains(name) {
        continue
      }
      for (shape, axes) in [
        ([300_007], [0]), ([3, 100_001], [1]), ([100_001, 3], [0]), ([20, 15_000], [0]),
      ] {
        let x = try oracle.operand(dtype, shape)
        try oracle.expect(name, apply(x, axes, false), x, axes: axes, keepDims: false)
      }
    }
  }

  @Test(arguments: DType.numeric.filter { !$0.isComplex })
  func `the places of extremes agree with NumPy's`(dtype: DType) throws {
    let shapes: [([Int], [Int?])] = [
      ([1], [nil, 0]), ([67], [nil, -1]), ([2, 3], [nil, 0, 1]), ([2, 0, 3], [0, -1]),
      ([4, 5, 6], [nil, 0, 1, 2]), ([300, 400], [nil, 0, 1]), ([], [nil]), ([1, 5, 1], [0, 1]),
    ]
    for (shape, axes) in shapes {
      let x = try oracle.operand(dtype, shape)
      for axis in axes {
        for keepDims in [false, true] {
          let name = "\(dtype) \(shape) \(axis.map(String.init) ?? "nil")"
          let (low, high) = try (
            oracle.function("argextreme")("argmin", x, axis, keepDims),
            oracle.function("argextreme")("argmax", x, axis, keepDims)
          )
          #expect(try x.argMin(axis: axis, keepDims: keepDims) == Tensor(low), "\(name)")
          #expect(try x.argMax(axis: axis, keepDims: keepDims) == Tensor(high), "\(name)")
        }
      }
    }
  }

  @Test func `NaN is the extreme, and the first one its place`() throws {
    for values in [[1, .nan, 0, .nan], [.nan, 1], [2.0, 1, .nan]] {
      for x in [
        try Tensor(values), try Tensor(values).asType(.float16),
        try Tensor(values).asType(.bfloat16),
      ] {
        let extremes = try [x.min(), x.max()].map { try Double($0.asType(.float64)) }
        #expect(extremes.allSatisfy { $0.isNaN })
        let place = Int64(values.firstIndex(where: \.isNaN) ?? -1)
        #expect(try Int64(x.argMin()) == place)
        #expect(try Int64(x.argMax()) == place)
      }
    }
    let table = try Tensor([[1, .nan], [.nan, 2.0]])
    #expect(try table.argMax(axis: 0) == Tensor([1, 0], dtype: .int64))
  }

  @Test(
    arguments: [
      { try $0.min(axis: 1) }, { try $0.max(axes: nil) }, { try $0.argMin(axis: -2) },
      { try $0.argMax() },
    ] as [@Sendable (Tensor) throws -> Tensor])
  func `extremes of no elements are refused, naming the axis`(
    reduce: @escaping @Sendable (Tensor) throws -> Tensor
  ) throws {
    let empty = try Tensor([Float](), shape: [2, 0, 3])
    let error = try #require(throws: OperationError.self) { try reduce(empty) }
    #expect(error.message.hasPrefix("axis 1 of shape [2, 0, 3] has no elements"))
    let late = try GraphFunction(inputSignature: [TensorSpec()]) { x in try reduce(x) }
    #expect(try #require(throws: OperationError.self) { try late(empty) }.message == error.message)
  }

  @Test func `complex numbers have no order`() throws {
    let x = try oracle.operand(.complex64, [3])
    #expect(throws: OperationError.self) { try x.max() }
    #expect(throws: OperationError.self) { try x.argMin() }
    #expect(throws: OperationError.self) { try x.logSumExp() }
  }

  @Test(arguments: DType.numeric)
  func `cumulative sums agree with NumPy`(dtype: DType) throws {
    for (shape, axis) in [
      ([67], 0), ([0], 0), ([3, 4, 5], 1), ([3, 4, 5], -1), ([2, 0, 3], 0), ([5, 700], 0),
      ([700, 500], 0),
    ] {
      let x = try oracle.operand(dtype, shape)
      let problem = try oracle.function("cumulative")
      for exclusive in [false, true] {
        for reverse in [false, true] {
          let y = try x.cumulativeSum(axis: axis, exclusive: exclusive, reverse: reverse)
          let answer = try problem(y, x, axis, exclusive, reverse)
          #expect(answer.description == "None", "\(dtype) \(shape) \(axis) \(exclusive) \(reverse)")
        }
      }
    }
  }

  @Test func `a long sum of float32 has the error of a short one`() throws {
    let x = try Tensor([Float](repeating: 0.1, count: 1_000_000))
    let exact = Double(Float(0.1)) * 1_000_000
    #expect(abs(Double(try Float(x.sum())) / exact - 1) < 1e-6)
    let rows = try Tensor([Float](repeating: 0.1, count: 1_000_000), shape: [500_000, 2])
    #expect(abs(Double(try Float(rows.sum(axis: 0).sum())) / exact - 1) < 1e-6)
  }

  @Test func `a sum is the same for any number of threads`() throws {
    let x = try oracle.operand(.float32, [1_000_003])
    let both = try x.sum()
    let alone = try Parallel.$limit.withValue(1) { try x.sum() }
    #expect(alone == both)
  }

  @Test func `the variance takes ddof`() throws {
    let x = try Tensor([1.0, 2, 4, 8])
    #expect(try Double(x.variance(ddof: 1)) == 9.583333333333334)
    #expect(try Double(x.variance(ddof: 4)) == .infinity)
  }

  @Test func `axes out of range, and named twice, are refused`() throws {
    let x = try Tensor([[1.0, 2]])
    #expect(
      try #require(throws: OperationError.self) { try x.sum(axis: 2) }.message
        == "axis 2 is out of range for rank 2, shape [1, 2]; name one of -2...1")
    #expect(
      try #require(throws: OperationError.self) { try x.mean(axes: [0, -2]) }.message
        == "axes [0, -2] name axis 0 of shape [1, 2] twice; name it once")
    #expect(
      try #require(throws: OperationError.self) { try Tensor(1.0).sum(axis: 0) }.message
        == "axis 0 was named of a scalar, whose rank is 0 and which has no axes")
    #expect(throws: OperationError.self) { try Tensor("a").sum() }
  }

  @Test func `shapes are known as far as can be before the graph runs`() throws {
    func shape(
      _ shape: Shape, _ body: @escaping @Sendable (Tensor) throws -> Tensor
    ) throws -> Shape {
      let seen = Locked(Shape.scalar)
      _ = try GraphFunction(inputSignature: [TensorSpec(shape: shape)]) { x in
        let y = try body(x)
        seen.withLock { $0 = y.shape }
        return y
      }
      return seen.withLock { $0 }
    }
    #expect(try shape(.unknown) { try $0.sum() } == [])
    #expect(try shape(.unknown) { try $0.sum(axis: 1) } == .unknown)
    #expect(try shape([nil, 3]) { try $0.sum(axis: 1) } == [nil])
    #expect(try shape([nil, 3]) { try $0.sum(axis: -2, keepDims: true) } == [1, 3])
  }
}
