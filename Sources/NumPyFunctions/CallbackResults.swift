internal import GraphCore
internal import PythonBridge
internal import TensorCore

/// Checks the results of a callback against the declaration.
///
/// The count is checked first, then the dtypes, then the shapes, as in TensorFlow. Unlike
/// TensorFlow, the error lists all mismatched results, and for a structure all mismatches of any
/// kind.
struct CallbackResults: Sendable {
  let function: CallableName
  let declared: [TensorSpec]
  let structure: ResultStructure
  let conversion: Conversion

  /// Which results are converted to the declared dtype.
  enum Conversion: Sendable {
    /// The results that the callback's `casting` option allows.
    case casting(Casting)
    /// Numbers and arrays, as in `tf.convert_to_tensor`: integers that fit, and numbers to a wider
    /// kind, but no bools. A tensor is not converted.
    case constants
  }

  /// A returned value as a tensor or an array, or the reason why it cannot be one.
  private struct Value {
    var tensor: Tensor?
    var array: NDArray?
    let type: String
    /// The value itself, for the error message; nil where the array is enough.
    var object: PythonObject?
    var misfit: Misfit?
    /// Whether a value was returned, so that its dtype and shape can be checked.
    var isThere = true

    /// The dtype, if it is a tensor dtype.
    ///
    /// An int is int64; an int that does not fit has none, although NumPy would use a larger dtype.
    func dtype(_ gil: borrowing GIL) -> DType? {
      if let tensor { return tensor.isSymbolic ? nil : tensor.dtype }
      let dtype = array?.dtype(gil)
      return type == "int" && dtype != .int64 ? nil : dtype
    }

    func shape(_ gil: borrowing GIL) -> Shape? { tensor?.shape ?? array?.shape(gil) }
  }

  /// The returned values as tensors.
  ///
  /// - Throws: `CallbackError` naming all mismatches; `TensorError` when there is no memory for a copy.
  func tensors(
    _ returned: consuming ReturnedValues, _ counts: inout PythonStatistics.Counts,
    _ gil: borrowing GIL
  ) throws -> [Tensor] {
    guard returned.count == declared.count else { throw wrongCount(returned, gil) }
    let problems = returned.problems
    // All values are converted to arrays before any is inspected, since the conversion may run
    // Python code that changes an array.
    var values = try declared.indices.map { try Self.value(&returned, $0, gil) }
    for value in values { try value.array?.loadDType(gil) }
    guard problems.isEmpty, areFitting(values, gil) else {
      throw wrongResults(values, problems, gil)
    }
    if values.contains(where: { $0.object != nil }) {
      // An array that an object returned from `__array__` has a unique reference only after the
      // object is released. Releasing it may run Python code.
      for index in values.indices { values[index].object = nil }
      guard areFitting(values, gil) else { throw wrongResults(values, [], gil) }
    }
    return try declared.indices.map { index in
      if let tensor = values[index].tensor { return try passed(tensor) }
      guard let array = values[index].array else { throw wrongResults(values, [], gil) }
      let (tensor, transfer, byteCount) = try array.tensor(gil)
      if tensor.rankIfKnown != 0 { counts.add(transfer, byteCount: byteCount) }
      return try converted(tensor, index)
    }
  }

  private static func value(
    _ returned: inout ReturnedValues, _ index: Int, _ gil: borrowing GIL
  ) throws -> Value {
    var value = Value(type: returned.typeName(at: index))
    value.tensor = returned.tensor(at: index, gil)
    if value.tensor != nil { return value }
    value.object = returned.unusualObject(at: index, gil)
    do {
      value.array = try returned.takeArray(at: index, gil)
      value.isThere = value.array != nil
    } catch let misfit as Misfit {
      value.misfit = misfit
    } catch let error as PythonError {
      guard error.code == .invalidArgument || error.code == .unknown, let object = value.object
      else { throw error }
      value.misfit = Misfit(of: object, error: error, isResult: true, gil)
    }
    return value
  }

