extension Profile {
  /// The profile as JSON, in the format of Chrome's trace viewer, which <https://ui.perfetto.dev>
  /// opens: one bar a node, on the line of its thread.
  ///
  /// See
  /// <https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU>.
  public func chromeTrace() -> String {
    let threads = Set([1] + nodes.map(\.thread)).sorted()
    let title = JSON.object([
      ("name", .string("process_name")), ("ph", .string("M")), ("pid", .number("1")),
      ("args", .object([("name", .string("graph function \(name)"))])),
    ])
    let names = threads.map { thread in
      JSON.object([
        ("name", .string("thread_name")), ("ph", .string("M")), ("pid", .number("1")),
        ("tid", .number("\(thread)")),
        ("args", .object([("name", .string(thread == 1 ? "caller" : "thread \(thread)"))])),
      ])
    }
    let call = JSON.object([
      ("name", .string(name)), ("cat", .string("call")), ("ph", .string("X")),
      ("pid", .number("1")), ("tid", .number("1")), ("ts", .number("0")),
      ("dur", .number(duration.microseconds)),
    ])
    let events = [title] + names + [call] + nodes.map(event)
    // One event a line.
    let lines = events.map(\.text).joined(separator: ",\n")
    return "{\"displayTimeUnit\": \"ms\", \"traceEvents\": [\n\(lines)\n]}"
  }

  private func event(_ node: Node) -> JSON {
    var arguments: [(String, JSON)] = [
      ("operation", .string(node.operation.name)), ("graph", .string(node.graph)),
      ("line", .string("\(node.location)")),
    ]
    arguments += node.operation.attributes.map { ($0.name, .string($0.value)) }
    arguments.append(
      node.results.map { ("results", .array($0.map { .string("\($0)") })) }
        ?? ("threw", .literal(true)))
    arguments += node.measures.map { measure in
      switch measure.amount {
      case .time(let time): ("\(measure.name) ms", .number(time.milliseconds))
      case .bytes(let count): ("\(measure.name) bytes", .number("\(count)"))
      case .count(let count): (measure.name, .number("\(count)"))
      }
    }
    return .object([
      ("name", .string(node.name)), ("cat", .string(node.operation.name)), ("ph", .string("X")),
      ("pid", .number("1")), ("tid", .number("\(node.thread)")),
      ("ts", .number(node.begin.microseconds)), ("dur", .number(node.duration.microseconds)),
      ("args", .object(arguments)),
    ])
  }
}

extension Duration {
  /// Microseconds, with three decimals.
  fileprivate var microseconds: String { decimal(.microseconds(1)) }

  /// Milliseconds, with three decimals.
  var milliseconds: String { decimal(.milliseconds(1)) }

  /// The time in `unit`s, with three decimals, rounded down.
  private func decimal(_ unit: Duration) -> String {
    let sign = self < .zero ? "-" : ""
    let thousandths = Int64((self < .zero ? .zero - self : self) / (unit / 1000))
    let rest = "\(thousandths % 1000)"
    return "\(sign)\(thousandths / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
  }
}

/// A value of JSON, as far as it is needed here.
///
/// See <https://www.rfc-editor.org/rfc/rfc8259>.
indirect enum JSON {
  case string(String)
  /// Digits, with a sign or a point.
  case number(String)
  case literal(Bool)
  case array([JSON])
  case object([(String, JSON)])

  var text: String {
    switch self {
    case .string(let string): Self.quoted(string)
    case .number(let digits): digits
    case .literal(let value): "\(value)"
    case .array(let items): "[\(items.map(\.text).joined(separator: ", "))]"
    case .object(let members):
      "{\(members.map { "\(Self.quoted($0.0)): \($0.1.text)" }.joined(separator: ", "))}"
    }
  }

  private static func quoted(_ string: String) -> String {
    var result = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
