internal import Foundation
internal import NumPyFunctions

/// A C program that measures the minimal cost of some cases, and prints it.
///
/// `scripts/bench` builds it from `scripts/floor.c`.
struct FloorProgram {
  /// Nanoseconds per call, by the name of the case.
  let medians: [String: Double]

  /// Runs the program.
  ///
  /// - Throws: `Failure` when it cannot be run, or prints something else.
  init(path: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    let choosers = ["NUMPYFN_PYTHON", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"]
    // The program supports only the linked Python, and the NumPy for which it was built.
    process.environment = ProcessInfo.processInfo.environment.filter { !choosers.contains($0.key) }
    let output = Pipe()
    process.standardOutput = output
    do { try process.run() } catch { throw Failure("\(path): \(error.reason)") }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0, process.terminationReason == .exit else {
      throw Failure("\(path): it failed with status \(process.terminationStatus)")
    }
    do {
      medians = try JSONDecoder().decode([String: Double].self, from: data)
    } catch {
      throw Failure("\(path): it printed no JSON object of numbers; build it with scripts/bench")
    }
  }
}
