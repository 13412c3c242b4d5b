internal import GraphCore
internal import PythonBridge
internal import TensorCore

/// The one check of what a callback returns against what was declared.
///
/// The count is checked first, then every dtype, then every shape, as TensorFlow does; unlike it,
/// all wrong results are listed.
struct CallbackResults {
  let function: CallableName
  let declared: [TensorSpec]
  let casting: Casting

  /// A returned value, as an array if it could be made one.
  private struct Value {
    let array: NDArray?
    let type: String
    let error: PythonError?
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
    var values: [Value] = []
    for index in declared.indices {
      let type = returned.typeName(at: index)
      do throws(PythonError) {
        let array = try returned.takeArray(at: index, gil)
        values.append(Value(array: array, type: type, error: nil))
      } catch {
        values.append(Value(array: nil, type: type, error: error))
      }
    }
    let results = zip(declared, values).enumerated().map { ($0, $1.0, $1.1) }
    let wrongDTypes = results.compactMap { wrongDType($0, $1, $2) }
    let wrongShapes = results.compactMap { wrongShape($0, $1, $2) }
    guard wrongDTypes.isEmpty else { throw error(wrongDTypes) }
    guard wrongShapes.isEmpty else { throw error(wrongShapes) }
    return try zip(declared, values).compactMap { spec, value in
      guard let array = value.array else { return nil }
      let (tensor, transfer) = try array.tensor(gil)
      if tensor.rank != 0 { counts.add(transfer, byteCount: array.byteCount) }
      return try tensor.casting(to: spec.dtype)
    }
  }

  private func wrongCount(_ count: Int) -> CallbackError {
    error([
      "\(counted(declared.count, "result")) declared, \(count) returned; a list or tuple is several "
        + "results and None is none: return as many values as Tout declares"
    ])
  }

  private func wrongDType(_ index: Int, _ spec: TensorSpec, _ value: Value) -> String? {
    let declared = "result \(index): \(spec) declared"
    guard let array = value.array, let dtype = array.dtype else {
      let name = value.array?.dtypeName
      let dtype = name.flatMap { $0 == "object" ? nil : " (dtype \($0))" }
      let cause = value.error.map { ", says NumPy: \($0.type): \($0.message)" }
      return "\(declared), an object of class \(value.type)\(dtype ?? "") returned, which is no "
        + "tensor\(cause ?? ""); return NumPy arrays or numbers"
    }
    if dtype == spec.dtype || (casting == .sameKind && dtype.isSameKind(as: spec.dtype)) {
      return nil
    }
    return
      "\(declared), \(dtype)\(array.shape) returned; declare Tout: .\(dtype), or convert in the "
      + "function: numpy.asarray(result, \"\(spec.dtype)\")"
  }

  private func wrongShape(_ index: Int, _ spec: TensorSpec, _ value: Value) -> String? {
    guard let array = value.array, !array.shape.fits(spec.shape) else { return nil }
    return "result \(index): \(spec) declared, \(spec.dtype)\(array.shape) returned; declare that "
      + "shape, with nil for an extent that varies, or reshape in the function"
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
