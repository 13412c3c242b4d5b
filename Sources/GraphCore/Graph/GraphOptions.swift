/// How graphs are made and run, for those who look for the cause of something.
///
/// The results are the same in all ways. The options of the task that makes a function hold for all
/// of its graphs:
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

  /// The options that hold for the functions that this task makes.
  @TaskLocal public static var current = GraphOptions()

  /// Options: all of them on, but for those that are given.
  public init(optimizes: Bool = true, overlaps: Bool = true) {
    self.optimizes = optimizes
    self.overlaps = overlaps
  }
}
