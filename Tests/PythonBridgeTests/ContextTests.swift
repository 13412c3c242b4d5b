import PythonBridge
import Testing

@Suite struct ContextTests {
  struct Stop: Error, Equatable { let number: Int }

  /// A context that notes what it is told, and suppresses what it is asked to.
  let recorder: PythonObject

  init() throws {
    recorder = try Python.function(
      """
      class Recorder:
          def __init__(self, suppress=False, failing=False):
              self.log = []
              self.suppress = suppress
              self.failing = failing
          def __enter__(self):
              self.log.append("enter")
              return 42
          def __exit__(self, type, value, traceback):
              self.log.append(type and type.__name__)
              if value is not None: self.log.append(str(value))
              if self.failing: raise KeyError("exit")
              return self.suppress
      """)
  }

  @Test func `enters, gives the value, and leaves`() throws {
    let context = try recorder()
    #expect(try context.with { try Int($0) } == 42)
    #expect(try String(describing: context.log) == "['enter', None]")
  }

  @Test func `a Swift error passes through as itself`() throws {
    let context = try recorder()
    let error = #expect(throws: Stop.self) { try context.with { _ in throw Stop(number: 3) } }
    #expect(error == Stop(number: 3))
    #expect(try String(describing: context.log) == "['enter', 'SwiftError', 'Stop(number: 3)']")
  }

  @Test func `a Python error passes through with its exception`() throws {
    let context = try recorder()
    let error = #expect(throws: PythonError.self) {
      try context.with { _ in try PythonObject(1) / 0 }
    }
    #expect(error?.type == "ZeroDivisionError")
    let log = try String(describing: context.log)
    #expect(log == "['enter', 'ZeroDivisionError', 'division by zero']")
  }

  @Test func `an error is suppressed where no result is missing`() throws {
    let context = try recorder(suppress: true)
    try context.with { _ in throw Stop(number: 1) }
    #expect(throws: Stop.self) { try context.with { _ -> Int in throw Stop(number: 1) } }
    try Python.import("contextlib").suppress(Python.evaluate("KeyError")).with { _ in
      _ = try PythonObject([1: 1])[2]
    }
  }

  @Test func `what leaving raises is thrown`() throws {
    let context = try recorder(failing: true)
    for number in 0..<2 {
      let error = #expect(throws: PythonError.self) {
        try context.with { _ in if number == 1 { throw Stop(number: 1) } }
      }
      #expect(error?.type == "KeyError")
    }
  }

  @Test func `a generator is a context`() throws {
    let make = try Python.function(
      """
      import contextlib
      log = []
      @contextlib.contextmanager
      def make():
          try:
              yield "value"
          finally:
              log.append("left")
      """, named: "make")
    let log = try make.__wrapped__.__globals__["log"]
    #expect(throws: Stop.self) { try make().with { _ in throw Stop(number: 2) } }
    #expect(try make().with { try String($0) } == "value")
    #expect(log.description == "['left', 'left']")
  }

  @Test func `what is no context throws`() throws {
    let error = #expect(throws: PythonError.self) { try PythonObject(1).with { _ in } }
    #expect(error?.type == "AttributeError")
  }
}
