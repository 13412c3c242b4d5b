internal import Synchronization
public import TensorCore

extension GraphFunction {
  /// Calls the function, and measures what each node costs.
  ///
  /// ```swift
  /// let (y, profile) = try f.profile(x)
  /// print(profile)
  /// ```
  ///
  /// Measuring adds about a microsecond to each node; calls that are not profiled cost nothing more.
  /// Called with symbolic tensors, while a graph is being built, nothing runs, and there are no nodes.
  ///
  /// - Throws: as ``run(_:)``; `TensorError` when an array is ragged.
  public func profile(
    _ inputs: any TensorConvertible...
  ) throws -> (results: Results, profile: Profile) {
    try profile(inputs: inputs.map { try $0.makeTensor() })
  }

  /// Calls the function with a list of inputs, and measures what each node costs.
  ///
  /// - Throws: as ``run(_:)``.
  public func profile(inputs: [Tensor]) throws -> (results: Results, profile: Profile) {
    ProfileRecorder.count.add(1, ordering: .relaxed)
    defer { ProfileRecorder.count.subtract(1, ordering: .relaxed) }
    let recorder = ProfileRecorder()
    let results = try Executor.$observer.withValue(recorder) { try run(inputs) }
    return (results, recorder.profile(of: name))
  }
}
