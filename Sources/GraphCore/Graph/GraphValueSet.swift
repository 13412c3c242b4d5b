/// A set of values of a graph, as one flag for each value: gradients look values up often.
struct GraphValueSet {
  private let numbers: ValueNumbers
  private var isIn: [Bool]

  /// An empty set for the values of `nodes`; the first of them has index `start` in its graph.
  init(of nodes: [Graph.Node], from start: Int = 0) {
    numbers = ValueNumbers(of: nodes, from: start)
    isIn = [Bool](repeating: false, count: numbers.count)
  }

  /// Adds a value; does nothing for a value of another node.
  mutating func insert(_ value: Graph.Value) {
    if let number = numbers[value] { isIn[number] = true }
  }

  /// Whether a value has been added.
  func contains(_ value: Graph.Value) -> Bool { numbers[value].map { isIn[$0] } ?? false }
}
