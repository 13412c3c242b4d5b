public import TensorCore

extension Tensor: Sequence {
  /// The parts of a tensor along its first axis, one after another.
  public struct Iterator: IteratorProtocol {
    private let tensor: Tensor
    private let count: Int
    private var position = 0

    fileprivate init(_ tensor: Tensor) {
      self.tensor = tensor
      count = tensor.partCount
    }

    /// The next part, without the first axis; nil at the end.
    public mutating func next() -> Tensor? {
      guard position < count else { return nil }
      defer { position += 1 }
      return tensor.sequencePart(position)
    }
  }

  /// Goes along the first axis, as a loop over a NumPy array does: the parts share this tensor's memory.
  ///
  /// ```swift
  /// for row in try Tensor([[1, 2], [3, 4]]) { print(row) }   // [1 2], then [3 4]
  /// ```
  ///
  /// While a graph is traced, the loop's body becomes part of the graph once for each part; `scan` and
  /// `map` go along an axis of any extent. If the extent of the first axis is not known, the trace throws
  /// `failedPrecondition` when its closure has returned.
  ///
  /// - Precondition: the rank is at least 1.
  public func makeIterator() -> Iterator { Iterator(self) }

  /// The number of parts.
  public var underestimatedCount: Int { partCount }

  private var partCount: Int { shape[0] }

  private func sequencePart(_ index: Int) -> Tensor {
    // Of a tensor whose graph is finished there are no parts. Using the tensor itself says so.
    do {
      return try isPlain ? part(index) : self[index]
    } catch {
      if isSymbolic { return self }
      preconditionFailure("Tensor: \(error)")
    }
  }
}
