import Foundation
import Testing

/// A folder whose files are called as the modules of Python and of packages.
///
/// Each of them notes when it is imported. None may be, unless the user names it.
@Suite(.serialized) struct FolderTests {
  private static func hostileFolder() async throws -> Folder {
    let folder = try Folder()
    try folder.write(
      """
      import os, pkgutil, sys
      names = set(sys.stdlib_module_names)
      for package in ("numpy", "scipy", "pandas"):
        try: names |= {module.name for module in pkgutil.iter_modules(__import__(package).__path__)}
        except ImportError: pass
        names.add(package)
      names |= {
        "ml_dtypes", "matplotlib", "numpyfn", "pytest", "hypothesis", "threadpoolctl", "pyarrow",
        "numexpr", "bottleneck", "numba", "sitecustomize", "usercustomize", "org", "six", "pytz",
        "dateutil", "cffi", "mkl", "array_api_compat", "cupy", "torch", "jax", "dask", "uarray"}
      os.mkdir("hostile")
      for name in names:
        with open(f"hostile/{name}.py", "w") as file:
          file.write(f"open('imported', 'a').write('{name} ')\\nraise SystemExit('hostile {name}')")
      """, to: "make.py")
    let made = try await folder.run(URL(fileURLWithPath: Tool.python.value), ["-I", "make.py"])
    try #require(made.status == 0, "\(made)")
    return folder
  }

  private static let mine = """
    import helper, numpy as np, subprocess, random, decimal
    def same(x): return x
    def fails(x): raise ValueError("no")
    def late(x):
      import later, secrets, fractions
      import numpy.random
      return later.value + helper.value + numpy.random.default_rng(1).integers(1)
    def packages(x):
      import importlib
      for name in ("pandas", "scipy.stats"):
        try: importlib.import_module(name)
        except ModuleNotFoundError as error: assert error.name.partition(".")[0] in ("pandas", "scipy")
      return importlib.import_module("later").value
    """

  /// A command, its exit status, and a part of what it says.
  struct Command: Sendable, CustomTestStringConvertible {
    let words: [String]
    let status: Int32
    let part: String?
    var testDescription: String { words.joined(separator: " ") }
  }

