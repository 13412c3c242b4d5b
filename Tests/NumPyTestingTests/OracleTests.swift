import NumPyTesting
import Testing

@Suite struct OracleTests {
  @Test func `arguments are arrays of their dtype`() throws {
    let dtypes = try Python.function(
      """
      import numpy as np
      def dtypes(*arguments, **keywords):
          found = [type(x).__name__ + str(getattr(x, "dtype", "")) for x in arguments + tuple(keywords.values())]
          assert found == ["ndarrayfloat32"] * 4 + ["int", "float", "float32float32", "str", "NoneType"], found
          return 1
      """)
    let x: [Float] = [1, 2]
    let all = try reports {
      _ = try unsafe x.withUnsafeBufferPointer { buffer in
        try unsafe expectClose(
          1, to: dtypes, x, x[...], ContiguousArray(x), buffer.makePythonObject(), 1, 2.5,
          keywords: ["a": Float(1), "b": "text", "c": Int?.none])
      }
    }
    #expect(all.isEmpty, "\(all)")
  }

  @Test func `a function is named by module and attributes`() throws {
    let x = [3.0, 4]
    let all = try reports {
      expectClose(5.0, to: "numpy.linalg.norm", x)
      try expectClose([3.0, 7], to: "numpy.ndarray.cumsum", Tensor(x))
      expectClose([3.0, 7], to: "numpy.add.accumulate", x)
      expectClose(Double.pi, to: "math.pi")
      expectClose([3, 4] as [Float], to: "numpy.asarray", x, keywords: ["dtype": "float32"])
    }
    #expect(all.isEmpty, "\(all)")
  }

  @Test(arguments: [
    ("scipy.special.sofmax", ["did you mean scipy.special.softmax?", "AttributeError"]),
    ("nosuchmodule.f", ["there is no Python function of this name", "nosuchmodule"]),
    ("", ["there is no Python function of this name"]), ("a b", ["there is no Python function"]),
    ("numpy.linalg", ["expectClose to numpy.linalg"]),
  ])
  func `a name of nothing is a failure`(name: String, words: [String]) throws {
    let found = try report { expectClose(1.0, to: name) }
    for word in words { #expect(found.contains(word), "\(found)") }
  }

  @Test func `an exception is a failure with its traceback`() throws {
    let fails = try Python.function("def fails(x):\n    return x / undefined")
    let found = try report { expectClose([1.0], to: fails, [1.0]) }
    #expect(found.contains("expectClose to fails: NameError: name 'undefined'"), "\(found)")
    #expect(found.contains("return x / undefined"), "\(found)")
    #expect(
      try report { expectClose([1.0], to: "numpy.linalg.inv", [1.0]) }.contains("LinAlgError"))
  }

  @Test func `a result that is no array is a failure`() throws {
    for source in ["None", "[1, 'a']", "[[1], [1, 2]]", "object()", "{}"] {
      let function = try Python.evaluate("lambda: \(source)")
      #expect(try reports { expectClose([1.0], to: function) }.count == 1, "\(source)")
    }
    let value = try Python.evaluate("3")
    #expect(try reports { expectClose(3, to: value) }.isEmpty)
    #expect(try report { expectClose(3, to: value, 1) }.contains("takes no arguments"))
  }
}
