public import TensorCore

/// How a border repeats a tensor's own elements.
///
/// See `mode` in <https://numpy.org/doc/stable/reference/generated/numpy.pad.html>.
public enum PaddingMode: String, Sendable, CaseIterable {
  /// The element at the edge, repeated: `a a | a b c | c c`.
  case edge
  /// The elements mirrored at the last one: `c b | a b c | b a`.
  case reflect
  /// The elements mirrored behind the last one: `b a | a b c | c b`.
  case symmetric
  /// The elements from the other end: `b c | a b c | a b`.
  case wrap
}

/// For each place along an axis of a padded tensor the position of the element that it repeats.
struct PaddingPositions: OneResultOperation, ZeroGradient {
  let width: Border.Width
  let mode: PaddingMode
  let axis: Int

  let name = "paddingPositions"

  func shape(of operand: Shape) throws -> Shape {
    [try operand[ifKnown: axis].map { try length(of: $0) }]
  }

  func dtype(of operand: DType) -> DType { .int64 }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    [try Tensor(positions(inputs[0].shape[axis]))]
  }

  /// How many places there are.
  private func length(of extent: Int) throws -> Int {
    try require(
      extent > 0,
      "axis \(axis) has extent 0, and no elements that a border could repeat; pad with a value")
    let total = extent.addingReportingOverflow(width.before + width.after)
    try require(
      !total.overflow && total.partialValue < 1 << 40, code: .resourceExhausted,
      "a tensor with such a border is too large")
    return total.partialValue
  }

  private func positions(_ extent: Int) throws -> [Int] {
    // An array traps where there is no memory for it.
    _ = try Storage(byteCount: length(of: extent) * MemoryLayout<Int>.size)
    return (-width.before..<extent + width.after).map { place in
      switch mode {
      case .edge: return min(max(place, 0), extent - 1)
      case .wrap: return place.modulo(extent)
      case .symmetric:
        let place = place.modulo(2 * extent)
        return place < extent ? place : 2 * extent - 1 - place
      case .reflect:
        let place = place.modulo(max(2 * (extent - 1), 1))
        return place < extent ? place : 2 * (extent - 1) - place
      }
    }
  }

  var attributes: [(name: String, value: String)] {
    [
      ("before", "\(width.before)"), ("after", "\(width.after)"), ("mode", mode.rawValue),
      ("axis", "\(axis)"),
    ]
  }
}

extension Int {
  /// The remainder, which is never negative.
  fileprivate func modulo(_ divisor: Int) -> Int {
    let remainder = self % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }
}

extension Tensor {
  /// The tensor with a border of one value: `widths` are the numbers of elements to add before and
  /// after it, along each axis.
  ///
  /// ```swift
  /// try image.padded([(1, 1), (2, 2), (0, 0)])
  /// try image.padded([(1, 1)], with: -1)   // along all axes
  /// ```
  ///
  /// Any dtype; the value is a scalar of the same, a literal takes it. Zero, false or the empty string
  /// when it is nil. See <https://numpy.org/doc/stable/reference/generated/numpy.pad.html>.
  ///
  /// - Throws: `OperationError`: `invalidArgument` when a width is negative, there are not as many as
  ///   axes, the value is no scalar or of another dtype; `resourceExhausted` when there is no memory.
  public func padded(
    _ widths: [(before: Int, after: Int)], with value: Tensor? = nil,
    file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try located("pad", file, line) { location in
      let given = try value ?? Tensor(zeros: .scalar, dtype: dtype)
      let value = given.isLiteral ? try given.literal(as: dtype) : given
      return try Pad(border: Border(widths)).result(of: self, value, at: location)
    }
  }

  /// The tensor with a border that repeats its own elements: `widths` are the numbers of elements
  /// to add before and after it, along each axis.
  ///
  /// Any dtype; the rank must be known when a graph is built. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.pad.html>.
  ///
  /// - Throws: `OperationError`: `invalidArgument` when a width is negative, there are not as many as
  ///   axes, or an axis with a border has extent 0; `resourceExhausted` when there is no memory.
  public func padded(
    _ widths: [(before: Int, after: Int)], mode: PaddingMode,
    file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try located("pad", file, line) { location in
      guard let rank = rankIfKnown else {
        throw GraphError(
          .invalidArgument,
          spelled: """
            the rank of the tensor is not known; declare it in the input signature, or with \
            \(Message.name("ensureShape"))
            """)
      }
      var x = self
      for (axis, width) in try Border(widths).widths(rank: rank).enumerated()
      where width.before + width.after > 0 {
        let positions = try PaddingPositions(width: width, mode: mode, axis: axis).result(
          of: x, at: location)
        x = try Gather(axis: axis).result(of: x, positions, at: location)
      }
      return x
    }
  }
}
