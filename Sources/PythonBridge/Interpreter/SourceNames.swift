internal import TensorCore

/// The file names of Python source text in tracebacks.
///
/// Different texts from the same line, as in a loop, are numbered.
enum SourceNames {
  /// How many texts are remembered, so that texts in a loop do not accumulate.
  private static let limit = 1000

  private struct Key: Hashable {
    let place: String
    let hash: Int
  }

  private struct Names {
    var names: [Key: String] = [:]
    var order: [Key] = []
    var counts: [String: Int] = [:]
  }

  private static let known = Locked(Names())

  /// The name of a text, and the name of the oldest text if it was dropped for this one.
  static func name(of text: String, at place: String) -> (name: String, dropped: String?) {
    let key = Key(place: place, hash: text.hashValue)
    return known.withLock { known in
      if let name = known.names[key] { return (name, nil) }
      let number = known.counts[place, default: 0] + 1
      known.counts[place] = number
      let name = number == 1 ? "<\(place)>" : "<\(place) #\(number)>"
      known.names[key] = name
      known.order.append(key)
      let oldest = known.order.count > limit ? known.order.removeFirst() : nil
      return (name, oldest.flatMap { known.names.removeValue(forKey: $0) })
    }
  }
}
