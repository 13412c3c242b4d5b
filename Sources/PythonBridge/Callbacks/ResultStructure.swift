/// The structure of a function's result.
package indirect enum ResultStructure: Hashable, Sendable {
  /// Any number of values: a single value, a list or tuple of values, or None for no values.
  case values
  /// One value.
  case tensor
  /// A list or tuple with these parts.
  case list([ResultStructure])
  /// A mapping with these keys.
  case mapping([Member])
  /// A named tuple or a dataclass with these fields; or, if it `isMapping`, a mapping with these keys.
  case fields([Member], isMapping: Bool)

  /// A part with a name.
  package struct Member: Hashable, Sendable {
    /// The key as Python shows it, `'a'`, or the name of the field.
    package let name: String
    /// The key.
    package let key: PythonObject
    /// The structure of the part.
    package let structure: ResultStructure

    /// A member with a key of any kind.
    package init(key: PythonObject, structure: ResultStructure) {
      self.init(name: key.debugDescription, key: key, structure: structure)
    }

    /// A field.
    package init(field: String, structure: ResultStructure) throws {
      self.init(name: field, key: try PythonObject(field), structure: structure)
    }

    private init(name: String, key: PythonObject, structure: ResultStructure) {
      (self.name, self.key, self.structure) = (name, key, structure)
    }

    package static func == (a: Self, b: Self) -> Bool {
      a.name == b.name && a.structure == b.structure
    }

    package func hash(into hasher: inout Hasher) {
      hasher.combine(name)
      hasher.combine(structure)
    }
  }

  /// The structure as one line, with the index of each tensor: `{'a': 0, 'b': [1, 2]}`.
  package var text: String {
    var next = 0
    return text(&next)
  }

  private func text(_ next: inout Int) -> String {
    switch self {
    case .values, .tensor:
      defer { next += 1 }
      return String(next)
    case .list(let parts):
      return "[" + parts.map { $0.text(&next) }.joined(separator: ", ") + "]"
    case .mapping(let members):
      return "{" + members.map { "\($0.name): \($0.structure.text(&next))" }.joined(separator: ", ")
        + "}"
    case .fields(let members, _):
      return "(" + members.map { "\($0.name)=\($0.structure.text(&next))" }.joined(separator: ", ")
        + ")"
    }
  }

  /// The path to each tensor, in order: `['a'][0]`, `.mean`.
  package func paths(from start: String = "") -> [String] {
    switch self {
    case .values, .tensor: [start]
    case .list(let parts):
      parts.enumerated().flatMap { $1.paths(from: "\(start)[\($0)]") }
    case .mapping(let members):
      members.flatMap { $0.structure.paths(from: "\(start)[\($0.name)]") }
    case .fields(let members, _):
      members.flatMap { $0.structure.paths(from: "\(start).\($0.name)") }
    }
  }
}
