internal import CPython
package import TensorCore

/// The values that a function returned, in the declared structure.
///
/// It holds exactly one reference to each value, so that the reference count shows whether there
/// are others.
@safe
package struct ReturnedValues: ~Copyable {
  private var pointers: [OpaquePointer?]

  /// The addresses of the values.
  ///
  /// A value that is returned twice has two references from here.
  private let identities: [UInt]

  /// Mismatches of the structure: missing or additional keys, parts of other kinds.
  ///
  /// A value that is missing because of a mismatch is nil.
  package let problems: [Message]

  /// Whether the values were returned in a list or tuple, which may have any number of them.
  package let isList: Bool

  /// The number of returned values; for a structure, of declared values.
  package var count: Int { unsafe pointers.count }

  /// Calls a Python function with these arguments.
  ///
  /// - Parameters:
  ///   - function: what is called.
  ///   - arguments: its arguments, keyword arguments last.
  ///   - names: a tuple of the keyword names; nil when there are none.
  ///   - structure: the declared structure of the results.
  ///   - gil: proof that the GIL is held.
  /// - Throws: `PythonError`: what the function raises; or the Swift error that a closure threw and that no
  ///   Python code has handled.
  package init(
    calling function: PythonObject, with arguments: consuming [PythonReference],
    names: PythonObject? = nil, as structure: ResultStructure = .values, _ gil: borrowing GIL
  ) throws {
    let references = arguments
    cpy_begin_callback()
    defer { cpy_end_callback() }
    let named = try names.map { try $0.itemCount } ?? 0
    let result = unsafe try gil.call(
      function.pointer, references.map { unsafe $0.pointer }, positional: references.count - named,
      names?.pointer)
    extendLifetime((function, references))
    try unsafe self.init(owning: result, as: structure, gil)
  }

  /// Splits the result of a function, and takes ownership of the caller's reference.
  ///
  /// - Throws: what a mapping or a dataclass raises when its parts are read.
  @unsafe init(
    owning result: OpaquePointer, as structure: ResultStructure, _ gil: borrowing GIL
  ) throws {
    if case .values = structure {
      unsafe (pointers, isList) = ReturnedValues.split(result)
      problems = []
    } else {
      var parts = ReturnedParts()
      let object = PythonObject(unsafe PythonReference(owning: result))
      do {
        try parts.take(object, as: structure, "", gil)
      } catch {
        for index in unsafe parts.pointers.indices {
          if let pointer = unsafe parts.pointers[index] { unsafe cpy_release(pointer) }
        }
        throw error
      }
      unsafe pointers = parts.pointers
      problems = parts.problems
      isList = false
    }
    identities = unsafe pointers.map { UInt(bitPattern: $0) }
  }

  deinit {
    for index in unsafe pointers.indices {
      if let pointer = unsafe pointers[index] { unsafe cpy_release(pointer) }
    }
  }

  private static func split(_ result: OpaquePointer) -> ([OpaquePointer?], isList: Bool) {
    switch unsafe cpy_kind_of(result) {
    case .none:
      unsafe cpy_release(result)
      return unsafe ([], false)
    case .list, .tuple:
      let items = unsafe (0..<cpy_sequence_count(result)).map { index in
        let item = unsafe cpy_sequence_item(result, index)
        unsafe cpy_retain(item)
        return unsafe item as OpaquePointer?
      }
      unsafe cpy_release(result)
      return unsafe (items, true)
    default: return unsafe ([result], false)
    }
  }

  /// The name of the type of a value that has not been taken yet, for a message.
  package func typeName(at index: Int) -> String {
    guard let pointer = unsafe pointers[index] else { return "nothing" }
    return unsafe String(cString: cpy_type_name(pointer))
  }

  /// A new reference to a value that has not been taken yet; nil if there is none.
  package func object(at index: Int, _ gil: borrowing GIL) -> PythonObject? {
    guard let pointer = unsafe pointers[index] else { return nil }
    return PythonObject(unsafe PythonReference(sharing: pointer, gil))
  }

  /// A new reference to a value whose array is not enough for an error message; nil for an array, a number or
  /// text.
  package func unusualObject(at index: Int, _ gil: borrowing GIL) -> PythonObject? {
    guard let pointer = unsafe pointers[index], unsafe !cpy_is_simple(pointer) else { return nil }
    return object(at: index, gil)
  }

  /// The tensor in a value that is a `numpyfn.Tensor`; nil for any other object.
  package func tensor(at index: Int, _ gil: borrowing GIL) -> Tensor? {
    guard let pointer = unsafe pointers[index] else { return nil }
    return unsafe PyTensor.tensor(of: pointer, gil)
  }

  /// Takes one value as an array; nil when it has been taken before.
  ///
  /// - Throws: `PythonError`: what NumPy raises when the value cannot be made an array; `Misfit` when
  ///   elements of it are masked.
  package mutating func takeArray(at index: Int, _ gil: borrowing GIL) throws -> NDArray? {
    guard let pointer = unsafe pointers[index] else { return nil }
    unsafe pointers[index] = nil
    let holders = identities.count { $0 == identities[index] }
    return try unsafe NDArray(consuming: pointer, holders: holders, gil)
  }
}

