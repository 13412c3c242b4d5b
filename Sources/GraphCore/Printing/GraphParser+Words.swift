// The words of the grammar, and the errors for words that were not expected.

extension GraphParser {
  /// Takes `word`; throws that it, or `what`, was expected if there is another word.
  mutating func expect(_ word: String, _ what: String? = nil) throws(GraphSyntaxError) {
    guard scanner.take(word) else { throw expected(what ?? "'\(word)'") }
  }

  /// Whether another item of a list follows: takes the comma before it, or the end of the list.
  mutating func hasNext(_ isFirst: Bool, before end: String) throws(GraphSyntaxError) -> Bool {
    if scanner.take(end) { return false }
    if !isFirst { try expect(",", "',' or '\(end)'") }
    return true
  }

  /// Takes a number that is not negative.
  mutating func number() throws(GraphSyntaxError) -> Int {
    scanner.skipSpace()
    let start = scanner.position
    while let next = scanner.next, GraphScanner.isDigit(next) { scanner.position += 1 }
    guard start < scanner.position else { throw expected("a number") }
    guard let number = Int(scanner.text(start..<scanner.position)) else {
      throw error("the number is too large", at: start)
    }
    return number
  }

  /// Takes a name; throws that `what` was expected if there is none.
  mutating func name(_ what: String) throws(GraphSyntaxError) -> String {
    if let name = scanner.plainName() { return name }
    guard scanner.next == UInt8(ascii: "\"") else { throw expected(what) }
    let start = scanner.position
    guard scanner.skipLiteral() else { throw error("the string literal has no end", at: start) }
    var bytes: [UInt8] = []
    var place = start + 1
    while place < scanner.position - 1 {
      guard scanner.bytes[place] == UInt8(ascii: "\\") else {
        bytes.append(scanner.bytes[place])
        place += 1
        continue
      }
      let (scalar, end) = try escape(at: place)
      bytes += Array(String(Character(scalar)).utf8)
      place = end
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The character of an escape sequence, as in Swift, and where the sequence ends.
  private func escape(
    at place: Int
  ) throws(GraphSyntaxError) -> (scalar: Unicode.Scalar, end: Int) {
    switch scanner.bytes[place + 1] {
    case UInt8(ascii: "n"): return ("\n", place + 2)
    case UInt8(ascii: "r"): return ("\r", place + 2)
    case UInt8(ascii: "t"): return ("\t", place + 2)
    case UInt8(ascii: "0"): return ("\0", place + 2)
    case let byte where [UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'")].contains(byte):
      return (Unicode.Scalar(byte), place + 2)
    case UInt8(ascii: "u"):
      let digits = scanner.bytes[(place + 2)..<scanner.position].prefix { $0 != UInt8(ascii: "}") }
      let hex = String(decoding: digits.dropFirst(), as: UTF8.self)
      guard digits.first == UInt8(ascii: "{"), let value = UInt32(hex, radix: 16),
        let scalar = Unicode.Scalar(value)
      else { fallthrough }
      return (scalar, digits.endIndex + 1)
    default: throw error("no escape sequence of Swift's begins here", at: place)
    }
  }

  // MARK: - Errors

  /// The error for this place, or for the next word when `place` is nil.
  func error(_ problem: String, at place: Int? = nil) -> GraphSyntaxError {
    var rest = scanner
    rest.skipSpace()
    return GraphSyntaxError(problem, at: place ?? rest.position, of: scanner.bytes)
  }

  /// The error for a next word that is not the expected one.
  func expected(_ what: String) -> GraphSyntaxError {
    var rest = scanner
    rest.skipSpace()
    guard !rest.isAtEnd else { return error("expected \(what), found the end of the text") }
    let length = 20
    let line = String(decoding: rest.bytes[rest.position...].prefix(4 * length), as: UTF8.self)
      .prefix { !$0.isNewline }
    let found = line.count <= length ? "\(line)" : "\(line.prefix(length)) …"
    return error("expected \(what), found '\(found)'")
  }
}
