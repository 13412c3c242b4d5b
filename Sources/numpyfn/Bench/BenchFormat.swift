internal import Foundation

extension Double {
  /// The number with this many digits after the point.
  func formatted(digits: Int) -> String { String(format: "%.\(digits)f", self) }

  /// The number with three significant digits: `0.123`, `12.3`, `1234`.
  var short: String {
    let digits = self <= 0 ? 0 : 2 - Int(Foundation.log10(self).rounded(.down))
    return formatted(digits: Swift.min(Swift.max(digits, 0), 4))
  }

  /// The number as a cost in that unit, for display: `12.3 µs`.
  func formatted(_ unit: BenchUnit) -> String {
    let scales: [(Double, String)] =
      switch unit {
      case .nanoseconds: [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns")]
      case .bytes: [(Double(1 << 30), "GiB"), (Double(1 << 20), "MiB"), (1024, "KiB"), (1, "B")]
      }
    let scale = scales.first { abs(self) >= $0.0 } ?? scales[scales.count - 1]
    return "\((self / scale.0).short) \(scale.1)"
  }
}

/// Rows of texts as columns; the first is flush left, the others flush right.
func table(_ rows: [[String]], leading: Set<Int> = [0]) -> String {
  let columns = rows.map(\.count).max() ?? 0
  let widths = (0..<columns).map { column in
    rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
  }
  return rows.map { row in
    let cells = row.indices.map { column in
      let space = String(repeating: " ", count: widths[column] - row[column].count)
      return leading.contains(column) ? row[column] + space : space + row[column]
    }
    let line = cells.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }.joined(separator: "\n")
}
