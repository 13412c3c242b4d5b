internal import GraphCore
internal import PythonBridge
internal import TensorCore

extension PythonModule {
  /// The functions behind the class `Variable`.
  ///
  /// In Python a variable is an opaque tensor object, which can only be passed back to these
  /// functions.
  static var variableFunctions: [PyEntry] {
    [
      // takes a tensor, the shape of later values (None for the shape of the tensor), and a name
      PyEntry("variable") { arguments, gil in
        let value = try arguments.tensor(0, gil)
        let shape = try arguments.isNone(1) ? nil : Shape(python: arguments.object(1, gil))
        let variable = try Variable(value, shape: shape, name: arguments.string(2, gil))
        return PythonObject(try PyTensor.wrap(Tensor(object: variable), gil))
      },
      // takes a variable, and whether recorded code records the read; returns the value
      PyEntry("read_variable") { arguments, gil in
        let variable = try arguments.variable(0, gil)
        let isRecorded = try arguments.bool(1, gil)
        let place = PythonPlace.current(gil)
        let value = try gil.released {
          isRecorded || Recorder.active != nil
            ? try variable.read(at: place.location) : variable.current
        }
        return PythonObject(try PyTensor.wrap(value, gil))
      },
      // the current value, even while a function is traced
      PyEntry("current_value") { arguments, gil in
        PythonObject(try PyTensor.wrap(arguments.variable(0, gil).current, gil))
      },
      PyEntry("assign_variable") { arguments, gil in
        let variable = try arguments.variable(0, gil)
        let value = try arguments.tensor(1, gil)
        let place = PythonPlace.current(gil)
        try gil.released { try variable.assign(value, file: place.file, line: place.line) }
        return try Python.none
      },
      // takes a target, variables, and an upstream gradient or None; returns a list of gradients
      // and Nones
      PyEntry("variable_gradient") { arguments, gil in
        let variables = try arguments.operands(1, gil).map { try $0.tensor.variable }
        return try gradients(arguments, gil) { target, upstream, place in
          try gradient(
            of: target, with: variables, upstream: upstream, file: place.file, line: place.line)
        }
      },
    ]
  }
}

extension PyArguments {
  /// An argument that is a variable.
  fileprivate func variable(_ index: Int, _ gil: borrowing GIL) throws -> Variable {
    try tensor(index, gil).variable
  }
}

extension Tensor {
  /// The variable inside this tensor object.
  fileprivate var variable: Variable {
    get throws {
      guard let variable = object as? Variable else {
        throw Python.error("TypeError", "a variable was expected, not \(TensorSpec(of: self))")
      }
      return variable
    }
  }
}
