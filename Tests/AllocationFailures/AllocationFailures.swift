import FailingAllocator
import Foundation
import NumPyFunctions

/// Has each allocation of a call fail in turn: the call must then throw, or be right all the same, and
/// the next call must be right.
///
/// Without arguments all scenarios run, each in a process of its own, in which a crash is seen. With
/// the name of one, that one.
@main
enum AllocationFailures {
  static func main() throws {
    guard failing_is_supported() else {
      print("allocations can be made to fail with glibc only")
      return
    }
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "--try" {
      guard let scenario = Scenario.all.first(where: { $0.name == arguments[1] }) else {
        fatalError("there is no scenario \(arguments[1])")
      }
      let trials = Trials(scenario, isLasting: arguments[2] == "lasting")
      try trials.run(from: Int(arguments[3]) ?? 1)
      return
    }
    let chosen = Scenario.all.filter { arguments.isEmpty || arguments.contains($0.name) }
    var failed = 0
    for scenario in chosen {
      for isLasting in scenario.mayLast ? [false, true] : [false] {
        let report = try ScenarioRun(scenario, isLasting: isLasting)
        let mode = isLasting ? "all from the n-th on" : "the n-th"
        print(
          "\(scenario.name), \(mode): \(report.count) allocations, \(report.problems.count) wrong")
        for problem in report.problems { print("  \(problem)") }
        failed += report.problems.count
      }
    }
    print("\(chosen.count) kinds of call, \(failed) failures")
    if failed > 0 { exit(1) }
  }
}
