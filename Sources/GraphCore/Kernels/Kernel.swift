package import TensorCore

/// An operation that accepts inline operands, which hold their only element themselves.
///
/// Before any other operation runs, inline operands are copied to memory, since its kernel needs
/// the address of the elements.
package protocol InlineOperation: Operation {}

/// An operation that chooses, when a plan is made, how the plan runs it.
///
/// ``Operation/run(_:)`` computes the same from lists of tensors.
package protocol KernelOperation: Operation {
  /// How the operation is run on inputs of these dtypes, which `results(for:)` has accepted; nil to
  /// call ``Operation/run(_:)``.
  func kernel(for inputs: [DType]) -> Kernel?
}

/// How an operation is run in a plan.
@safe package enum Kernel: Sendable {
  /// A loop over elements.
  case loop(ElementLoop)
  /// Several loops, one after another.
  case program(LoopProgram)
  /// A body over values in memory.
  case values(ValueBody)
}

/// Computes results from values in memory.
///
/// It reads `inputs`, one tensor for each input, and initialises `results`, which is uninitialised
/// memory for one tensor for each result; after an error it is still uninitialised. The results
/// have the declared dtypes, and the declared shapes as far as these are known.
package typealias ValueBody =
  @Sendable (_ inputs: UnsafePointer<Tensor>, _ results: UnsafeMutablePointer<Tensor>) throws ->
  Void
