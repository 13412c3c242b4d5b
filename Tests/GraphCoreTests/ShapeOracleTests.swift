import GraphCore
import NumPyFunctions
import TensorCore
import Testing

/// What only moves elements, against NumPy: at once, and in graphs that know the shape of their input,
/// its rank, or nothing of it.
@Suite struct ShapeOracleTests {
  private let evaluate: PythonObject
  private let operand: PythonObject

  init() throws {
    evaluate = try Python.function(
      """
      import numpy as np
      def operand(dtype, shape):
          count = int(np.prod(shape))
          if dtype == 'string':
              return np.array([b'%d' % (i * i) for i in range(count)] + [None],
                              dtype=object)[:-1].reshape(shape)
          if dtype == 'bfloat16':
              import ml_dtypes
              dtype = ml_dtypes.bfloat16
          values = np.arange(1, count + 1)
          if dtype == 'bool':
              values = values % 3 == 0
          values = (values % 100).astype(dtype)
          if values.dtype.kind == 'c':
              values = values * values.dtype.type(1 - 2j)
          return values.reshape(shape)
      def evaluate(source, *operands):
          # A scalar string comes as one, not as an array.
          x = operands[0]
          x = np.array(x, dtype=object) if isinstance(x, bytes) else np.asarray(x)
          result = eval(source, {'np': np, 'x': x, 'more': operands[1:]})
          dtype = object if x.dtype == object else None
          return np.asarray(result, dtype=dtype)
      """, named: "evaluate")
    operand = try evaluate.attribute("__globals__")["operand"]
  }

  typealias Apply = @Sendable (Tensor) throws -> Tensor

  struct Row: CustomTestStringConvertible, Sendable {
    let python: String
    let shapes: [[Int]]
    let apply: Apply
    var needsShape = false
    var testDescription: String { python }

    init(_ python: String, _ shapes: [[Int]], needsShape: Bool = false, _ apply: @escaping Apply) {
      (self.python, self.shapes, self.needsShape, self.apply) = (python, shapes, needsShape, apply)
    }
  }

  private static let any: [[Int]] = [
    [], [0], [1], [67], [2, 3], [2, 0, 3], [1, 5, 1], [2, 3, 4, 5],
  ]
  private static let ranked = Array(any.dropFirst())
  private static let matrices: [[Int]] = [
    [1, 1], [2, 3], [0, 3], [3, 0], [67, 5], [2, 3, 4], [40, 70],
  ]

  static let views: [Row] = [
    Row("x.reshape(-1)", any) { try $0.flattened() },
    Row("x.reshape(-1, 1)", any) { try $0.reshaped(to: [nil, 1]) },
    Row("x.reshape(3, -1)", [[6], [2, 3], [0, 3], [2, 3, 4]]) { try $0.reshaped(to: [3, nil]) },
    Row("x.reshape(2, 1, 3)", [[6], [2, 3], [1, 6, 1]]) { try $0.reshaped(to: [2, 1, 3]) },
    Row("x.reshape(())", [[], [1], [1, 1]]) { try $0.reshaped(to: [Int?]()) },
    Row("x.reshape(3, 2)", [[6], [2, 3]]) { try $0.reshaped(to: Tensor([3, -1])) },
    Row("x.reshape(x.shape[::-1])", any) { try $0.reshaped(to: shapeOf($0)[.slice(by: -1)]) },
    Row("x[None]", any) { try $0.expandingShape(at: 0) },
    Row("x[..., None]", any) { try $0.expandingShape(at: -1) },
    Row("np.expand_dims(x, (0, 2))", [[3], [2, 0, 3]]) { try $0.expandingShape(at: 0, 2) },
    Row("np.squeeze(x)", any) { try $0.squeezed() },
    Row("np.squeeze(x, (0, -1))", [[1, 5, 1], [1, 1], [1, 0, 1]]) {
      try $0.squeezed(axes: [0, -1])
    },
  ]

