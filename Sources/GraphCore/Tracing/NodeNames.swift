/// The names of the nodes of a graph, from which unique new names are made.
///
/// Names with numbers are not stored: for each name, the last number that was given is enough.
struct NodeNames {
  /// For each requested name, the number to try next.
  private var counts: [String: Int] = [:]

  /// The names of a graph's nodes.
  init(_ names: [String] = []) {
    counts = Dictionary(names.map { ($0, 1) }) { first, _ in first }
  }

  /// `base`, or the first of `base_1`, `base_2`, … that is free; the name is then used.
  mutating func unique(_ base: String) -> String {
    let name = next(base)
    if name == base {
      counts[base] = 1
    } else {
      counts[base, default: 1] += 1
    }
    return name
  }

  /// The name that `unique` would return.
  mutating func next(_ base: String) -> String {
    guard var number = counts[base] ?? (isNumbered(base) ? 1 : nil) else { return base }
    while counts["\(base)_\(number)"] != nil { number += 1 }
    counts[base] = number
    return "\(base)_\(number)"
  }

  /// Whether a name that was not requested is in use as another name with a number.
  private func isNumbered(_ name: String) -> Bool {
    guard let last = name.utf8.last, UInt8(ascii: "0")...UInt8(ascii: "9") ~= last,
      let line = name.lastIndex(of: "_"), let number = Int(name[name.index(after: line)...]),
      let next = counts[String(name[..<line])]
    else { return false }
    return number < next && name.hasSuffix("_\(number)") && number > 0
  }
}
