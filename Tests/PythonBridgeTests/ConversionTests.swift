import ComplexModule
import PythonBridge
import TensorCore
import Testing

/// One Swift value, and what Python's `repr` says of its counterpart.
struct Conversion: CustomTestStringConvertible {
  let value: any PythonConvertible & Sendable
  let representation: String

  var testDescription: String { representation }

  init(_ value: any PythonConvertible & Sendable, _ representation: String) {
    self.value = value
    self.representation = representation
  }
}

@Suite struct ConversionTests {
  @Test(arguments: [
    Conversion(true, "True"),
    Conversion(-7, "-7"),
    Conversion(Int8.min, "-128"),
    Conversion(UInt64.max, "18446744073709551615"),
    Conversion(Int64.min, "-9223372036854775808"),
    Conversion(1.5 as Float, "1.5"),
    Conversion(0.1, "0.1"),
    Conversion(Double.infinity, "inf"),
    Conversion(0.5 as Float16, "0.5"),
    Conversion(Complex(1.0, -2), "(1-2j)"),
    Conversion("", "''"),
    Conversion("é\u{0}😀", "'é\\x00😀'"),
    Conversion(nil as Int?, "None"),
    Conversion([1, 2, 3], "[1, 2, 3]"),
    Conversion([["a"], []], "[['a'], []]"),
    Conversion(["a": [1.5]], "{'a': [1.5]}"),
    Conversion([1: true], "{1: True}"),
    Conversion(Set(["a"]), "{'a'}"),
    Conversion(Set<Int>(), "set()"),
    Conversion(Character("é"), "'é'"),
    Conversion("a b".split(separator: " ")[1], "'b'"),
    Conversion([1, 2, 3][1...], "[2, 3]"),
    Conversion(1..<3, "range(1, 3)"),
    Conversion(1...3, "range(1, 4)"),
    Conversion(1...Int.max, "range(1, 9223372036854775808)"),
    Conversion(1..., "slice(1, None, None)"),
    Conversion(..<2, "slice(None, 2, None)"),
    Conversion([nil, 1.5], "[None, 1.5]"),
    Conversion([UInt8(1)], "[1]"),
  ])
  func `a Swift value becomes its Python counterpart`(_ conversion: Conversion) throws {
    let object = try conversion.value.makePythonObject()
    #expect(object.debugDescription == conversion.representation)
  }

  @Test func `values survive the way to Python and back`() throws {
    #expect(try Bool(PythonObject(true)) && !Bool(PythonObject(false)))
    #expect(try Int(PythonObject(Int.min)) == .min)
    #expect(try UInt64(PythonObject(UInt64.max)) == .max)
    #expect(try Double(PythonObject(0.1)) == 0.1)
    #expect(try Float(PythonObject(0.1 as Float)) == 0.1)
    #expect(try Complex<Double>(PythonObject(Complex(1.0, -2))) == Complex(1.0, -2))
    #expect(try String(PythonObject("é\u{0}😀")) == "é\u{0}😀")
    #expect(try [[Int]](PythonObject([[1], [], [2, 3]])) == [[1], [], [2, 3]])
    #expect(try [String: Double](PythonObject(["a": 1.5])) == ["a": 1.5])
    #expect(try Int?(PythonObject(nil as Int?)) == nil)
    #expect(try Int?(PythonObject(3)) == 3)
    #expect(try Set<Int>(PythonObject(Set([1, 2]))) == [1, 2])
    #expect(try Set<String>(Python.evaluate("frozenset('aab')")) == ["a", "b"])
    #expect(try Character(PythonObject("e\u{301}")) == "e\u{301}")
    #expect(try Range<Int>(PythonObject(2..<5)) == 2..<5)
    #expect(try Range<Int>(Python.evaluate("range(5, 2)")).isEmpty)
  }

  @Test func `values of several types are put into one container`() throws {
    let list = try PythonObject(list: [1, "a", nil as Int?, [2.5]])
    #expect(list.description == "[1, 'a', None, [2.5]]")
    let dictionary = try PythonObject(dictionary: ["z": 1, "a": [true], 3: "x"])
    #expect(dictionary.description == "{'z': 1, 'a': [True], 3: 'x'}")
    let values = try [String: PythonObject](PythonObject(dictionary: ["a": 1, "b": "x"]))
    #expect(try Int(#require(values["a"])) == 1 && String(#require(values["b"])) == "x")
  }

  @Test func `numbers of NumPy convert to Swift`() throws {
    let np = try Python.import("numpy")
    #expect(try Int(np.int8(-3)) == -3)
    #expect(try UInt8(np.uint64(200)) == 200)
    #expect(try Double(np.float32(0.5)) == 0.5)
    #expect(try Bool(np.bool_(true)))
    #expect(try [Float](np.array([1.0, 2.5])) == [1, 2.5])
  }