  static let moves: [Row] = [
    Row("x.T", any) { try $0.transposed() },
    Row("x.transpose(2, 0, 1)", [[2, 3, 4], [2, 0, 3], [1, 5, 1], [17, 33, 40]]) {
      try $0.transposed(permutation: [2, 0, 1])
    },
    Row("x.transpose(0, -1, 1)", [[2, 3, 4], [33, 2, 40]]) {
      try $0.transposed(permutation: [0, -1, 1])
    },
    Row("x.transpose(1, 0, 2)", [[2, 3, 4], [30, 40, 3]]) {
      try $0.transposed(permutation: [1, 0, 2])
    },
    Row("np.swapaxes(x, -1, -2)", matrices) { try $0.swapAxes(-1, -2) },
    Row("np.moveaxis(x, 0, -1)", ranked + matrices) { try $0.moveAxis(from: 0, to: -1) },
    Row("np.moveaxis(x, -1, 1)", matrices) { try $0.moveAxis(from: -1, to: 1) },
    Row("np.flip(x)", any) { try $0.flipped() },
    Row("np.flip(x, 0)", ranked + matrices) { try $0.flipped(axes: [0]) },
    Row("np.flip(x, (-1, 0))", matrices) { try $0.flipped(axes: [-1, 0]) },
    Row("np.roll(x, 2)", any) { try $0.rolled(by: 2) },
    Row("np.roll(x, -70)", any) { try $0.rolled(by: -70) },
    Row("np.roll(x, 1, 0)", ranked + matrices) { try $0.rolled(by: 1, axis: 0) },
    Row("np.roll(x, -2, -1)", ranked + matrices) { try $0.rolled(by: -2, axis: -1) },
    Row("np.tile(x, 3)", any) { try $0.tiled([3]) },
    Row("np.tile(x, (2, 1, 3))", any) { try $0.tiled([2, 1, 3]) },
    Row("np.tile(x, (0, 2))", any) { try $0.tiled([0, 2]) },
    Row("np.repeat(x, 3)", any) { try $0.repeatingElements(3) },
    Row("np.repeat(x, 2, 0)", ranked + matrices) {
      try $0.repeatingElements(2, axis: 0)
    },
    Row("np.repeat(x, 3, -1)", ranked + matrices) {
      try $0.repeatingElements(3, axis: -1)
    },
    Row("np.repeat(x, 0, 0)", matrices) { try $0.repeatingElements(0, axis: 0) },
    Row("np.broadcast_to(x, (2, 5, 3))", [[], [1], [3], [5, 1], [2, 1, 1], [2, 5, 3]]) {
      try $0.broadcast(to: [2, 5, 3])
    },
    Row("np.concatenate([x, x[1:], x])", ranked + matrices) {
      try concatenate([$0, $0[1...], $0])
    },
    Row("np.concatenate([x, x, x[..., :1]], -1)", ranked + matrices) {
      try concatenate([$0, $0, $0[..., ..<1]], axis: -1)
    },
    Row("np.stack([x, x, x])", any) { try stack([$0, $0, $0]) },
    Row("np.stack([x, x], -1)", any) { try stack([$0, $0], axis: -1) },
    Row("np.stack(list(x), 1)", [[2, 3], [3, 1], [4, 2, 3]], needsShape: true) {
      try stack($0.unstacked(), axis: 1)
    },
    Row("np.concatenate(np.split(x, 2, 1)[::-1], 1)", [[3, 4], [0, 2], [2, 4, 3]]) {
      try concatenate($0.split(into: 2, axis: 1).reversed(), axis: 1)
    },
    Row("np.concatenate(np.split(x, [1, 1])[::-1])", [[3, 4], [4], [2, 0, 3]], needsShape: true) {
      let rest = ($0.shape[ifKnown: 0] ?? 1) - 1
      return try concatenate($0.split(sizes: [1, 0, rest]).reversed())
    },
  ]

