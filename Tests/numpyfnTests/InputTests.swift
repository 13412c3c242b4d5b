import Testing

@Suite(.serialized) struct InputTests {
  @Test(arguments: [
    CallCase.same("1.0", "float32", prints: "1.0"),
    .same("1e3", "float32", prints: "1000.0"),
    .same("3", "int64", prints: "3"),
    .same("true", "bool", prints: "True"),
    .same("False", "bool", prints: "False"),
    .same("nan", "float32", prints: "nan"),
    .same("inf", "float32", prints: "inf"),
    .same("1+2j", "complex64", prints: "(1+2j)"),
    .same("[[1,2],[3,4]]", "int64", prints: "[[1 2]\n [3 4]]"),
    .same("[1, 2.5, true]", "float32", prints: "[1.  2.5 1. ]"),
    .same("[true, 2]", "int64", prints: "[1 2]"),
    .same("[nan, -inf]", "float32", prints: "[ nan -inf]"),
    .same("[1, 2j]", "complex64", prints: "[1.+0.j 0.+2.j]"),
    .same("[]", "float32", prints: "[]"),
    CallCase(
      arguments: ["my:f", "'a'", "['b', \"cd\"]", "--tout", "bool"],
      module: "def f(x, y): return x == b'a' and y.tolist() == [b'b', b'cd']", output: "True\n"),
  ])
  func `a literal has the dtype of the widest kind of number in it`(_ call: CallCase) async throws {
    try await call.check()
  }

  @Test(arguments: [
    CallCase.same("-1.5", "float32", prints: "-1.5"),
    .same("-3", "int64", prints: "-3"),
    .same("-.5", "float32", prints: "-0.5"),
    .same("-1e-3", "float32", prints: "-0.001"),
    .same("-inf", "float32", prints: "-inf"),
    .same("-nan", "float32", prints: "nan"),
    .same("-1-2j", "complex64", prints: "(-1-2j)"),
    .same("-1_000", "int64", prints: "-1000"),
  ])
  func `a negative literal is no option`(_ call: CallCase) async throws {
    try await call.check()
  }

  @Test func `options may stand between negative literals`() async throws {
    try await CallCase(
      arguments: ["my:f", "-1", "--tout", "int64", "-2", "--dtype", "int64", "--", "-3"],
      module: "def f(*x): return np.array(x)", output: "[-1 -2 -3]\n"
    ).check()
  }

  @Test func `dtype holds for all literals, and for no file`() async throws {
    try await CallCase(
      arguments: ["my:f", "1", "[2.5]", "x.npy", "--dtype", "float64", "--tout", "bool"],
      module: "def f(*x): return [i.dtype for i in x] == ['f8', 'f8', 'i2']",
      files: "np.save('x.npy', np.int16([1]))", output: "True\n"
    ).check()
  }

  @Test func `uint64 takes what int64 does not`() async throws {
    try await CallCase(
      arguments: ["my:same", "[18446744073709551615, 0]", "--dtype", "uint64", "--tout", "uint64"],
      output: "[18446744073709551615                    0]\n"
    ).check()
  }

  @Test(arguments: [
    CallCase.fails(
      ["my:same", "[[1,2],[3]]", "--tout", "int64"], errors: ["[[1,2],[3]]", "length"]),
    .fails(["my:same", "[1,[2]]", "--tout", "int64"], errors: ["'[1,[2]]'", "length"]),
    .fails(["my:same", "[['a'],['b','c']]", "--tout", "string"], errors: ["length"]),
    .fails(["my:same", "[1, 'a']", "--tout", "string"], errors: ["numbers and strings"]),
    .fails(["my:same", "'a'", "--dtype", "int8", "--tout", "int8"], errors: ["'a'", "int8"]),
    .fails(
      ["my:same", "300", "--dtype", "int8", "--tout", "int8"], errors: ["'300'", "300", "int8"]),
    .fails(["my:same", "-1", "--dtype", "uint8", "--tout", "uint8"], errors: ["'-1'", "uint8"]),
    .fails(["my:same", "1.5", "--dtype", "int32", "--tout", "int32"], errors: ["1.5", "int32"]),
    .fails(["my:same", "2", "--dtype", "bool", "--tout", "bool"], errors: ["2", "bool"]),
    .fails(["my:same", "1j", "--dtype", "float32", "--tout", "float32"], errors: ["float32"]),
    .fails(["my:same", "1e39", "--tout", "float32"], errors: ["1e39", "float32"]),
    .fails(["my:same", "9223372036854775808", "--tout", "int64"], errors: ["int64"]),
    .fails(["my:same", "[9223372036854775808,-1]", "--tout", "int64"], errors: ["too large"]),
    .fails(
      ["my:same", "1" + String(repeating: "0", count: 99), "--tout", "int64"],
      errors: ["too large"]),
  ])
  func `refuses a literal that is no array of its dtype`(_ call: CallCase) async throws {
    try await call.check()
  }

  @Test(arguments: ["foo", "[1,", "", "{1: 2}", "None", "f(1)", "2024-01-01"])
  func `names both readings of what is neither a literal nor a file`(
    _ argument: String
  ) async throws {
    try await CallCase.fails(
      ["my:same", argument, "--tout", "int64"],
      errors: ["'\(argument)' is neither a literal", "nor a file"]
    ).check()
  }

  @Test func `shortens a long argument in a message`() async throws {
    try await CallCase.fails(
      ["my:same", String(repeating: "x", count: 1000), "--tout", "int64"],
      errors: ["xxx …' is neither"]
    ).check()
  }

  @Test func `standard input is read once`() async throws {
    try await CallCase(
      arguments: ["my:same", "-", "-", "--tout", "int64"], status: 64, errors: ["only once"]
    ).check()
  }
}
