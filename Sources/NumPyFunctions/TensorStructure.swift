public import GraphCore
internal import PythonBridge
public import TensorCore

/// A struct of tensors that a callback returns: in Python a named tuple, a dataclass or a dict with these
/// members.
///
/// ```swift
/// struct Moments: TensorStructure {
///   var mean, variance: Tensor
///   static let members: KeyValuePairs<String, any ResultDeclaration> =
///     ["mean": DType.float64, "variance": DType.float64]
///   var graphResults: [Tensor] { [mean, variance] }
///   init(graphResults: [Tensor]) { (mean, variance) = (graphResults[0], graphResults[1]) }
/// }
/// let moments = try numpyFunction(f, [x], Tout: Moments.declared)
/// print(moments.mean)
/// ```
///
/// A closure of a `GraphFunction` may return it too.
public protocol TensorStructure: GraphResults {
  /// The declaration of each member, under its Python name. `init(graphResults:)` receives the tensors of the
  /// first member, then of the second, and so on.
  static var members: KeyValuePairs<String, any ResultDeclaration> { get }
}

extension TensorStructure {
  /// The declaration of a callback that returns this struct.
  public static var declared: StructureDeclaration<Self> { StructureDeclaration(members) }

  /// The declaration with other dtypes or shapes than in ``members``.
  public static func declared(
    as members: KeyValuePairs<String, any ResultDeclaration>
  ) -> StructureDeclaration<Self> {
    StructureDeclaration(members)
  }
}

/// The declaration of a callback that returns a ``TensorStructure``; see ``TensorStructure/declared``.
public struct StructureDeclaration<Structure: TensorStructure>: ResultDeclaration {
  private let members: [(name: String, declaration: any ResultDeclaration)]

  init(_ members: KeyValuePairs<String, any ResultDeclaration>) {
    self.members = members.map { ($0.key, $0.value) }
  }

  /// The members' tensors, in order.
  public func declaredResults() throws -> DeclaredResults {
    let parts = try members.map { ($0.name, try $0.declaration.declaredResults()) }
    return DeclaredResults(
      parts.flatMap { $0.1.specs },
      .fields(
        try parts.map { try ResultStructure.Member(field: $0.0, structure: $0.1.structure) },
        isMapping: true))
  }

  /// The struct with the members' tensors.
  public func results(taking tensors: inout ArraySlice<Tensor>) throws -> Structure {
    let count = try declaredResults().specs.count
    let own = tensors.prefix(count)
    tensors = tensors.dropFirst(count)
    return try Structure(graphResults: Array(own))
  }
}
