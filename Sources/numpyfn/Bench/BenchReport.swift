internal import Foundation

/// The results of all cases, as a table or as JSON.
struct BenchReport {
  let measurements: [Measurement]
  /// The times of the C program, by the name of the case; empty when none was run.
  let floor: [String: Double]

  /// A table for display: our cost, Python's, their ratio, and the target with a mark whether it is
  /// met.
  var text: String {
    let head = ["case", "ours", "min", "Python", "min", "ratio"]
    let rows = measurements.map { found in
      let figures = [found.ours, found.python].flatMap { sample in
        sample.map { [$0.median.formatted(found.unit), $0.minimum.formatted(found.unit)] }
          ?? ["–", "–"]
      }
      return [found.name] + figures + [found.ratio?.short ?? "–"]
        + (hasFloor ? [floor[found.name]?.formatted(found.unit) ?? "–"] : []) + [verdict(found)]
    }
    return table(
      [head + (hasFloor ? ["in C"] : []) + ["target"]] + rows, leading: [0, hasFloor ? 7 : 6])
  }

  private var hasFloor: Bool { !floor.isEmpty }

  /// `✓ 0.21 ≤ 0.25`, with the name of the comparison unless that is Python's figure.
  private func verdict(_ found: Measurement) -> String {
    guard let target = BenchTarget.all[found.name] else { return "" }
    let (rival, words): (Double?, String) =
      switch target.rival {
      case .python: (found.python?.median, "")
      case .ours(let name):
        (measurements.first { $0.name == name }?.ours.median, " of \(name)")
      case .floor: (floor[found.name], " of C")
      case .bytes(let count): (count, " of \(count.formatted(.bytes))")
      }
    guard let rival else { return "  ? ≤ \(target.limit.plain)\(words)" }
    let ratio = found.ours.median / rival
    return "\(ratio <= target.limit ? "✓" : "✗") \(ratio.short) ≤ \(target.limit.plain)\(words)"
  }

  /// For programs: a JSON object with the medians, by the name of the case.
  ///
  /// - Throws: `EncodingError`.
  var json: String {
    get throws {
      var medians: [String: Medians] = [:]
      for found in measurements {
        medians[found.name] = Medians(
          ours: found.ours.median.rounded,
          python: Nullable(wrappedValue: found.python?.median.rounded), floor: floor[found.name])
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try String(decoding: encoder.encode(medians), as: UTF8.self)
    }
  }

  private struct Medians: Encodable {
    let ours: Double
    let python: Nullable<Double>
    /// Present only if a C program has measured it.
    let floor: Double?
  }
}

extension Double {
  /// Rounded to a tenth, which is more precise than the measurement.
  fileprivate var rounded: Double { (self * 10).rounded() / 10 }

  /// Without zeros at the end.
  fileprivate var plain: String { formatted(digits: 3).replacing(/\.?0+$/, with: "") }
}
