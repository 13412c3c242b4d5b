public import TensorCore

/// A type that the closure of a ``GraphFunction`` may return, and that a call then returns: a
/// tensor, an array of tensors, a dictionary of tensors or of such dictionaries, or a tuple of
/// these.
///
/// Conform a struct of your own to give results names:
///
/// ```swift
/// struct Moments: GraphResults {
///   var mean, variance: Tensor
///   var graphResults: [Tensor] { [mean, variance] }
///   init(graphResults: [Tensor]) { (mean, variance) = (graphResults[0], graphResults[1]) }
/// }
/// ```
public protocol GraphResults: SendableMetatype {
  /// The tensors, in the order that `init(graphResults:)` expects.
  var graphResults: [Tensor] { get }

  /// The results with these tensors, as many as `graphResults` had when the closure returned.
  ///
  /// - Throws: when the tensors cannot be such results.
  init(graphResults: [Tensor]) throws
}

extension Tensor: GraphResults {
  /// The tensor alone.
  public var graphResults: [Tensor] { [self] }

  /// The only tensor of `graphResults`.
  ///
  /// - Throws: ``GraphError`` (`internal`) when there is another number of them.
  public init(graphResults: [Tensor]) throws {
    guard graphResults.count == 1 else {
      throw GraphError(.internal, "one result was expected, there are \(graphResults.count)")
    }
    self = graphResults[0]
  }
}

extension Array: GraphResults where Element == Tensor {
  /// The tensors themselves.
  public var graphResults: [Tensor] { self }

  /// The tensors themselves.
  public init(graphResults: [Tensor]) { self = graphResults }
}

/// The structure of results, which is needed besides their tensors to rebuild them.
struct ResultPart: Hashable, Sendable {
  /// How many tensors there are.
  let count: Int

  /// The keys of a dictionary, in order, and the structure of its values; empty for other types.
  var members: [Member] = []

  struct Member: Hashable, Sendable {
    let key: String
    let part: ResultPart
  }
}

/// Results that cannot be rebuilt from their tensors alone.
private protocol KeyedResults: GraphResults {
  var part: ResultPart { get }

  init(graphResults: [Tensor], part: ResultPart) throws
}

extension Dictionary: GraphResults where Key == String, Value: GraphResults {
  /// The tensors of the values, in the order of their keys.
  public var graphResults: [Tensor] { inOrder.flatMap { $0.value.graphResults } }

  /// An empty dictionary; the keys of tensors would not be known.
  ///
  /// - Throws: ``GraphError`` (`internal`), unless there are no tensors.
  public init(graphResults: [Tensor]) throws {
    guard graphResults.isEmpty else {
      throw GraphError(.internal, "a dictionary was made of tensors without keys")
    }
    self = [:]
  }

  private var inOrder: [(key: String, value: Value)] { sorted { $0.key < $1.key } }
}

extension Dictionary: KeyedResults where Key == String, Value: GraphResults {
  fileprivate var part: ResultPart {
    let members = inOrder.map { ResultPart.Member(key: $0.key, part: ResultPart(of: $0.value)) }
    return ResultPart(count: members.reduce(0) { $0 + $1.part.count }, members: members)
  }

  fileprivate init(graphResults: [Tensor], part: ResultPart) throws {
    var rest = graphResults[...]
    self = [:]
    for member in part.members {
      let tensors = rest.prefix(member.part.count)
      rest = rest.dropFirst(tensors.count)
      self[member.key] = try Value.make(of: Array(tensors), member.part)
    }
  }
}

extension ResultPart {
  fileprivate init<Results: GraphResults>(of results: Results) {
    self =
      (results as? any KeyedResults)?.part ?? ResultPart(count: results.graphResults.count)
  }
}

extension [ResultPart] {
  /// The parts, for a message: `lists of [2, 1] tensors`, with the keys of dictionaries.
  var text: String {
    let keys = flatMap { $0.members.map(\.key) }
    let list = "lists of \(map(\.count)) tensors"
    return keys.isEmpty ? list : "\(list) with the keys \(keys)"
  }
}

extension GraphResults {
  fileprivate static func make(of tensors: [Tensor], _ part: ResultPart) throws -> Self {
    guard let keyed = Self.self as? any KeyedResults.Type else {
      return try Self(graphResults: tensors)
    }
    guard let results = try keyed.init(graphResults: tensors, part: part) as? Self else {
      preconditionFailure("\(keyed) is \(Self.self)")
    }
    return results
  }
}

/// The tensors that a closure has returned, as one list, with the structure of the results.
struct FlatResults {
  var tensors: [Tensor] = []
  var parts: [ResultPart] = []
}

/// The conversion of results of one type to a list of tensors, and back.
struct ResultForm<Results>: Sendable {
  let flatten: @Sendable (Results) -> FlatResults
  let make: @Sendable (_ tensors: [Tensor], _ parts: [ResultPart]) throws -> Results

  /// The form of a tensor, an array, a dictionary, or a type of the user's.
  static func single() -> Self where Results: GraphResults {
    let isKeyed = Results.self is any KeyedResults.Type
    return Self(
      flatten: { results in
        FlatResults(tensors: results.graphResults, parts: [ResultPart(of: results)])
      },
      make: { tensors, parts in
        isKeyed ? try Results.make(of: tensors, parts[0]) : try Results(graphResults: tensors)
      })
  }

  /// The form of a tuple of such types, or of an empty tuple.
  static func tuple<each Part: GraphResults>() -> Self where Results == (repeat each Part) {
    Self(
      flatten: { results in
        var flat = FlatResults()
        for part in repeat each results {
          flat.tensors += part.graphResults
          flat.parts.append(ResultPart(of: part))
        }
        return flat
      },
      make: { tensors, parts in
        var (tensors, parts) = (tensors[...], parts[...])
        func next<T: GraphResults>(_ type: T.Type) throws -> T {
          let part = parts.popFirst() ?? ResultPart(count: 0)
          let own = tensors.prefix(part.count)
          tensors = tensors.dropFirst(part.count)
          return try T.make(of: Array(own), part)
        }
        return (repeat try next((each Part).self))
      })
  }
}
