import PythonBridge
import Testing

@Suite struct ItemTests {
  let np: PythonObject
  let list: PythonObject
  let grid: PythonObject

  init() throws {
    np = try Python.import("numpy")
    list = try PythonObject([0, 1, 2, 3, 4])
    grid = try np.arange(6).reshape(2, 3)
  }

  @Test func `ranges are slices`() throws {
    let cases: [(PythonObject, String)] = [
      (try list[1..<3], "[1, 2]"), (try list[1...], "[1, 2, 3, 4]"), (try list[..<3], "[0, 1, 2]"),
      (try list[...3], "[0, 1, 2, 3]"), (try list[1...3], "[1, 2, 3]"),
      (try list[...], "[0, 1, 2, 3, 4]"), (try list[(-2)...], "[3, 4]"),
      (try list[..<(-1)], "[0, 1, 2, 3]"), (try list[-3 ..< -1], "[2, 3]"),
      (try list[1...Int.max], "[1, 2, 3, 4]"), (try list[...Int.max], "[0, 1, 2, 3, 4]"),
      (try list[Python.slice(step: -2)], "[4, 2, 0]"),
      (try list[Python.slice(from: -3)], "[2, 3, 4]"),
      (try list[Python.slice(from: 3, to: 0, step: -1)], "[3, 2, 1]"),
    ]
    for (slice, expected) in cases { #expect(slice.debugDescription == expected) }
  }

  @Test func `several keys are a tuple`() throws {
    #expect(try Int(grid[1, 2]) == 5)
    #expect(try [Int](grid[..<2, 1]) == [1, 4])
    #expect(try [Int](grid[Python.ellipsis, -1]) == [2, 5])
    #expect(try [Int](grid[nil as Int?, Python.ellipsis].shape) == [1, 2, 3])
    #expect(try [Int](grid[0..., Python.none, 1...].shape) == [2, 1, 2])
    #expect(try [[Int]](grid[...]) == [[0, 1, 2], [3, 4, 5]])
    #expect(try Int(PythonObject(dictionary: [PythonObject(tuple: [1, "a"]): 7])[1, "a"]) == 7)
  }

  @Test func `items are set and removed`() throws {
    try list.setItem(0, to: "first")
    try list.setItem(1..<3, to: [nil as Int?])
    try list.removeItem(-1)
    #expect(list.debugDescription == "['first', None, 3]")
    try grid.setItem(0, 1..., to: 9)
    try grid.setItem(1, 0, to: -1)
    #expect(try [[Int]](grid) == [[0, 9, 9], [-1, 4, 5]])
    let dictionary = try PythonObject(["a": 1])
    try dictionary.setItem("b", to: 2.5)
    try dictionary.removeItem("a")
    #expect(dictionary.description == "{'b': 2.5}")
  }

  @Test func `attributes are set and removed`() throws {
    let object = try Python.import("types").SimpleNamespace(x: 1)
    try object.setAttribute("y", to: [2])
    try object.removeAttribute("x")
    #expect(object.description == "namespace(y=[2])")
  }

  @Test func `items are counted and looked for`() throws {
    #expect(try list.itemCount == 5)
    #expect(try grid.itemCount == 2)
    #expect(try PythonObject("né").itemCount == 2)
    #expect(try list.containsItem(3) && !list.containsItem("3"))
    #expect(try PythonObject(["k": 1]).containsItem("k"))
    #expect(try PythonObject("text").containsItem("ex"))
  }

  @Test func `what cannot be done throws`() throws {
    let tuple = try PythonObject(tuple: [1])
    let cases: [(String, () throws -> Any)] = [
      ("IndexError", { try list[9] }), ("TypeError", { try list["a"] }),
      ("KeyError", { try PythonObject(["a": 1])["b"] }), ("TypeError", { try PythonObject(1)[0] }),
      ("IndexError", { try grid[0, 3] }), ("TypeError", { try tuple.setItem(0, to: 1) }),
      ("IndexError", { try list.setItem(9, to: 1) }), ("KeyError", { try np.__dict__["zz"] }),
      ("IndexError", { try list.removeItem(9) }), ("TypeError", { try PythonObject(1).itemCount }),
      ("TypeError", { try PythonObject(1).containsItem(1) }),
      ("AttributeError", { try list.setAttribute("x", to: 1) }),
      ("AttributeError", { try list.removeAttribute("x") }),
      ("ValueError", { try list[Python.slice(step: 0)] }),
      ("TypeError", { try PythonObject(dictionary: [[1]: 2]) }),
    ]
    for (type, body) in cases {
      let error = #expect(throws: PythonError.self) { _ = try body() }
      #expect(error?.type == type)
    }
  }

  @Test func `an iterator is lazy`() throws {
    let numbers = try Python.import("itertools").count(5).makeIterator()
    #expect(try Int?(numbers.next() ?? PythonObject(0)) == 5)
    #expect(try numbers.next() == PythonObject(6))
    let text = try PythonObject("ab").makeIterator()
    var seen: [String] = []
    while let character = try text.next() { seen.append(try String(character)) }
    #expect(seen == ["a", "b"])
    #expect(try text.next() == nil)
  }

  @Test func `an iterator that raises throws`() throws {
    let f = try Python.function("def f():\n  yield 1\n  raise KeyError('x')")
    let items = try f().makeIterator()
    #expect(try items.next() == PythonObject(1))
    #expect(throws: PythonError.self) { try items.next() }
    #expect(throws: PythonError.self) { try PythonObject(1).makeIterator() }
  }

  @Test func `items are unpacked into a Swift tuple`() throws {
    let (a, b): (Int, String) = try PythonObject(tuple: [1, "b"]).unpacked()
    #expect(a == 1 && b == "b")
    let (mantissa, exponent) = try np.frexp(8.0).unpacked(as: (Double, Int).self)
    #expect(mantissa == 0.5 && exponent == 4)
    let (x, y, z) = try list[..<3].unpacked(as: (Int, Double, PythonObject).self)
    #expect(try x == 0 && y == 1 && Int(z) == 2)
  }

  @Test(arguments: [("(1,)", "ValueError"), ("(1, 2, 3)", "ValueError"), ("(1, 'x')", "TypeError")])
  func `what cannot be unpacked throws`(expression: String, type: String) throws {
    let object = try Python.evaluate(expression)
    let error = #expect(throws: PythonError.self) { _ = try object.unpacked(as: (Int, Int).self) }
    #expect(error?.type == type)
  }

  @Test func `a Python object is a sequence`() throws {
    let numbers = try Python.evaluate("[3, 4]")
    var seen: [Int] = []
    for x in numbers { seen.append(try Int(x)) }
    #expect(seen == [3, 4])
    #expect(try numbers.map { try Int($0 + 1) } == [4, 5])
    #expect(numbers.enumerated().map(\.offset) == [0, 1])
    #expect(try zip(numbers, "ab").map { try "\($1)\(Int($0))" } == ["a3", "b4"])
  }

  @Test func `names of Swift's sequences are Python's where they are called so`() throws {
    let builtins = try Python.import("builtins")
    let numbers = try Python.evaluate("[3, 1, 2]")
    #expect(try Int(builtins.max(numbers)) == 3 && Int(builtins.min(numbers)) == 1)
    #expect(try [Int](builtins.sorted(numbers)) == [1, 2, 3])
    #expect(try [Int](builtins.list(builtins.reversed(numbers))) == [2, 1, 3])
    #expect(try Int(numbers.count(1)) == 1)
    #expect(try [String](PythonObject("a,b").split(",")) == ["a", "b"])
    let box = try Python.evaluate("type('Box', (), {'contains': lambda self, x: x == [3, 1, 2]})()")
    #expect(try Bool(box.contains(numbers)))
  }

  @Test func `an exception in a loop is raised by the use of the item`() throws {
    let endless = try Python.function(
      """
      def f():
          yield 1
          raise OSError("no more")
      """)
    var seen = 0
    let error = #expect(throws: PythonError.self) {
      for x in try endless() { seen += try Int(x) }
    }
    #expect(error?.isInstance(of: "OSError") == true && seen == 1)
    #expect(throws: PythonError.self) { for x in try endless() { _ = try x.upper() } }
    let text = #expect(throws: PythonError.self) {
      for x in try Python.evaluate("5") { _ = try String(x) }
    }
    #expect(text?.type == "TypeError" && text?.message == "'int' object is not iterable")
  }

  @Test func `an exception is of its classes`() throws {
    let error = #expect(throws: PythonError.self) { _ = try Python.evaluate("{}[3]") }
    let found = try #require(error)
    for name in ["KeyError", "LookupError", "Exception"] { #expect(found.isInstance(of: name)) }
    for name in ["IndexError", "numpy.KeyError", "dict", ""] {
      #expect(!found.isInstance(of: name))
    }
    let builtins = try Python.import("builtins")
    #expect(try found.isInstance(of: builtins.LookupError))
    #expect(try !found.isInstance(of: builtins.ValueError))
    #expect(try found.arguments.map { try Int($0) } == [3])
  }
}
