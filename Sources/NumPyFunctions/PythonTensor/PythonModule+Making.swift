internal import GraphCore
internal import PythonBridge
internal import TensorCore

extension PythonModule {
  /// Functions that create tensors.
  static var makingFunctions: [PyEntry] {
    [
      // takes a value; returns a tensor of the dtype that NumPy gives it
      PyEntry("tensor") { arguments, gil in
        PythonObject(try PyTensor.wrap(try arguments.operand(0, gil).tensor, gil))
      },
      // takes a value, and a dtype or None for the dtype of `tf.constant`
      PyEntry("constant") { arguments, gil in
        let operand = try arguments.operand(0, gil)
        let place = PythonPlace.current(gil)
        guard try !arguments.isNone(1) else {
          return PythonObject(try PyTensor.wrap(try operand.withConstantDType(), gil))
        }
        let dtype = try arguments.dtype(1, gil)
        let tensor = try operand.converted(toConstantOf: dtype, place)
        return PythonObject(try PyTensor.wrap(tensor, gil))
      },
      // takes a shape, a value and a dtype
      PyEntry("full") { arguments, gil in
        let (value, dtype) = try (arguments.operand(1, gil), arguments.dtype(2, gil))
        let shape = try (try? arguments.ints(0, gil)).map { try known($0) }
        let extents = try shape == nil ? [arguments.tensor(0, gil)] : []
        return try arguments.computing([value.tensor] + extents, gil) { place in
          let value = try value.tensor.asType(dtype, file: place.file, line: place.line)
          return try shape.map { try full($0, value, file: place.file, line: place.line) }
            ?? full(extents[0], value, file: place.file, line: place.line)
        }
      },
      // takes tensors: start, stop (exclusive), and step
      PyEntry("range") { arguments, gil in
        let ends = try (0..<3).map { try arguments.operand($0, gil) }
        return try arguments.computing(ends.map(\.tensor), gil) { place in
          let all = try ends.promoted(place)
          return try range(all[0], all[1], step: all[2], file: place.file, line: place.line)
        }
      },
      // takes a value, and the dtype of the elements to which it is assigned
      PyEntry("number") { arguments, gil in
        let value = try arguments.operand(0, allowsLarge: true, gil)
        let dtype = try arguments.dtype(1, gil)
        return try arguments.computing([value.tensor], gil) { place in
          // With bool elements, a Python int must fit int64.
          if dtype == .bool, value.isWeak, value.isLarge || value.tensor.dtype == .uint64 {
            _ = try value.converted(to: .int64, place)
          }
          return try value.assigned(to: dtype, place)
        }
      },
      PyEntry("dlpack") { arguments, gil in
        try PyTensor.dlpack(
          arguments.object(0, gil), isVersioned: arguments.bool(1, gil),
          isCopy: arguments.bool(2, gil), gil)
      },
      PyEntry("from_dlpack") { arguments, gil in
        let tensor = try PyTensor.tensor(
          ofDLPack: arguments.object(0, gil), isShared: arguments.bool(1, gil), gil
        ).tensor
        return PythonObject(try PyTensor.wrap(tensor, gil))
      },
      PyEntry("is_tensor") { arguments, gil in
        try PythonObject(PyTensor.tensor(of: arguments.object(0, gil).reference, gil) != nil)
      },
    ]
  }
}

extension PyTensor.Operand {
  /// The value as an element of this dtype; throws if a Python int does not fit.
  func assigned(to dtype: DType, _ place: PythonPlace?) throws -> Tensor {
    guard isWeak, dtype.isInteger, isLarge || tensor.dtype.isInteger else {
      return try tensor.asType(dtype, file: place.file, line: place.line)
    }
    return try converted(to: dtype, place)
  }

  /// The value with the dtype of `tf.constant`: float32 and int32 for Python numbers that fit.
  fileprivate func withConstantDType() throws -> Tensor {
    guard isWeak else { return tensor }
    switch tensor.dtype {
    case .float64: return try tensor.casting(to: .float32)
    case .int64: return (try? tensor.converted(to: .int32)) ?? tensor
    default: return tensor
    }
  }

  /// The value as a tensor of this dtype; throws if the dtype cannot hold a Python number.
  fileprivate func converted(toConstantOf dtype: DType, _ place: PythonPlace?) throws -> Tensor {
    if tensor.dtype == dtype { return tensor }
    guard isWeak, !tensor.isSymbolic else {
      return try tensor.asType(dtype, file: place.file, line: place.line)
    }
    let isRounding = dtype.isFloatingPoint || dtype.isComplex
    return try isRounding ? tensor.casting(to: dtype) : tensor.converted(to: dtype)
  }
}
