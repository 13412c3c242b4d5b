public import TensorCore

/// What the closure of a ``GraphFunction`` may return, and a call then returns: a tensor, an array
/// of tensors, or a tuple of these.
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
  /// The tensors, in an order of which only `init(graphResults:)` need know.
  var graphResults: [Tensor] { get }

  /// The results with these tensors, of which there are as many as `graphResults` had when the
  /// closure returned.
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

/// What a closure has returned, as one list, with the lengths of its parts.
struct FlatResults {
  var tensors: [Tensor] = []
  var lengths: [Int] = []
}

/// How results of one type are made into a list of tensors, and back.
struct ResultForm<Results>: Sendable {
  let flatten: @Sendable (Results) -> FlatResults
  let make: @Sendable (_ tensors: [Tensor], _ lengths: [Int]) throws -> Results

  /// The form of a tensor, an array, or a type of the user's.
  static func single() -> Self where Results: GraphResults {
    Self(
      flatten: { results in
        let tensors = results.graphResults
        return FlatResults(tensors: tensors, lengths: [tensors.count])
      },
      make: { tensors, _ in try Results(graphResults: tensors) })
  }

  /// The form of a tuple of such types; of the empty one too.
  static func tuple<each Part: GraphResults>() -> Self where Results == (repeat each Part) {
    Self(
      flatten: { results in
        var flat = FlatResults()
        for tensors in repeat (each results).graphResults {
          flat.tensors += tensors
          flat.lengths.append(tensors.count)
        }
        return flat
      },
      make: { tensors, lengths in
        var (tensors, lengths) = (tensors[...], lengths[...])
        func next<T: GraphResults>(_ type: T.Type) throws -> T {
          let part = tensors.prefix(lengths.popFirst() ?? 0)
          tensors = tensors.dropFirst(part.count)
          return try T(graphResults: Array(part))
        }
        return (repeat try next((each Part).self))
      })
  }
}
