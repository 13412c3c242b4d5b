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
  /// The record of the code in which this task is; nil outside of recorded code.
  ///
  /// Closures that use its tensors without being given any are recorded too.
  @TaskLocal package static var current: Recording?

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

  deinit { builder.close() }

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
    return try Self.$current.withValue(self, operation: body)
  }

  /// Ends the recording, for code that is no closure; gradients can still be asked for.
  package func finish() { builder.record?.seal() }

  /// Whether operations on its tensors are recorded.
  package var isRecording: Bool { builder.isRecording }
}
