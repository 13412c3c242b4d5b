/// How graphs are made and run; useful for debugging.
///
/// The results are the same with all options. The options of the task that makes a function apply
/// to all of its graphs:
///
/// ```swift
/// let f = try GraphOptions.$current.withValue(GraphOptions(optimizes: false)) {
///   try GraphFunction(inputSignature: [TensorSpec()]) { x in try x * 1 }
/// }
/// ```
public struct GraphOptions: Sendable {
  /// Whether a graph is optimised before it is run; otherwise it runs as it was traced.
  public var optimizes: Bool

  /// Whether operations that do not depend on each other may run at the same time, where they are
  /// large enough for it to pay.
  public var overlaps: Bool

  /// The options of the functions that this task makes.
  @TaskLocal public static var current = GraphOptions()

  /// Options, all of them on unless given.
  public init(optimizes: Bool = true, overlaps: Bool = true) {
    self.optimizes = optimizes
    self.overlaps = overlaps
  }
}
