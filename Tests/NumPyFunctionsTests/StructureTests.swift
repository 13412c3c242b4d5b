import NumPyFunctions
import Testing

/// Results with a structure, and arguments with names, from Swift (rule 27 of the contract).
@Suite struct StructureTests {
  struct Moments: TensorStructure {
    var mean, spread: Tensor
    static let members: KeyValuePairs<String, any ResultDeclaration> = [
      "mean": DType.float64, "spread": DType.float64,
    ]
    var graphResults: [Tensor] { [mean, spread] }
    init(graphResults: [Tensor]) { (mean, spread) = (graphResults[0], graphResults[1]) }
  }

  struct Report: TensorStructure {
    var moments: Moments
    var counts: [Tensor]
    static let members: KeyValuePairs<String, any ResultDeclaration> = [
      "moments": Moments.declared, "counts": [DType.int64, .int64],
    ]
    var graphResults: [Tensor] { moments.graphResults + counts }
    init(graphResults: [Tensor]) {
      moments = Moments(graphResults: Array(graphResults.prefix(2)))
      counts = Array(graphResults.suffix(2))
    }
  }

  /// What is in front of each function.
  private static let head = """
    import collections, dataclasses, types
    import numpy as np
    Moments = collections.namedtuple("Moments", "spread mean")
    @dataclasses.dataclass
    class Report:
        moments: object
        counts: object
        kind: dataclasses.InitVar = None
    """

  private static func function(_ expression: String) throws -> PythonObject {
    try Python.function("\(head)\ndef f(x, scale=1.0): return \(expression)", named: "f")
  }

  private let x: Tensor

  init() throws { x = try Tensor([1, 2, 3], dtype: .float64) }

  @Test func `rule 27: a dictionary comes back for a dict, whatever the order of its keys`() throws
  {
    let f = try Self.function("{'b': x.sum(), 'a': x}")
    let direct = try numpyFunction(f, [x], Tout: ["a": DType.float64, "b": .float64])
    #expect(direct == ["a": x, "b": 6.0])
    let graph = GraphFunction { x in
      try numpyFunction(f, [x], Tout: ["a": DType.float64, "b": .float64])
    }
    #expect(try graph(x) == direct)
  }

  @Test func `structures nest at will`() throws {
    let f = try Self.function(
      "{'rows': {'all': [x, (x * 2)], 'none': []}, 'last': {'all': (), 'none': [x]}}")
    let answer = try numpyFunction(
      f, [x],
      Tout: [
        "rows": ["all": [DType.float64, .float64], "none": []],
        "last": ["all": [], "none": [.float64]],
      ])
    #expect(answer["rows"]?["all"]?.count == 2)
    #expect(answer["rows"]?["none"]?.isEmpty == true)
    #expect(answer["last"]?["none"]?[0] == x)
    #expect(try answer["rows"]?["all"]?[1] == x * 2)
  }

  @Test(arguments: [
    "Report(Moments(x.std(), x.mean()), (1, 2))",
    "{'counts': [1, 2], 'moments': Moments(x.std(), x.mean())}",
    "Report({'mean': x.mean(), 'spread': x.std()}, [1, 2])",
    "types.MappingProxyType({'counts': [1, 2], 'moments': {'mean': x.mean(), 'spread': x.std()}})",
  ])
  func `a struct comes back for a named tuple, a dataclass or a dict with its members`(
    expression: String
  ) throws {
    let f = try Self.function(expression)
    let report = try numpyFunction(f, [x], Tout: Report.declared)
    #expect(try Double(report.moments.mean) == 2)
    #expect(try abs(Double(report.moments.spread) - 0.816496580927726) < 1e-12)
    #expect(try report.counts.map(Int64.init) == [1, 2])
    let graph = GraphFunction { x in try numpyFunction(f, [x], Tout: Report.declared) }
    #expect(try graph(x).graphResults == report.graphResults)
  }

  @Test func `a struct may be declared with other dtypes and shapes`() throws {
    let f = try Self.function("Moments(np.float32(1), np.zeros(2, 'f4'))")
    let moments = try numpyFunction(
      f, [x],
      Tout: Moments.declared(as: [
        "mean": TensorSpec(shape: [nil], dtype: .float32), "spread": DType.float32,
      ]))
    #expect(moments.mean.shape == [2])
    #expect(moments.spread.shape == [])
  }

