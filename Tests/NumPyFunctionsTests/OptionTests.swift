import NumPyFunctions
import Testing

/// Writable arguments, strings as text, and casts (rules 7, 9, 12 and 14 of the contract).
@Suite struct OptionTests {
  private let addOne: PythonObject
  private let address: PythonObject

  init() throws {
    addOne = try Python.function("def f(x):\n  x += 1\n  return x")
    address = try Python.function("def f(x): return x.__array_interface__['data'][0]")
  }

  @Test(arguments: DType.numeric.filter { $0 != .bool })
  func `rule 9: a tensor that nobody else holds is written in place`(dtype: DType) throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: dtype)]) { x in
      let y = try x + 1
      let before = try numpyFunction(address, [y], Tout: .int64)
      let z = try numpyFunction(addOne, [y], Tout: dtype, arguments: .writable)
      return (z, before, try numpyFunction(address, [z], Tout: .int64))
    }
    let (result, before, after) = try f(Tensor([1, 2], dtype: dtype))
    #expect(try result == Tensor([3, 4], dtype: dtype))
    #expect(before == after)
  }

  @Test func `rule 9: a tensor that somebody holds is copied first`() throws {
    let x = try Tensor([1, 2], dtype: .float32)
    let y = try numpyFunction(addOne, [x], Tout: .float32, arguments: .writable)
    #expect(try y == Tensor([2, 3], dtype: .float32))
    #expect(try x == Tensor([1, 2], dtype: .float32))
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
      [x, try numpyFunction(addOne, [x], Tout: .float32, arguments: .writable)]
    }
    let results = try f(x)
    #expect(results == [x, y])
  }

  @Test(arguments: ["x", "x[1:]", "x.reshape(1, 3)", "[x, x]"])
  func `rule 9: a writable argument that Python keeps never reaches a tensor`(
    expression: String
  ) throws {
    let f = try Python.function(
      """
      kept = []
      def f(x):
          kept.append(x)
          return \(expression)
      def write(): kept[0].fill(99)
      """, named: "f")
    let count = expression == "[x, x]" ? 2 : 1
    let results = try numpyFunction(
      f, [Tensor([1, 2, 3], dtype: .float32)], Tout: Array(repeating: .float32, count: count),
      arguments: .writable)
    try f.attribute("__globals__")["write"]()
    for result in results { #expect(try !result.scalars(as: Float.self).contains(99)) }
  }

  @Test(arguments: [[], [2], [2, 1], [0]])
  func `rule 7: strings arrive as bytes, or as str when asked for`(shape: [Int]) throws {
    let types = try Python.function(
      """
      import numpy as np
      def f(x):
          values = x.ravel().tolist() if isinstance(x, np.ndarray) else [x]
          assert not isinstance(x, np.ndarray) or (x.dtype == object and not x.flags.writeable)
          return np.array([type(v).__name__ for v in values], dtype=object), x
      """)
    let count = shape.reduce(1, *)
    let elements = Array(["é", "a\u{0}b\u{0}"].map { Array($0.utf8) }.prefix(count))
    let x = try Tensor(byteStrings: elements, shape: Shape(shape))
    for (strings, name) in [(StringArguments.bytes, "bytes"), (.text, "str")] {
      let results = try numpyFunction(types, [x], Tout: [.string, .string], strings: strings)
      #expect(try results[0].strings() == Array(repeating: name, count: count))
      #expect(results[1] == x)
    }
  }

  @Test func `rule 7: bytes that are no text survive, and are refused as text`() throws {
    let identity = try Python.evaluate("lambda x: x")
    let x = try Tensor(byteStrings: [[0xff, 0x00, 0x61, 0x00], []], shape: [2])
    #expect(try numpyFunction(identity, [x], Tout: .string) == x)
    let error = try #require(throws: OperationError.self) {
      try numpyFunction(identity, [x], Tout: .string, strings: .text)
    }
    #expect((error.underlying as? PythonError)?.type == "UnicodeDecodeError")
  }

  @Test(arguments: [
    ("'é'", ["é"]), ("np.array(['é', 'ab'])", ["é", "ab"]), ("np.str_('x')", ["x"]),
    ("np.array([b'a\\0', b'bc'])", ["a", "bc"]), ("b'a\\0'", ["a\u{0}"]), ("'a\\0'", ["a\u{0}"]),
    ("np.array([b'a\\0', 'é\\0'], dtype=object)", ["a\u{0}", "é\u{0}"]),
    ("np.array([['a', 'b']])[:, ::-1]", ["b", "a"]), ("np.array([], dtype='U3')", []),
    ("np.array(['é'], dtype='>U1')", ["é"]),
  ])
  func `rule 14: text of any kind arrives as UTF-8`(expression: String, strings: [String]) throws {
    let f = try Python.function("import numpy as np\ndef f(): return \(expression)")
    #expect(try numpyFunction(f, [], Tout: .string).strings() == strings)
  }

  @Test func `rule 14: half of a surrogate pair is an error`() throws {
    let f = try Python.function("def f(): return '\\ud800'")
    #expect(throws: OperationError.self) { try numpyFunction(f, [], Tout: .string) }
  }

  @Test func `rule 12: same-kind casts are those of NumPy, and only when asked for`() throws {
    let can = try Python.evaluate("lambda a, b: __import__('numpy').can_cast(a, b, 'same_kind')")
    let identity = try Python.evaluate("lambda x: x")
    let dtypes = DType.numeric.filter { $0 != .bfloat16 }
    for from in dtypes {
      let x = try Tensor([1, 0], dtype: from)
      for to in dtypes where from != to {
        #expect(throws: OperationError.self) { try numpyFunction(identity, [x], Tout: to) }
        let result = try? numpyFunction(identity, [x], Tout: to, casting: .sameKind)
        let isAllowed = try Bool(can(from.rawValue, to.rawValue))
        #expect(try result == (isAllowed ? Tensor([1, 0], dtype: to) : nil), "\(from) to \(to)")
      }
    }
  }

  @Test func `rule 8: bfloat16 is ml_dtypes's`() throws {
    let f = try Python.function(
      """
      import ml_dtypes
      def f(x):
          assert x.dtype == ml_dtypes.bfloat16
          return x * x.dtype.type(2)
      """)
    let x = try Tensor([1.5, -3], dtype: .bfloat16)
    #expect(try numpyFunction(f, [x], Tout: .bfloat16) == Tensor([3.0, -6], dtype: .bfloat16))
  }
}
