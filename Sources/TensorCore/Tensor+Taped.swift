// A taped tensor has a value and is a symbol as well: each operation on it runs immediately and is
// recorded, so that it can be differentiated.

extension Tensor {
  /// The value of a taped tensor; nil for tensors that are only a value, and for symbolic tensors.
  package var tapedValue: Tensor? {
    if case .symbol(let symbol) = content { symbol.tapedValue } else { nil }
  }

  /// The value of a taped tensor, without its tape; any other tensor unchanged.
  package var detached: Tensor { tapedValue ?? self }

  /// The tensor as an operation's kernel takes it: without its tape, and no longer a literal.
  package var plain: Tensor { detached.withoutLiteralMark }

  /// Whether the tensor equals its ``plain`` form: it is a value, neither symbolic nor taped, and no
  /// literal.
  package var isPlain: Bool {
    if isLiteral { return false }
    if case .symbol = content { return false }
    return true
  }
}
