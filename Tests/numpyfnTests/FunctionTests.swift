import Foundation
import Testing

@Suite(.serialized) struct FunctionTests {
  @Test(arguments: [
    CallCase(arguments: ["numpy:sinh", "1.0", "--tout", "float32"], output: "1.1752012\n"),
    CallCase(
      arguments: ["numpy:linalg.norm", "[[3.0,0],[0,4]]", "--tout", "float32"], output: "5.0\n"),
    CallCase(
      arguments: ["numpy.linalg:det", "[[2.0,0],[0,4]]", "--tout=float32"], output: "8.0\n"),
    CallCase(
      arguments: ["my:C.twice", "4", "--tout", "int64"],
      module: "class C:\n  @staticmethod\n  def twice(x): return 2 * x", output: "8\n"),
  ])
  func `finds a function by module and name`(_ call: CallCase) async throws {
    try await call.check()
  }

  @Test func `looks into the current folder first`() async throws {
    let folder = try Folder()
    try folder.write(
      "def f(): return 'this' in __doc__\n__doc__ = 'this one'", to: "antigravity.py")
    let outcome = try await folder.numpyfn(["call", "antigravity:f", "--tout", "bool"])
    #expect(outcome.output == "True\n", "\(outcome.error)")
  }

  @Test(arguments: [
    CallCase.fails(
      ["nosuch:f", "--tout", "int8"], errors: ["no module 'nosuch'", "NUMPYFN_PYTHON"]),
    .fails(["my.py:same", "--tout", "int8"], errors: ["no module 'my.py'", "my:same"]),
    .fails(["numpy.nosuch:f", "--tout", "int8"], errors: ["no module 'numpy.nosuch'"]),
    .fails(
      ["numpy:sinhh", "--tout", "int8"],
      errors: ["numpy/__init__.py) has no 'sinhh'; did you mean 'sinh'?"]),
    .fails(
      ["numpy:linalg.nrm", "--tout", "int8"], errors: ["numpy.linalg has no 'nrm'", "'norm'"]),
    .fails(["numpy:pi", "--tout", "int8"], errors: ["numpy:pi cannot be called: it is 3.14"]),
  ])
  func `says what there is not`(_ call: CallCase) async throws {
    try await call.check()
  }

  @Test func `shows where the import of a module fails`() async throws {
    try await CallCase.fails(
      ["my:f", "--tout", "int8"], module: "import nosuch",
      errors: ["ModuleNotFoundError: No module named 'nosuch'", "my.py\", line 2"]
    ).check()
  }

  @Test(arguments: [
    ["call"], ["call", "my:f"], ["call", "numpy.sinh", "1.0", "--tout", "float32"],
    ["call", "numpy:", "--tout", "int8"], ["call", ":f", "--tout", "int8"],
    ["call", "a:b:c", "--tout", "int8"], ["call", "my:f", "--tout", "float"],
    ["call", "my:f", "--tout", "int8,"], ["call", "my:f", "--tout", "int8,none"],
    ["call", "my:f", "--tout", ""], ["call", "my:f", "1", "--tout", "int8", "--dtype", "f4"],
    ["call", "my:f", "--tout", "int8", "--frob"], ["call", "my:f", "--tout", "int8", "-x"],
    ["frob"], ["doctor", "--yaml"],
  ])
  func `refuses bad usage with exit status 64`(_ arguments: [String]) async throws {
    let folder = try Folder()
    let outcome = try await folder.numpyfn(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(outcome.error.contains("Usage: numpyfn") || outcome.error.contains("USAGE: numpyfn"))
  }

  @Test func `shows how a function is named, and which dtypes there are`() async throws {
    let folder = try Folder()
    let name = try await folder.numpyfn(["call", "numpy.sinh", "1.0", "--tout", "float32"])
    #expect(name.error.contains("such as numpy:sinh"))
    let dtype = try await folder.numpyfn(["call", "numpy:sinh", "1.0", "--tout", "float"])
    for name in ["bool", "uint8", "float16", "complex128", "none"] {
      #expect(dtype.error.contains("- \(name)\n"))
    }
  }

  @Test(arguments: [["--help"], ["call", "--help"], ["doctor", "--help"], ["--version"]])
  func `explains itself`(_ arguments: [String]) async throws {
    let outcome = try await Folder().numpyfn(arguments)
    #expect(outcome.status == 0)
    #expect(!outcome.output.isEmpty)
  }

  @Test(arguments: [
    CallCase.fails(
      ["numpy:sinh", "1.0", "--tout", "float64"],
      errors: [
        "numpy.sinh", "float64", "declared", "float32", "returned", "declare --tout float32",
      ],
      absent: ["Tout:"]),
    .fails(
      ["my:f", "--tout", "int8"], module: "def f(): return 1, 2",
      errors: ["1 result declared, 2 returned", "--tout dtype,..."]),
    .fails(
      ["my:f", "--tout", "int8,int8"], module: "def f(): return 1, 2.5",
      errors: ["result 0", "result 1", "int64", "float64"]),
    .fails(["my:f", "--tout", "int8"], module: "def f(): return {}", errors: ["dict"]),
    .fails(["my:f", "--tout", "int8"], module: "def f(): pass", errors: ["0 returned"]),
  ])
  func `refuses a result that is not as declared`(_ call: CallCase) async throws {
    try await call.check()
  }

  @Test func `shows type, message and traceback of an exception`() async throws {
    try await CallCase.fails(
      ["my:f", "0", "--tout", "int64"],
      module: "def f(x): return g(x)\ndef g(x): raise ValueError('not ' + str(x))",
      errors: [
        "my:f raised ValueError: not 0\nTraceback (most recent call last):\n",
        "my.py\", line 2, in f\n", "my.py\", line 3, in g\n", "    def g(x): raise ValueError",
      ], absent: ["numpyFunction"]
    ).check()
  }

  @Test(arguments: ["3", "0", "", "'bye'"])
  func `a function cannot end the program`(_ status: String) async throws {
    try await CallCase.fails(
      ["my:f", "--tout", "int64"], module: "import sys\ndef f(): sys.exit(\(status))",
      errors: ["my:f raised SystemExit"]
    ).check()
    try await CallCase.fails(
      ["my:f", "--tout", "int64"], module: "import sys\nsys.exit(\(status))",
      errors: ["SystemExit"]
    ).check()
  }

  @Test func `what a function prints comes as it is printed`() async throws {
    try await CallCase(
      arguments: ["my:f", "--tout", "int64"],
      module: "import sys\ndef f(): print('out'); print('err', file=sys.stderr); return 1",
      output: "out\n1\n", errors: ["err\n"]
    ).check()
  }

  @Test func `arguments are read-only unless they are declared writable`() async throws {
    let module = "def f(x):\n  x[0] = 2\n  return x"
    try await CallCase.fails(
      ["my:f", "[1]", "--tout", "int64"], module: module,
      errors: ["ValueError: assignment destination is read-only", "declare --arguments writable"]
    ).check()
    try await CallCase(
      arguments: ["my:f", "[1]", "--tout", "int64", "--arguments", "writable"], module: module,
      output: "[2]\n"
    ).check()
  }

  @Test func `a signal ends the program in the middle of a call`() async throws {
    let folder = try Folder()
    try folder.write(
      "import time\ndef f(): open('started', 'x'); time.sleep(60)", to: "my.py")
    let outcome = try await folder.numpyfn(
      ["call", "my:f", "--tout", "none"], sending: SIGINT)
    #expect(outcome.wasSignalled)
    #expect(outcome.status == SIGINT)
  }
}
