internal import TensorCore

/// The slots for the values of one run, on the stack if there are few.
///
/// Not copyable, and only borrowed, so that it cannot be kept after the run.
@safe
struct TensorSlots: ~Copyable {
  let base: UnsafeMutablePointer<Tensor?>

  /// How many there are.
  let count: Int

  /// One use of a value.
  struct Use: Sendable {
    let slot: Int
    /// Whether nothing that comes later in the order of the run uses it.
    let isLast: Bool
  }

  /// Slots in initialised memory, which must outlive them.
  @unsafe init(_ base: UnsafeMutablePointer<Tensor?>, count: Int) {
    unsafe self.base = base
    self.count = count
  }

  /// What is in a slot.
  subscript(slot: Int) -> Tensor? {
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
  func take(_ use: Use) -> Tensor? {
    assert(0 <= use.slot && use.slot < count)
    return use.isLast ? unsafe base[use.slot].take() : unsafe base[use.slot]
  }

  /// All values, which leave their slots.
  func takeAll() -> [Tensor?] {
    (0..<count).map { unsafe base[$0].take() }
  }
}
