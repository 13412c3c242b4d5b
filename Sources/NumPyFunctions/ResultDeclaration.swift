public import GraphCore
internal import PythonBridge
public import TensorCore

/// The declaration of a callback's results: a dtype or a `TensorSpec` for one tensor, an array for a list or
/// tuple, a dictionary for a dict, a ``TensorStructure``'s ``TensorStructure/declared`` for a named tuple or
/// dataclass; nested to any depth.
///
/// ```swift
/// let Tout = ["moments": [DType.float64, .float64], "count": [.int64]]
/// let answer = try numpyFunction(summary, [x], Tout: Tout)
/// print(answer["moments"]?[0])
/// ```
///
/// The result has the declared structure. The function must return the same structure: a mapping with the
/// same keys, in any order; a list or tuple of the same length; an object with fields of the same names.
public protocol ResultDeclaration: Sendable {
  /// The type that a call returns: a `Tensor` for a dtype.
  associatedtype Results

  /// The declared tensors and their structure.
  ///
  /// - Throws: `StartError` when Python has ended.
  func declaredResults() throws -> DeclaredResults

  /// The results, made from the declared number of tensors, which are removed from the front.
  ///
  /// - Throws: what the user's initialiser throws.
  func results(taking tensors: inout ArraySlice<Tensor>) throws -> Results
}

/// The tensors that a callback returns, and their structure.
public struct DeclaredResults: Sendable {
  /// The specs of the tensors.
  let specs: [TensorSpec]
  let structure: ResultStructure

  init(_ specs: [TensorSpec], _ structure: ResultStructure) {
    (self.specs, self.structure) = (specs, structure)
  }

  /// The structure of the function's result.
  ///
  /// A single value may be returned alone or in a list.
  var returned: ResultStructure {
    switch structure {
    case .tensor: .values
    case .list(let parts) where parts.allSatisfy { $0 == .tensor }: .values
    default: structure
    }
  }

  /// The name of each tensor of a structure in messages, `result ['a']`; nil where results are
  /// numbered.
  var labels: [String]? {
    returned == .values ? nil : structure.paths().map { "result \($0)" }
  }
}

extension DType: ResultDeclaration {
  /// One tensor of this dtype; its shape is not checked.
  public func declaredResults() -> DeclaredResults {
    DeclaredResults([TensorSpec(dtype: self)], .tensor)
  }

  /// The first of the tensors.
  public func results(taking tensors: inout ArraySlice<Tensor>) throws -> Tensor {
    try tensors.takeFirst()
  }
}

extension ResultDeclaration where Self == DType {
  // `Tout: .float32`: the dtypes by their names alone.
  /// The dtype bool.
  @_disfavoredOverload public static var bool: DType { .bool }
  /// The dtype int8.
  @_disfavoredOverload public static var int8: DType { .int8 }
  /// The dtype int16.
  @_disfavoredOverload public static var int16: DType { .int16 }
  /// The dtype int32.
  @_disfavoredOverload public static var int32: DType { .int32 }
  /// The dtype int64.
  @_disfavoredOverload public static var int64: DType { .int64 }
  /// The dtype uint8.
  @_disfavoredOverload public static var uint8: DType { .uint8 }
  /// The dtype uint16.
  @_disfavoredOverload public static var uint16: DType { .uint16 }
  /// The dtype uint32.
  @_disfavoredOverload public static var uint32: DType { .uint32 }
  /// The dtype uint64.
  @_disfavoredOverload public static var uint64: DType { .uint64 }
  /// The dtype float16.
  @_disfavoredOverload public static var float16: DType { .float16 }
  /// The dtype bfloat16.
  @_disfavoredOverload public static var bfloat16: DType { .bfloat16 }
  /// The dtype float32.
  @_disfavoredOverload public static var float32: DType { .float32 }
  /// The dtype float64.
  @_disfavoredOverload public static var float64: DType { .float64 }
  /// The dtype complex64.
  @_disfavoredOverload public static var complex64: DType { .complex64 }
  /// The dtype complex128.
  @_disfavoredOverload public static var complex128: DType { .complex128 }
  /// The dtype string.
  @_disfavoredOverload public static var string: DType { .string }
}

extension TensorSpec: ResultDeclaration {
  /// One tensor of this dtype and shape.
  public func declaredResults() -> DeclaredResults { DeclaredResults([self], .tensor) }

  /// The first of the tensors.
  public func results(taking tensors: inout ArraySlice<Tensor>) throws -> Tensor {
    try tensors.takeFirst()
  }
}

extension Array: ResultDeclaration where Element: ResultDeclaration {
  /// The elements' tensors, in order.
  public func declaredResults() throws -> DeclaredResults {
    let parts = try map { try $0.declaredResults() }
    return DeclaredResults(parts.flatMap(\.specs), .list(parts.map(\.structure)))
  }

  /// An array of the elements' results.
  public func results(taking tensors: inout ArraySlice<Tensor>) throws -> [Element.Results] {
    try map { try $0.results(taking: &tensors) }
  }
}

extension Dictionary: ResultDeclaration where Key == String, Value: ResultDeclaration {
  /// The values' tensors, in the order of their keys.
  public func declaredResults() throws -> DeclaredResults {
    let parts = try inOrder.map { ($0.key, try $0.value.declaredResults()) }
    return DeclaredResults(
      parts.flatMap { $0.1.specs },
      .mapping(
        try parts.map { key, part in
          try ResultStructure.Member(key: PythonObject(key), structure: part.structure)
        }))
  }

  /// A dictionary of the values' results.
  public func results(taking tensors: inout ArraySlice<Tensor>) throws -> [String: Value.Results] {
    var results: [String: Value.Results] = [:]
    for (key, value) in inOrder { results[key] = try value.results(taking: &tensors) }
    return results
  }

  private var inOrder: [(key: String, value: Value)] { sorted { $0.key < $1.key } }
}

extension ArraySlice<Tensor> {
  fileprivate mutating func takeFirst() throws(GraphError) -> Tensor {
    guard let first = popFirst() else {
      throw GraphError(.internal, "a callback has too few results; please report this")
    }
    return first
  }
}
