import NumPyFunctions
import Testing

/// What calls cost, as `Python.statistics` has it (rule 17 of the contract).
@Suite struct StatisticsTests {
  /// The counts of the only function whose name contains `name`.
  private func counts(of name: String) throws -> PythonStatistics.Counts {
    try #require(Python.statistics.functions.first { $0.key.contains(name) }).value
  }

  @Test(arguments: [
    ("x", 0, 12, 0), ("x[1:]", 0, 8, 0), ("x + 1", 12, 0, 0), ("x.copy()", 12, 0, 0),
    ("x.reshape(1, 3)", 0, 12, 0), ("x.sum()", 0, 0, 0), ("x[::-1]", 0, 0, 12),
    ("kept", 0, 0, 12), ("(x + 1)[1:]", 8, 0, 0),
  ])
  func `rule 17: zero bytes are copied wherever nobody else can reach them`(
    expression: String, adopted: Int, shared: Int, copied: Int
  ) throws {
    let name =
      "measured_\(adopted)_\(shared)_\(copied)_\(expression.utf8.reduce(0) { $0 + Int($1) })"
    let f = try Python.function(
      """
      import numpy as np
      kept = np.zeros(3, 'f4')
      def \(name)(x): return \(expression)
      """)
    let x = try Tensor([1, 2, 3], dtype: .float32)
    for _ in 0..<5 { try numpyFunction(f, [x], Tout: .float32) }
    let counts = try counts(of: name)
    #expect(counts.calls == 5)
    #expect(counts.bytesAdopted == 5 * adopted)
    #expect(counts.bytesShared == 5 * shared)
    #expect(counts.bytesCopied == 5 * copied)
    #expect(counts.timeInPython > .zero)
    #expect(counts.timeWaiting >= .zero)
  }

  @Test func `functions that are gone are counted together, once there were many`() async {
    await #expect(processExitsWith: .success) {
      let kept = try Python.evaluate("lambda x: x")
      let count = 10_000
      for number in 0..<count {
        let f = try Python.evaluate(
          "(lambda: (exec('def f\(number)(x): return x', d := {}), d['f\(number)'])[1])()")
        try numpyFunction(f, [1], Tout: .int64)
        try numpyFunction(kept, [1], Tout: .int64)
      }
      let statistics = Python.statistics
      #expect(statistics.total.calls == 2 * count)
      #expect(statistics.functions.count < count / 2)
      #expect((statistics.functions[PythonStatistics.others]?.calls ?? 0) > count / 2)
      #expect(
        statistics.functions.contains { $0.key.hasPrefix("<lambda>") && $0.value.calls == count })
      Python.resetStatistics()
      #expect(Python.statistics.functions.isEmpty)
    }
  }

  @Test func `a call that raises counts`() throws {
    let f = try Python.function("def raising_and_counted(): raise ValueError")
    for _ in 0..<3 { #expect(throws: OperationError.self) { try numpyFunction(f, [], Tout: []) } }
    #expect(try counts(of: "raising_and_counted").calls == 3)
  }
}
