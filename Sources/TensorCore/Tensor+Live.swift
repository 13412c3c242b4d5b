// A live tensor has a value and is a symbol as well: each operation that is applied to it runs at
// once, and is recorded, so that it can be differentiated.

extension Tensor {
  /// The value of a live tensor; nil for tensors that are nothing but a value, and for symbolic ones.
  package var liveValue: Tensor? {
    if case .symbol(let symbol) = content { symbol.liveValue } else { nil }
  }

  /// The value of a live tensor, cut off from what was recorded; any other tensor as it is.
  package var detached: Tensor { liveValue ?? self }

  /// The tensor as an operation's kernel takes it: without what was recorded of it, and with a dtype
  /// of its own.
  package var plain: Tensor { detached.withoutLiteralMark }

  /// Whether ``plain`` is something else than the tensor.
  package var isPlain: Bool {
    if isLiteral { return false }
    if case .symbol = content { return false }
    return true
  }

  /// What one operation leaves for another in a run.
  ///
  /// It is told from an ordinary tensor by ``object`` alone: as a spec it is a bool of unknown shape,
  /// since nothing flows through bools.
  package init(object: any AnyObject & Sendable) {
    self.init(list: [], dtype: .bool)
    content = .object(object)
  }

  /// What an operation has left; nil for any other tensor.
  package var object: (any AnyObject & Sendable)? {
    if case .object(let object) = content { object } else { nil }
  }
}
