import PythonBridge
import TensorCore
import Testing

@Suite struct PythonObjectTests {
  let np: PythonObject

  init() throws {
    np = try Python.import("numpy")
  }

  @Test func `members, calls and keyword arguments read as in Python`() throws {
    #expect(try Double(np.linalg.norm([3.0, 4.0])) == 5)
    #expect(try String(np.ones(3, dtype: "int8").dtype.name) == "int8")
    #expect(try [Int](np.ones([2, 3]).shape) == [2, 3])
    #expect(try Int(np.array([[1, 2], [3, 4]])[1][0]) == 3)
  }

  @Test func `a dotted name imports the innermost module`() throws {
    let module = try Python.import("os.path")
    #expect(try String(module.basename("a/b")) == "b")
  }

  @Test(arguments: [
    ("numpy", "nothing", "AttributeError"), ("builtins", "a\u{0}b", "AttributeError"),
  ])
  func `a missing attribute throws`(module: String, name: String, type: String) throws {
    let module = try Python.import(module)
    let error = try #require(throws: PythonError.self) { try module.attribute(name) }
    #expect(error.type == type)
  }

  @Test func `a missing module throws`() throws {
    let error = try #require(throws: PythonError.self) { try Python.import("no_such_module") }
    #expect(error.type == "ModuleNotFoundError")
    #expect(error.message == "No module named 'no_such_module'")
  }

  @Test func `calling what cannot be called throws`() throws {
    let error = try #require(throws: PythonError.self) { try PythonObject(3)(1) }
    #expect(error.type == "TypeError")
  }

  @Test func `a positional argument after a keyword argument throws`() throws {
    let error = try #require(throws: PythonError.self) { try np.add(x: 1, 2) }
    #expect(error.type == "SyntaxError")
  }

  @Test func `an expression is evaluated with the variables it is given`() throws {
    #expect(try Int(Python.evaluate("base ** 2", ["base": 3])) == 9)
    #expect(try Int(Python.evaluate(" \n 1 + 1")) == 2)
    let error = try #require(throws: PythonError.self) { try Python.evaluate("1 +") }
    #expect(error.type == "SyntaxError")
    #expect(throws: PythonError.self) { try Python.evaluate("1\u{0}") }
  }

  @Test func `source text gives the function that it defines`() throws {
    let f = try Python.function(
      """
      scale = 10
      def helper(x):
          return x * scale
      def f(x, y=1):
          return helper(x) + y
      """)
    #expect(try Int(f(2)) == 21)
    #expect(try Int(f(2, y: 5)) == 25)
  }

  @Test(arguments: [
    ("def a(): return 1\ndef b(): return 2\n", nil, 2),
    ("def a(): return 1\ndef b(): return 2\n", "a", 1),
    ("    def f():\n        return 3\n", nil, 3),
    ("import operator\nf = operator.truth\n", "f", 0),
    ("class C:\n    def __new__(cls): return 4\n", nil, 4),
    ("f = lambda: 5\n", nil, 5),
  ])
  func `the function is the one named, or the last`(
    source: String, name: String?, result: Int
  ) throws {
    let function = try Python.function(source, named: name)
    #expect(try Int(result == 0 ? function(0) : function()) == result)
  }

  @Test(arguments: [
    ("x = 1", nil, "defines no function"), ("def f(): pass", "g", "defines no g"),
    ("def f(:", nil, "SyntaxError"), ("1 / 0", nil, "ZeroDivisionError"),
  ])
  func `source text without the function throws`(
    source: String, name: String?, fragment: String
  ) throws {
    let error = try #require(throws: PythonError.self) {
      try Python.function(source, named: name)
    }
    #expect("\(error)".contains(fragment))
  }

  @Test func `an object prints as Python prints it, whatever it does`() throws {
    #expect(try PythonObject("a").description == "a")
    #expect(try PythonObject("a").debugDescription == "'a'")
    let broken = try Python.function(
      """
      class Broken:
          def __str__(self): raise ValueError
          __repr__ = __str__
      """)
    #expect(try broken().description == "<a Python object that cannot be printed>")
  }

  @Test func `equality is Python's`() throws {
    #expect(try PythonObject(1) == PythonObject(1.0))
    #expect(try PythonObject("1") != PythonObject(1))
    #expect(try np.ones(2) != np.ones(2))  // an array of answers has no one truth
  }
}
