package import TensorCore

/// The reports of comparisons.
package enum DifferenceReport {
  /// Compares two tensors.
  ///
  /// - Parameters:
  ///   - actual: what is tested.
  ///   - expected: the reference.
  ///   - source: where the reference comes from: `scipy.special.softmax`; nil for a value.
  ///   - closeness: when elements count as equal.
  /// - Returns: nil when the tensors are close; else what differs.
  package static func text(
    _ actual: Tensor, _ expected: Tensor, source: String?, _ closeness: Closeness
  ) -> String? {
    let title = "expectClose" + (source.map { " to \($0)" } ?? "")
    if let problem = closeness.problem { return "\(title): \(problem)" }
    for (name, tensor) in [("actual", actual), ("expected", expected)] {
      if tensor.isSymbolic {
        return """
          \(title): the \(name) tensor, \(tensor.dtype)\(tensor.shape), is symbolic: it has no elements \
          while a graph is being traced; compare what the graph returns
          """
      }
      if tensor.dtype == .string {
        return """
          \(title): the \(name) tensor has dtype string; numbers are compared here: compare strings with ==
          """
      }
    }
    let sizes = """

        actual:   \(actual.dtype)\(actual.shape)
        expected: \(expected.dtype)\(expected.shape)
      """
    guard actual.shape == expected.shape else {
      return "\(title): the shapes differ\(sizes)\(hint(actual.shape, expected.shape))"
    }
    var text: String?
    do {
      let differences = try Comparison(actual, expected, closeness).differences()
      if differences.count > 0 {
        text = try """
        \(summary(title, differences, actual, expected, closeness))\(sizes)\
        \(details(differences, actual, expected))
        """
      }
    } catch {
      return "\(title): the tensors cannot be compared: \(error)\(sizes)"
    }
    guard closeness.checkDType && actual.dtype != expected.dtype else { return text }
    if let text {
      return "\(text)\n  the dtypes differ too, which checkDType: true refuses"
    }
    return """
      \(title): the dtypes differ, which checkDType: true refuses; the values are close\(sizes)
      """
  }

  private static func hint(_ actual: Shape, _ expected: Shape) -> String {
    let (a, b) = (actual.knownExtents, expected.knownExtents)
    if a.count > 1 && a == b.reversed() { return "\n  transpose one of them" }
    if a.filter({ $0 != 1 }) == b.filter({ $0 != 1 }) {
      return "\n  they differ in axes of extent 1: reshape one of them, or see keepdims"
    }
    if actual.count == expected.count {
      return "\n  they have as many elements: reshape one of them"
    }
    return ""
  }

  private static func summary(
    _ title: String, _ differences: Differences, _ actual: Tensor, _ expected: Tensor,
    _ closeness: Closeness
  ) -> String {
    let total = actual.count
    let percent = 100 * Double(differences.count) / Double(max(total, 1))
    let (rtol, atol) = closeness.tolerances(actual.dtype, expected.dtype)
    let ulps = closeness.ulps.map { ", ulps \($0)" } ?? ""
    return """
      \(title): \(differences.count.grouped) of \(total.grouped) elements differ \
      (\(percent.rounded(toDigits: 3)) %), with rtol \(rtol), atol \(atol)\(ulps)
      """
  }

  private static func details(
    _ differences: Differences, _ actual: Tensor, _ expected: Tensor
  ) throws -> String {
    let extents = actual.shape.knownExtents
    func place(_ index: Int) -> String { Self.place(of: index, in: extents) }
    var lines: [String] = []
    if let worst = differences.absolute {
      lines.append(
        "largest absolute difference: \(worst.value.rounded(toDigits: 4)) at \(place(worst.index))")
    }
    if let worst = differences.relative {
      lines.append(
        "largest relative difference: \(worst.value.rounded(toDigits: 4)) at \(place(worst.index))")
    }
    if let worst = differences.ulps {
      lines.append(
        "largest distance: \(worst.value.grouped) units in the last place at \(place(worst.index))")
    }
    let mismatches = [
      (differences.actualNaN, "NaN in actual only"),
      (differences.expectedNaN, "NaN in expected only"),
      (differences.bothNaN, "NaN in both, which equalNaN: false refuses"),
      (differences.infinity, "infinite in one, or with another sign"),
      (differences.signOfZero, "zeros with another sign"),
    ]
    for (mismatch, words) in mismatches where mismatch.count > 0 {
      lines.append("\(words): \(mismatch.count.grouped), the first at \(place(mismatch.first))")
    }
    if differences.isOnlySize, let absolute = differences.absolute {
      let relative = differences.relative.map { $0.value.isFinite ? $0.value : nil } ?? nil
      lines.append(
        "would pass with atol: \(absolute.value.roundedUp)"
          + (relative.map { ", or with rtol: \($0.roundedUp)" } ?? ""))
    }
    lines.append(differences.count > differences.shown.count ? "the first of them:" : "they are:")
    let table = try table(differences.shown, actual, expected, place)
    return (lines + table).map { "\n  \($0)" }.joined()
  }

  /// The pairs as lines with columns.
  private static func table(
    _ pairs: [Differences.Pair], _ actual: Tensor, _ expected: Tensor, _ place: (Int) -> String
  ) throws -> [String] {
    let (actual, expected) = try (actual.inMemory(), expected.inMemory())
    var rows = [["index", "actual", "expected", "absolute", "relative"]]
    if pairs.contains(where: { $0.ulps != nil }) { rows[0].append("ulps") }
    try withExtendedLifetime((actual, expected)) {
      let a = try Elements(of: actual)
      let b = try Elements(of: expected)
      for pair in pairs {
        let texts = (a.text(at: pair.index), b.text(at: pair.index))
        rows.append([
          place(pair.index), texts.0, texts.1,
          pair.absolute.isNaN ? "" : pair.absolute.rounded(toDigits: 4),
          pair.relative.isNaN ? "" : pair.relative.rounded(toDigits: 4),
        ])
        if rows[0].count == 6 { rows[rows.count - 1].append(pair.ulps?.grouped ?? "") }
      }
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = "  "
      for (text, width) in zip(row, widths) {
        line += text + String(repeating: " ", count: width - text.count + 2)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// The index of an element of a tensor with these extents: `[3, 7]`.
  static func place(of index: Int, in extents: [Int]) -> String {
    var rest = index
    var places: [Int] = []
    for extent in extents.reversed() {
      places.append(rest % max(extent, 1))
      rest /= max(extent, 1)
    }
    return "[" + places.reversed().map(String.init).joined(separator: ", ") + "]"
  }
}

extension BinaryInteger {
  /// The number with commas between thousands.
  package var grouped: String {
    var text = ""
    for (position, digit) in String(magnitude).reversed().enumerated() {
      if position > 0 && position.isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return (self < 0 ? "-" : "") + String(text.reversed())
  }
}

extension Double {
  /// The number with at most so many significant digits.
  func rounded(toDigits digits: Int) -> String { "\(rounded(.toNearestOrAwayFromZero, digits))" }

  /// The next number of two significant digits that is not smaller.
  var roundedUp: String {
    let up = rounded(.up, 2)
    return "\(up >= self ? up : self)"
  }

  private func rounded(_ rule: FloatingPointRoundingRule, _ digits: Int) -> Double {
    guard isFinite && self != 0 else { return self }
    // The digits are those of the decimal text, which scaling by a power of ten would blur.
    let parts = "\(magnitude)".split(separator: "e")
    guard let mantissa = Double(parts[0]), mantissa > 0 else { return self }
    var exponent = 0
    var scale = 1.0
    while mantissa >= scale * 10 { (scale, exponent) = (scale * 10, exponent + 1) }
    while mantissa < scale { (scale, exponent) = (scale / 10, exponent - 1) }
    let shift = digits - 1 - exponent
    var power = 1.0
    for _ in 0..<abs(shift) { power *= 10 }
    let scaled = (shift >= 0 ? mantissa * power : mantissa / power).rounded(rule)
    let suffix = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let text = "\(sign == .minus ? "-" : "")\(Int64(scaled))e\(suffix - shift)"
    return Double(text) ?? self
  }
}
