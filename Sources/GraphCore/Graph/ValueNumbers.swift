/// A number for each value of a graph, from 0 on, so that data on values can be stored in arrays.
struct ValueNumbers {
  /// The first node whose values have numbers.
  private let start: Int
  /// The number of each node's first result, and at the end of all results.
  private var first: [Int32]

  /// Numbers for the results of `nodes`; the first of them has index `start` in its graph.
  init(of nodes: [Graph.Node], from start: Int = 0) {
    self.start = start
    first = [0]
    first.reserveCapacity(nodes.count + 1)
    var count: Int32 = 0
    for index in nodes.indices {
      count += Int32(nodes[index].results.count)
      first.append(count)
    }
  }

  /// How many values there are.
  var count: Int { Int(first[first.count - 1]) }

  /// The number of a value; nil for a value of another node, for example one that was added later.
  subscript(value: Graph.Value) -> Int? {
    let node = value.node - start
    guard node >= 0, node + 1 < first.count else { return nil }
    let number = Int(first[node]) + value.result
    return number < first[node + 1] ? number : nil
  }

  /// The numbers of a node's results.
  subscript(node node: Int) -> Range<Int> {
    Int(first[node - start])..<Int(first[node - start + 1])
  }
}
