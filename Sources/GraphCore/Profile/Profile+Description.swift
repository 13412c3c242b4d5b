extension Profile: CustomStringConvertible {
  /// A table of nodes, the one that took most time itself first; times are milliseconds.
  ///
  /// ```
  /// seed: 16.123 ms, of which 15.964 ms in 2 nodes
  ///   time  operation      node      line                measures
  /// 14.437  numpyFunction  sinh      main.swift:8        Python 14.079 ms, GIL wait 0.312 ms
  ///  1.526  multiply       multiply  after main.swift:8
  /// ```
  public var description: String {
    let rows = rows.sorted { ($0.own, $1.first) > ($1.own, $0.first) }
    let spent = rows.reduce(Duration.zero) { $0 + $1.own }
    let hasInner = rows.contains { $0.own != $0.time }
    let repeats = rows.contains { $0.calls > 1 }
    var columns: [Column] = [
      Column("time", isNumber: true, rows.map(\.time.milliseconds))
    ]
    if hasInner { columns.append(Column("own", isNumber: true, rows.map(\.own.milliseconds))) }
    if repeats { columns.append(Column("runs", isNumber: true, rows.map { "\($0.calls)" })) }
    columns += [
      Column("operation", rows.map(\.node.operation.name)), Column("node", rows.map(\.node.name)),
      Column("line", rows.map { "\(PrintedGraph.Location($0.node.location))" }),
      Column("measures", rows.map(\.measureList)),
    ]
    let head =
      "\(name): \(duration.milliseconds) ms, of which \(spent.milliseconds) ms in "
      + counted(rows.count, "node")
    guard !rows.isEmpty else { return head }
    let lines = (0...rows.count).map { row in
      columns.map { $0.cells[row] }.joined(separator: "  ").trimmingEnd
    }
    return ([head] + lines).joined(separator: "\n")
  }

  /// All runs of one node.
  private struct Row {
    let node: Node
    /// The index of its first run.
    let first: Int
    var calls = 0
    var time = Duration.zero
    var own = Duration.zero
    var measures: [Measure] = []

    mutating func add(_ run: Node, own: Duration) {
      calls += 1
      time += run.duration
      self.own += own
      for measure in run.measures {
        if let place = measures.firstIndex(where: { $0.name == measure.name }) {
          measures[place].amount += measure.amount
        } else {
          measures.append(measure)
        }
      }
    }

    /// The measures; counts and sizes of 0 are left out.
    var measureList: String {
      measures.compactMap { measure in
        switch measure.amount {
        case .bytes(0), .count(0): nil
        case .time(let time): "\(measure.name) \(time.milliseconds) ms"
        case .bytes(let count): "\(measure.name) \(counted(count, "byte"))"
        case .count(let count): "\(measure.name) \(count)"
        }
      }.joined(separator: ", ")
    }
  }

  private var rows: [Row] {
    struct Key: Hashable {
      let graph: String
      let node: String
      let outer: Int?
    }
    var rows: [Row] = []
    var places: [Key: Int] = [:]
    // The row of each run, so that nodes of one name in bodies of different loops stay apart.
    var rowOf: [Int] = []
    let own = ownTimes
    for (index, node) in nodes.enumerated() {
      let key = Key(graph: node.graph, node: node.name, outer: node.outer.map { rowOf[$0] })
      let place = places[key] ?? rows.count
      if place == rows.count {
        places[key] = place
        rows.append(Row(node: node, first: index))
      }
      rows[place].add(node, own: own[index])
      rowOf.append(place)
    }
    return rows
  }

  /// A column of a table, as wide as its widest cell.
  private struct Column {
    let cells: [String]

    init(_ title: String, isNumber: Bool = false, _ values: [String]) {
      let width = values.reduce(title.count) { max($0, $1.count) }
      cells = ([title] + values).map { value in
        let space = String(repeating: " ", count: width - value.count)
        return isNumber ? space + value : value + space
      }
    }
  }
}

extension String {
  fileprivate var trimmingEnd: String {
    String(self[...(lastIndex { $0 != " " } ?? startIndex)])
  }
}
