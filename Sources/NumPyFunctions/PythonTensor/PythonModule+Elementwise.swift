internal import GraphCore
internal import PythonBridge
internal import TensorCore

/// A function of a tensor.
private typealias Unary = @Sendable (Tensor, PythonPlace?) throws -> Tensor
/// A function that promotes operands to a common dtype.
private typealias Promotion = @Sendable ([PyTensor.Operand], PythonPlace?) throws -> [Tensor]
/// A function of two tensors of one dtype.
private typealias Binary = @Sendable (Tensor, Tensor, PythonPlace?) throws -> Tensor

extension PythonModule {
  /// Functions of each element, with NumPy's names.
  static var elementwiseFunctions: [PyEntry] {
    let unary = unaryFunctions.map { name, function in
      PyEntry(name) { arguments, gil in
        let x = try arguments.tensor(0, gil)
        return try arguments.computing([x], gil) { try function(x, $0) }
      }
    }
    let binary = binaryFunctions.map { name, promote, function in
      PyEntry(name) { arguments, gil in
        let operands = try (0...1).map { try arguments.operand($0, allowsLarge: true, gil) }
        return try arguments.computing(operands.map(\.tensor), gil) { place in
          let promoted = try promote(operands, place)
          return try function(promoted[0], promoted[1], place)
        }
      }
    }
    return unary + binary + operators + choices + [commonDType, inFloatDType]
  }

  private static let unaryFunctions: [(String, Unary)] = [
    ("absolute", { try abs($0, file: $1.file, line: $1.line) }),
    ("angle", { try angle($0, file: $1.file, line: $1.line) }),
    ("arccos", { try acos($0, file: $1.file, line: $1.line) }),
    ("arccosh", { try acosh($0, file: $1.file, line: $1.line) }),
    ("arcsin", { try asin($0, file: $1.file, line: $1.line) }),
    ("arcsinh", { try asinh($0, file: $1.file, line: $1.line) }),
    ("arctan", { try atan($0, file: $1.file, line: $1.line) }),
    ("arctanh", { try atanh($0, file: $1.file, line: $1.line) }),
    ("ceil", { try ceil($0, file: $1.file, line: $1.line) }),
    ("conjugate", { try conjugate($0, file: $1.file, line: $1.line) }),
    ("cos", { try cos($0, file: $1.file, line: $1.line) }),
    ("cosh", { try cosh($0, file: $1.file, line: $1.line) }),
    ("erf", { try erf($0, file: $1.file, line: $1.line) }),
    ("erfc", { try erfc($0, file: $1.file, line: $1.line) }),
    ("exp", { try exp($0, file: $1.file, line: $1.line) }),
    ("expm1", { try expm1($0, file: $1.file, line: $1.line) }),
    ("floor", { try floor($0, file: $1.file, line: $1.line) }),
    ("gelu", { try gelu($0, file: $1.file, line: $1.line) }),
    ("imag", { try unary(.imaginary, $0, at: $1) }),
    ("isfinite", { try isFinite($0, file: $1.file, line: $1.line) }),
    ("isinf", { try isInfinite($0, file: $1.file, line: $1.line) }),
    ("isnan", { try isNaN($0, file: $1.file, line: $1.line) }),
    ("log", { try log($0, file: $1.file, line: $1.line) }),
    ("log10", { try log10($0, file: $1.file, line: $1.line) }),
    ("log1p", { try log1p($0, file: $1.file, line: $1.line) }),
    ("log2", { try log2($0, file: $1.file, line: $1.line) }),
    ("logical_not", { try logicalNot($0, file: $1.file, line: $1.line) }),
    ("negative", { try unary(.negative, $0, at: $1) }),
    ("real", { try real($0, file: $1.file, line: $1.line) }),
    ("reciprocal", { try reciprocal($0, file: $1.file, line: $1.line) }),
    ("relu", { try relu($0, file: $1.file, line: $1.line) }),
    ("rint", { try round($0, file: $1.file, line: $1.line) }),
    ("rsqrt", { try rsqrt($0, file: $1.file, line: $1.line) }),
    ("sigmoid", { try sigmoid($0, file: $1.file, line: $1.line) }),
    ("sign", { try sign($0, file: $1.file, line: $1.line) }),
    ("sin", { try sin($0, file: $1.file, line: $1.line) }),
    ("sinh", { try sinh($0, file: $1.file, line: $1.line) }),
    ("softplus", { try softplus($0, file: $1.file, line: $1.line) }),
    ("sqrt", { try sqrt($0, file: $1.file, line: $1.line) }),
    ("square", { try square($0, file: $1.file, line: $1.line) }),
    ("stop_gradient", { try stopGradient($0, file: $1.file, line: $1.line) }),
    ("tan", { try tan($0, file: $1.file, line: $1.line) }),
    ("tanh", { try tanh($0, file: $1.file, line: $1.line) }),
    ("trunc", { try trunc($0, file: $1.file, line: $1.line) }),
  ]

