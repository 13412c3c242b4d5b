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

  /// A tensor that carries an object from one operation to another within a run.
  ///
  /// Only ``object`` distinguishes it from an ordinary tensor: its spec is a bool of unknown shape, since no
  /// gradient flows through bools.
  package init(object: any AnyObject & Sendable) {
    self.init(list: [], dtype: .bool)
    content = .object(object)
  }

  /// The object of such a tensor; nil for any other tensor.
  package var object: (any AnyObject & Sendable)? {
    if case .object(let object) = content { object } else { nil }
  }
}