/// The values in a structure, and its mismatches.
@safe
private struct ReturnedParts {
  /// One reference for each declared value; nil for a missing value.
  var pointers: [OpaquePointer?] = unsafe []
  var problems: [Message] = []

  mutating func take(
    _ value: PythonObject, as structure: ResultStructure, _ path: String, _ gil: borrowing GIL
  ) throws {
    switch structure {
    case .values, .tensor:
      unsafe cpy_retain(value.pointer)
      unsafe pointers.append(value.pointer)
    case .list(let parts):
      let kind = value.kind(gil)
      guard kind == .list || kind == .tuple else {
        return refuse(value, structure, "a list of \(parts.count)", path, gil)
      }
      let items = try [PythonObject](value)
      guard items.count == parts.count else {
        return skip(
          structure,
          "\(Self.subject(path)): \(parts.count) values declared, a \(value.typeName) of \(items.count) returned"
        )
      }
      for (index, (item, part)) in zip(items, parts).enumerated() {
        try take(item, as: part, "\(path)[\(index)]", gil)
      }
    case .mapping(let members):
      let keys = members.map(\.name).joined(separator: ", ")
      guard let found = try Self.members(of: value, "mapping") else {
        return refuse(value, structure, "a dict with the keys \(keys)", path, gil)
      }
      try take(members, of: found, "key", { "\(path)[\($0.name)]" }, path, gil)
    case .fields(let members, let isMapping):
      let names = members.map(\.name).joined(separator: ", ")
      guard
        let found = try Self.members(of: value, "fields")
          ?? (isMapping ? Self.members(of: value, "mapping") : nil)
      else {
        let kind = "a named tuple\(isMapping ? ", dict" : "") or dataclass with the fields \(names)"
        return refuse(value, structure, kind, path, gil)
      }
      try take(members, of: found, "field", { "\(path).\($0.name)" }, path, gil)
    }
  }

  private mutating func take(
    _ members: [ResultStructure.Member], of found: PythonObject, _ noun: String,
    _ place: (ResultStructure.Member) -> String, _ path: String, _ gil: borrowing GIL
  ) throws {
    var missing: [String] = []
    for member in members {
      if try found.containsItem(member.key) {
        try take(found[member.key], as: member.structure, place(member), gil)
      } else {
        missing.append(member.name)
        skip(member.structure)
      }
    }
    if !missing.isEmpty {
      problems.append(
        "\(Self.subject(path)): the \(Self.counted(noun, missing)) missing; return it, or leave it out of "
          + "Tout")
    }
    let keys = try [PythonObject](found)
    let additional = keys.filter { key in !members.contains { $0.key == key } }
    if !additional.isEmpty {
      // A field is shown by its name, a key by its repr.
      let names = additional.map { noun == "field" ? $0.lossyText : $0.debugDescription }
      problems.append(
        "\(Self.subject(path)): the additional \(Self.counted(noun, names)) not declared; declare it in "
          + "Tout, or leave it out")
    }
  }

  /// `key 'a' is`, `keys 'a', 'b' are`.
  private static func counted(_ noun: String, _ names: [String]) -> String {
    "\(noun)\(names.count > 1 ? "s" : "") \(names.joined(separator: ", ")) "
      + (names.count > 1 ? "are" : "is")
  }

  private static func subject(_ path: String) -> String {
    path.isEmpty ? "result" : "result \(path)"
  }

  private mutating func refuse(
    _ value: PythonObject, _ structure: ResultStructure, _ wanted: String, _ path: String,
    _ gil: borrowing GIL
  ) {
    let kind = value.kind(gil)
    let isOther = unsafe kind == .list || kind == .tuple || cpy_is_simple(value.pointer)
    let misfit = Misfit(of: value, isResult: true, gil)
    let found: Message =
      isOther
      ? "\(Misfit.words(for: value)) returned; return the structure of Tout"
      : misfit.returned
    skip(structure, "\(Self.subject(path)): \(wanted) declared, \(found)")
  }

  /// Adds nil for each value of a missing part.
  private mutating func skip(_ structure: ResultStructure, _ problem: Message? = nil) {
    unsafe pointers += [OpaquePointer?](repeating: nil, count: structure.paths().count)
    if let problem { problems.append(problem) }
  }

  private static func members(of value: PythonObject, _ kind: String) throws -> PythonObject? {
    let found = try Inspection.function(kind)(value)
    return found.isNone ? nil : found
  }
}

extension PythonObject {
  /// The name of the object's class, for a message.
  fileprivate var typeName: String { unsafe String(cString: cpy_type_name(pointer)) }
}
