internal import GraphCore
internal import PythonBridge
internal import TensorCore

/// The one check of what a callback returns against what was declared.
///
/// The count is checked first, then every dtype, then every shape, as TensorFlow does; unlike it,
/// all wrong results are listed.
struct CallbackResults: Sendable {
  let function: CallableName
  let declared: [TensorSpec]
  let conversion: Conversion

  /// Which results of other dtypes than the declared one are converted.
  enum Conversion {
    /// Those that a callback's options say.
    case casting(Casting)
    /// Numbers and arrays as `tf.convert_to_tensor` converts them: whole numbers that fit, and
    /// whatever is no bool to a wider kind. A tensor is not converted.
    case constants
  }

  /// A returned value, as a tensor or an array, or why it is none.
  private struct Value {
    var tensor: Tensor?
    var array: NDArray?
    let type: String
    var error: PythonError?

    /// The dtype, if tensors have it: an int is int64, and one that does not fit is no tensor, though
    /// NumPy has larger dtypes.
    func dtype(_ gil: borrowing GIL) -> DType? {
      if let tensor { return tensor.isSymbolic ? nil : tensor.dtype }
      let dtype = array?.dtype(gil)
      return type == "int" && dtype != .int64 ? nil : dtype
    }

    func shape(_ gil: borrowing GIL) -> Shape? { tensor?.shape ?? array?.shape(gil) }
  }

  /// The returned values as tensors.
  ///
  /// - Throws: `CallbackError` naming everything that is not as declared; `TensorError` when there is
  ///   no memory for a copy.
  func tensors(
    _ returned: consuming ReturnedValues, _ counts: inout PythonStatistics.Counts,
    _ gil: borrowing GIL
  ) throws -> [Tensor] {
    guard returned.count == declared.count else { throw wrongCount(returned.count) }
    // All of them become arrays before the first is looked at: this may run any Python code, which
    // could change those that have been.
    var values: [Value] = []
    for index in declared.indices {
      var value = Value(type: returned.typeName(at: index))
      value.tensor = returned.tensor(at: index, gil)
      do throws(PythonError) {
        if value.tensor == nil { value.array = try returned.takeArray(at: index, gil) }
      } catch {
        guard error.code == .invalidArgument || error.code == .unknown else { throw error }
        value.error = error
      }
      values.append(value)
    }
    for value in values { try value.array?.loadDType(gil) }
    let fits = zip(declared, values).allSatisfy { spec, value in
      isAccepted(value, as: spec.dtype, gil) && (value.shape(gil)?.fits(spec.shape) ?? false)
    }
    guard fits else { throw wrongResults(values, gil) }
    return try declared.indices.map { index in
      if let tensor = values[index].tensor { return try passed(tensor) }
      guard let array = values[index].array else { throw wrongResults(values, gil) }
      let (tensor, transfer, byteCount) = try array.tensor(gil)
      if tensor.rank != 0 { counts.add(transfer, byteCount: byteCount) }
      return try converted(tensor, index)
    }
  }

  /// A result that is a tensor; of a callback, which is not recorded, its value.
  private func passed(_ tensor: Tensor) throws -> Tensor {
    guard case .casting = conversion else { return tensor }
    try tensor.expectNotRecorded()
    return tensor.detached
  }

  /// A result whose dtype is accepted, as the declared one.
  private func converted(_ tensor: Tensor, _ index: Int) throws -> Tensor {
    let dtype = declared[index].dtype
    guard case .constants = conversion, dtype.isWholeNumber else {
      return try tensor.casting(to: dtype)
    }
    do {
      return try tensor.converted(to: dtype)
    } catch {
      throw self.error(["result \(index): \(declared[index]) declared, \(error.message)"])
    }
  }

  private func isAccepted(
    _ value: Value, as declared: DType, _ gil: borrowing GIL
  ) -> Bool {
    guard let dtype = value.dtype(gil) else { return false }
    if dtype == declared { return true }
    switch conversion {
    case .casting(.no): return false
    case .casting(.sameKind): return value.tensor == nil && dtype.isSameKind(as: declared)
    case .constants: return value.tensor == nil && dtype.isConstant(of: declared)
    }
  }

