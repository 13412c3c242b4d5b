import TensorCore
import Testing

@Suite struct MessageTests {
  private static let spellings: [(message: Message, swift: String, python: String)] = [
    (Message.argument("Tout", .dtype(.float32)), "Tout: .float32", "Tout=numpyfn.float32"),
    (.argument("casting", case: "sameKind"), "casting: .sameKind", "casting=\"same_kind\""),
    (.argument("maximumIterations"), "maximumIterations:", "maximum_iterations="),
    (.name("whileLoop"), "whileLoop", "while_loop"), (.name("isNaN"), "isNaN", "isnan"),
    (.name("select"), "select", "where"), (.name("log1p"), "log1p", "log1p"),
    (.argument("Tout", "none"), "Tout: none", "Tout=none"),
    (.asType(.int8), "asType(.int8)", "astype(\"int8\")"), (.none, "nil", "None"),
    ("a \(1) \(Message.none)" + "!", "a 1 nil!", "a 1 None!"),
    ("\(swift: "[1]", python: "(1,)") is", "[1] is", "(1,) is"),
    (["a", .none].joined(separator: ", "), "a, nil", "a, None"), ([].joined(), "", ""),
  ]

  @Test(arguments: spellings)
  func `a message has the spelling of each language`(
    spelling: (message: Message, swift: String, python: String)
  ) {
    #expect(spelling.message.text(in: .swift) == spelling.swift)
    #expect(spelling.message.text(in: .python) == spelling.python)
  }

  @Test(arguments: [
    (Message.argument("Tout", .dtype(.float32)), "--tout float32"),
    (.argument("arguments", case: "readOnly"), "--arguments read_only"),
    (.name("whileLoop"), "whileLoop"), (.none, "nil"),
    ("as \(swift: "Tout", python: "Tout", shell: "--tout") says" + "!", "as --tout says!"),
  ])
  func `a message for the shell has the options of the tool`(message: Message, text: String) {
    #expect(message.text(in: .shell) == text)
  }

  @Test func `an error that knows no languages is the same in all`() {
    struct Plain: Error, CustomStringConvertible { let description = "plain" }
    struct Coded: CodedError {
      let code = ErrorCode.unknown
      let message = "coded"
      var description: String { message }
    }
    #expect(Message.description(of: Plain(), in: .python) == "plain")
    #expect(Message.description(of: Coded(), in: .python) == "coded")
  }
}
