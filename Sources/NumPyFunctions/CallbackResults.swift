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
  let casting: Casting

  /// A returned value, as an array, or why it is none.
  private struct Value {
    let array: NDArray?
    let type: String
    let error: PythonError?

    /// The dtype that the value has as an array of `dtype`: an int is int64, and one that does not fit
    /// is no tensor, though NumPy has larger dtypes.
    func dtype(_ dtype: DType?) -> DType? { type == "int" && dtype != .int64 ? nil : dtype }
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
      let type = returned.typeName(at: index)
      do throws(PythonError) {
        values.append(Value(array: try returned.takeArray(at: index, gil), type: type, error: nil))
      } catch {
        guard error.code == .invalidArgument || error.code == .unknown else { throw error }
        values.append(Value(array: nil, type: type, error: error))
      }
    }
    for value in values { try value.array?.loadDType(gil) }
    let arrays = zip(declared, values).compactMap { spec, value in
      value.array.map {
        (spec: spec, array: $0, dtype: value.dtype($0.dtype(gil)), shape: $0.shape(gil))
      }
    }
    let fits = arrays.allSatisfy { spec, _, dtype, shape in
      dtype.map { isAccepted($0, as: spec.dtype) } ?? false && shape.fits(spec.shape)
    }
    guard arrays.count == declared.count, fits else { throw wrongResults(values, gil) }
    return try arrays.map { spec, array, _, _ in
      let (tensor, transfer, byteCount) = try array.tensor(gil)
      if tensor.rank != 0 { counts.add(transfer, byteCount: byteCount) }
      return try tensor.casting(to: spec.dtype)
    }
  }

  private func isAccepted(_ dtype: DType, as declared: DType) -> Bool {
    dtype == declared || (casting == .sameKind && dtype.isSameKind(as: declared))
  }

  private func wrongResults(_ values: [Value], _ gil: borrowing GIL) -> CallbackError {
    var (wrongDTypes, wrongShapes): ([String], [String]) = ([], [])
    for (index, (spec, value)) in zip(declared, values).enumerated() {
      if let problem = wrongDType(index, spec, value, gil) {
        wrongDTypes.append(problem)
      } else if let array = value.array, case let shape = array.shape(gil), !shape.fits(spec.shape)
      {
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
    if value.type == "int", let array = value.array, value.dtype(array.dtype(gil)) == nil {
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
    if isAccepted(dtype, as: spec.dtype) { return nil }
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
