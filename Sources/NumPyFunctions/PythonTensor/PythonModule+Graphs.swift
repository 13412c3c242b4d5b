internal import GraphCore
internal import PythonBridge
internal import TensorCore

extension PythonModule {
  /// Graph functions, and callbacks in them.
  static var graphFunctions: [PyEntry] {
    [
      // of a function of a list of tensors, specs, a name, a file and a line: the traced graph as a
      // function of a list of tensors
      PyEntry("trace") { arguments, gil in
        let body = try arguments.object(0, gil)
        let specs = try arguments.specs(1, gil)
        let name = try arguments.string(2, gil)
        let (file, line) = try (arguments.string(3, gil), arguments.int(4, gil))
        let graph = try gil.released {
          try GraphFunction(
            inputSignature: specs, name: name, file: file, line: line,
            list: { inputs in try trace(body, inputs) })
        }
        return try PyFunction.object(name, gil) { arguments, gil in
          let inputs = try arguments.operands(0, gil).map(\.tensor)
          let results = try gil.released { try graph.run(inputs) }
          return try PythonObject(list: results.map { PythonObject(try PyTensor.wrap($0, gil)) })
        }
      },
      // of a function, tensors, specs, whether it is stateful, and a name or None
      PyEntry("numpy_function") { arguments, gil in
        let function = try arguments.object(0, gil)
        let inputs = try arguments.operands(1, gil).map(\.tensor)
        let specs = try arguments.specs(2, gil)
        let effects: Effects = try arguments.bool(3, gil) ? .ordered : .pure
        let name = try arguments.isNone(4) ? nil : arguments.string(4, gil)
        let line = Line(PythonPlace.current(gil))
        let results = try gil.released {
          try numpyFunction(
            function, inputs, Tout: specs, effects: effects, name: name, file: line.file,
            line: line.line)
        }
        return try PythonObject(list: results.map { PythonObject(try PyTensor.wrap($0, gil)) })
      },
    ]
  }

  /// Calls a Python function of a list of tensors that returns a list of tensors.
  private static func trace(_ body: PythonObject, _ inputs: [Tensor]) throws -> [Tensor] {
    try GIL.held { gil in
      let list = try PythonObject(list: inputs.map { PythonObject(try PyTensor.wrap($0, gil)) })
      let results = try [PythonObject](body(list))
      return try results.map { result in
        guard let tensor = PyTensor.tensor(of: result.reference, gil) else {
          throw Python.error("TypeError", "a traced function must return tensors")
        }
        return tensor
      }
    }
  }
}

extension PyArguments {
  /// An argument that is a list of specs: tuples of a shape, a dtype and a name or None.
  func specs(_ index: Int, _ gil: borrowing GIL) throws -> [TensorSpec] {
    try list(index, gil).map { spec in
      let parts = try [PythonObject](spec)
      let extents = parts[0].isNone ? nil : try [Int?](parts[0])
      guard let dtype = DType(name: try String(parts[1])) else {
        throw Python.error("TypeError", "no tensor has the dtype \(parts[1])")
      }
      let shape = extents.map { Shape($0) }
      return TensorSpec(shape: shape ?? .unknown, dtype: dtype, name: try String?(parts[2]))
    }
  }
}