  private func areFitting(_ values: [Value], _ gil: borrowing GIL) -> Bool {
    zip(declared, values).allSatisfy { spec, value in
      isAccepted(value, as: spec.dtype, gil) && (value.shape(gil)?.fits(spec.shape) ?? false)
    }
  }

  /// A result that is a tensor.
  ///
  /// For a `numpyFunction`, which is not recorded, it is the tensor's value.
  private func passed(_ tensor: Tensor) throws -> Tensor {
    guard case .casting = conversion else { return tensor }
    try tensor.expectNotRecorded()
    return tensor.detached
  }

  /// A result with an accepted dtype, converted to the declared dtype.
  private func converted(_ tensor: Tensor, _ index: Int) throws -> Tensor {
    let dtype = declared[index].dtype
    guard case .constants = conversion, dtype.isWholeNumber else {
      return try tensor.casting(to: dtype)
    }
    do {
      return try tensor.converted(to: dtype)
    } catch {
      throw self.error([
        "\(subject(index)): \(declared[index]) declared, \(Message(of: error))"
      ])
    }
  }

  private func isAccepted(
    _ value: Value, as declared: DType, _ gil: borrowing GIL
  ) -> Bool {
    guard value.misfit == nil, let dtype = value.dtype(gil) else { return false }
    if dtype == declared { return true }
    switch conversion {
    case .casting(.no): return false
    case .casting(.sameKind): return value.tensor == nil && dtype.isSameKind(as: declared)
    case .constants: return value.tensor == nil && dtype.isConstant(of: declared)
    }
  }
}

// MARK: - Errors

extension CallbackResults {
  private func wrongResults(
    _ values: [Value], _ problems: [Message], _ gil: borrowing GIL
  ) -> CallbackError {
    var (wrongDTypes, wrongShapes): ([Message], [Message]) = ([], [])
    for (index, (spec, value)) in zip(declared, values).enumerated() where value.isThere {
      if let problem = wrongDType(index, spec, value, gil) {
        wrongDTypes.append(problem)
      } else if let shape = value.shape(gil), !shape.fits(spec.shape) {
        wrongShapes.append(wrongShape(index, spec, shape))
      }
    }
    if structure != .values { return error(problems + wrongDTypes + wrongShapes) }
    return error(wrongDTypes.isEmpty ? wrongShapes : wrongDTypes)
  }

  /// `result 0`, `result ['a']`.
  private func subject(_ index: Int) -> String {
    structure == .values ? "result \(index)" : "result \(structure.paths()[index])"
  }

  private func wrongShape(_ index: Int, _ spec: TensorSpec, _ shape: Shape) -> Message {
    """
    \(subject(index)): \(spec) declared, \(spec.dtype)\(shape) returned; declare that shape, with \
    \(Message.none) for an extent that varies, or reshape in the function
    """
  }

  private func wrongCount(
    _ returned: borrowing ReturnedValues, _ gil: borrowing GIL
  ) -> CallbackError {
    let (count, wanted) = (returned.count, counted(declared.count, "result"))
    if count == 1, !returned.isList, let object = returned.unusualObject(at: 0, gil) {
      let misfit = Misfit(of: object, isResult: true, gil)
      if misfit.isKnown { return error(["\(wanted) declared, \(misfit.returned)"]) }
    }
    let remedy: Message =
      if count == 0, !returned.isList {
        "the function returned None, which is none: has it a `return` in every branch?"
      } else if declared.count == 1, returned.isList, count > 1 {
        """
        a list or tuple is several results: where one array is meant, return numpy.array(result), \
        otherwise declare \(Message.argument("Tout", Message(swift: "[...]", python: "[...]", shell: "dtype,..."))) \
        with as many
        """
      } else {
        """
        a list or tuple is several results and None is none: return as many values as \
        \(swift: "Tout", python: "Tout", shell: "--tout") declares
        """
      }
    for index in 0..<count {
      // A coroutine is closed here, so that Python does not warn that it was never awaited.
      if let object = returned.unusualObject(at: index, gil) {
        _ = Misfit(of: object, isResult: true, gil)
      }
    }
    return error(["\(wanted) declared, \(count) returned; \(remedy)"])
  }

