import NumPyFunctions
import Testing

/// How often a function is called (rule 22 of the contract).
@Suite struct EffectTests {
  private let count: PythonObject
  private let log: PythonObject

  init() throws {
    log = try Python.evaluate("[]")
    count = try Python.function(
      "def make(log):\n  return lambda x: (log.append(int(x)), x)[1]", named: "make")(log)
  }

  private var calls: [Int] { get throws { try [Int](log) } }

  @Test(arguments: [(Effects.ordered, 1), (.unordered, 1), (.pure, 1)])
  func `rule 22: a function whose result is used is called once a run`(
    effects: Effects, expected: Int
  ) throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { x in
      try numpyFunction(count, [x], Tout: .int64, effects: effects) + 1
    }
    for number in 1...3 { #expect(try Int(f(number)) == number + 1) }
    #expect(try calls.count == 3 * expected)
  }

  @Test(arguments: [(Effects.ordered, 1), (.unordered, 1), (.pure, 0)])
  func `rule 22: a function whose result is not used is called unless it is pure`(
    effects: Effects, expected: Int
  ) throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { x in
      try numpyFunction(count, [x], Tout: .int64, effects: effects)
      return x
    }
    for number in 1...3 { #expect(try Int(f(number)) == number) }
    #expect(try calls.count == 3 * expected)
  }

  @Test func `rule 22: a pure function of constants is called once for all runs`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { x in
      try numpyFunction(count, [Tensor(5)], Tout: .int64, effects: .pure) + x
    }
    for number in 1...3 { #expect(try Int(f(number)) == number + 5) }
    #expect(try calls == [5])
  }

  @Test func `rule 22: equal calls of a pure function are made once`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { x in
      try numpyFunction(count, [x], Tout: .int64, effects: .pure)
        * numpyFunction(count, [x], Tout: .int64, effects: .pure)
    }
    #expect(try Int(f(3)) == 9)
    #expect(try calls == [3])
  }

  @Test func `rule 22: calls that differ are made each`() throws {
    let other = try Python.evaluate("lambda x: x")
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { x in
      try [
        numpyFunction(count, [x], Tout: .int64, effects: .pure),
        numpyFunction(count, [x], Tout: .int64, effects: .pure, casting: .sameKind),
        numpyFunction(count, [x], Tout: TensorSpec(shape: [], dtype: .int64), effects: .pure),
        numpyFunction(count, [x], Tout: .int64, effects: .unordered),
        numpyFunction(other, [x], Tout: .int64, effects: .pure),
      ]
    }
    #expect(try f(3).map { try Int($0) } == [3, 3, 3, 3, 3])
    #expect(try calls == [3, 3, 3, 3])
    #expect(try f.optimizedGraph.nodes.count == 6)
  }

  @Test func `rule 22: ordered functions are called in the order they were written`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { x in
      for number in 0..<10 { try numpyFunction(count, [x + Tensor(number)], Tout: .int64) }
      return x
    }
    #expect(try Int(f(100)) == 100)
    #expect(try calls == Array(100..<110))
  }

  @Test func `rule 3: outside a graph every function runs at once, whatever its effects`() throws {
    for effects in [Effects.ordered, .unordered, .pure] {
      try numpyFunction(count, [1], Tout: .int64, effects: effects)
    }
    #expect(try calls.count == 3)
  }
}