  @Test(arguments: [
    ("Int8", "300", "OverflowError"),
    ("Int64", "2**63", "OverflowError"),
    ("UInt64", "-1", "OverflowError"),
    ("UInt64", "2**64", "OverflowError"),
    ("Int64", "1.5", "TypeError"),
    ("Int64", "'1'", "TypeError"),
    ("Double", "'1.0'", "TypeError"),
    ("Double", "None", "TypeError"),
    ("String", "b'bytes'", "TypeError"),
    ("String", "3", "TypeError"),
    ("String", "'\\ud800'", "UnicodeEncodeError"),
    ("Bool", "__import__('numpy').array([1, 2])", "ValueError"),
    ("[Int64]", "3", "TypeError"),
    ("Int64?", "'x'", "TypeError"),
    ("Character", "'ab'", "ValueError"),
    ("Character", "''", "ValueError"),
    ("Range<Int>", "range(0, 9, 2)", "ValueError"),
    ("Range<Int>", "3", "AttributeError"),
    ("Set<Int>", "['a']", "TypeError"),
  ])
  func `refuses a value that does not fit`(
    type: String, expression: String, exception: String
  ) throws {
    let object = try Python.evaluate(expression)
    let conversions: [String: () throws -> Any] = [
      "Int8": { try Int8(object) }, "Int64": { try Int64(object) },
      "UInt64": { try UInt64(object) }, "Double": { try Double(object) },
      "String": { try String(object) }, "Bool": { try Bool(object) },
      "[Int64]": { try [Int64](object) }, "Int64?": { try Int64?(object) as Any },
      "Character": { try Character(object) }, "Range<Int>": { try Range<Int>(object) },
      "Set<Int>": { try Set<Int>(object) },
    ]
    let convert = try #require(conversions[type])
    let error = try #require(throws: PythonError.self) { _ = try convert() }
    #expect(error.type == exception)
  }

  @Test func `a list that changes while it is converted is read as it was`() throws {
    let list = try Python.function(
      """
      class Clearing:
          def __init__(self, l): self.l = l
          def __index__(self): self.l.clear(); return 1
      def f():
          l = []
          l.extend([Clearing(l), 2, 3])
          return l
      """, named: "f")()
    #expect(try [Int](list) == [1, 2, 3])
  }

  @Test(arguments: DType.numeric)
  func `a tensor becomes an array of the same dtype and comes back`(dtype: DType) throws {
    let tensor = try Tensor([[0, 1, 1], [1, 0, 1]], dtype: dtype)
    let array = try PythonObject(tensor)
    #expect(try String(array.dtype.name) == dtype.rawValue)
    #expect(try [Int](array.shape) == [2, 3])
    #expect(try Tensor(array) == tensor)
  }

  @Test(arguments: DType.numeric)
  func `a tensor of rank 0 becomes a NumPy scalar`(dtype: DType) throws {
    let scalar = try PythonObject(Tensor(1, dtype: dtype))
    let generic = try Python.import("numpy").generic
    #expect(try Bool(Python.import("builtins").isinstance(scalar, generic)))
    #expect(try String(scalar.dtype.name) == dtype.rawValue)
    #expect(try Tensor(scalar) == Tensor(1, dtype: dtype))
  }

  @Test func `a tensor of more axes than NumPy has is refused`() throws {
    let tensor = try Tensor([1.0]).reshapedForTest(Array(repeating: 1, count: 65))
    let error = try #require(throws: TensorError.self) { try PythonObject(tensor) }
    #expect(error.message.contains("rank 65"))
  }

  @Test func `a tensor is made of what numpy.asarray takes`() throws {
    #expect(try Tensor(Python.evaluate("[[1, 2], [3, 4]]")) == Tensor([[1, 2], [3, 4]]))
    #expect(try Tensor(Python.evaluate("2.5")) == Tensor(2.5))
    let error = try #require(throws: TensorError.self) {
      try Tensor(Python.evaluate("{'a': 1}"))
    }
    #expect(error.message.contains("object"))
  }

  @Test func `a tensor made of an array does not follow it`() throws {
    let array = try Python.import("numpy").zeros(3)
    let tensor = try Tensor(array)
    try array.fill(7)
    #expect(try tensor == Tensor([0.0, 0, 0]))
  }
}

extension Tensor {
  fileprivate func reshapedForTest(_ extents: [Int]) throws -> Tensor {
    try Tensor(scalars(as: Double.self), shape: Shape(extents))
  }
}
