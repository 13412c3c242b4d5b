/// The words of an array, laid out in nested brackets as NumPy's `array2string` does with its
/// default options.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.array2string.html>.
struct ArrayFormatter {
  /// The number of columns after which a row is broken.
  static let lineWidth = 75

  /// The number of elements up to which an array is shown in full.
  private static let threshold = 1000

  /// How many elements of a long axis are shown at either end when an array is summarised.
  private static let edgeItems = 3

  /// The extents of the array.
  let extents: [Int]

  /// The number of elements, shown or not.
  let count: Int

  /// Whether axes longer than six are shown as three elements, `...`, and three elements.
  var isSummarised: Bool { count > ArrayFormatter.threshold }

  /// The row-major positions of the elements that are shown, in their order.
  var visibleOffsets: [Int] {
    extents.reduce([0]) { offsets, extent in
      let visible = visibleIndices(of: extent)
      return offsets.flatMap { offset in visible.map { offset * extent + $0 } }
    }
  }

  /// The whole text.
  ///
  /// - Parameters:
  ///   - words: the elements at ``visibleOffsets``, one word each.
  ///   - separator: what stands between two elements; it ends in a space.
  ///   - indent: how many columns of the first line are taken already.
  ///   - width: the number of columns, less the text that follows on the last line.
  /// - Returns: the text, without the indent of its first line.
  func text(words: [String], separator: String, indent: Int, width: Int) -> String {
    var rest = words[...]
    return block(&rest, axis: 0, separator: separator, indent: indent, width: width)
  }

  /// The next words, as many as there are in the axes from `axis` on.
  private func block(
    _ words: inout ArraySlice<String>, axis: Int, separator: String, indent: Int, width: Int
  ) -> String {
    guard axis < extents.count else { return words.popFirst() ?? "" }
    let visibleCount = visibleIndices(of: extents[axis]).count
    var parts: [String] = []
    for _ in 0..<visibleCount {
      parts.append(
        block(
          &words, axis: axis + 1, separator: separator, indent: indent + 1, width: width - 1))
    }
    if visibleCount < extents[axis] { parts.insert("...", at: ArrayFormatter.edgeItems) }
    let margin = String(repeating: " ", count: indent + 1)
    let axesLeft = extents.count - axis
    if axesLeft == 1 {
      return "[" + row(parts, separator: separator, margin: margin, width: width - 1) + "]"
    }
    // One blank line between matrices, two between blocks of matrices, and so on.
    let newlines = String(repeating: "\n", count: axesLeft - 1)
    return "[" + parts.joined(separator: separator.trimmed + newlines + margin) + "]"
  }

  /// The words of one row, broken into lines where they would pass `width`.
  private func row(_ words: [String], separator: String, margin: String, width: Int) -> String {
    var lines: [String] = []
    var line = ""
    for word in words {
      // A break before a word that is too long for any line would not help.
      if !line.isEmpty && margin.utf8.count + line.utf8.count + word.utf8.count > width {
        lines.append(line.trimmed)
        line = ""
      }
      line += word + separator
    }
    line.removeLast(separator.count)
    return (lines + [line]).joined(separator: "\n" + margin)
  }

  private func visibleIndices(of extent: Int) -> [Int] {
    let edge = ArrayFormatter.edgeItems
    guard isSummarised, extent > 2 * edge else { return Array(0..<extent) }
    return Array(0..<edge) + Array(extent - edge..<extent)
  }
}

extension String {
  /// The text, with spaces before it if it is shorter than `width`.
  func padded(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - utf8.count)) + self
  }

  /// The text without the spaces at its end.
  var trimmed: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
