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

  @Test func `an operator names the line of its graph while tracing`() throws {
    let line = #line + 2
    let error = try error {
      try GraphFunction(inputSignature: [mixed, other]) { x, y in
        let z = try x + x
        return try z * y
      }
    }
    let location = try #require(error.location)
    #expect(location.file.hasSuffix("OperationErrorTests.swift"))
    #expect(!location.isExact)
    #expect(abs(location.line - line) < 2)
    #expect(
      error.description.hasPrefix(
        "multiply (in the graph function begun at GraphCoreTests/OperationErrorTests.swift:"))
    #expect(error.description.contains("shapes [2] and [3] do not"))
  }

  @Test func `an operator names the line before it in a run`() throws {
    let line = #line + 2
    let f = try GraphFunction(inputSignature: [float, float]) { x, y in
      let a = try x.asType(.float64)
      let b = try y.asType(.float64)
      return try a * b
    }
    let error = try error { try f([1, 2], [1, 2, 3]) }
    #expect(error.node == "multiply")
    #expect(error.location?.line == line + 1)
    #expect(
      error.description.hasPrefix(
        "multiply (after GraphCoreTests/OperationErrorTests.swift:\(line + 1), in the graph "
          + "function begun at GraphCoreTests/OperationErrorTests.swift:\(line - 1)): shapes"))
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

  @Test func `a literal that does not fit names operator and graph`() throws {
    let line = #line + 2
    let error = try error {
      try GraphFunction(inputSignature: [TensorSpec(dtype: .int8)]) { x in
        let y = try x + 300
        return y
      }
    }
    #expect(error.operation == "add")
    #expect(error.location.map { abs($0.line - line) < 2 } == true)
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

  @Test(arguments: DType.allCases.filter { $0 != .bool && $0 != .string })
  func `a divisor that is zero is refused, in a graph when it runs`(dtype: DType) throws {
    let (whole, zero) = try (
      Tensor([1, 2]).casting(to: dtype), Tensor([1, 0]).casting(to: dtype)
    )
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: dtype)]) {
      try ensureNotZero($0, "the divisor")
    }
    for run in [{ try ensureNotZero($0, "the divisor") }, { try f($0) }] as [Unary] {
      #expect(try run(whole) == whole)
      let error = #expect(throws: OperationError.self) { try run(zero) }
      #expect(error?.code == .invalidArgument)
      #expect(error?.message.contains("the divisor is zero") ?? false)
    }
  }
}
