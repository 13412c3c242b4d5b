import Foundation
import NumPyTesting
import Testing

@Suite struct LayerTraceTests {
  private func swiftTrace(planted: Bool = false) -> LayerTrace {
    let trace = LayerTrace()
    var x: [Float] = [1, -2, 3]
    trace.record("input", x)
    x = x.map { 2 * $0 }
    trace.record("scale", x)
    x = x.map { max($0, planted ? -1 : 0) }
    trace.record("relu", x)
    trace.record("sum", x.reduce(0, +))
    return trace
  }

  private func model() throws -> PythonObject {
    try Python.function(
      """
      import numpy as np
      def model(record=None):
          x = np.array([1, -2, 3], np.float32)
          values = {"input": x, "scale": 2 * x, "relu": np.maximum(2 * x, 0)}
          values["sum"] = values["relu"].sum()
          if record is None:
              return values
          reused = np.empty_like(x)
          for name in ["input", "scale", "relu"]:
              reused[:] = values[name]
              record(name, reused)
          record("sum", values["sum"])
      """)
  }

  @Test func `layers that agree pass`() throws {
    let recorded = LayerTrace()
    try model()(record: recorded.recorder)
    let all = try reports {
      expectClose(swiftTrace(), to: recorded)
      try expectClose(swiftTrace(), to: LayerTrace(model()()))
    }
    #expect(all.isEmpty, "\(all)")
    #expect(recorded.names == ["input", "scale", "relu", "sum"])
  }

  @Test func `the first layer that differs is reported`() throws {
    let found = try report { try expectClose(swiftTrace(planted: true), to: LayerTrace(model()())) }
    #expect(
      found.hasPrefix(
        """
        expectClose of traces: 'relu' is the first that differs; 2 agree: input, scale; 1 later is not compared
        expectClose: 1 of 3 elements differ (33.3 %)
        """), "\(found)")
    #expect(found.contains("[1]    -1.0    0.0"), "\(found)")
  }

  @Test func `layers of one side only are reported`() throws {
    let (mine, theirs) = (LayerTrace(), LayerTrace())
    mine.record("a", 1.0)
    mine.record("b", 1.0)
    theirs.record("a", 1.0)
    theirs.record("c", 1.0)
    let found = try report { expectClose(mine, to: theirs) }
    #expect(found.contains("1 agree: a"), "\(found)")
    #expect(
      found.contains("only in actual: b") && found.contains("only in expected: c"), "\(found)")
    #expect(
      try report { expectClose(LayerTrace(), to: LayerTrace()) }.contains("nothing is recorded"))
  }

  @Test func `a name that is recorded several times is compared in turn`() throws {
    let (mine, theirs) = (LayerTrace(), LayerTrace())
    for step in [1.0, 2, 3] {
      mine.record("h", step)
      theirs.record("h", min(step, 2))
    }
    #expect(try report { expectClose(mine, to: theirs) }.contains("'h #3' is the first"))
  }

  @Test func `a trace is written to a file and read without Python`() throws {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "numpyfn-\(UUID().uuidString).npz")
    defer { try? FileManager.default.removeItem(at: file) }
    try swiftTrace().write(to: file)
    #expect(try reports { try expectClose(swiftTrace(), to: LayerTrace(contentsOf: file)) }.isEmpty)
    let twice = LayerTrace()
    twice.record("a", 1.0)
    twice.record("a", 1.0)
    #expect(throws: TensorError.self) { try twice.write(to: file) }
  }
}
