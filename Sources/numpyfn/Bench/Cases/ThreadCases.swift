internal import NumPyFunctions

extension BenchCases {
  /// The same calls on one thread, and on two at once.
  ///
  /// The function is a Python function that calls NumPy: NumPy releases the GIL, Python code does
  /// not.
  static let threads: [BenchCase] = [
    onThreads(1, "a Python function over 1M"),
    onThreads(2, "a Python function over 1M, two threads at once"),
  ]

  private static func onThreads(_ threads: Int, _ name: String) -> BenchCase {
    BenchCase(name: name) { work in
      let (f, x) = (try call("sinh", work), try slope(1_000_000))
      return Contest(
        ours: .swift(onThreads: threads) { _ = try f(x) },
        python: try work.contender("(lambda a: lambda: sinh(a))(slope(10**6))", threads: threads))
    }
  }
}
