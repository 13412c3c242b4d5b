internal import NumPyFunctions

extension BenchCases {
  /// Arrays as arguments and results of a Python function, at several sizes.
  static let sizes =
    counts.flatMap { label, count in
      [
        throughPython("identity", "\(label) float32 identity", count: count),
        throughPython("add1", "\(label) float32 add1", count: count),
      ]
    } + [throughPython("np.sinh", "np.sinh of 16M", count: 16_000_000)]

  private static func throughPython(_ function: String, _ name: String, count: Int) -> BenchCase {
    BenchCase(name: name) { work in
      let f = try call(function, work)
      let x = try ones([count])
      return Contest(
        ours: .swift(isOnOneThread: function != "np.sinh") { _ = try f(x) },
        python: try work.contender("(lambda a: lambda: \(function)(a))(ones(\(count)))"))
    }
  }
}