  private func wrongResults(_ values: [Value], _ gil: borrowing GIL) -> CallbackError {
    var (wrongDTypes, wrongShapes): ([String], [String]) = ([], [])
    for (index, (spec, value)) in zip(declared, values).enumerated() {
      if let problem = wrongDType(index, spec, value, gil) {
        wrongDTypes.append(problem)
      } else if let shape = value.shape(gil), !shape.fits(spec.shape) {
        wrongShapes.append(wrongShape(index, spec, shape))
      }
    }
    return error(wrongDTypes.isEmpty ? wrongShapes : wrongDTypes)
  }

  /// What is wrong with results whose dtypes are the declared ones.
  func wrongShapes(_ shapes: [Shape]) -> CallbackError {
    error(
      zip(declared, shapes).enumerated().compactMap { index, result in
        let (spec, shape) = result
        return shape.fits(spec.shape) ? nil : wrongShape(index, spec, shape)
      })
  }

  private func wrongShape(_ index: Int, _ spec: TensorSpec, _ shape: Shape) -> String {
    "result \(index): \(spec) declared, \(spec.dtype)\(shape) returned; declare that shape, with nil "
      + "for an extent that varies, or reshape in the function"
  }

  private func wrongCount(_ count: Int) -> CallbackError {
    error([
      "\(counted(declared.count, "result")) declared, \(count) returned; a list or tuple is several "
        + "results and None is none: return as many values as Tout declares"
    ])
  }

  private func wrongDType(
    _ index: Int, _ spec: TensorSpec, _ value: Value, _ gil: borrowing GIL
  ) -> String? {
    let declared = "result \(index): \(spec) declared"
    if isAccepted(value, as: spec.dtype, gil) { return nil }
    if let tensor = value.tensor {
      return tensor.isSymbolic
        ? "\(declared), a symbolic tensor returned, \(TensorSpec(of: tensor)), which has no value: it "
          + "belongs to a graph that was being built; return what is made of the arguments"
        : "\(declared), a tensor \(TensorSpec(of: tensor)) returned; declare Tout: .\(tensor.dtype), or "
          + "convert in the function: result.astype(\"\(spec.dtype)\")"
    }
    if value.type == "int", value.array != nil, value.dtype(gil) == nil {
      return
        "\(declared), an object of class int returned that does not fit int64, which an int is; "
        + "return numpy.\(spec.dtype)(value)"
    }
    guard let array = value.array, let dtype = array.dtype(gil) else {
      let name = value.array?.dtypeName(gil)
      let dtype = name.flatMap { $0 == "object" ? nil : " (dtype \($0))" }
      let cause = value.error.map { ", says NumPy: \($0.type): \($0.message)" }
      return "\(declared), an object of class \(value.type)\(dtype ?? "") returned, which is no "
        + "tensor\(cause ?? ""); return NumPy arrays or numbers"
    }
    let found = "\(declared), \(dtype)\(array.shape(gil)) returned; declare Tout: .\(dtype)"
    return spec.dtype == .string || dtype == .string
      ? found
      : "\(found), or convert in the function: numpy.asarray(result, \"\(spec.dtype)\")"
  }

  private func error(_ problems: [String]) -> CallbackError {
    let name = function.full
    return CallbackError(
      message: problems.count == 1
        ? "\(name): \(problems[0])"
        : "\(name) returned what was not declared:" + problems.map { "\n  \($0)" }.joined())
  }
}

extension DType {
  /// Whether NumPy's "same kind" casting takes this dtype to `other`: kinds may only be widened.
  ///
  /// See <https://numpy.org/doc/stable/reference/generated/numpy.can_cast.html>.
  fileprivate func isSameKind(as other: DType) -> Bool {
    self != .string && other != .string && kindRank <= other.kindRank
  }

  /// Whether `tf.convert_to_tensor` takes numbers of this dtype for `declared`: whole ones for whole
  /// ones and all wider kinds, and no bool for a number.
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
