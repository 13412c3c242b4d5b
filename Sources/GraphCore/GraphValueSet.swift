/// Some of a graph's values: a flag for each, since gradients ask often.
struct GraphValueSet {
  /// The first node whose values can be added.
  private let start: Int
  /// The number of each node's first result, and of all results.
  private var first: [Int] = [0]
  private var isIn: [Bool]

  /// No values of a graph with these nodes, of which the first is number `start`.
  init(of nodes: [Graph.Node], from start: Int = 0) {
    self.start = start
    first.reserveCapacity(nodes.count + 1)
    var count = 0
    for index in nodes.indices {
      count += nodes[index].results.count
      first.append(count)
    }
    isIn = [Bool](repeating: false, count: count)
  }

  /// Adds a value; one of another node, which was added to the graph since for example, is left out.
  mutating func insert(_ value: Graph.Value) {
    if let number = number(of: value) { isIn[number] = true }
  }

  /// Whether a value has been added.
  func contains(_ value: Graph.Value) -> Bool { number(of: value).map { isIn[$0] } ?? false }

  private func number(of value: Graph.Value) -> Int? {
    let node = value.node - start
    guard node >= 0, node + 1 < first.count else { return nil }
    let number = first[node] + value.result
    return number < first[node + 1] ? number : nil
  }
}
