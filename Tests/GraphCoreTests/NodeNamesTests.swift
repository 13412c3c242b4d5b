import Testing

@testable import GraphCore

struct NodeNamesTests {
  /// Names that could be taken for each other with a number.
  private static let bases =
    ["a", "a_1", "a_2", "a_1_1", "a_01", "a_0", "a_", "_1", "_", "1", "a_+1", "a_-1", "é_1", "é"]
    + ["a_99999999999999999999"]

  @Test(arguments: 0..<40)
  func `a name is as it was asked for, or has the first number that is free`(seed: UInt64) {
    var random = SplitMix(state: seed)
    let taken = (0..<Int.random(in: 0...4, using: &random)).map { _ in
      Self.bases.randomElement(using: &random) ?? ""
    }
    var names = NodeNames(taken)
    var known = Set(taken)
    for _ in 0..<200 {
      let base = Self.bases.randomElement(using: &random) ?? ""
      let free = ([base] + (1...1000).map { "\(base)_\($0)" }).first { !known.contains($0) }
      #expect(names.next(base) == free)
      #expect(names.unique(base) == free)
      known.insert(free ?? "")
    }
  }
}
