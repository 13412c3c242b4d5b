/// Places for the values of one run, on the stack where there are few.
///
/// Not copyable, and lent only: nobody can keep it beyond the run.
@safe
package struct TensorSlots: ~Copyable {
  @usableFromInline let base: UnsafeMutablePointer<Tensor?>

  /// How many there are.
  package let count: Int

  /// One use of a value.
  package struct Use: Sendable {
    package let slot: Int
    /// Whether nothing that comes later in the order of the run uses it.
    package let isLast: Bool

    package init(slot: Int, isLast: Bool) {
      (self.slot, self.isLast) = (slot, isLast)
    }
  }

  /// Slots in initialised memory, which must outlive them.
  @unsafe @inlinable package init(_ base: UnsafeMutablePointer<Tensor?>, count: Int) {
    unsafe self.base = base
    self.count = count
  }

  /// What is in a slot.
  @inlinable package subscript(slot: Int) -> Tensor? {
    get {
      assert(0 <= slot && slot < count)
      return unsafe base[slot]
    }
    nonmutating set {
      assert(0 <= slot && slot < count)
      unsafe base[slot] = newValue
    }
  }

  /// The value that is used, which leaves its slot if this is the last use; nil when there is none.
  @inlinable package func take(_ use: Use) -> Tensor? {
    assert(0 <= use.slot && use.slot < count)
    return use.isLast ? unsafe base[use.slot].take() : unsafe base[use.slot]
  }

  /// All values, which leave their slots.
  package func takeAll() -> [Tensor?] {
    (0..<count).map { unsafe base[$0].take() }
  }
}

/// What takes some values of a run from their slots, and puts others into theirs.
///
/// An object, of which there is one for each use in a plan: to call it costs neither a copy of
/// anything nor a reference.
package protocol SlotRunner: AnyObject, Sendable {
  /// Takes the inputs, and puts the results where they belong.
  ///
  /// - Throws: when there are no results.
  func run(_ slots: borrowing TensorSlots) throws

  /// The same for values that are in no slots: `inputs` are read, as many as there are, and `results`
  /// are uninitialised memory for as many as there are, and stay so on failure.
  ///
  /// - Throws: when there are no results.
  @unsafe func run(
    _ inputs: UnsafePointer<Tensor>, to results: UnsafeMutablePointer<Tensor>) throws
}
