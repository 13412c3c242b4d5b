/// Some of a graph's values: a flag for each, since gradients ask often.
struct GraphValueSet {
  private let numbers: ValueNumbers
  private var isIn: [Bool]

  /// No values of a graph with these nodes, of which the first is number `start`.
  init(of nodes: [Graph.Node], from start: Int = 0) {
    numbers = ValueNumbers(of: nodes, from: start)
    isIn = [Bool](repeating: false, count: numbers.count)
  }

  /// Adds a value; one of another node is left out.
  mutating func insert(_ value: Graph.Value) {
    if let number = numbers[value] { isIn[number] = true }
  }

  /// Whether a value has been added.
  func contains(_ value: Graph.Value) -> Bool { numbers[value].map { isIn[$0] } ?? false }
}
