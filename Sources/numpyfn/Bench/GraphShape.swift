internal import NumPyFunctions

/// A family of graphs of one shape, with any number of nodes.
struct GraphShape: Sendable {
  /// The description of its nodes: `a chain of additions`.
  let name: String
  /// The name of the file: `chain`.
  let file: String
  /// The input signature for about `count` nodes.
  let signature: @Sendable (_ count: Int) -> [TensorSpec]
  /// Creates a body of about `count` nodes.
  let body: @Sendable (PythonWork, _ count: Int) throws -> Body

  typealias Body = @Sendable (_ inputs: [Tensor]) throws -> [Tensor]

  /// A shape with any inputs.
  init(
    _ name: String, file: String, signature: @escaping @Sendable (Int) -> [TensorSpec],
    body: @escaping @Sendable (PythonWork, _ count: Int) throws -> Body
  ) {
    (self.name, self.file, self.signature, self.body) = (name, file, signature, body)
  }

  /// A shape with one float32 scalar as input.
  init(
    _ name: String, file: String,
    body: @escaping @Sendable (_ x: Tensor, _ count: Int) throws -> Tensor
  ) {
    self.init(name, file: file, signature: Self.scalar) { _, count in
      { [try body($0[0], count)] }
    }
  }

  private static let scalar: @Sendable (Int) -> [TensorSpec] = { _ in
    [TensorSpec(shape: [], dtype: .float32)]
  }

  static let all = flat + wide + nested

  private static let flat = [
    GraphShape("a chain of additions", file: "chain") { x, count in
      try (0..<count / 2).reduce(x) { y, _ in try y + 1 }
    },
    GraphShape("a chain of products with one tensor", file: "products") { x, count in
      try (0..<count).reduce(x) { y, _ in try y * x }
    },
    GraphShape("the gradient of a chain of products", file: "slope") { x, count in
      let y = try (0..<count / 3).reduce(x) { y, _ in try y * x }
      return try gradient(of: y, with: x) ?? y
    },
    GraphShape("a chain of reshapes and reductions", file: "shapes") { x, count in
      try (0..<count / 2).reduce(x) { y, _ in try y.reshaped(to: [1]).sum() }
    },
    GraphShape("a chain of calls of a Python function", file: "callbacks", signature: scalar) {
      work, count in
      let function = try work("identity")
      let scalar = TensorSpec(shape: [], dtype: .float32)
      return { inputs in
        [
          try (0..<count).reduce(inputs[0]) { y, _ in
            try numpyFunction(function, [y], Tout: scalar, gradient: { [try $0.upstream * 2] })
          }
        ]
      }
    },
  ]

  private static let wide = [
    GraphShape("a tree of sums of different products", file: "tree") { x, count in
      var level = try (0..<count / 3).map { try x * Tensor(Float($0)) }
      while level.count > 1 {
        level = try stride(from: 0, to: level.count, by: 2).map {
          $0 + 1 < level.count ? try level[$0] + level[$0 + 1] : level[$0]
        }
      }
      return level[0]
    },
    GraphShape("a stack of sines of one tensor", file: "stack") { x, count in
      try stack((0..<count).map { _ in try sin(x) }).sum()
    },
    GraphShape("a stack of different constants", file: "constants") { x, count in
      try stack((0..<count).map { Tensor(Float($0)) } + [x]).sum()
    },
    GraphShape("the pieces of one tensor", file: "pieces") { x, count in
      let pieces = try (x + zeros([count / 2])).split(into: count / 2)
      return try stack(pieces.map { try $0.sum() }).sum()
    },
    GraphShape(
      "inputs of one name, each with a result", file: "inputs",
      signature: { count in
        [TensorSpec](
          repeating: TensorSpec(shape: [], dtype: .float32, name: "x"), count: count / 2)
      },
      body: { _, _ in { try $0.map { try -$0 } } }),
    GraphShape(
      "inputs of named extents, in pairs", file: "extents",
      signature: { count in
        (0..<count / 3).map { index in
          TensorSpec(shape: [Extent("n\(index / 2)")], dtype: .float32, name: "x\(index)")
        }
      },
      body: { _, _ in
        { inputs in
          try stride(from: 0, to: inputs.count, by: 2).map {
            try (inputs[$0] * inputs[min($0 + 1, inputs.count - 1)]).sum()
          }
        }
      }),
    GraphShape("products with different variables", file: "variables", signature: scalar) {
      _, count in
      let variables = try (0..<count / 2).map { try Variable(Tensor(Float($0)), name: "v") }
      return { inputs in
        [try stack(variables.map { try $0.value * inputs[0] }).sum()]
      }
    },
  ]

  private static let nested = [
    GraphShape("a chain of conditions", file: "conditions") { x, count in
      try (0..<count / 8).reduce(x) { y, _ in
        try cond(y .> 0) {
          try y * x
        } else: {
          try y - x
        }
      }
    },
    GraphShape("a chain of conditions in conditions", file: "depth") { x, count in
      let depth = 30
      @Sendable func nest(_ y: Tensor, _ depth: Int) throws -> Tensor {
        if depth == 0 { return try y * x }
        return try cond(y .> 0) {
          try nest(y + x, depth - 1)
        } else: {
          y
        }
      }
      return try (0..<max(1, count / (8 * depth))).reduce(x) { y, _ in try nest(y, depth) }
    },
    GraphShape("a condition that uses many tensors", file: "captures") { x, count in
      let outer = try (0..<count / 2).map { _ in try x * x }
      return try cond(x .> 0) {
        try stack(outer).sum()
      } else: {
        x
      }
    },
    GraphShape("a loop with a long body", file: "body") { x, count in
      try whileLoop(x) { y in
        try y.sum() .< 0
      } body: { y in
        try (0..<count / 2).reduce(y) { y, _ in try y + x }
      }
    },
    GraphShape("a loop with many carries", file: "carries") { x, count in
      let first = [Tensor](repeating: x, count: count / 4)
      return try stack(
        whileLoop(first) { state in
          try state[0] .< 4
        } body: { state in
          try state.indices.map { try state[$0] + state[max(0, $0 - 1)] }
        }
      ).sum()
    },
    GraphShape("a chain of maps", file: "maps") { x, count in
      try (0..<count / 8).reduce(x) { y, _ in
        try map(y + zeros([2])) { try $0 * x }.sum()
      }
    },
    GraphShape("a scan with a long body", file: "scan") { x, count in
      let (last, all) = try scan(x, over: x + zeros([2])) { state, element in
        let next = try (0..<count / 2).reduce(state) { y, _ in try y * element }
        return (next, next)
      }
      return try last + all.sum()
    },
  ]
}
