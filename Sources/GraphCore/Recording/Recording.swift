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
/// When it is let go of, all that was recorded is, and live tensors that are left are values like
/// others. Any thread may use it at any time.
package final class Recording: Sendable {
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
    defer { builder.record?.seal() }
    return try GraphBuilder.$ambient.withValue(builder, operation: body)
  }
}
