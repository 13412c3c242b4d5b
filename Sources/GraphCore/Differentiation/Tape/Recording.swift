internal import Synchronization
package import TensorCore

/// The record of what operations some code applies to live tensors, for as long as the record is
/// wanted.
///
/// ```swift
/// let recording = Recording(of: "f", at: location)
/// let x = recording.watch(input)
/// let y = try recording.record { try f(x) }
/// let slope = try gradient(of: y, with: x)
/// ```
///
/// Code that asks for gradients inside of recorded code shares the record that is ``current``, so that
/// its answers can be differentiated: the tensors of two records cannot be used together.
///
/// When it is let go of, all that was recorded is, and live tensors that are left are values like
/// others. Any thread may use it at any time.
package final class Recording: Sendable {
  /// The record of the closure in which this task is; nil outside of recorded closures.
  @TaskLocal private static var ofClosure: Recording?

  /// Records of code that is no closure, which the provider tells apart.
  private static let openCount = Atomic(0)
  private static let provider = Locked<Provider?>(nil)

  /// A struct, as ``Locked`` must not hold a bare function.
  private struct Provider: Sendable {
    let current: @Sendable () -> Recording?
  }

  /// The record of the code in which this task is; nil outside of recorded code.
  ///
  /// What reads variables, or uses tensors of the record without being given any, is recorded too.
  package static var current: Recording? {
    if let ofClosure { return ofClosure }
    guard openCount.load(ordering: .acquiring) > 0 else { return nil }
    return provider.withLock { $0 }?.current()
  }

  /// Has `provider` say which record the code belongs to that is in no recorded closure, while there are
  /// such records: see ``open()``.
  package static func setProvider(_ provider: @escaping @Sendable () -> Recording?) {
    Self.provider.withLock { $0 = Provider(current: provider) }
  }

  /// Says that code which is no closure is recorded here until it is finished.
  package func open() {
    guard !isOpen.exchange(true, ordering: .acquiringAndReleasing) else { return }
    Self.openCount.add(1, ordering: .releasing)
  }

  private let isOpen = Atomic(false)

  /// The live builder.
  let builder: GraphBuilder

  /// Begins a recording.
  ///
  /// - Parameters:
  ///   - name: what messages call what is recorded.
  ///   - location: the line of the program that errors name.
  package init(of name: String, at location: SourceLocation) {
    builder = GraphBuilder(liveAt: location, name: name)
  }

  deinit {
    leave()
    builder.close()
  }

  private func leave() {
    guard isOpen.exchange(false, ordering: .acquiringAndReleasing) else { return }
    Self.openCount.subtract(1, ordering: .releasing)
  }

  /// The tensor as a live one, whose gradients can be asked for; what cannot be differentiated as it
  /// is.
  package func watch(_ tensor: Tensor) -> Tensor {
    builder.watch(tensor, at: builder.location)
  }

  /// Calls `body`, and records it; afterwards nothing is recorded any more, save for gradients of
  /// gradients.
  ///
  /// - Throws: what `body` throws.
  package func record<R>(_ body: () throws -> R) rethrows -> R {
    defer { finish() }
    return try Self.$ofClosure.withValue(self, operation: body)
  }

  /// Ends the recording, for code that is no closure; gradients can still be asked for.
  package func finish() {
    leave()
    builder.record?.seal()
  }

  /// Whether operations on its tensors are recorded.
  package var isRecording: Bool { builder.isRecording }
}
