import Foundation
import NumPyTesting
import Testing

@testable import NumPyTestingCore

@Suite struct RandomInputTests {
  private struct Failed: Error {}

  @Test func `the inputs have all kinds of shapes and values`() throws {
    var shapes: Set<Shape> = []
    var numbers: Set<String> = []
    var dtypes: Set<DType> = []
    forEachRandomInput(count: 2000, seed: 7, dtypes: DType.numeric) { x in
      shapes.insert(x.shape)
      dtypes.insert(x.dtype)
      if x.dtype == .float32 { numbers.formUnion(try x.scalars(as: Float.self).map { "\($0)" }) }
    }
    #expect(shapes.contains([]) && shapes.contains([0]) && shapes.contains([1]))
    #expect(Set(shapes.map { $0.rank }) == Set(0...4))
    #expect(dtypes.count == DType.numeric.count)
    for text in [
      "0.0", "-0.0", "inf", "-inf", "nan", "1e-45", "3.4028235e+38", "1.1754944e-38", "2.0",
    ] {
      if !numbers.contains(text) { Issue.record("\(text)") }
    }
  }

  @Test(arguments: DType.numeric)
  func `an input depends on its seed only`(dtype: DType) throws {
    let input = RandomInput(dtypes: [dtype], values: .finite)
    for seed in 0..<50 as Range<UInt64> {
      let first = try RandomDraw.draw([input], seed: seed)[0].tensor()
      #expect(try first == RandomDraw.draw([input], seed: seed)[0].tensor())
    }
  }

  @Test func `extents of one name are equal`() throws {
    let inputs = [["n", "m"], ["m", 3]].map {
      RandomInput(shapes: .pattern(Shape(extents: $0), extents: 1...5))
    }
    forEachRandomInput(inputs, count: 200) { inputs in
      let (a, b) = (inputs[0].shape, inputs[1].shape)
      if a[1] != b[0] || b[1] != 3 { throw Failed() }
    }
    let found = try report {
      forEachRandomInput(inputs, count: 200) { inputs in
        if inputs[0].shape[1] > 2 { throw Failed() }
      }
    }
    #expect(found.contains("[1, 3], "), "\(found)")
    #expect(found.contains("[3, 3]"), "\(found)")
  }

  @Test func `the report leads back to the input`() throws {
    let fails = { (x: Tensor) throws in
      if x.count > 2 && x.dtype == .float64 { throw Failed() }
    }
    let found = try report { forEachRandomInput(count: 1000, seed: 1, fails) }
    let lines = found.split(separator: "\n").map(String.init)
    #expect(lines[1] == "the closure threw: Failed()")
    #expect(found.contains("float64[3], shrunk from float64["), "\(found)")
    #expect(found.contains("x = Tensor([0., 0., 0.], dtype: float64)"), "\(found)")
    let seed = try #require(
      found.components(separatedBy: "(seed ").last?.split(separator: ")").first)
    let number = try #require(UInt64(String(seed)))
    #expect(
      try report { forEachRandomInput(count: 1, seed: number, fails) }.contains(
        "input 1 of 1 fails"))
    // The line of Python.
    let code = try #require(
      lines.first { $0.contains("in Python: ") }?.components(separatedBy: "in Python: ").last)
    let load = try Python.function(
      """
      import numpy
      def load(code):
          scope = {"numpy": numpy}
          exec(code, scope)
          return scope["x"]
      """)
    #expect(try reports { expectClose([0.0, 0, 0], to: load, code, checkDType: true) }.isEmpty)
  }

  @Test func `an error that only NaN causes is shrunk to one NaN`() throws {
    let found = try report {
      forEachRandomInput(count: 1000, seed: 3, dtypes: [.float32]) { x in
        if try x.scalars(as: Float.self).contains(where: \.isNaN) { throw Failed() }
      }
    }
    #expect(found.contains("x = Tensor(nan, dtype: float32)"), "\(found)")
  }

  @Test func `what cannot be drawn is a failure`() throws {
    #expect(try report { forEachRandomInput(dtypes: []) { _ in } }.contains("dtypes: is empty"))
    #expect(try report { forEachRandomInput(dtypes: [.string]) { _ in } }.contains(".string"))
  }

  @Test func `one failure is one issue, at the line of the expectation`() {
    let line = #line + 3
    withKnownIssue {
      forEachRandomInput(count: 50, dtypes: [.float64], shapes: .vectors) { x in
        expectClose(x, to: [0.125, 7])
      }
    } matching: { issue in
      issue.sourceLocation?.line == line
    }
  }
}
