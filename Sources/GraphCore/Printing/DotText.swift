/// Text in Graphviz' language, which may contain any characters.
enum DotText {
  /// A string: `"` and the backslash, which would begin an escape sequence, are escaped.
  ///
  /// See <https://graphviz.org/doc/info/attrs.html#k:escString>.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in printable(text).unicodeScalars {
      if scalar == "\"" || scalar == "\\" { result.unicodeScalars.append("\\") }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }

  /// A label of lines, one below the other.
  ///
  /// See <https://graphviz.org/doc/info/shapes.html#html>.
  static func label(_ rows: [String]) -> String {
    guard rows.count > 1 else { return "<\(rows.joined())>" }
    let cells = rows.map { "<tr><td>\($0)</td></tr>" }
    return "<<table border=\"0\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"1\">"
      + "\(cells.joined())</table>>"
  }

  /// A line of a label with the name of what it labels.
  static func bold(_ text: String) -> String { "<b>\(escaped(text))</b>" }

  /// A line that is less important.
  static func small(_ text: String) -> String {
    "<font point-size=\"10\" color=\"\(DotStyle.pale)\">\(escaped(text))</font>"
  }

  /// A line that is least important.
  static func faint(_ text: String) -> String {
    "<font point-size=\"8\" color=\"\(DotStyle.line)\">\(escaped(text))</font>"
  }

  /// A line of program text.
  static func code(_ text: String) -> String {
    "<font face=\"Menlo,Consolas,monospace\" point-size=\"10\">\(escaped(text))</font>"
  }

  /// The text with markup characters escaped; shortened if it is long.
  private static func escaped(_ text: String) -> String {
    let limit = 48
    let short = text.count <= limit ? text : "\(text.prefix(limit - 1))…"
    // Graphviz takes a `]` at the beginning for a part of `]]>`.
    let markup = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "]": "&#93;"]
    return printable(short).unicodeScalars.reduce(into: "") { result, scalar in
      if let entity = markup["\(scalar)"] {
        result += entity
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }

  /// The text with Swift escapes for characters that cannot be shown or are not allowed in XML; a
  /// space if it is empty.
  ///
  /// See <https://www.w3.org/TR/xml/#charsets>.
  private static func printable(_ text: String) -> String {
    if text.isEmpty { return " " }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar.value {
      case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0xFFF9...0xFFFF:
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
