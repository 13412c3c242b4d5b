internal import Synchronization

/// The extent of one axis of a shape: a number, a name, or unknown.
///
/// A name stands for one number that is not yet known: all extents with that name in a graph's inputs must be
/// equal. Names of different graphs are independent.
///
/// ```swift
/// Shape(extents: ["batch", 3, nil])  // any number, three, any other number
/// ```
public struct Extent: Sendable {
  /// The number from 0 on; −1 when nothing is known; otherwise the code of a name.
  let raw: Int

  init(raw: Int) {
    self.raw = raw
  }

  /// An extent that is known.
  ///
  /// - Precondition: `number` is not negative.
  public init(_ number: Int) {
    precondition(number >= 0, "Extent: \(number) is negative; nil stands for unknown")
    raw = number
  }

  /// An extent that is the same number wherever this name stands.
  public init(_ name: String) {
    raw = ExtentName(name).raw
  }

  /// An unknown extent.
  public static let unknown = Extent(raw: -1)

  /// The extent, when it is known.
  public var number: Int? { raw < 0 ? nil : raw }

  /// The name of an extent whose number is not known; nil when it has none.
  public var name: String? { ExtentName(raw: raw)?.text }

  /// Whether both are certainly equal in one graph: they are the same number, or the same name.
  package func isSurelyEqual(to other: Extent) -> Bool { raw == other.raw && raw != -1 }
}

extension Extent: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
  /// A known extent.
  public init(integerLiteral number: Int) { self.init(number) }

  /// An extent with a name.
  public init(stringLiteral name: String) { self.init(name) }

  /// An unknown extent.
  public init(nilLiteral: ()) { self = .unknown }
}

extension Extent: Hashable {
  /// Whether both are the same number, have names of the same text, or are unknown.
  public static func == (a: Extent, b: Extent) -> Bool { a.withoutScope == b.withoutScope }

  /// Hashes the number, or the text of the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(withoutScope) }

  private var withoutScope: Int { ExtentName(raw: raw)?.scoped(to: 0).raw ?? raw }
}

extension Extent: CustomStringConvertible {
  /// `3`, `batch`, or `?`; a name that could be taken for something else as a string literal.
  public var description: String {
    guard let name else { return raw < 0 ? "?" : String(raw) }
    let isPlain = name.utf8.enumerated().allSatisfy { index, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "/"):
        index > 0
      default: false
      }
    }
    return isPlain && !name.isEmpty ? name : name.debugDescription
  }
}

/// The name of an extent as a negative number, so that a shape is just an array of `Int`.
///
/// The number contains the index of the text, among all texts in this process, and the scope of the
/// name, which is a graph. Without the scope, a name in the operations of one graph would be
/// confused with the same name in another graph into which they are inlined.
package struct ExtentName: Hashable, Sendable {
  /// −2 − (scope · 2²⁸ + index of the text).
  let raw: Int

  private static let indexBits = 28
  private static let indexMask = (1 << indexBits) - 1
  /// Scope numbers wrap around after 2³⁴.
  private static let scopeMask = (1 << 34) - 1

  /// The name that `raw` stands for; nil when it is a number, or unknown.
  init?(raw: Int) {
    guard raw < -1 else { return nil }
    self.raw = raw
  }

  private init(index: Int, scope: Int) {
    raw = -2 - (scope << Self.indexBits | index)
  }

  /// The name in no scope, as a signature has it.
  init(_ text: String) {
    self.init(index: Self.known.withLock { $0.index(of: text) }, scope: 0)
  }

  private var index: Int { (-2 - raw) & Self.indexMask }

  /// The graph to which the name belongs; 0 for none.
  package var scope: Int { (-2 - raw) >> Self.indexBits }

  /// The same text in another scope.
  func scoped(to scope: Int) -> ExtentName { ExtentName(index: index, scope: scope) }

  /// The text of the name.
  package var text: String { Self.known.withLock { $0.texts[index] } }

  /// A new scope.
  package static func newScope() -> Int {
    scopes.add(1, ordering: .relaxed).newValue & scopeMask
  }

  private static let scopes = Atomic(0)
  private static let known = Locked(Known())

  /// The texts are never removed: a program has only a few.
  private struct Known {
    var texts: [String] = []
    var indices: [String: Int] = [:]

    mutating func index(of text: String) -> Int {
      if let index = indices[text] { return index }
      precondition(texts.count <= ExtentName.indexMask, "Extent: more than 2²⁸ names")
      indices[text] = texts.count
      texts.append(text)
      return texts.count - 1
    }
  }
}
