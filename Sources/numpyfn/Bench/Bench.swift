internal import ArgumentParser
internal import NumPyFunctions

/// `numpyfn bench`: the cost of calls and graphs, compared with the same work in Python.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures calls and graphs, beside the same work in Python alone.",
    discussion: """
      Each case is measured in several rounds, in each of which this package and a loop in the \
      embedded Python take their turn. The table has the median and the minimum of the rounds per \
      call, and the medians' ratio. Progress is printed on standard error.

      With --json, one object is printed: the name of the case, then {"ours": ns, "python": ns or \
      null}, the medians. Of memory, the figures are bytes.

      Exit status: 0, 64 for bad usage, 1 for every other error.

      Examples:
        numpyfn bench
        numpyfn bench --filter 'scalar' --json
        numpyfn bench --filter 'growth: nodes'
        numpyfn bench --plot plots --filter growth
      """, subcommands: [FirstResult.self, InstructionCases.self, PeakMemory.self])

  @Flag(help: "Print one JSON object.")
  var json = false

  @Option(
    help: ArgumentHelp("Only cases with this text in their name.", valueName: "text"))
  var filter: String?

  @Flag(help: "Fewer and shorter rounds: rough figures.")
  var quick = false

  @Option(
    help: ArgumentHelp(
      "Measure as well how cost grows, with arguments, nodes, bytes and threads, and write a table "
        + "(.csv) and a plot (.png, drawn by matplotlib) of each into this folder.",
      valueName: "folder"))
  var plot: String?

  @Option(
    help: ArgumentHelp(
      "A program that prints what the bare minimum costs in C; scripts/bench builds one.",
      valueName: "file"))
  var floor: String?

  func run() throws {
    try Failure.reported {
      let machine = Machine()
      let (cases, growths) = try selected()
      let plots = try growths.isEmpty ? nil : plot.map { try GrowthPlots(folder: $0) }
      let runner = try BenchRunner(isQuick: quick)
      let floor = try floor.map { try FloorProgram(path: $0).medians } ?? [:]

      var measurements: [Measurement] = []
      var grown: [GrowthTable] = []
      do {
        var progress = Progress(
          total: cases.count + growths.reduce(0) { $0 + $1.positions(isQuick: quick).count })
        for benchCase in cases {
          progress.begin(benchCase.name)
          measurements.append(try runner.measure(benchCase))
        }
        for growth in growths {
          grown.append(try GrowthTable(growth, runner, isQuick: quick, &progress))
        }
      }
      for table in grown { try plots?.write(table, caption: machine.description) }
      let report = BenchReport(measurements: measurements, floor: floor)
      try show(report, grown, machine)
    }
  }

  /// The cases and growths that the filter selects.
  private func selected() throws -> ([BenchCase], [Growth]) {
    // Without a folder, growths are measured only if the filter names them, since they take long.
    let isNamed = filter?.hasPrefix("growth") ?? false
    let growths = plot != nil || isNamed ? Growth.all : []
    guard let filter else { return (BenchCases.all, growths) }
    let cases = BenchCases.all.filter { $0.name.contains(filter) }
    let chosen = growths.filter { $0.name.contains(filter) }
    guard !cases.isEmpty || !chosen.isEmpty else {
      let names = BenchCases.all.map(\.name) + Growth.all.map(\.name)
      throw Failure(
        "no case has \(filter.quoted) in its name; the cases are\n  "
          + names.joined(separator: "\n  "))
    }
    return (cases, chosen)
  }

  private func show(_ report: BenchReport, _ grown: [GrowthTable], _ machine: Machine) throws {
    let doubts = machine.doubts(about: report.measurements)
    guard !json else {
      if let doubts { StandardError.print(doubts) }
      return try StandardOutput.print(report.json)
    }
    var parts = [try machine.description]
    if !report.measurements.isEmpty { parts.append(report.text) }
    parts += grown.map(\.text)
    if let doubts { parts.append(doubts) }
    try StandardOutput.print(parts.joined(separator: "\n\n"))
  }
}
