import GraphCore
import TensorCore
import Testing

/// What shape operations know before a graph runs, and what they refuse.
@Suite struct ShapeErrorTests {
  private static func result(
    _ shape: Shape, dtype: DType = .float32,
    of function: @escaping @Sendable (Tensor) throws -> Tensor
  ) throws -> Shape {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(shape: shape, dtype: dtype)], list: { [try function($0[0])] })
    let graph = try f.graph
    return graph.spec(of: graph.outputs[0]).shape
  }

  typealias Knowledge = (Shape, Shape, @Sendable (Tensor) throws -> Tensor)

  @Test func `results are known as far as can be`() throws {
    let rows: [Knowledge] = [
      ([nil, 3], [3, nil], { try $0.transposed() }),
      ([nil, 3, 4], [4, nil, 3], { try $0.transposed(permutation: [2, 0, 1]) }),
      (.unknown, [nil, nil], { try $0.transposed(permutation: [1, 0]) }),
      ([nil, 3], [nil], { try $0.flattened() }),
      ([2, 3], [3, 2], { try $0.reshaped(to: [3, nil]) }),
      ([nil, 3], [nil, nil, nil], { try $0.reshaped(to: shapeOf($0)[Tensor([0, 1, 1])]) }),
      ([nil, 3], [1, nil, 3, 1], { try $0.expandingShape(at: 0, -1) }),
      ([nil, 1, 3], [nil, 3], { try $0.squeezed(axes: [1]) }),
      ([nil, 1], .unknown, { try $0.squeezed() }),
      ([nil, 3], [nil, 2], { try $0[.all, 1...] }),
      ([nil, 3], [3], { try $0[0] }),
      ([nil, 3], [nil, 3], { try $0[1...] }),
      ([nil, 3], [nil, 1], { try $0[..., .newAxis, 0].transposed().transposed() }),
      ([nil, 3], [2, 3], { try $0[Tensor([0, 1])] }),
      ([nil, 3], [nil, 6], { try concatenate([$0, $0], axis: 1) }),
      ([nil, 3], [nil, 3], { try concatenate([$0, $0]) }),
      ([nil, 3], [nil, 2, 3], { try stack([$0, $0], axis: 1) }),
      ([nil, 3], [nil, 6], { try $0.tiled([1, 2]) }),
      ([nil, 3], [2, nil, 3], { try $0.tiled([2, 1, 1]) }),
      ([nil, 3], [nil, 9], { try $0.repeatingElements(3, axis: 1) }),
      ([nil, 3], [nil, 6], { try $0.padded([(0, 0), (1, 2)]) }),
      ([nil, 3], [nil, 5], { try $0.padded([(0, 0), (1, 1)], mode: .edge) }),
      ([nil, 3], [nil, 1], { try $0.split(into: 3, axis: 1)[0] }),
      ([nil, 3], [nil, 3, 5], { try oneHot($0.asType(.int64), depth: 5) }),
      ([nil, 3], [nil, 2], { try nonZero($0) }),
      ([nil, 3], [2, 2], { try $0.slice(start: Tensor([0, 1]), size: [2, 2]) }),
      (.unknown, [2, nil], { try ensureShape($0, [2, nil]) }),
    ]
    for (index, (shape, expected, function)) in rows.enumerated() {
      #expect(try Self.result(shape, of: function) == expected, "row \(index), \(shape)")
    }
  }

  @Test func `what cannot be is refused, with a word on how to mend it`() throws {
    let x = try Tensor([[1.0, 2, 3], [4, 5, 6]])
    let i = try Tensor([[1, 2, 3], [4, 5, 6]])
    typealias Row = (String, ErrorCode, () throws -> Any)
    let rows: [Row] = [
      ("which the shape [4, 2] cannot hold", .invalidArgument, { try x.reshaped(to: [4, 2]) }),
      ("which the shape [4, ?] cannot hold", .invalidArgument, { try x.reshaped(to: [4, nil]) }),
      ("nil stands for the one", .invalidArgument, { try x.reshaped(to: [-1, 3]) }),
      ("one extent may be open", .invalidArgument, { try x.reshaped(to: [nil, nil]) }),
      ("one extent may be open", .invalidArgument, { try x.reshaped(to: Shape.unknown) }),
      ("too large to address", .invalidArgument, { try x.reshaped(to: [.max, .max]) }),
      ("an extent of -2", .invalidArgument, { try x.reshaped(to: Tensor([-2, 3])) }),
      ("whole numbers of rank 1", .invalidArgument, { try x.reshaped(to: Tensor([1.5])) }),
      ("axis 4 was asked of a tensor of rank 3", .invalidArgument, { try x.expandingShape(at: 4) }),
      ("named twice", .invalidArgument, { try x.expandingShape(at: 0, -4) }),
      ("only an axis of extent 1", .invalidArgument, { try x.squeezed(axes: [0]) }),
      ("axis 2 was asked", .invalidArgument, { try x.squeezed(axes: [2]) }),
      ("[2, 3] and [2, 2] do not broadcast", .invalidArgument, { try x.broadcast(to: [2, 2]) }),
      ("is open", .invalidArgument, { try x.broadcast(to: [nil, 3]) }),
      ("does not broadcast to [3]", .invalidArgument, { try x.broadcast(to: Tensor([3])) }),
      ("an extent of -1", .invalidArgument, { try x.broadcast(to: Tensor([-1])) }),
      ("declared", .invalidArgument, { try ensureShape(x, [3, nil]) }),
      ("names each axis once", .invalidArgument, { try x.transposed(permutation: [1]) }),
      ("named twice", .invalidArgument, { try x.transposed(permutation: [1, -1]) }),
      ("axis 2 was asked", .invalidArgument, { try x.swapAxes(0, 2) }),
      ("which has no axes", .invalidArgument, { try Tensor(1.0).flipped(axes: [0]) }),
      ("has no opposite", .invalidArgument, { try x.rolled(by: .min) }),
      ("axis -3 was asked", .invalidArgument, { try x.rolled(by: 1, axis: -3) }),
      ("cannot be repeated -1 times", .invalidArgument, { try x.tiled([-1]) }),
      ("too large", .invalidArgument, { try x.tiled([.max]) }),
      ("too large", .invalidArgument, { try x.repeatingElements(.max, axis: 0) }),
      ("was given no tensors", .invalidArgument, { try concatenate([]) }),
      ("was given no tensors", .invalidArgument, { try stack([]) }),
      ("dtypes float64 and int64 differ", .invalidArgument, { try concatenate([x, i]) }),
      ("other extents must be equal", .invalidArgument, { try concatenate([x, x[..., 0...1]]) }),
      ("other extents must be equal", .invalidArgument, { try concatenate([x, x[0]]) }),
      ("which has no axes", .invalidArgument, { try concatenate([Tensor(1), Tensor(2)]) }),
      ("tensors of one shape are stacked", .invalidArgument, { try stack([x, x[0]]) }),
      ("cannot be split into 2 equal parts", .invalidArgument, { try x.split(into: 2, axis: 1) }),
      ("into 0 parts", .invalidArgument, { try x.split(into: 0) }),
      ("into \(Int.max) parts", .invalidArgument, { try x[..<0].split(into: .max) }),
      ("add up to 2", .invalidArgument, { try x.split(sizes: [1, 1], axis: 1) }),
      ("a part of size -1", .invalidArgument, { try x.split(sizes: [3, -1]) }),
      ("a part of size", .invalidArgument, { try x.split(sizes: [.max, .max]) }),
      ("position 2 was asked of axis 0", .outOfRange, { try x[2] }),
      ("position -4 was asked of axis 1", .outOfRange, { try x[.ellipsis, -4] }),
      ("position \(Int.min) was asked", .outOfRange, { try x[Int.min] }),
      ("whose extent is 0", .outOfRange, { try x[..<0][0] }),
      ("3 axes are indexed", .invalidArgument, { try x[0, 0, 0] }),
      ("one ellipsis at most", .invalidArgument, { try x[..., 0, .ellipsis] }),
      ("a step of 0", .invalidArgument, { try x[.slice(by: 0)] }),
      ("from the end", .invalidArgument, { try x[stride(from: 2, to: -3, by: -1)] }),
      ("two tensors", .invalidArgument, { try x[Tensor([0]), Tensor([0])] }),
      ("nonZero", .invalidArgument, { try x[Tensor([true, false])] }),
      ("position 2, element 1 of the indices", .outOfRange, { try gather(x, [0, 2]) }),
      ("position -3, element 0", .outOfRange, { try gather(x, [-3]) }),
      (
        "position \(UInt64.max), element 0", .outOfRange,
        { try gather(x, Tensor([UInt64.max, 0])) }
      ),
      (
        "position \(1 << 63 as UInt64), element 1", .outOfRange,
        { try takeAlongAxis(x[0], Tensor([0, 1 << 63 as UInt64]), axis: 0) }
      ),
      (
        "position \(UInt64.max), element 0", .outOfRange,
        { try scatterAdd(x, Tensor([UInt64.max]), x[..<1]) }
      ),
      ("axis 2 was asked", .invalidArgument, { try gather(x, [0], axis: 2) }),
      ("whole numbers, not float64", .invalidArgument, { try gather(x, x) }),
      ("position 9", .outOfRange, { try scatterAdd(x, Tensor([9]), x[..<1]) }),
      ("or broadcast to it", .invalidArgument, { try scatterAdd(x, Tensor([0]), x) }),
      ("dtypes", .invalidArgument, { try scatterAdd(x, Tensor([0]), i[..<1]) }),
      (
        "strings have no sum", .invalidArgument,
        {
          try scatterAdd(Tensor(["a"]), Tensor([0]), Tensor(["b"]))
        }
      ),
      (
        "have its other extents", .invalidArgument,
        {
          try takeAlongAxis(x, Tensor([[0], [0], [0]]), axis: 1)
        }
      ),
      ("a border of (-1, 0)", .invalidArgument, { try x.padded([(-1, 0)]) }),
      ("a border of", .invalidArgument, { try x.padded([(.max, .max)]) }),
      ("too large", .invalidArgument, { try x.padded([(.max, 0)]) }),
      ("widths of 3 borders", .invalidArgument, { try x.padded([(0, 1), (0, 1), (0, 1)]) }),
      ("one value, of shape []", .invalidArgument, { try x.padded([(1, 1)], with: x) }),
      ("has extent 0", .invalidArgument, { try x[..<0].padded([(1, 1)], mode: .edge) }),
      ("lines of -1 elements", .invalidArgument, { try oneHot(i, depth: -1) }),
      ("whole numbers", .invalidArgument, { try oneHot(x, depth: 3) }),
      (
        "does not lie on axis 1", .outOfRange,
        {
          try x.slice(start: Tensor([0, 2]), size: [1, 2])
        }
      ),
      (
        "does not lie on axis 0", .outOfRange,
        {
          try x.slice(start: Tensor([Int.max, 0]), size: [1, 2])
        }
      ),
      (
        "larger than the tensor", .outOfRange,
        {
          try x.slice(start: Tensor([0, 0]), size: [1, 4])
        }
      ),
      ("a step of 0", .invalidArgument, { try range(0, 1, step: 0) }),
      ("no range", .invalidArgument, { try range(0, Double.nan) }),
      ("no range", .invalidArgument, { try range(0, Double.infinity) }),
      ("too large", .invalidArgument, { try range(Int.min, Int.max) }),
      ("not bool", .invalidArgument, { try range(2, dtype: .bool) }),
      ("-1 numbers were asked for", .invalidArgument, { try linspace(0, 1, count: -1) }),
      ("floating-point", .invalidArgument, { try linspace(0, 1, count: 2, dtype: .int32) }),
      ("-1 rows", .invalidArgument, { try eye(-1) }),
      ("too large", .invalidArgument, { try eye(.max) }),
      ("one number is needed", .invalidArgument, { try full([2], x) }),
      ("too large", .invalidArgument, { try zeros([.max, 2]) }),
      ("rank 2 or more", .invalidArgument, { try x[0].lowerTriangle() }),
    ]
    for (message, code, body) in rows {
      let error = #expect(throws: OperationError.self, "\(message)") { _ = try body() }
      let text = "\(error?.description ?? "")"
      #expect(text.contains(message), "\(text)")
      #expect(text.contains("ShapeErrorTests.swift"), "\(text)")
      #expect(error?.code == code, "\(text)")
    }
  }

  @Test func `what a graph could not know is refused when it runs`() throws {
    typealias Row = (String, @Sendable (Tensor) throws -> Tensor)
    let rows: [Row] = [
      ("cannot hold", { try $0.reshaped(to: [4, nil]) }),
      ("cannot hold", { try $0.reshaped(to: shapeOf($0)[..<1]) }),
      ("only an axis of extent 1", { try $0.squeezed(axes: [0]) }),
      ("axis 2 was asked", { try $0.transposed(permutation: [0, 2, 1]) }),
      ("position 2 was asked", { try $0[2] }),
      ("axes are indexed", { try $0[0, 0, 0] }),
      ("position 5", { try gather($0, [5]) }),
      ("other extents", { try concatenate([$0, $0.transposed()]) }),
      ("one shape", { try stack([$0, $0.transposed()]) }),
      ("equal parts", { try $0.split(into: 4, axis: 1)[0] }),
      ("add up", { try $0.split(sizes: [1, 1], axis: 1)[0] }),
      ("borders", { try $0.padded([(1, 1), (1, 1), (1, 1)]) }),
      ("declared", { try ensureShape($0, [nil, 4]) }),
      ("do not broadcast", { try $0.broadcast(to: [2, 4]) }),
      ("does not lie", { try $0.slice(start: Tensor([1, 1]), size: [2, 2]) }),
      ("rank", { try $0[0].upperTriangle() }),
    ]
    let x = try Tensor([[1.0, 2, 3], [4, 5, 6]])
    for (message, function) in rows {
      let graph = try GraphFunction(
        inputSignature: [TensorSpec(dtype: .float64)], list: { [try function($0[0])] })
      let error = #expect(throws: OperationError.self, "\(message)") { _ = try graph.run([x]) }
      let text = "\(error?.description ?? "")"
      #expect(text.contains(message), "\(text)")
    }
  }

  @Test func `views and rows share the memory of their tensor`() throws {
    let x = try range(24, dtype: .float32).reshaped(to: [2, 3, 4])
    let address = try x.stored
    let views: [(Tensor, Int)] = [
      (try x.reshaped(to: [4, 6]), 0), (try x.flattened(), 0), (try x.expandingShape(at: 1), 0),
      (try x.expandingShape(at: 0).squeezed(), 0), (try x[1], 48), (try x[1, 1...2], 64),
      (try x[1, 2, 1..<3], 84), (try x[...], 0), (try x.split(into: 2)[1], 48),
      (try x.unstacked()[1], 48), (try gather(x, Tensor(1)), 48),
      (try x.expandingShape(at: 0).swapAxes(0, 1), 0), (try concatenate([x]), 0),
    ]
    for (index, (view, offset)) in views.enumerated() {
      #expect(try view.stored.storage === address.storage, "view \(index)")
      #expect(try view.stored.offset == address.offset + offset, "view \(index)")
    }
    let words = try Tensor(["a", "b", "c", "d"])
    #expect(try words[1...2].storedStrings.storage === words.storedStrings.storage)
    #expect(try words.reshaped(to: [2, 2]).storedStrings.storage === words.storedStrings.storage)
  }

  @Test func `large tensors are moved the same way on several cores`() throws {
    let x = try range(700 * 901).reshaped(to: [700, 901])
    let alone = try Parallel.$limit.withValue(1) { try x.transposed() }
    #expect(try x.transposed() == alone)
    #expect(try alone[17, 699] == Tensor(699 * 901 + 17))
    let positions = try range(700 * 300).reshaped(to: [700, 300]) * 2
    let taken = try gather(x.flattened(), positions)
    #expect(try taken[699, 299] == Tensor(2 * (700 * 300 - 1)))
    #expect(try taken == Parallel.$limit.withValue(1) { try gather(x.flattened(), positions) })
  }
}