  @Test(arguments: [
    ("{'a': {'c': x}, 'b': {'c': 1}}", [] as [String]),
    ("{'a': {'c': x}}", ["result: the key 'b' is missing"]),
    (
      "{'a': {'c': x}, 'b': {'c': 1}, 'z': 2, 5: 2}",
      ["result: the additional keys 'z', 5 are not declared"]
    ),
    (
      "{'b': {'q': 1}}",
      [
        "result: the key 'a' is missing", "result ['b']: the key 'c' is missing",
        "result ['b']: the additional key 'q' is not declared",
      ]
    ),
    (
      "{'a': {'c': np.float32(1)}, 'b': {'c': [1.5, None]}}",
      [
        "result ['a']['c']: float64[...] declared, float32[] returned; declare .float32 there",
        "result ['b']['c']: int64[] declared, an object of class list returned, element [1] of which is "
          + "None",
      ]
    ),
    (
      "{'a': {'c': x}, 'b': {'c': np.arange(2)}}",
      ["result ['b']['c']: int64[] declared, int64[2] returned"]
    ),
    (
      "{'a': {'c': x}, 'b': 1}",
      ["result ['b']: a dict with the keys 'c' declared, an object of class int"]
    ),
    (
      "Moments(1, 2)",
      ["a dict with the keys 'a', 'b' declared, an object of class Moments returned"]
    ),
    ("[x, 1]", ["a dict with the keys 'a', 'b' declared, an object of class list returned"]),
    ("None", ["a dict with the keys 'a', 'b' declared, None returned"]),
    (
      "{'a': {'c': x}, 'b': {'c': (i for i in x)}}",
      ["result ['b']['c']", "generator", "numpy.array(list"]
    ),
    ("{'a': (i for i in x), 'b': {'c': 1}}", ["result ['a']", "generator", "numpy.array(list"]),
  ])
  func `what is missing, additional or wrong is named with its path, all of it`(
    expression: String, fragments: [String]
  ) throws {
    let f = try Self.function(expression)
    let Tout = [
      "a": ["c": TensorSpec(dtype: .float64)], "b": ["c": TensorSpec(shape: [], dtype: .int64)],
    ]
    let graph = GraphFunction { x in try numpyFunction(f, [x], Tout: Tout) }
    for call in [{ try numpyFunction(f, [x], Tout: Tout) }, { try graph(x) }] {
      if fragments.isEmpty {
        #expect(try call()["a"]?["c"] == x)
        continue
      }
      let error = try #require(throws: OperationError.self) { try call() }
      #expect(error.code == .invalidArgument)
      for fragment in fragments {
        #expect(error.message.contains(fragment), "\(error.message)")
      }
    }
  }

