import Foundation

/// The trials of one scenario, in processes of their own: after a crash, the next one goes on behind
/// the allocation that led to it.
struct ScenarioRun {
  /// How many allocations were made to fail.
  private(set) var count = 0

  /// What went wrong, in order.
  private(set) var problems: [String] = []

  init(_ scenario: Scenario, isLasting: Bool) throws {
    var first = 1
    while true {
      let process = Process()
      process.executableURL = Bundle.main.executableURL
      process.arguments = ["--try", scenario.name, isLasting ? "lasting" : "once", "\(first)"]
      // Each object of Python's is then an allocation that is seen.
      process.environment = ProcessInfo.processInfo.environment.merging(
        ["PYTHONMALLOC": "malloc", "SWIFT_BACKTRACE": "enable=no"]) { $1 }
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      let lines = output.split(separator: "\n")
      problems += lines.filter { $0.hasPrefix("!") }.map { String($0.dropFirst(2)) }
      let last = lines.compactMap { Int($0) }.last ?? first
      if process.terminationReason == .exit, process.terminationStatus == 0 {
        count = last
        return
      }
      let reason = process.terminationReason == .uncaughtSignal ? "signal" : "status"
      problems.append("\(last): the process ended with \(reason) \(process.terminationStatus)")
      guard !lines.isEmpty else { return }
      first = last + 1
    }
  }
}
