internal import Foundation
internal import NumPyFunctions

/// The machine on which figures were measured, and its load.
struct Machine {
  let cores = ProcessInfo.processInfo.activeProcessorCount
  /// The load average of the last minute before the measurement.
  let load: Double

  init() {
    var loads = [0.0, 0, 0]
    load = unsafe getloadavg(&loads, 3) < 1 ? 0 : loads[0]
  }

  /// Python, NumPy and the number of cores, in words.
  ///
  /// - Throws: `StartError`.
  var description: String {
    get throws {
      let installation = try Python.installation
      return "Python \(LibPython.linked.version), NumPy \(installation.numPyVersion), "
        + "\(cores) cores, numpyfn \(Numpyfn.version)\(Machine.build)"
    }
  }

  /// The reasons to doubt the figures; nil if there are none.
  func doubts(about measurements: [Measurement]) -> String? {
    let noisy = measurements.filter { $0.noise > 0.15 }
    var reasons: [String] = []
    // Up to half a core is normal for background programs.
    if load > 0.5 {
      reasons.append(
        "the load was \(load.formatted(digits: 1)) on \(cores) cores before the first case")
    }
    if !noisy.isEmpty {
      reasons.append(
        "in \(noisy.count) of \(measurements.count) cases the median was over 15 % above the minimum "
          + "(\(noisy.map(\.name).joined(separator: "; ")))")
    }
    guard !reasons.isEmpty else { return nil }
    return
      "The machine was noisy: \(reasons.joined(separator: ", and ")). Rather read the minima, or "
      + "measure again."
  }

  /// Names a debug build, which is many times slower, so that its figures are not valid.
  private static var build: String {
    #if DEBUG
      " (a debug build: build with -c release)"
    #else
      ""
    #endif
  }
}
