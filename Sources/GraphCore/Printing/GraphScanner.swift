/// The words of a printed graph: how they are written, and how they are found in text.
struct GraphScanner {
  /// The text, as UTF-8: all characters that have a meaning in the grammar are ASCII.
  let bytes: [UInt8]
  /// Where the next word, or the white space before it, begins.
  var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The text for the extents when the rank is not known.
  static let unknownRank = "..."

  /// The word before a line that is not the node's own.
  static let inexact = "after "

  // MARK: - Writing

  /// A name unchanged, or as a string literal if it could be taken for something else.
  static func quoted(_ name: String) -> String {
    !name.isEmpty && name.utf8.allSatisfy(isPartOfName) ? name : name.debugDescription
  }

  /// The name of a body, quoted if it could be taken for the end of the graph.
  static func quotedBodyName(_ name: String) -> String {
    name == "return" ? name.debugDescription : quoted(name)
  }

  /// The name of a file; spaces are no reason for quotes, except at its beginning.
  static func quotedFile(_ name: String) -> String {
    let isPlain =
      name.utf8.allSatisfy { $0 >= 0x20 } && !name.utf8.starts(with: inexact.utf8)
      && name.utf8.first.map { $0 > UInt8(ascii: "\"") } ?? false
    return isPlain ? name : name.debugDescription
  }

  /// Whether text can be the value of an attribute without quotes.
  static func isAttributeText(_ text: String) -> Bool {
    var scanner = GraphScanner(text)
    return text.utf8.first != UInt8(ascii: " ") && scanner.attributeText() == text
      && scanner.isAtEnd
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  static func isPartOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "-"), UInt8(ascii: "/"):
      true
    default: false
    }
  }

  // MARK: - Reading

  /// The byte at the position; nil at the end.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  var isAtEnd: Bool { position == bytes.count }

  /// Skips white space.
  mutating func skipSpace() {
    while let next, next == 0x20 || (0x09...0x0D).contains(next) { position += 1 }
  }

  /// Takes `word` if it comes next and is not part of a longer name; returns whether it did.
  mutating func take(_ word: String) -> Bool {
    skipSpace()
    guard bytes[position...].starts(with: word.utf8) else { return false }
    let end = position + word.utf8.count
    if let last = word.utf8.last, Self.isPartOfName(last), end < bytes.count,
      Self.isPartOfName(bytes[end])
    {
      return false
    }
    position = end
    return true
  }

  /// Whether a word comes next; nothing is taken.
  func isNext(_ word: String) -> Bool {
    var copy = self
    return copy.take(word)
  }

  /// Skips white space within the line.
  mutating func skipSpaceInLine() {
    while let next, next == 0x20 || next == 0x09 { position += 1 }
  }

  /// Takes the characters of a name that is no string literal; nil if there are none.
  mutating func plainName() -> String? {
    skipSpace()
    let start = position
    while let next, Self.isPartOfName(next) { position += 1 }
    return start == position ? nil : text(start..<position)
  }

  /// Takes the value of an attribute, up to the comma or brace after it; nil when it is empty, or
  /// has a bracket or a literal without an end.
  mutating func attributeText() -> String? {
    skipSpace()
    let start = position
    var open: [UInt8] = []
    scan: while let byte = next, byte >= 0x20 {
      switch byte {
      case UInt8(ascii: "\""):
        guard skipLiteral() else { return nil }
        continue scan
      case UInt8(ascii: "("): open.append(UInt8(ascii: ")"))
      case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
      case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
      case UInt8(ascii: ","), UInt8(ascii: "}"):
        if open.isEmpty { break scan }
        if byte == UInt8(ascii: "}") && open.popLast() != byte { return nil }
      case UInt8(ascii: ")"), UInt8(ascii: "]"):
        guard open.popLast() == byte else { return nil }
      default: break
      }
      position += 1
    }
    var end = position
    while end > start, bytes[end - 1] == 0x20 { end -= 1 }
    return open.isEmpty && end > start ? text(start..<end) : nil
  }

  /// Skips a string literal; false if it does not end on its line.
  mutating func skipLiteral() -> Bool {
    position += 1
    while let byte = next, byte >= 0x20 {
      position += 1
      if byte == UInt8(ascii: "\"") { return true }
      guard byte == UInt8(ascii: "\\") else { continue }
      guard let escaped = next, escaped >= 0x20 else { return false }
      position += 1
    }
    return false
  }

  /// Where the line ends, without the white space at its end.
  var endOfLine: Int {
    let end = bytes[position...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
    let last = bytes[position..<end].lastIndex { $0 != 0x20 && $0 != 0x09 }
    return last.map { $0 + 1 } ?? position
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