  static let slices: [Row] = [
    Row("x[0]", [[1], [67], [2, 3], [2, 0, 3]]) { try $0[0] },
    Row("x[-1]", [[1], [67], [2, 3], [2, 0, 3]]) { try $0[-1] },
    Row("x[1:3]", ranked + matrices) { try $0[1..<3] },
    Row("x[-3:-1]", ranked + matrices) { try $0[-3 ..< -1] },
    Row("x[1:-1]", ranked + matrices) { try $0[.slice(from: 1, to: -1)] },
    Row("x[1:3]", ranked) { try $0[1...2] },
    Row("x[:2, 1:]", matrices) { try $0[..<2, 1...] },
    Row("x[:3, -2:]", matrices) { try $0[...2, .last(2)] },
    Row("x[:, :]", matrices) { try $0[...(-1), .all] },
    Row("x[..., 0]", [[1], [67], [2, 3], [2, 0, 3], [2, 3, 4, 5]]) { try $0[..., 0] },
    Row("x[0, ..., 1]", [[2, 3], [1, 0, 2], [2, 3, 4, 5]]) { try $0[0, .ellipsis, 1] },
    Row("x[...]", any) { try $0[...] },
    Row("x[None, ..., None]", any) { try $0[.newAxis, .ellipsis, .newAxis] },
    Row("x[:, None, 0]", matrices.filter { $0[1] > 0 }) { try $0[.all, .newAxis, 0] },
    Row("x[::-1]", ranked + matrices) { try $0[.slice(by: -1)] },
    Row("x[::2, ::-2]", matrices) { try $0[.slice(by: 2), .slice(by: -2)] },
    Row("x[5:0:-2]", ranked) { try $0[.slice(from: 5, to: 0, by: -2)] },
    Row("x[-1:-5:-3]", ranked) { try $0[.slice(from: -1, to: -5, by: -3)] },
    Row("x[100:200:7]", ranked) { try $0[.slice(from: 100, to: 200, by: 7)] },
    Row("x[-(2**63)::2**63 - 1]", ranked) { try $0[.slice(from: .min, by: .max)] },
    Row("x[::-2**63]", ranked) { try $0[.slice(by: .min)] },
    Row("x[0:6:2]", ranked) { try $0[stride(from: 0, to: 6, by: 2)] },
    Row("x[5::-1]", ranked) { try $0[stride(from: 5, through: 0, by: -1)] },
    Row("x[-1:-4:-1]", ranked) { try $0[stride(from: -1, to: -4, by: -1)] },
    Row("x[-3:]", ranked) { try $0[stride(from: -3, through: -1, by: 1)] },
    Row("x[0:0]", ranked) { try $0[stride(from: 3, to: 1, by: 1)] },
    Row("x[[1, 0, -1]]", [[67], [2, 3], [2, 0, 3]]) { try $0[Tensor([1, 0, -1])] },
    Row("x[:, [[1, 0], [-1, 2]]]", [[2, 3], [0, 3], [2, 3, 4]]) {
      try $0[.all, Tensor([[1, 0], [-1, 2]])]
    },
    Row("x[0, ..., [1, 0]].swapaxes(0, -1)", [[2, 3, 4]]) {
      try $0[0, .ellipsis, Tensor([1, 0])]
    },
    Row("x[..., 1, 0:2]", [[2, 3, 4], [2, 3]]) { try $0[.ellipsis, Tensor(1), 0..<2] },
    Row("np.take(x, [3, 0, 3, -1])", [[67], [2, 3]]) { try gather($0.flattened(), [3, 0, 3, -1]) },
    Row("np.take(x, 1, -1)", [[67], [2, 3], [2, 3, 4]]) { try gather($0, Tensor(1), axis: -1) },
    Row("np.take(x, np.zeros((0, 2), int), 0)", ranked) {
      try gather($0, Tensor(zeros: [0, 2], dtype: .int8))
    },
    Row("np.take(x, [[2, 0]], 1)", [[2, 3], [2, 3, 4], [0, 3]]) {
      try gather($0, Tensor([[2, 0]], dtype: .uint16), axis: 1)
    },
    Row("np.take_along_axis(x, np.array([[1, -1, 0], [0, 0, 1]]), 0)", [[2, 3], [3, 3]]) {
      try takeAlongAxis($0, Tensor([[1, -1, 0], [0, 0, 1]]), axis: 0)
    },
    Row("x[1:3, 0:2]", [[3, 4], [3, 2]]) { try $0.slice(start: Tensor([1, 0]), size: [2, 2]) },
  ]

  static let pads: [Row] = [
    Row("np.pad(x, 1, mode='edge')", matrices.filter { !$0.contains(0) }, needsShape: true) {
      try $0.padded([(1, 1)], mode: .edge)
    },
    Row(
      "np.pad(x, ((3, 4), (0, 2)), mode='reflect')", [[5, 3], [67, 5], [6, 6]], needsShape: true
    ) {
      try $0.padded([(3, 4), (0, 2)], mode: .reflect)
    },
    Row("np.pad(x, ((3, 4), (0, 2)), mode='symmetric')", [[4, 3], [67, 5]], needsShape: true) {
      try $0.padded([(3, 4), (0, 2)], mode: .symmetric)
    },
    Row("np.pad(x, ((3, 4), (0, 2)), mode='wrap')", [[4, 3], [67, 5]], needsShape: true) {
      try $0.padded([(3, 4), (0, 2)], mode: .wrap)
    },
    Row(
      "np.pad(x, 2, constant_values=type(x.flat[0])(b'' if x.dtype == object else 0))",
      [[1], [67], [2, 3], [2, 3, 4]]
    ) { try $0.padded([(2, 2)]) },
    Row("np.pad(x, ((0, 1), (2, 0)), constant_values=x.flat[0])", [[2, 3], [67, 5]]) {
      try $0.padded([(0, 1), (2, 0)], with: $0.flattened()[0])
    },
  ]

  @Test(arguments: views + moves + slices + pads)
  func `what moves elements agrees with NumPy for every dtype`(row: Row) throws {
    for dtype in DType.allCases {
      for shape in row.shapes {
        let x = try Tensor(operand(dtype.rawValue, PythonObject(tuple: shape)))
        let expected = try Tensor(evaluate(row.python, x))
        let name = "\(row.python) of \(dtype)\(shape)"
        try expect(row.apply(x), expected, name)
        let less: [Shape] = row.needsShape ? [] : [.unknown(rank: shape.count), .unknown]
        for known in [x.shape] + less where dtype != .complex64 {
          let graph = try GraphFunction(
            inputSignature: [TensorSpec(shape: known, dtype: dtype)],
            list: { [try row.apply($0[0])] })
          try expect(graph.run([x])[0], expected, "\(name) in a graph that knows \(known)")
        }
      }
    }
  }

  private func expect(_ result: Tensor, _ expected: Tensor, _ name: String) throws {
    #expect(result.dtype == expected.dtype && result.shape == expected.shape, "\(name)")
    #expect(result == expected, "\(name)")
  }
}
