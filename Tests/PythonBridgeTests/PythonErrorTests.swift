import PythonBridge
import TensorCore
import Testing

@Suite struct PythonErrorTests {
  @Test func `rule 21: an exception is data`() throws {
    let f = try Python.function(
      """
      def inner(x):
          raise ValueError("went wrong: é")
      def f(x):
          return inner(x)
      """)
    let line = #line - 1
    let error = try #require(throws: PythonError.self) { try f(1) }
    #expect(error.type == "ValueError")
    #expect(error.message == "went wrong: é")
    #expect(error.code == .invalidArgument)
    #expect(error.frames.map(\.function) == ["f", "inner"])
    #expect(error.frames.last?.line == 2)
    #expect(error.frames.last?.source == "raise ValueError(\"went wrong: é\")")
    #expect(error.frames.last?.file.contains("PythonErrorTests.swift") == true)
    #expect(line > 0)
    #expect(error.traceback.hasPrefix("Traceback (most recent call last):"))
    #expect(error.traceback.hasSuffix("ValueError: went wrong: é"))
    #expect(try String(error.exception.args[0]) == "went wrong: é")
  }

  @Test(arguments: [
    ("ValueError()", ErrorCode.invalidArgument), ("TypeError()", .invalidArgument),
    ("UnicodeDecodeError('a', b'', 0, 1, '')", .invalidArgument),
    ("StopIteration()", .outOfRange), ("MemoryError()", .resourceExhausted),
    ("NotImplementedError()", .unimplemented), ("KeyboardInterrupt()", .cancelled),
    ("LookupError()", .unknown), ("RecursionError()", .unknown), ("SystemExit(3)", .unknown),
    ("OSError()", .unknown), ("StopAsyncIteration()", .unknown),
  ])
  func `rule 20: the class decides the code, subclasses follow their base`(
    exception: String, code: ErrorCode
  ) throws {
    let f = try Python.function("def f(): raise \(exception)")
    let error = try #require(throws: PythonError.self) { try f() }
    #expect(error.code == code)
  }

  @Test func `a class of a module is named with it`() throws {
    let linalg = try Python.import("numpy.linalg")
    let error = try #require(throws: PythonError.self) {
      try linalg.inv(Tensor([[0.0, 0], [0, 0]]))
    }
    #expect(error.type == "numpy.linalg.LinAlgError")
  }

  @Test(arguments: [
    "class E(Exception):\n  def __str__(self): raise ValueError\ndef f(): raise E",
    "class E(Exception):\n  def __init__(self): raise KeyError(1)\ndef f(): raise E",
    "class E(Exception):\n  def __str__(self): raise E\ndef f(): raise E",
    "def f(): f()",
    "class E(Exception):\n  def __str__(self): raise E()\ndef f(): raise E()",
    "def f(): raise ValueError('\\ud800')",
    "def f():\n  try: 1 / 0\n  except Exception as e: raise KeyError('x') from e",
  ])
  func `rule 21: an awkward exception is still an error`(source: String) throws {
    let f = try Python.function(source, named: "f")
    let error = try #require(throws: PythonError.self) { try f() }
    #expect(!error.type.isEmpty && !"\(error)".isEmpty)
    // Nothing is left over for the next call to trip over.
    #expect(try Int(Python.evaluate("1 + 1")) == 2)
  }

  @Test func `rule 21: the traceback shows what caused the exception`() throws {
    let f = try Python.function(
      """
      def f():
          try:
              1 / 0
          except ZeroDivisionError as error:
              raise KeyError("x") from error
      """)
    let error = try #require(throws: PythonError.self) { try f() }
    #expect(error.traceback.contains("ZeroDivisionError: division by zero"))
    #expect(error.traceback.contains("direct cause"))
  }
}
