internal import GraphCore
internal import PythonBridge
internal import TensorCore

// Converts the arguments that callbacks.py passes for a callback: keyword names, options, and
// declared results.

extension PyArguments {
  /// An argument that is a list of names, for the last of `count` inputs.
  func names(_ index: Int, of count: Int, _ gil: borrowing GIL) throws -> [String] {
    let names = try list(index, gil).map { try String($0) }
    guard names.count <= count else {
      throw Python.error("TypeError", "\(names.count) names were given for \(count) arguments")
    }
    return names
  }

  /// Two arguments: a list of specs, and the structure of the results.
  func declaredResults(
    _ specs: Int, _ structure: Int, _ gil: borrowing GIL
  ) throws -> DeclaredResults {
    let specs = try self.specs(specs, gil)
    let structure = try ResultStructure(python: object(structure, gil))
    guard structure.paths().count == specs.count else {
      throw Python.error(
        "TypeError", "\(specs.count) specs were given for a structure of \(structure.paths().count)"
      )
    }
    return DeclaredResults(specs, structure)
  }

  /// An argument that is a list of effects, access, kind of strings, and casting.
  func callbackOptions(
    _ index: Int, _ gil: borrowing GIL
  ) throws -> (Effects, CallbackOptions) {
    let texts = try list(index, gil).map { try String($0) }
    // Also in fuzz_nonsense.py and PythonStructureTests.swift.
    guard texts.count == 4 else {
      throw Python.error("TypeError", "a callback has 4 options, \(texts.count) were given")
    }
    let options = CallbackOptions(
      arguments: texts[1] == "writable" ? .writable : .readOnly,
      strings: texts[2] == "text" ? .text : .bytes,
      casting: texts[3] == "same_kind" ? .sameKind : .no)
    return (try Effects(python: texts[0]), options)
  }
}

extension Effects {
  /// The effects with this Python name.
  ///
  /// - Throws: `PythonError`: `ValueError` for an unknown name.
  init(python name: String) throws {
    switch name {
    case "ordered": self = .ordered
    case "unordered": self = .unordered
    case "pure": self = .pure
    default: throw Python.error("ValueError", "there are no effects called \(name)")
    }
  }
}

extension ResultStructure {
  /// The deepest nesting that is accepted, so that the recursion does not overflow the stack.
  private static let deepest = 64

  /// The structure that structures.py describes: None for a tensor, or a kind and its parts.
  ///
  /// - Throws: `PythonError`: `TypeError` or `ValueError` for anything else.
  fileprivate init(python object: PythonObject, depth: Int = 0) throws {
    guard depth < Self.deepest else {
      throw Python.error("ValueError", "Tout is nested more than \(Self.deepest) levels deep")
    }
    if object.isNone {
      self = .tensor
      return
    }
    let parts = try [PythonObject](object)
    guard parts.count == 2 else {
      throw Python.error("TypeError", "a structure is a kind and its parts")
    }
    let items = try [PythonObject](parts[1])
    switch try String(parts[0]) {
    case "list": self = .list(try items.map { try ResultStructure(python: $0, depth: depth + 1) })
    case "mapping":
      self = .mapping(
        try Self.pairs(items, depth).map { Member(key: $0, structure: $1) })
    case "fields":
      self = .fields(
        try Self.pairs(items, depth).map { try Member(field: String($0), structure: $1) },
        isMapping: false)
    default: throw Python.error("TypeError", "there is no structure of kind \(parts[0])")
    }
  }

  private static func pairs(
    _ items: [PythonObject], _ depth: Int
  ) throws -> [(PythonObject, ResultStructure)] {
    try items.map { item in
      let pair = try [PythonObject](item)
      guard pair.count == 2 else {
        throw Python.error("TypeError", "a member of a structure is a name and a part")
      }
      return (pair[0], try ResultStructure(python: pair[1], depth: depth + 1))
    }
  }
}