  @Test(arguments: [
    ("{'a': x}", false), ("[x]", false), ("x", false), ("Moments(x, x)", true),
    ("{'mean': 1.0, 'spread': 2.0, 'more': 3}", false), ("(1.0, 2.0)", false),
    ("Moments(1.0, 2.0)", true), ("{'mean': 1.0, 'spread': 2.0}", true),
  ])
  func `a value that is not of the structure is no result, though its numbers would do`(
    expression: String, fits: Bool
  ) throws {
    let f = try Self.function(expression)
    let result = Result { try numpyFunction(f, [x], Tout: Moments.declared) }
    #expect(((try? result.get()) != nil) == fits)
    #expect(throws: OperationError.self) {
      try numpyFunction(Self.function("np.float64(1)"), [x], Tout: ["a": DType.float64])
    }
    #expect(throws: OperationError.self) {
      try numpyFunction(Self.function("{'a': 1.0}"), [x], Tout: .float64)
    }
  }

  @Test func `arguments may have names, alone and after others`() throws {
    let f = try Python.function("def f(x, *, scale, shift=0.0): return x * scale + shift")
    let wanted = try Tensor([3, 5, 7], dtype: .float64)
    #expect(
      try numpyFunction(f, [x], keywords: ["shift": 1.0, "scale": 2.0], Tout: DType.float64)
        == wanted)
    let Tout = ["y": DType.float64]
    let g = try Python.function("def g(x, *, scale, shift=0.0): return {'y': x * scale + shift}")
    #expect(
      try numpyFunction(g, ["shift": 1.0, "x": x, "scale": 2.0], Tout: Tout) == ["y": wanted])
    let graph = GraphFunction { x in
      try numpyFunction(g, ["shift": 1.0, "x": x, "scale": 2.0], Tout: Tout)
    }
    for _ in 0..<3 { #expect(try graph(x) == ["y": wanted]) }
    let strings = try Python.function(
      "def h(s, *, end): return {'y': np.char.add(s.astype('S'), end)}\nimport numpy as np")
    let joined = try numpyFunction(
      strings, ["end": Tensor("!"), "s": Tensor(["a", "b"])], Tout: ["y": DType.string])
    #expect(try joined["y"] == Tensor(["a!", "b!"]))
    #expect(throws: OperationError.self) {
      try numpyFunction(f, ["x": x, "factor": 2.0], Tout: DType.float64)
    }
    let twice = try #require(throws: OperationError.self) {
      try numpyFunction(f, ["x": x, "x": x], Tout: DType.float64)
    }
    #expect(twice.message.contains("the argument x is given twice"))
  }

  @Test func `pure calls are merged only if names and structure are the same`() throws {
    let f = try Python.function("count = []\ndef f(x, y): count.append(1); return {'d': x - y}")
    let graph = GraphFunction { (x: Tensor, y: Tensor) in
      let a = try numpyFunction(f, ["x": x, "y": y], Tout: ["d": DType.float64], effects: .pure)
      let b = try numpyFunction(f, ["y": x, "x": y], Tout: ["d": DType.float64], effects: .pure)
      let c = try numpyFunction(f, ["x": x, "y": y], Tout: ["d": DType.float64], effects: .pure)
      return [a, b, c].compactMap { $0["d"] }
    }
    #expect(try graph(3.0, 1.0).map { try Double($0) } == [2, -2, 2])
    #expect(try [Int](f.attribute("__globals__")["count"]) == [1, 1])
  }

  @Test func `a structure has gradients, those of a pyFunction and those that are given`() throws {
    let arrays = try Self.function("{'b': 3 * x, 'a': x * x}")
    let tensors = try Python.function("def f(x): return {'a': x * x, 'b': {'c': 3 * x}}")
    let given = GraphFunction { (x: Tensor) in
      let y = try numpyFunction(
        arrays, [x], Tout: ["b": DType.float64, "a": .float64],
        // In the order of the keys.
        gradient: {
          let (a, b) = try ($0.gradients[0] ?? zerosLike(x), $0.gradients[1] ?? zerosLike(x))
          return [try a * 2 * $0.inputs[0] + b * 3]
        })
      guard let a = y["a"], let b = y["b"] else { return x }
      return try gradient(of: a + 2 * b, with: x) ?? x
    }
    #expect(try given(x) == Tensor([8, 10, 12], dtype: .float64))
    let recorded = GraphFunction { (x: Tensor) in
      let y = try pyFunction(tensors, ["x": x], Tout: Pair.declared)
      return try gradient(of: y.a + y.b.mean, with: x) ?? x
    }
    #expect(try recorded(x) == Tensor([5, 7, 9], dtype: .float64))
  }

  private struct Pair: TensorStructure {
    struct Inner: TensorStructure {
      var mean: Tensor
      static let members: KeyValuePairs<String, any ResultDeclaration> = ["c": DType.float64]
      var graphResults: [Tensor] { [mean] }
      init(graphResults: [Tensor]) { mean = graphResults[0] }
    }
    var a: Tensor
    var b: Inner
    static let members: KeyValuePairs<String, any ResultDeclaration> = [
      "a": DType.float64, "b": Inner.declared,
    ]
    var graphResults: [Tensor] { [a] + b.graphResults }
    init(graphResults: [Tensor]) {
      a = graphResults[0]
      b = Inner(graphResults: [graphResults[1]])
    }
  }

  @Test func `extents of one name are one number in a structure too`() throws {
    let f = try Self.function("{'a': np.zeros(2), 'b': np.zeros(3)}")
    let spec = TensorSpec(shape: ["n"], dtype: .float64)
    let error = try #require(throws: OperationError.self) {
      try numpyFunction(f, [x], Tout: ["a": spec, "b": spec])
    }
    #expect(error.message.contains("result ['a']"), "\(error.message)")
  }

  @Test func `a graph returns dictionaries of its own, nested, through branches`() throws {
    let f = GraphFunction { (x: Tensor, y: Tensor) in
      let parts = ["sum": ["x": try x + y], "rest": ["x": try x - y, "y": y]]
      return (parts, try x * y)
    }
    let (parts, product) = try f(3.0, 1.0)
    #expect(parts == ["sum": ["x": 4.0], "rest": ["x": 2.0, "y": 1.0]])
    #expect(product == 3.0)
    let choice = try GraphFunction(inputSignature: [TensorSpec(shape: [])]) { x in
      try cond(x .> 0) {
        ["a": x, "b": try -x]
      } else: {
        ["b": x, "a": try x * x]
      }
    }
    #expect(try choice(-3.0) == ["a": Tensor(9 as Float), "b": Tensor(-3 as Float)])
    #expect(throws: OperationError.self) {
      try GraphFunction(inputSignature: [TensorSpec(shape: [])]) { x in
        try cond(x .> 0) {
          ["a": x]
        } else: {
          ["b": x]
        }
      }
    }
  }

  @Test func `the memory of results in a structure is adopted like that of others`() throws {
    let f = try Python.function(
      "import numpy as np\ndef adopting(x): return {'a': np.ones(1 << 16), 'b': [x, np.zeros(1 << 16)]}"
    )
    let Tout = Pieces.declared
    let pieces = try numpyFunction(f, [x], Tout: Tout)
    #expect(pieces.a.shape == [1 << 16])
    let counts = try #require(
      Python.statistics.functions.first { $0.key.hasPrefix("adopting (") }?.value)
    #expect(counts.bytesAdopted == 2 << 19)
    #expect(counts.bytesCopied == 0)
  }

  private struct Pieces: TensorStructure {
    let a: Tensor
    let b: [Tensor]
    static let members: KeyValuePairs<String, any ResultDeclaration> = [
      "a": DType.float64, "b": [DType.float64, .float64],
    ]
    var graphResults: [Tensor] { [a] + b }
    init(graphResults: [Tensor]) { (a, b) = (graphResults[0], Array(graphResults.dropFirst())) }
  }
}
