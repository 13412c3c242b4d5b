/// Some of a graph's values: a flag for each, since gradients ask often.
struct GraphValueSet {
  /// The number of each node's first result, and of all results.
  private var first: [Int] = [0]
  private var isIn: [Bool]

  /// No values of a graph with these nodes.
  init(of nodes: [Graph.Node]) {
    first.reserveCapacity(nodes.count + 1)
    var count = 0
    for index in nodes.indices {
      count += nodes[index].results.count
      first.append(count)
    }
    isIn = [Bool](repeating: false, count: count)
  }

  /// Adds a value; one of a node that was added to the graph since is left out.
  mutating func insert(_ value: Graph.Value) {
    if let number = number(of: value) { isIn[number] = true }
  }

  /// Whether a value has been added.
  func contains(_ value: Graph.Value) -> Bool { number(of: value).map { isIn[$0] } ?? false }

  private func number(of value: Graph.Value) -> Int? {
    guard value.node + 1 < first.count else { return nil }
    let number = first[value.node] + value.result
    return number < first[value.node + 1] ? number : nil
  }
}
