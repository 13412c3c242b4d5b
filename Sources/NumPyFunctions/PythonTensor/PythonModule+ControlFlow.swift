internal import GraphCore
internal import PythonBridge
internal import TensorCore

extension PythonModule {
  /// Branches and loops of a graph, whose closures are Python functions of lists of tensors that return
  /// lists of tensors.
  static var controlFlowFunctions: [PyEntry] {
    [
      PyEntry("cond") { arguments, gil in
        let condition = try arguments.tensor(0, gil)
        let (then, otherwise) = try (arguments.object(1, gil), arguments.object(2, gil))
        let place = PythonPlace.current(gil)
        let results: [Tensor] = try gil.releasedHeedingSignals {
          try cond(condition, file: place.file, line: place.line) {
            try call(then, [])
          } else: {
            try call(otherwise, [])
          }
        }
        return try list(results, gil)
      },
      PyEntry("while_loop") { arguments, gil in
        let (condition, body) = try (arguments.object(0, gil), arguments.object(1, gil))
        let initial = try arguments.operands(2, gil).map(\.tensor)
        let most = try arguments.isNone(3) ? nil : arguments.int(3, gil)
        let place = PythonPlace.current(gil)
        let results: [Tensor] = try gil.releasedHeedingSignals {
          try whileLoop(
            initial, maximumIterations: most, file: place.file, line: place.line,
            { state in
              let answer = try call(condition, state)
              guard answer.count == 1 else {
                throw Python.error("TypeError", "the condition of a loop must return one tensor")
              }
              return answer[0]
            }, body: { try call(body, $0) })
        }
        return try list(results, gil)
      },
      PyEntry("map_fn") { arguments, gil in
        let body = try arguments.object(0, gil)
        let elements = try arguments.operands(1, gil).map(\.tensor)
        let place = PythonPlace.current(gil)
        let results: [Tensor] = try gil.releasedHeedingSignals {
          try map(list: elements, file: place.file, line: place.line) { try call(body, $0) }
        }
        return try list(results, gil)
      },
    ]
  }

  /// Calls a Python function of a list of tensors that returns a list of tensors.
  static func call(_ body: PythonObject, _ inputs: [Tensor]) throws -> [Tensor] {
    try GIL.held { gil in
      let results = try [PythonObject](body(list(inputs, gil)))
      return try results.map { result in
        guard let tensor = PyTensor.tensor(of: result.reference, gil) else {
          throw Python.error("TypeError", "a traced function must return tensors")
        }
        return tensor
      }
    }
  }

  /// A Python list of tensors.
  static func list(_ tensors: [Tensor], _ gil: borrowing GIL) throws -> PythonObject {
    try PythonObject(list: tensors.map { PythonObject(try PyTensor.wrap($0, gil)) })
  }
}