  private func wrongDType(
    _ index: Int, _ spec: TensorSpec, _ value: Value, _ gil: borrowing GIL
  ) -> Message? {
    let declared = "\(subject(index)): \(spec) declared"
    if isAccepted(value, as: spec.dtype, gil) { return nil }
    if let tensor = value.tensor {
      return tensor.isSymbolic
        ? """
        \(declared), a symbolic tensor returned, \(TensorSpec(of: tensor)), which has no value: it \
        belongs to a graph that was being built; return what is made of the arguments
        """
        : """
        \(declared), a tensor \(TensorSpec(of: tensor)) returned; declare \(tout(tensor.dtype)), or \
        convert in the function: result.astype("\(spec.dtype)")
        """
    }
    if let misfit = value.misfit { return "\(declared), \(misfit.returned)" }
    if value.type == "int", value.array != nil, value.dtype(gil) == nil {
      let found: Message =
        "\(declared), an object of class int returned that does not fit int64, which an int is"
      let larger: Message = """
        declare \(tout(.float64)) and return float(value), which rounds it, or \(tout(.string)) and \
        str(value)
        """
      switch spec.dtype {
      case .string: return "\(found); return str(value)"
      case .uint64:
        return "\(found); return numpy.uint64(value), or, if it does not fit that, \(larger)"
      case let dtype where dtype.isInteger: return "\(found); \(larger)"
      default: return "\(found); return numpy.\(spec.dtype)(value)"
      }
    }
    guard let array = value.array else { return "\(declared), nothing returned" }
    guard let dtype = array.dtype(gil) else {
      let misfit = Misfit(of: value.object ?? array.object, array: array, isResult: true, gil)
      return "\(declared), \(misfit.returned)"
    }
    let found: Message =
      "\(declared), \(dtype)\(array.shape(gil)) returned; declare \(tout(dtype))"
    if spec.dtype == .string { return found }
    if dtype == .string {
      return """
        \(found), or make numbers of the text in the function: \
        numpy.asarray(result).astype("\(spec.dtype)")
        """
    }
    return "\(found), or convert in the function: numpy.asarray(result, \"\(spec.dtype)\")"
  }

  /// The spelling that declares the dtype: for a single result, or for a result in a structure.
  private func tout(_ dtype: DType) -> Message {
    structure == .values ? .argument("Tout", .dtype(dtype)) : "\(Message.dtype(dtype)) there"
  }

  private func error(_ problems: [Message]) -> CallbackError {
    let name = function.full
    if problems.count == 1 { return CallbackError(message: "\(name): \(problems[0])") }
    let list = problems.map { "\n  \($0)" as Message }.joined()
    return CallbackError(message: "\(name) returned what was not declared:\(list)")
  }
}

extension DType {
  /// Whether NumPy's "same_kind" casting converts this dtype to `other`.
  ///
  /// See <https://numpy.org/doc/stable/reference/generated/numpy.can_cast.html>.
  func isSameKind(as other: DType) -> Bool {
    self != .string && other != .string && kindRank <= other.kindRank
  }

  /// Whether `tf.convert_to_tensor` converts numbers of this dtype to `declared`: integers to integers and
  /// wider kinds, but bools not to numbers.
  fileprivate func isConstant(of declared: DType) -> Bool {
    if self == .string || declared == .string || self == .bool || declared == .bool { return false }
    return isWholeNumber || (!declared.isWholeNumber && kindRank <= declared.kindRank)
  }

  fileprivate var isWholeNumber: Bool { kind == .signedInteger || kind == .unsignedInteger }

  private var kindRank: Int {
    switch kind {
    case .bool: 0
    case .unsignedInteger: 1
    case .signedInteger: 2
    case .real: 3
    case .complex: 4
    case .string: 5
    }
  }
}
