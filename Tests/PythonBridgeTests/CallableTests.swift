import Dispatch
import Foundation
import PythonBridge
import TensorCore
import Testing

private struct Stop: Error, Equatable { let number: Int }

private final class Identity: Error {}

@Suite struct CallableTests {
  let builtins: PythonObject

  init() throws {
    builtins = try Python.import("builtins")
  }

  @Test func `arguments and results are converted`() throws {
    let cases: [(PythonObject, String)] = [
      (try Python.callable { (x: Double, y: Int) in x * Double(y) }(1.5, 2), "3.0"),
      (try Python.callable { 5 }(), "5"),
      (try Python.callable {}(), "None"),
      (try Python.callable { (x: Int?) in x.map { $0 + 1 } }(nil as Int?), "None"),
      (try Python.callable { (x: [Int]) in x.reversed() as [Int] }([1, 2]), "[2, 1]"),
      (try Python.callable { (x: Int) in (x, "b") }(1), "(1, 'b')"),
      (try Python.callable { (x: String) in Array(x).map { String($0) } }("ab"), "['a', 'b']"),
      (try Python.callable { (x: PythonObject) in x }("same"), "'same'"),
      (try Python.callable { (x: Tensor) in x }([1.0]), "array([1.])"),
      (try Python.callable { (_: Int) in }(1), "None"),
    ]
    for (result, expected) in cases { #expect(result.debugDescription == expected) }
  }

  @Test func `a closure may have several statements`() throws {
    let f = try Python.callable(named: "f") { (x: Int) in
      let double = x * 2
      if double > 4 { return "large" }
      return "small"
    }
    #expect(try String(f(1)) == "small" && String(f(3)) == "large")
  }

  @Test func `keyword arguments arrive`() throws {
    let f = try Python.callable { (arguments: Python.Arguments) in
      try "\(arguments.positional) \(arguments[0]) \(arguments["unit"]) \(arguments.keywords.count)"
    }
    #expect(try String(f(1, "a", unit: "m")) == "[1, 'a'] 1 m 1")
    let seen = Locked<[String]>([])
    let silent = try Python.callable { (arguments: Python.Arguments) in
      seen.withLock { $0.append(contentsOf: arguments.keywords.keys.sorted()) }
    }
    _ = try Python.evaluate("f(**{'b': 1, 'a': 2})", ["f": silent])
    #expect(seen.withLock { $0 } == ["a", "b"])
  }

  @Test func `Python calls it as it calls its own`() throws {
    let f = try Python.callable(named: "negated", doc: "The negative.") { (x: Int) in -x }
    #expect(try String(f.__name__) == "negated" && String(f.__doc__) == "The negative.")
    #expect(f.description.hasPrefix("<Swift closure negated at 0x"))
    #expect(try [Int](builtins.sorted([1, 3, 2], key: f)) == [3, 2, 1])
    #expect(try [Int](builtins.map(f, [1, 2])) == [-1, -2])
    #expect(try String(Python.import("inspect").signature(f).description) == "(x1, /)")
    #expect(try Int(Python.import("functools").partial(f, 4)()) == -4)
    let wraps = try Python.function(
      """
      import functools, weakref
      def wraps(f):
          @functools.wraps(f)
          def g(*args): return f(*args) * 10
          class C: method = f
          reference = weakref.ref(f)
          assert reference() is f and callable(f)
          f.note = 1
          return g, C, f.note
      """)
    let (g, C, note) = try wraps(f).unpacked(as: (PythonObject, PythonObject, Int).self)
    #expect(try Int(g(1)) == -10 && String(g.__name__) == "negated" && note == 1)
    let error = #expect(throws: PythonError.self) { try C().method() }  // self is no int
    #expect(error?.type == "TypeError")
    #expect(try Int(C.method(2)) == -2)
  }

  @Test(arguments: [
    ("f()", "f() takes 2 positional arguments, but 0 were given"),
    ("f(1, 2, 3)", "f() takes 2 positional arguments, but 3 were given"),
    ("f(1, y=2)", "f() takes no keyword arguments"),
    ("f(1, 'a')", "'str' object cannot be interpreted as an integer"),
    ("f(1.5, 2)", "'float' object cannot be interpreted as an integer"),
  ])
  func `a wrong call is a TypeError`(call: String, message: String) throws {
    let f = try Python.callable(named: "f") { (x: Int, y: Int) in x + y }
    let error = #expect(throws: PythonError.self) { try Python.evaluate(call, ["f": f]) }
    #expect(error?.type == "TypeError" && error?.message == message)
  }

  @Test func `a missing argument is a TypeError`() throws {
    let first = try Python.callable { (arguments: Python.Arguments) in try arguments[1] }
    let named = try Python.callable { (arguments: Python.Arguments) in try arguments["unit"] }
    for f in [first, named] {
      let error = #expect(throws: PythonError.self) { try f(0) }
      #expect(error?.type == "TypeError")
    }
  }

  @Test func `a number that does not fit is an OverflowError`() throws {
    let f = try Python.callable { (x: Int8) in x }
    let caught = try Python.function(
      "def f(g):\n  try: g(300)\n  except OverflowError as e: return str(e)")
    #expect(try String(caught(f)) == "300 does not fit in Int8")
  }

  @Test func `a Swift error comes back as the same error`() throws {
    let identity = Identity()
    let f = try Python.callable { () throws -> Int in throw identity }
    let error = #expect(throws: Identity.self) { try f() }
    #expect(error === identity)
    let g = try Python.function(
      "def g(f):\n  try: return f()\n  finally: str(1)\nclass P:\n  def __init__(self, f): self.f = f"
        + "\n  x = property(lambda self: self.f())\n  __getitem__ = lambda self, key: self.f()"
        + "\n  __add__ = __getitem__\n  __iter__ = lambda self: self.f()\n  __len__ = __iter__"
        + "\n  __index__ = __iter__\n  __bool__ = __iter__\n  __eq__ = __getitem__", named: "g")
    let P = try g.__globals__["P"](f)
    let paths: [() throws -> Any] = [
      { try g(f) }, { try builtins.sorted([1, 2], key: builtins.map(f, [1])) }, { try P.x },
      { try P[0] }, { try P + 1 }, { try P.makeIterator() }, { try [PythonObject](P) },
      { try P.itemCount }, { try Int(P) }, { try Bool(P) }, { try P .== 1 },
    ]
    for (number, path) in paths.enumerated() where number != 1 {
      let error = #expect(throws: Identity.self) { _ = try path() }
      #expect(error === identity)
    }
  }

  @Test func `Python code sees a Swift error as a RuntimeError`() throws {
    let f = try Python.callable { () throws -> Int in throw Stop(number: 4) }
    let g = try Python.function(
      """
      def g(f):
          try: f()
          except RuntimeError as error: return type(error).__name__, str(error)
      """)
    let (type, message) = try g(f).unpacked(as: (String, String).self)
    #expect(type == "SwiftError" && message == "Stop(number: 4)")
  }

  @Test func `a Swift error that Python answers with its own is the cause`() throws {
    let f = try Python.callable { () throws -> Int in throw Stop(number: 4) }
    let g = try Python.function(
      "def g(f):\n  try: f()\n  except Exception as e: raise KeyError('k') from e")
    let error = #expect(throws: PythonError.self) { try g(f) }
    #expect(error?.type == "KeyError")
    #expect(error?.traceback.contains("numpyfn.SwiftError: Stop(number: 4)") == true)
  }

  @Test func `a Python error goes through Swift as the same exception`() throws {
    let fail = try Python.function("error = LookupError('l')\ndef fail(): raise error")
    let f = try Python.callable { () throws -> PythonObject in try fail() }
    let error = try #require(throws: PythonError.self) { try f() }
    #expect(try error.exception.isSame(as: fail.__globals__["error"]))
    #expect(error.frames.contains { $0.function == "fail" })
  }

  @Test func `calls go back and forth`() throws {
    let holder = Locked<PythonObject?>(nil)
    let f = try Python.callable { (n: Int) throws -> Int in
      guard n > 0, let g = holder.withLock({ $0 }) else { return 0 }
      return try Int(g(n - 1)) + 1
    }
    let g = try Python.evaluate("lambda n: f(n)", ["f": f])
    holder.withLock { $0 = g }
    defer { holder.withLock { $0 = nil } }
    #expect(try Int(f(50)) == 50)
    #expect(try Python.withGIL { _ in try Int(g(50)) } == 50)
    let error = #expect(throws: PythonError.self) { try f(100_000_000) }
    #expect(error?.type == "RecursionError")
    #expect(try Int(f(3)) == 3)
  }

  @Test func `endless recursion on a small stack is an error`() async throws {
    let type = try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          with: Result {
            let holder = Locked<PythonObject?>(nil)
            let f = try Python.callable { () throws -> PythonObject in
              guard let f = holder.withLock({ $0 }) else { return try Python.none }
              return try Python.import("builtins").map(f, [1]).__next__()
            }
            let g = try Python.evaluate("lambda x=0: f()", ["f": f])
            holder.withLock { $0 = g }
            defer { holder.withLock { $0 = nil } }
            do { return try g().description } catch let error as PythonError { return error.type }
          })
      }
    }
    #expect(type == "RecursionError")
  }

  @Test func `threads of Python call it at once`() throws {
    let sum = Locked(0)
    let f = try Python.callable { (x: Int) in sum.withLock { $0 += x } }
    let run = try Python.function(
      """
      import threading
      def run(f):
          def work():
              for i in range(1000): f(i)
          threads = [threading.Thread(target=work) for _ in range(8)]
          for t in threads: t.start()
          for t in threads: t.join()
      """)
    try run(f)
    #expect(sum.withLock { $0 } == 8 * 499_500)
  }

  @Test(.timeLimit(.minutes(10)))
  func `a closure may wait for a thread that needs Python`() throws {
    let f = try Python.callable { (x: Int) throws -> Int in
      let result = Locked(0)
      let done = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        let value = (try? Int(Python.evaluate("1 + 1"))) ?? 0
        result.withLock { $0 = value }
        done.signal()
      }
      done.wait()
      return result.withLock { $0 } + x
    }
    #expect(try Int(f(1)) == 3)
    #expect(try Python.withGIL { _ in try Int(Python.evaluate("f(2)", ["f": f])) } == 4)
  }

  @Test func `it is freed with the last reference, and what it holds`() throws {
    final class Tracked: Sendable {}
    weak var tracked: Tracked?
    do {
      let object = Tracked()
      tracked = object
      let f = try Python.callable { () -> Bool in
        _ = object
        return true
      }
      let list = try PythonObject([f, f])
      #expect(try Bool(list[0]()))
    }
    #expect(try Int(Python.evaluate("1")) == 1)
    #expect(tracked == nil)
  }
}

