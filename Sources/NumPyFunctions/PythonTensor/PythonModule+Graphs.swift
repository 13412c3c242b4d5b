internal import GraphCore
internal import PythonBridge
internal import TensorCore

extension PythonModule {
  /// Graph functions, and callbacks in them.
  static var graphFunctions: [PyEntry] {
    [
      // the reason why an object is not a valid result of a function
      PyEntry("misfit") { arguments, gil in
        let misfit = Misfit(of: try arguments.object(0, gil), isResult: true, gil)
        return try PythonObject(misfit.returned.text(in: .python))
      },
      // takes a function of a list of tensors, specs, a name, a file, a line, and whether to optimise (true
      // by default); returns the traced graph as a function of a list of tensors, and whether it calls Python
      PyEntry("trace") { arguments, gil in
        let body = try arguments.object(0, gil)
        let specs = try arguments.specs(1, gil)
        let name = try arguments.string(2, gil)
        let (file, line) = try (arguments.string(3, gil), arguments.int(4, gil))
        let optimizes = try arguments.isNone(5) || arguments.bool(5, gil)
        let graph = try gil.released {
          try GraphOptions.$current.withValue(GraphOptions(optimizes: optimizes)) {
            try GraphFunction(
              inputSignature: specs, name: name, file: file, line: line,
              list: { inputs in try call(body, inputs) })
          }
        }
        // Python's garbage collector must see these references, since a function may refer to the object that
        // the graph belongs to.
        let references = try graph.graph.kept.compactMap { kept in
          kept.isShared ? nil : kept.object as? PythonReference
        }
        let function = try PythonExport.object(name, gil, holding: references) { arguments, gil in
          let inputs = try arguments.operands(0, gil).map(\.tensor)
          let function = arguments.function
          let results = try gil.releasedHeedingSignals { try graph.run(inputs, owner: function) }
          return try list(results, gil)
        }
        return try PythonObject(list: [function, !references.isEmpty])
      },
      // takes a function, tensors, the names of the last of them, specs and their structure, a list of
      // effects, access, kind of strings and casting, a name or None, and a gradient or None
      PyEntry("numpy_function") { arguments, gil in
        let function = try arguments.object(0, gil)
        let inputs = try arguments.operands(1, gil).map(\.tensor)
        let names = try arguments.names(2, of: inputs.count, gil)
        let declared = try arguments.declaredResults(3, 4, gil)
        let (effects, options) = try arguments.callbackOptions(5, gil)
        let gradientFunction = try arguments.isNone(7) ? nil : arguments.object(7, gil)
        let name = try arguments.isNone(6) ? nil : arguments.string(6, gil)
        let place = PythonPlace.current(gil)
        let results = try gil.released {
          try callback(
            function, inputs, named: names, declared: declared, effects, options,
            gradientFunction.map(callbackGradient), name, place.location,
            alone: [function, gradientFunction].compactMap { $0?.reference })
        }
        return try list(results, gil)
      },
      // takes a function, tensors, the names of the last of them, specs and their structure, effects, whether
      // a gradient calls it again, and a name or None
      PyEntry("py_function") { arguments, gil in
        let function = try arguments.object(0, gil)
        let inputs = try arguments.operands(1, gil).map(\.tensor)
        let names = try arguments.names(2, of: inputs.count, gil)
        let declared = try arguments.declaredResults(3, 4, gil)
        let effects = try Effects(python: arguments.string(5, gil))
        let rematerializes = try arguments.bool(6, gil)
        let name = try arguments.isNone(7) ? nil : arguments.string(7, gil)
        let place = PythonPlace.current(gil)
        let results = try gil.released {
          try tensorCallback(
            function, inputs, named: names, declared: declared, effects,
            rematerializes: rematerializes, name, place.location, alone: [function.reference])
        }
        return try list(results, gil)
      },
    ]
  }
}

extension OperationRecorder {
  /// Keeps references that only operations of the graph own.
  func keepAlone(_ references: [PythonReference]) {
    for reference in references { keep(reference, isShared: false) }
  }
}

extension PythonModule {
  /// A gradient that calls a Python function of upstream gradients, inputs and results, which
  /// returns a tensor or None for each input.
  private static func callbackGradient(_ function: PythonObject) -> CallbackGradient {
    { request in
      let upstreams = try zip(request.gradients, request.results).map { gradient, result in
        try gradient ?? zerosLike(result)
      }
      return try GIL.held { gil in
        let answers = try [PythonObject](
          function(list(upstreams, gil), list(request.inputs, gil), list(request.results, gil)))
        return try answers.map { answer in
          if answer.isNone { return nil }
          guard let tensor = PyTensor.tensor(of: answer.reference, gil) else {
            throw Python.error("TypeError", "a gradient must be a tensor, or None")
          }
          return tensor
        }
      }
    }
  }
}

extension PyArguments {
  /// An argument that is a list of specs: tuples of a shape, a dtype and a name or None.
  func specs(_ index: Int, _ gil: borrowing GIL) throws -> [TensorSpec] {
    try list(index, gil).map { spec in
      let parts = try [PythonObject](spec)
      guard parts.count == 3 else {
        throw Python.error(
          "TypeError",
          "a spec is a tuple of a shape, a dtype and a name or None, not one of \(parts.count) parts"
        )
      }
      guard let dtype = DType(name: try String(parts[1])) else {
        throw Python.error("TypeError", "no tensor has the dtype \(parts[1])")
      }
      return TensorSpec(
        shape: try Shape(python: parts[0]), dtype: dtype, name: try String?(parts[2]))
    }
  }
}

extension PythonExport: GraphOwner {
  package func reference() throws -> any AnyObject & Sendable {
    try GIL.held { gil in try reference(gil) }
  }
}

extension GIL {
  /// Calls Swift code without the GIL.
  ///
  /// Its loops end when a Python signal handler raises, for example at Ctrl-C.
  borrowing func releasedHeedingSignals<R>(_ body: () throws -> R) rethrows -> R {
    let interruption = Interruption { try GIL.held { gil in try gil.handleSignals() } }
    return try released { try Interruption.$current.withValue(interruption) { try body() } }
  }
}
