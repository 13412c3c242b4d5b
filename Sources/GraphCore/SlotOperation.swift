package import TensorCore

/// An operation that takes its inputs from the slots of a run and leaves its results there, without
/// lists in between.
///
/// Both ways compute the same.
package protocol SlotOperation: InlineOperation {
  /// Makes what runs the operation in one place of a plan.
  ///
  /// The results are as declared: dtypes, and shapes as far as they are known.
  ///
  /// - Parameters:
  ///   - inputs: which slots the inputs are in.
  ///   - places: the slots of the results; nil for one that nobody uses.
  /// - Returns: nil when the operation is to be run in the ordinary way.
  func makeRunner(_ inputs: [TensorSlots.Use], to places: [Int?]) -> (any SlotRunner)?
}

/// An operation that takes operands that hold their only element themselves: others are given memory for
/// it, as their kernels ask where in memory an element is.
package protocol InlineOperation: Operation {}
