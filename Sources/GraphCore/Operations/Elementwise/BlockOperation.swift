package import TensorCore

/// An operation that is not one of the graph's own, has no effect, and may be run block by block among
/// elementwise ones: ``Fused`` takes it in.
package protocol BlockOperation: Operation {
  /// How it is done for operands of these dtypes; nil when it cannot be done by blocks.
  func blockLoop(for operands: [DType]) -> BlockLoop?
}

/// How an operation is run by blocks: a loop that may report that its results do not stand.
///
/// The values are those of the operation, bit for bit. Where they do not stand, the operation is run once
/// more in its own way, on the same operands.
@safe package struct BlockLoop: Sendable {
  /// Computes some elements; bits that say what happened, 0 for nothing.
  package typealias Body =
    @Sendable (
      _ operands: ElementwiseLoop.Operands, _ result: UnsafeMutableRawPointer, _ count: Int
    )
    -> UInt8

  /// How it is done for one element of each operand, and no more.
  let scalar: ScalarLoop

  let cost: ElementwiseLoop.Cost

  let body: Body

  /// Whether operands of these shapes may be run by blocks of neighbours.
  let takes: @Sendable ([Shape]) -> Bool

  /// Whether the results stand, given all bits that blocks have reported, if there were any.
  let stands: @Sendable (UInt8) throws -> Bool

  package init(
    scalar: ScalarLoop, cost: ElementwiseLoop.Cost, body: @escaping Body,
    takes: @escaping @Sendable ([Shape]) -> Bool,
    stands: @escaping @Sendable (UInt8) throws -> Bool
  ) {
    self.scalar = scalar
    self.cost = cost
    unsafe self.body = body
    self.takes = takes
    self.stands = stands
  }

  /// The same loop, which tells nobody what it reports.
  var silent: ElementwiseLoop {
    let body = unsafe body
    return unsafe ElementwiseLoop(result: scalar.result, cost: cost) { operands, result, count in
      unsafe _ = body(operands, result, count)
    }
  }
}
