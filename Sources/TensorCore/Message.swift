/// The language in which the message of an error spells code.
public enum Language: Sendable {
  /// `Tout: .float32`, `nil`, `whileLoop`.
  case swift
  /// `Tout=numpyfn.float32`, `None`, `while_loop`.
  case python
  /// `--tout float32`: options of the tool `numpyfn`. Everything else is spelled as in Swift.
  case shell
}

/// The text of an error, in the spelling of each language.
///
/// The code that creates a message does not know its reader: the same error can be thrown to Swift code and
/// raised in Python.
///
/// ```swift
/// let message: Message = "declare \(.argument("Tout", .dtype(dtype)))"
/// message.text(in: .swift)   // declare Tout: .float32
/// message.text(in: .python)  // declare Tout=numpyfn.float32
/// message.text(in: .shell)   // declare --tout float32
/// ```
package struct Message: Hashable, Sendable {
  private var swift: String
  private var python: String
  private var shell: String

  /// A text that is the same in all languages.
  package init(_ text: String) { (swift, python, shell) = (text, text, text) }

  /// A text that is spelled differently in each language.
  package init(swift: String, python: String, shell: String? = nil) {
    (self.swift, self.python, self.shell) = (swift, python, shell ?? swift)
  }

  /// The message of an error.
  package init(of error: any Error) {
    func text(in language: Language) -> String { Self.description(of: error, in: language) }
    self.init(swift: "\(error)", python: text(in: .python), shell: text(in: .shell))
  }

  /// The text in this language.
  package func text(in language: Language) -> String {
    switch language {
    case .swift: swift
    case .python: python
    case .shell: shell
    }
  }

  /// The description of an error, with code spelled in a language.
  package static func description(of error: any Error, in language: Language) -> String {
    (error as? any CodedError)?.description(in: language) ?? "\(error)"
  }

  package static func + (a: Message, b: Message) -> Message {
    Message(
      swift: a.swift + b.swift, python: a.python + b.python, shell: a.shell + b.shell)
  }
}

extension Message {
  /// A dtype as code has it: `.float32`, `numpyfn.float32`, `float32`.
  package static func dtype(_ dtype: DType) -> Message {
    Message(swift: ".\(dtype)", python: "numpyfn.\(dtype)", shell: "\(dtype)")
  }

  /// An argument with its value: `Tout: .float32`, `Tout=numpyfn.float32`, `--tout float32`.
  package static func argument(_ label: String, _ value: Message) -> Message {
    Message(
      swift: "\(label): \(value.swift)", python: "\(label.inPython)=\(value.python)",
      shell: "--\(label.inPython.lowercased()) \(value.shell)")
  }

  /// An argument with a value that is a case of an enumeration, or a string in Python: `casting: .sameKind`,
  /// `casting="same_kind"`, `--casting same_kind`.
  package static func argument(_ label: String, case name: String) -> Message {
    argument(
      label,
      Message(swift: ".\(name)", python: "\"\(name.inPython)\"", shell: name.inPython))
  }

  /// An argument without a value: `gradient:`, `gradient=`.
  package static func argument(_ label: String) -> Message {
    Message(swift: "\(label):", python: "\(label.inPython)=")
  }

  /// A function, method or operation: `whileLoop`, `while_loop`.
  package static func name(_ name: String) -> Message {
    Message(swift: name, python: pythonNames[name] ?? name.inPython)
  }

  /// The names in NumPy or TensorFlow that differ from those in Swift.
  private static let pythonNames = [
    "argMax": "argmax", "argMin": "argmin", "cumulativeSum": "cumsum", "expandShape": "expand_dims",
    "isFinite": "isfinite", "isInfinite": "isinf", "isNaN": "isnan", "logSumExp": "logsumexp",
    "lowerTriangle": "tril", "map": "map_fn", "negate": "negative", "nonZero": "nonzero",
    "pow": "power", "product": "prod", "rankOf": "rank", "repeatElements": "repeat",
    "select": "where", "shapeOf": "shape", "sizeOf": "size", "upperTriangle": "triu",
  ]

  /// A conversion: `asType(.float32)`, `astype("float32")`.
  package static func asType(_ dtype: DType) -> Message {
    Message(swift: "asType(.\(dtype))", python: "astype(\"\(dtype)\")")
  }

  /// The conversion without a dtype: `asType`, `astype`.
  package static let asType = Message(swift: "asType", python: "astype")

  /// The absent value: `nil`, `None`.
  package static let none = Message(swift: "nil", python: "None")
}

extension String {
  /// A Swift name in Python's naming convention: `while_loop` for `whileLoop`.
  ///
  /// Names that begin with a capital, as `Tout`, are TensorFlow's own and stay.
  package var inPython: String {
    var result = ""
    for character in self {
      if character.isUppercase, !result.isEmpty, result.last?.isUppercase == false {
        result += "_" + character.lowercased()
      } else {
        result.append(character)
      }
    }
    return result
  }
}

extension Message: ExpressibleByStringInterpolation {
  package init(stringLiteral text: String) { self.init(text) }

  package init(stringInterpolation parts: StringInterpolation) { self = parts.message }

  /// Collects the parts of an interpolated literal.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var message = Message("")

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ text: String) { append(Message(text)) }

    /// A value that is printed alike in all languages.
    package mutating func appendInterpolation(_ value: some Any) {
      append(Message(String(describing: value)))
    }

    /// A text in the spelling of each language.
    package mutating func appendInterpolation(_ message: Message) { append(message) }

    /// The spellings of one thing.
    package mutating func appendInterpolation(
      swift: String, python: String, shell: String? = nil
    ) {
      append(Message(swift: swift, python: python, shell: shell))
    }

    private mutating func append(_ part: Message) {
      message.swift += part.swift
      message.python += part.python
      message.shell += part.shell
    }
  }
}

extension DefaultStringInterpolation {
  @available(*, unavailable, message: "a String has one spelling: make it a Message")
  package mutating func appendInterpolation(_ message: Message) {}
}

extension [Message] {
  /// The messages concatenated, with a separator between them.
  package func joined(separator: String = "") -> Message {
    guard var result = first else { return "" }
    for message in dropFirst() { result = result + Message(separator) + message }
    return result
  }
}
