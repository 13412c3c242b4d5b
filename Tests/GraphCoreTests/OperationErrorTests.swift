import GraphCore
import TensorCore
import Testing

@Suite struct OperationErrorTests {
  let float = TensorSpec(dtype: .float32)
  let mixed = TensorSpec(shape: [2], dtype: .float32)
  let other = TensorSpec(shape: [3], dtype: .float32)

  private func error(_ body: () throws -> some Any) throws -> OperationError {
    try #require(#expect(throws: OperationError.self) { _ = try body() })
  }

  @Test func `an operator names its line while tracing`() throws {
    var line = 0
    let error = try error {
      try GraphFunction(inputSignature: [mixed, other]) { x, y in
        let z = try x + x
        line = #line + 1
        let w = try z * y
        return w
      }
    }
    let location = try #require(error.location)
    #expect(location.file.hasSuffix("OperationErrorTests.swift"))
    #expect(location.line == line)
    #expect(location.isExact)
    #expect(
      error.description.hasPrefix(
        "multiply (GraphCoreTests/OperationErrorTests.swift:\(line)): shapes [2] and [3] do not"))
  }

  @Test func `an operator names its line in a run`() throws {
    let line = #line + 4
    let f = try GraphFunction(inputSignature: [float, float]) { x, y in
      let a = try x * x
      let b =
        try a * y
      return b
    }
    let error = try error { try f([1, 2], [1, 2, 3]) }
    #expect(error.node == "multiply_1")
    #expect(error.location?.line == line)
    #expect(
      error.description.hasPrefix(
        "multiply 'multiply_1' (GraphCoreTests/OperationErrorTests.swift:\(line)): shapes [2] and"))
  }

  @Test func `each operator finds its caller`() throws {
    let line = #line + 2
    let f = try GraphFunction(inputSignature: [float, float]) { x, y in
      var list = [try x + y]
      list.append(try x - y)
      list.append(try x * y)
      list.append(try x / y)
      list.append(try -x)
      list.append(try x + 1)
      return list
    }
    let nodes = try f.graph.nodes.filter { !["input", "constant"].contains($0.operation.name) }
    #expect(nodes.map(\.location.line) == Array(line...(line + 5)))
    #expect(nodes.allSatisfy { $0.location.isExact })
  }

  @Test func `an operator in a function of the user's names the function's line`() throws {
    let line = #line + 2
    func square(_ x: Tensor) throws -> Tensor {
      let y = try x * x
      return y
    }
    let f = try GraphFunction(inputSignature: [float]) { x in try square(x) }
    #expect(try f.graph.nodes[1].location.line == line)
  }

  @Test func `a function with a location of its own names that`() throws {
    let f = try GraphFunction(inputSignature: [float]) { x in
      let y = try x.asType(.int8, file: "Module/main.swift", line: 12)
      return try Negate().apply(
        to: [y], name: "minus", at: SourceLocation(file: "Module/main.swift", line: 13))[0]
    }
    #expect(try f.graph.nodes.map(\.location.line).suffix(2) == [12, 13])
    #expect(try f.graph.nodes[2].location.description == "Module/main.swift:13")
  }

  @Test func `an operator outside of a graph has no line`() throws {
    let x = try Tensor([1, 2])
    let error = try error { try x + Tensor([1, 2, 3]) }
    #expect(error.location == nil)
    #expect(error.description.hasPrefix("add: shapes [2] and [3] do not broadcast"))
  }

  @Test func `a literal that does not fit names operator and line`() throws {
    let line = #line + 3
    let error = try error {
      try GraphFunction(inputSignature: [TensorSpec(dtype: .int8)]) { x in
        let y = try x + 300
        return y
      }
    }
    #expect(error.operation == "add")
    #expect(error.location?.line == line)
  }

  @Test func `a coded error keeps its code, another is unknown`() throws {
    let out = Custom(kernel: { _ in throw TensorError(.outOfRange, "stop") })
    let plain = Custom(name: "plain", kernel: { _ in throw Refusal() })
    let first = try error { try out.apply(to: [], at: SourceLocation(file: "a/b.swift", line: 1)) }
    #expect(first.code == .outOfRange && first.description == "custom (a/b.swift:1): stop")
    let second = try error { try plain.apply(to: [], at: SourceLocation(file: "c.swift", line: 2)) }
    #expect(second.code == .unknown && second.description == "plain (c.swift:2): no")
    #expect(second.underlying is Refusal)
  }

  @Test func `an inner graph's error keeps the innermost place, and notes the outer`() throws {
    let inner = try GraphFunction(inputSignature: [float, float]) { x, y in try x * y }
    let call = Custom(name: "call", specs: { [$0[0]] }, kernel: { [try inner.run($0)] })
    let outer = try GraphFunction(inputSignature: [float, float]) { x, y in
      try call.apply(to: [x, y], at: SourceLocation(file: "a/b.swift", line: 1))[0]
    }
    let error = try error { try outer([1, 2], [1, 2, 3]) }
    #expect(error.operation == "multiply")
    #expect(error.underlying is TensorError)
    #expect(error.outer == ["call (a/b.swift:1)"])
    #expect(error.description.hasSuffix("\n  inside call (a/b.swift:1)"))
  }
}