  @Test(arguments: [
    Command(
      words: ["call", "numpy:sinh", "1.0", "--tout", "float32"], status: 0, part: "1.1752012"),
    .init(
      words: ["call", "numpy:sinhh", "--tout", "int8"], status: 1, part: "did you mean 'sinh'?"),
    .init(
      words: ["call", "numpy:linalg.inv", "[[0.0]]", "--tout", "float32"], status: 1,
      part: "LinAlgError"),
    .init(words: ["call", "numpy:random.rand", "1", "--tout", "float64"], status: 0, part: "["),
    .init(
      words: ["call", "numpy.testing:assert_equal", "1", "2", "--tout", "none"], status: 1,
      part: "AssertionError"),
    .init(
      words: ["call", "numpy:sinh", "1.0", "--tout", "float32", "-o", "y.npz"], status: 0, part: nil
    ),
    .init(words: ["call", "numpy:nosuch", "--tout", "int8"], status: 1, part: "has no 'nosuch'"),
    .init(words: ["call", "nosuch:f", "--tout", "int8"], status: 1, part: "no module 'nosuch'"),
    .init(words: ["profile", "numpy:sinh", "1.0", "--tout", "float32"], status: 0, part: "numpy"),
    .init(
      words: ["profile", "numpy:linalg.inv", "[[0.0]]", "--tout", "float32"], status: 1,
      part: "LinAlgError"),
    .init(words: ["graph", "none.txt"], status: 1, part: "none.txt"),
    .init(words: ["doctor"], status: 0, part: "all fits"),
    .init(words: ["call", "mine:same", "1", "--tout", "int64"], status: 0, part: "1\n"),
    .init(
      words: ["call", "mine:fails", "1", "--tout", "int64"], status: 1, part: "ValueError: no"),
    .init(words: ["call", "mine:late", "1", "--tout", "int64"], status: 0, part: "12\n"),
    .init(words: ["call", "mine:packages", "1", "--tout", "int64"], status: 0, part: "5\n"),
    .init(
      words: ["call", "mine:nosuch", "1", "--tout", "int64"], status: 1, part: "has no 'nosuch'"),
    .init(words: ["profile", "mine:late", "1", "--tout", "int64"], status: 0, part: "mine"),
    .init(
      words: ["python", "-P", "-c", "import numpyfn, numpy.random, pickle; print(7)"], status: 0,
      part: "7\n"),
    .init(
      words: ["python", "-I", "-c", "import numpyfn, secrets; print(7)"], status: 0, part: "7\n"),
    .init(words: ["python", "-P", "../safe.py"], status: 0, part: "7\n"),
  ])
  func `nothing of the folder is imported that is not named`(_ command: Command) async throws {
    let folder = try await Self.hostileFolder()
    try folder.write(Self.mine, to: "hostile/mine.py")
    try folder.write("import helper\nvalue = 5", to: "hostile/later.py")
    try folder.write("value = 7", to: "hostile/helper.py")
    try folder.write("import numpyfn, json; print(7)", to: "safe.py")
    let program = "import sys; sys.exit(sys.version_info < (3, 11))"
    let python = try await URL(fileURLWithPath: Tool.python.value)
    let hasOption = try await folder.run(python, ["-I", "-c", program]).status == 0
    if command.words.contains("-P"), !hasOption {
      // Python has the option from 3.11 on, and says so.
      #expect(try await folder.shell("numpyfn python -P -c 1").error.contains("-P"))
      return
    }
    let text = command.words.map { "'\($0)'" }.joined(separator: " ")
    let outcome = try await folder.shell("cd hostile && numpyfn \(text)")
    #expect(outcome.status == command.status, "\(outcome)")
    #expect(
      (outcome.output + outcome.error).contains(command.part ?? "") || command.part == nil,
      "\(outcome)")
    #expect(!outcome.error.contains("hostile "), "\(outcome)")
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.url.appending(path: "hostile").path)
    #expect(!names.contains("imported"), "\(outcome)")
  }

  @Test func `what is named is found in the folder, with what lies beside it`() async throws {
    let folder = try Folder()
    try folder.write(
      "from . import part\ndef f(): return part.value", to: "antigravity/__init__.py")
    try folder.write("import beside\nvalue = beside.value", to: "antigravity/part.py")
    try folder.write("value = True", to: "beside.py")
    try folder.write("def g(): return True", to: "spread/inner.py")
    for name in ["antigravity:f", "spread.inner:g"] {
      let outcome = try await folder.numpyfn(["call", name, "--tout", "bool"])
      #expect(outcome.output == "True\n", "\(outcome)")
    }
  }

  @Test func `workers of a function in the folder find it`() async throws {
    let folder = try Folder()
    try folder.write(
      """
      import multiprocessing, signal
      def square(x): return x * x
      def f():
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        with multiprocessing.get_context("spawn").Pool(1) as pool: return pool.map(square, [3])[0]
      """, to: "mine.py")
    let outcome = try await folder.numpyfn(["call", "mine:f", "--tout", "int64"])
    #expect(outcome.output == "9\n", "\(outcome)")
  }

  @Test func `PYTHONSAFEPATH keeps out the folder, as of Python 3_11`() async throws {
    let folder = try Folder()
    try folder.write("def f(): return True", to: "mine.py")
    let safe = ["PYTHONSAFEPATH": "1"]
    let knows =
      try await folder.run(
        URL(fileURLWithPath: Tool.python.value), ["-m", "mine"], environment: safe
      ).status != 0
    let outcome = try await folder.numpyfn(["call", "mine:f", "--tout", "bool"], environment: safe)
    #expect(outcome.status == (knows ? 1 : 0), "\(outcome)")
    if knows { #expect(outcome.error.contains("PYTHONSAFEPATH is set"), "\(outcome)") }
    let program = try await folder.numpyfn(["python", "-c", "import mine"], environment: safe)
    #expect(program.status == (knows ? 1 : 0), "\(program)")
  }

  @Test func `a file of the user's that hides a module of Python's is named`() async throws {
    let folder = try Folder()
    try folder.write("raise ValueError('mine')", to: "numbers.py")
    try folder.write("import numpyfn", to: "p.py")
    let outcome = try await folder.numpyfn(["python", "p.py"])
    #expect(outcome.status == 1 && !outcome.wasSignalled)
    for part in ["numbers.py:1", "mine", "give it another name"] {
      #expect(outcome.error.contains(part), "\(outcome.error)")
    }
  }
}