  private static let binaryFunctions: [(String, Promotion, Binary)] = [
    (
      "arctan2", { try $0.promotedToFloat($1) }, { try atan2($0, $1, file: $2.file, line: $2.line) }
    ),
    ("hypot", { try $0.promotedToFloat($1) }, { try hypot($0, $1, file: $2.file, line: $2.line) }),
    (
      "logical_and", { try $0.truths($1) }, { try logicalAnd($0, $1, file: $2.file, line: $2.line) }
    ),
    ("logical_or", { try $0.truths($1) }, { try logicalOr($0, $1, file: $2.file, line: $2.line) }),
    (
      "logical_xor", { try $0.truths($1) }, { try logicalXor($0, $1, file: $2.file, line: $2.line) }
    ),
    ("maximum", { try $0.promoted($1) }, { try maximum($0, $1, file: $2.file, line: $2.line) }),
    ("minimum", { try $0.promoted($1) }, { try minimum($0, $1, file: $2.file, line: $2.line) }),
    ("outer", { try $0.promoted($1) }, { try outer($0, $1, file: $2.file, line: $2.line) }),
  ]

  /// Takes a list of operands, and returns the name of their promoted dtype.
  private static var commonDType: PyEntry {
    PyEntry("promoted") { arguments, gil in
      try PythonObject(arguments.operands(0, gil).promotedDType.rawValue)
    }
  }

  /// Takes two operands, and returns them as a list of tensors, promoted for functions of
  /// floating-point numbers.
  private static var inFloatDType: PyEntry {
    PyEntry("as_floats") { arguments, gil in
      let operands = try (0...1).map { try arguments.operand($0, allowsLarge: true, gil) }
      return try list(operands.promotedToFloat(PythonPlace.current(gil)), gil)
    }
  }

  /// The operators as functions.
  private static var operators: [PyEntry] {
    let operators: [(String, PyTensor.Binary)] = [
      ("add", .add), ("subtract", .subtract), ("multiply", .multiply), ("divide", .divide),
      ("floor_divide", .floorDivide), ("remainder", .remainder), ("matmul", .matrixMultiply),
      ("power", .power), ("less", .less), ("less_equal", .lessEqual), ("equal", .equal),
      ("not_equal", .notEqual), ("greater", .greater), ("greater_equal", .greaterEqual),
      ("bitwise_and", .and), ("bitwise_or", .or), ("bitwise_xor", .xor),
    ]
    return operators.map { name, which in
      PyEntry(name) { arguments, gil in
        let a = try arguments.operand(0, allowsLarge: true, gil)
        let b = try arguments.operand(1, allowsLarge: true, gil)
        return try arguments.computing([a.tensor, b.tensor], gil) {
          try PythonModule.combined(which, a, b, at: $0)
        }
      }
    }
  }

  /// Functions with other arguments.
  private static var choices: [PyEntry] {
    [
      PyEntry("where") { arguments, gil in
        let condition = try arguments.tensor(0, gil)
        let choices = try (1...2).map { try arguments.operand($0, allowsLarge: true, gil) }
        return try arguments.computing([condition] + choices.map(\.tensor), gil) { place in
          let ab = try choices.promotedWrapping(place)
          let truth = try condition.asType(.bool, file: place.file, line: place.line)
          return try select(truth, ab[0], ab[1], file: place.file, line: place.line)
        }
      },
      PyEntry("clip") { arguments, gil in
        let operands = try (0..<3).map { try arguments.operand($0, allowsLarge: true, gil) }
        return try arguments.computing(operands.map(\.tensor), gil) { place in
          let all = try operands.promoted(place)
          return try clip(all[0], all[1], all[2], file: place.file, line: place.line)
        }
      },
      PyEntry("cast") { arguments, gil in
        let x = try arguments.tensor(0, gil)
        let dtype = try arguments.dtype(1, gil)
        return try arguments.computing([x], gil) { place in
          try x.asType(dtype, file: place.file, line: place.line)
        }
      },
    ]
  }
}

extension [PyTensor.Operand] {
  /// The operands of a selection in one dtype; a Python int that does not fit wraps, as in NumPy.
  fileprivate func promotedWrapping(_ place: PythonPlace?) throws -> [Tensor] {
    let dtype = promotedDType
    return try map { operand in
      guard operand.isWeak, !operand.isLarge, dtype.isInteger else {
        return try operand.converted(to: dtype, place)
      }
      return try operand.tensor.casting(to: dtype)
    }
  }

  /// Each operand as a bool tensor: whether its elements are not 0.
  fileprivate func truths(_ place: PythonPlace?) throws -> [Tensor] {
    // A Python int must fit int64 here.
    for operand in self where operand.isWeak && (operand.isLarge || operand.tensor.dtype == .uint64)
    {
      _ = try operand.converted(to: .int64, place)
    }
    return try map { try $0.tensor.asType(.bool, file: place.file, line: place.line) }
  }
}

extension PyArguments {
  /// An argument that is the name of a dtype, already checked by the Python files.
  func dtype(_ index: Int, _ gil: borrowing GIL) throws -> DType {
    let name = try string(index, gil)
    guard let dtype = DType(name: name) else {
      let all = DType.allCases.map(\.rawValue).joined(separator: ", ")
      throw Python.error("TypeError", "no tensor has the dtype \(name); there are \(all)")
    }
    return dtype
  }
}
