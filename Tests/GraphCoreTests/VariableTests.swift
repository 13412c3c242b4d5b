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

  /// Programs of x that read a variable by `w`, wherever they like, and what w may then do.
  private static let readers:
    [(name: String, @Sendable (Tensor, () throws -> Tensor) throws -> Tensor)] = [
      ("once", { x, w in try x * w() }),
      ("twice", { x, w in try exp(w() * x) * w() }),
      ("map", { x, w in try map(x) { (x: Tensor) -> Tensor in try x * w() * w() } }),
      (
        "map, before it too",
        { x, w in
          let before = try tanh(w())
          return try map(x) { (x: Tensor) -> Tensor in try x * w() * before }
        }
      ),
      (
        "scan",
        { x, w in
          let (last, all) = try scan(w(), over: x) {
            (state: Tensor, x: Tensor) -> (Tensor, Tensor) in
            let next = try tanh(state * w() + x)
            return (next, try next * next)
          }
          return try all + last
        }
      ),
      (
        "a loop",
        { x, w in
          try whileLoop(Tensor(0.0), x) { count, _ in
            try count .< 3
          } body: { count, y in
            (try count + 1, try tanh(y * w()) + w())
          }.1
        }
      ),
      (
        "a loop's condition",
        { x, w in
          try whileLoop(x) {
            try $0.sum() .< w() * 10
          } body: {
            try $0 * w()
          }
        }
      ),
      (
        "a branch",
        { x, w in
          try cond(x.sum() .> 0) {
            try x * w()
          } else: {
            try x * w() * w()
          }
        }
      ),
      (
        "the other branch",
        { x, w in
          try cond(x.sum() .< 0) {
            x
          } else: {
            try x * w() * w()
          } + w()
        }
      ),
      (
        "a branch in a loop in a map",
        { x, w in
          try map(x) { (x: Tensor) -> Tensor in
            try whileLoop(Tensor(0.0), x) { count, _ in
              try count .< 2
            } body: { count, y in
              (
                try count + 1,
                try cond(count .< 1) {
                  try y * w()
                } else: {
                  try y + w() * y
                }
              )
            }.1
          }
        }
      ),
      ("none", { x, w in try map(x) { (x: Tensor) -> Tensor in try x * 2 } }),
      (
        "where it does not count",
        { x, w in try map(x) { (x: Tensor) -> Tensor in try x * stopGradient(w()) } + w() }
      ),
    ]

  @Test(arguments: readers.indices)
  func `a gradient counts the reads in bodies, as if the variable were an input`(row: Int) throws {
    let program = Self.readers[row].1
    let x = try Tensor([0.5, -0.25, 1.5])
    let value = Tensor(1.25)
    let variable = try Variable(value, name: "w")
    // What the same program says of an input, of first and of second order.
    let known = try GraphFunction(list: { (inputs: [Tensor]) in
      let (x, w) = (inputs[0], inputs[1])
      let y = try program(x) { w }
      let slopes = try gradient(of: y, with: [w, x])
      let slope = try slopes[0] ?? 0 * w
      return try [y, slope, slopes[1] ?? x, gradient(of: slope, with: w) ?? 0 * w]
    }).run([x, value])
    let found = try GraphFunction(list: { (inputs: [Tensor]) in
      let x = inputs[0]
      let y = try program(x) { try variable.value }
      let zero = try 0 * variable.value
      let slope = try gradient(of: y, with: variable) ?? zero
      return try [
        y, slope, gradient(of: y, with: x) ?? x, gradient(of: slope, with: variable) ?? zero,
      ]
    }).run([x])
    for (found, known) in zip(found, known) {
      #expect(found.shape == known.shape)
      for (a, b) in try zip(found.doubles, known.doubles) { #expect(abs(a - b) < 1e-12) }
    }
    let eager = try valueAndGradient(with: [variable]) {
      try program(x) { try variable.value }.sum()
    }
    #expect(try abs(eager.value.doubles[0] - known[0].doubles.reduce(0, +)) < 1e-12)
    #expect(try abs((eager.gradients[0] ?? Tensor(0.0)).doubles[0] - known[1].doubles[0]) < 1e-12)
  }

  @Test func `a read after an assignment is of the new value`() throws {
    let w = try Variable(Tensor(2.0), name: "w")
    let unread = try Variable(Tensor([1.0, 2]), name: "unread")
    let f = try GraphFunction(
      inputSignature: [TensorSpec(dtype: .float64)],
      list: { inputs in
        let y = try map(inputs[0]) { (x: Tensor) -> Tensor in
          let y = try w.value * w.value * x
          try w.add(1)
          return y
        }
        let slopes = try gradient(of: y, with: [w, unread, w])
        #expect(slopes[1] != nil)
        return slopes.map { $0 ?? Tensor(0.0) }
      })
    // 2w at 2, 3 and 4.
    let slopes = try f.run([Tensor([1.0, 10, 100])])
    #expect(try slopes[0].doubles == [4 + 60 + 800])
    #expect(try slopes[1].doubles == [0, 0])
    #expect(try slopes[2].doubles == [864])
    #expect(try w.value.doubles == [5])
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
