internal import TensorCore

/// Identifies a closure that is being traced, and its inputs, to detect a closure that calls itself
/// and would be traced without end.
package struct TraceOrigin: Sendable {
  private let function: ObjectIdentifier
  private let specs: [TensorSpec]
  private let outer: (any OperationRecorder)?

  /// - Throws: `GraphError` (`failedPrecondition`) when this task is tracing the same already.
  init(_ function: ObjectIdentifier, _ specs: [TensorSpec], name: String) throws {
    self.function = function
    self.specs = specs
    outer = Recorder.active
    var next = outer?.origin
    while let origin = next {
      guard origin.function != function || origin.specs != specs else {
        throw GraphError(
          .failedPrecondition,
          spelled: """
            graph function '\(name)' calls itself with inputs of the same dtypes and ranks, so \
            that tracing it would never end; a graph has no recursion: write a loop in \
            \(swift: "Swift", python: "Python"), which is unrolled
            """)
      }
      next = origin.outer?.origin
    }
  }
}
