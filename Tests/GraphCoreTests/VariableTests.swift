import GraphCore
import NumPyFunctions
import TensorCore
import Testing

@Suite struct VariableTests {
  @Test func `a value lives across the calls of a graph`() throws {
    let total = try Variable(Tensor([0.0, 0]), name: "total")
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try total.add(x)
      return try total.value * 2
    }
    #expect(try f([1.0, 2]).doubles == [2, 4])
    #expect(try f([1.0, 2]).doubles == [4, 8])
    #expect(try total.value.doubles == [2, 4])
    try total.assign(Tensor([7.0, 7]))
    #expect(try f(1.0).doubles == [16, 16])
  }

  @Test func `reads and assignments happen in order, also with callbacks`() throws {
    let v = try Variable(Tensor(1, dtype: .int64))
    let log = try PythonObject([Int]())
    let note = try Python.evaluate("lambda x: log.append(int(x))", ["log": log])
    let f = try GraphFunction(
      inputSignature: [],
      list: { _ -> [Tensor] in
        let before = try v.value
        try numpyFunction(note, [before], Tout: [DType]())
        try v.assign(v.value + 1)
        try numpyFunction(note, [v.value], Tout: [DType]())
        try v.assign(10 * v.value)
        return try [before, v.value]
      })
    #expect(try f().map { try Int64($0) } == [1, 20])
    #expect(try f().map { try Int64($0) } == [20, 210])
    #expect(try [Int](log) == [1, 2, 20, 21])
  }

  @Test func `what is read stays as it was`() throws {
    let v = try Variable(Tensor([1.0, 2]))
    let old = try v.value
    try v.add(Tensor([1.0, 1]))
    #expect(try old.doubles == [1, 2])
    #expect(try v.value.doubles == [2, 3])
  }

  @Test func `a loop and a branch may assign`() throws {
    let v = try Variable(Tensor([0.0]))
    let f = try GraphFunction(inputSignature: [
      TensorSpec(dtype: .bool), TensorSpec(dtype: .float64),
    ]) { p, x in
      try cond(p) {
        try map(x) { element in
          try v.add(element)
          return try v.value
        }
      } else: {
        x
      }
    }
    #expect(try f(true, [[1.0], [2], [3]]).doubles == [1, 3, 6])
    #expect(try f(false, [[1.0], [2], [3]]).doubles == [1, 2, 3])
    #expect(try v.value.doubles == [6])
  }

  @Test func `another dtype or shape is refused, when the graph is built if it is known`() throws {
    let v = try Variable(Tensor([1.0, 2]), name: "w")
    for wrong in [try Tensor([1, 2], dtype: .float32), try Tensor([1.0])] {
      let error = #expect(throws: OperationError.self) { try v.assign(wrong) }
      #expect(error?.code == .invalidArgument)
      #expect(error?.message.contains("'w'") == true)
      #expect(throws: OperationError.self) {
        try GraphFunction(
          inputSignature: [],
          list: { _ -> [Tensor] in
            try v.assign(wrong)
            return []
          })
      }
    }
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x -> [Tensor] in
      try v.assign(x)
      return []
    }
    #expect(throws: OperationError.self) { try f([1.0]) }
    #expect(try v.value.doubles == [1, 2])
    let free = try Variable(Tensor([1.0]), shape: .unknown)
    try free.assign(Tensor([[1.0, 2]]))
    #expect(try free.value.shape == [1, 2])
    #expect(throws: GraphError.self) { try Variable(Tensor([1.0]), shape: [2]) }
  }

  @Test func `a gradient with respect to a variable adds up all its reads`() throws {
    let w = try Variable(Tensor([2.0, -1]), name: "w")
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      let y = try w.value * x * w.value
      guard let slope = try gradient(of: y, with: w) else { throw Refusal() }
      try w.subtract(0.5 * slope)
      return slope
    }
    #expect(try f([1.0, 3]).doubles == [4, -6])
    #expect(try w.value.doubles == [0, 2])
  }

  @Test func `a variable that is read inside a body is not forgotten in silence`() throws {
    let w = try Variable(Tensor(2.0), name: "w")
    let error = #expect(throws: OperationError.self) {
      try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
        let y = try map(x) { try $0 * w.value }
        return try gradient(of: y, with: w) ?? x
      }
    }
    #expect(error?.description.contains("read its value before") == true)
  }

  @Test func `threads may use one variable`() async throws {
    let v = try Variable(Tensor([0.0, 0]))
    let pairs = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try v.assign(x)
      return try v.value
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for step in 0..<200 {
            let number = Double(task * 1000 + step)
            let value = try pairs([number, number]).doubles
            #expect(value[0] == value[1])
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