@Suite struct IteratorTests {
  let builtins: PythonObject

  init() throws {
    builtins = try Python.import("builtins")
  }

  @Test func `a Swift sequence is a Python iterator`() throws {
    #expect(try Int(builtins.sum(Python.iterator([1, 2, 3]))) == 6)
    #expect(try [String](Python.iterator(["a", "b"])) == ["a", "b"])
    let words = try Python.evaluate("[w for w in words]", ["words": Python.iterator(["x"])])
    #expect(try [String](words) == ["x"])
    let iterator = try Python.iterator(0..<2)
    #expect(try [Int](iterator) == [0, 1] && [Int](iterator) == [])
    #expect(try [Int?](Python.iterator([1, nil, 2])) == [1, nil, 2])
  }

  @Test func `it asks for no more than Python does`() throws {
    let asked = Locked(0)
    let iterator = try Python.iterator(
      next: { () -> Int? in
        asked.withLock {
          $0 += 1
          return $0
        }
      })
    let taken = try [Int](Python.import("itertools").islice(iterator, 3))
    #expect(taken == [1, 2, 3] && asked.withLock { $0 } == 3)
  }

  @Test func `an error ends the loop and comes out`() throws {
    let count = Locked(0)
    let iterator = try Python.iterator(
      next: { () throws -> Int? in
        let number = count.withLock {
          $0 += 1
          return $0
        }
        if number > 2 { throw Stop(number: number) }
        return number
      })
    let error = #expect(throws: Stop.self) { try builtins.list(iterator) }
    #expect(error == Stop(number: 3))
  }
}
