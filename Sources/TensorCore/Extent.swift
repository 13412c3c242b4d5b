internal import Synchronization

/// What is known of one axis of a shape: a number, a name, or nothing.
///
/// A name stands for one number, which is not known yet: wherever a graph's inputs have an extent of
/// that name, their values must have the same one. Names of different graphs have nothing to do with
/// each other.
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

  /// An extent of which nothing is known.
  public static let unknown = Extent(raw: -1)

  /// The extent, when it is known.
  public var number: Int? { raw < 0 ? nil : raw }

  /// The name of an extent whose number is not known; nil when it has none.
  public var name: String? { ExtentName(raw: raw)?.text }

  /// Whether both will be one number for certain, in one graph: they are, or have the same name.
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

/// A name of an extent, as one negative number, so that a shape is an array of `Int` and no more.
///
/// The number holds which text it is, of all that this process has used, and the scope in which the
/// name means something: a graph. Without it a name that one graph's operations have kept would be
/// taken for another graph's, into which they are inlined.
package struct ExtentName: Hashable, Sendable {
  /// −2 − (scope · 2²⁸ + index of the text).
  let raw: Int

  private static let indexBits = 28
  private static let indexMask = (1 << indexBits) - 1
  /// Scopes begin anew after 2³⁴ of them.
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

  /// The graph in which the name means something; 0 where that is not said.
  package var scope: Int { (-2 - raw) >> Self.indexBits }

  /// The same text in another scope.
  func scoped(to scope: Int) -> ExtentName { ExtentName(index: index, scope: scope) }

  /// What the program has called the extent.
  package var text: String { Self.known.withLock { $0.texts[index] } }

  /// A scope that no name has been in.
  package static func newScope() -> Int {
    scopes.add(1, ordering: .relaxed).newValue & scopeMask
  }

  private static let scopes = Atomic(0)
  private static let known = Locked(Known())

  /// The texts are never forgotten: a program has a few.
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
