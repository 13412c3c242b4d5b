import TensorCore

/// What stands for a value of a graph, or owns memory, where a test needs one.
final class Symbol: TensorSymbol {
  var tapedValue: Tensor? { nil }
}
