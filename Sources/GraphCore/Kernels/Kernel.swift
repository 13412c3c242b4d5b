package import TensorCore

/// An operation that takes operands that hold their only element themselves: others are given memory for
/// it, as their kernels ask where in memory an element is.
package protocol InlineOperation: Operation {}

/// An operation that says, when a plan is made, how it is to be run in it.
///
/// ``Operation/run(_:)`` computes the same from lists of tensors.
package protocol KernelOperation: Operation {
  /// How the operation is run on inputs of these dtypes, which `results(for:)` has accepted; nil when lists
  /// of tensors are all that it takes.
  func kernel(for inputs: [DType]) -> Kernel?
}

/// How an operation is run in a plan.
@safe package enum Kernel: Sendable {
  /// A loop over elements.
  case loop(ElementLoop)
  /// Several of them, one after another.
  case program(LoopProgram)
  /// A body over values in memory.
  case values(ValueBody)
}

/// Computes results from values that lie in memory: `inputs` are read, as many as there are, and `results`
/// are uninitialised memory for as many as there are, and stay so on failure.
///
/// The results are as declared: dtypes, and shapes as far as they are known.
package typealias ValueBody =
  @Sendable (_ inputs: UnsafePointer<Tensor>, _ results: UnsafeMutablePointer<Tensor>) throws ->
  Void
