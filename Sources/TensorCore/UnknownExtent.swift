/// What happens when code asks for a number that a shape does not know.
package enum UnknownExtent {
  /// Takes the errors of the graph that this task is tracing; nil outside of a trace.
  @TaskLocal package static var handler: Handler?

  /// A class: in release builds Swift 6.3 crashes where a task-local value is an optional closure.
  package final class Handler: Sendable {
    fileprivate let report: @Sendable (TensorError) -> Void

    package init(_ report: @escaping @Sendable (TensorError) -> Void) { self.report = report }
  }

  /// Reports that a shape does not know its rank, an extent or the number of its elements.
  ///
  /// A property cannot throw. The trace throws the error when its closure has returned or thrown; until then
  /// the number is 1. Outside of a trace the program ends, as for an index that an array does not have.
  static func reported(_ what: String, of shape: Shape, instead: String) -> Int {
    reported(
      """
      the \(what) of a tensor of shape \(shape) was asked for, and is not known while the graph is \
      built; declare it in the input signature, compute with shapeOf(x), which is known when the \
      graph runs, or ask for \(instead), which is nil if it is not known
      """)
  }

  /// Reports that a shape does not have what was asked of it.
  static func reported(_ message: String) -> Int {
    guard let handler else { preconditionFailure("Shape: " + message) }
    handler.report(TensorError(.failedPrecondition, message))
    return 1
  }
}
