internal import Synchronization
package import TensorCore

/// Keeps a ``Tape`` open: what code applies to tensors that it watches is recorded.
///
/// ```swift
/// let tape = GradientTape(of: "f", at: location)
/// let x = tape.watch(input)
/// let y = try tape.record { try f(x) }
/// let slope = try gradient(of: y, with: x)
/// ```
///
/// Code that computes gradients inside recorded code uses the ``current`` tape, so that the
/// gradients can be differentiated: the tensors of two tapes cannot be used together.
///
/// When it is released, the tape is released with it, and the remaining taped tensors become plain
/// values. Any thread may use it at any time.
package final class GradientTape: Sendable {
  /// The tape of the closure that this task is running; nil outside of recorded closures.
  @TaskLocal private static var ofClosure: GradientTape?

  /// The number of open tapes of code that is not a closure, among which the provider chooses.
  private static let openCount = Atomic(0)
  private static let provider = Locked<Provider?>(nil)

  /// A struct, since ``Locked`` must not hold a bare function.
  private struct Provider: Sendable {
    let current: @Sendable () -> GradientTape?
  }

  /// The tape of the code that this task is running; nil outside of recorded code.
  ///
  /// Operations that read variables, or use tensors of the tape that are not among their inputs,
  /// are recorded too.
  package static var current: GradientTape? {
    if let ofClosure { return ofClosure }
    guard openCount.load(ordering: .acquiring) > 0 else { return nil }
    return provider.withLock { $0 }?.current()
  }

  /// Sets the function that returns the tape of code outside of recorded closures; it is called
  /// only while there are such tapes: see ``open()``.
  package static func setProvider(_ provider: @escaping @Sendable () -> GradientTape?) {
    Self.provider.withLock { $0 = Provider(current: provider) }
  }

  /// Begins to record code that is not a closure, until the recording is finished.
  package func open() {
    guard !isOpen.exchange(true, ordering: .acquiringAndReleasing) else { return }
    Self.openCount.add(1, ordering: .releasing)
  }

  private let isOpen = Atomic(false)

  let tape: Tape

  /// Begins a recording.
  ///
  /// - Parameters:
  ///   - name: the name of the recorded code, for messages.
  ///   - location: the line of the program that errors name.
  package init(of name: String, at location: SourceLocation) {
    tape = Tape(of: name, at: location)
  }

  deinit {
    leave()
    tape.close()
  }

  private func leave() {
    guard isOpen.exchange(false, ordering: .acquiringAndReleasing) else { return }
    Self.openCount.subtract(1, ordering: .releasing)
  }

  /// A taped tensor with this value, whose gradient can be computed; the value itself if it cannot
  /// be differentiated.
  package func watch(_ tensor: Tensor) -> Tensor {
    tape.watch(tensor, at: tape.location)
  }

  /// Calls `body`, and records it; afterwards nothing more is recorded, except gradients of
  /// gradients.
  ///
  /// - Throws: what `body` throws.
  package func record<R>(_ body: () throws -> R) rethrows -> R {
    defer { finish() }
    return try Self.$ofClosure.withValue(self, operation: body)
  }

  /// Ends the recording, for code that is not a closure; gradients can still be computed.
  package func finish() {
    leave()
    tape.seal()
  }

  /// Whether operations on its tensors are recorded.
  package var isRecording: Bool { tape.isRecording }
}
