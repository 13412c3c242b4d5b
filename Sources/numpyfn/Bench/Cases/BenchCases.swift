/// All cases, in the order of the table.
enum BenchCases {
  static let all = calls + noOps + sizes + graphs + threads + processes

  /// The sizes in the names of cases.
  static let counts = [("1k", 1000), ("1M", 1_000_000), ("16M", 16_000_000)]
}
