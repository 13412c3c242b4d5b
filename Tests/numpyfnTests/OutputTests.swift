import Foundation
import Testing

@Suite(.serialized) struct OutputTests {
  private static let module = """
    import numpy as np
    def two(): return np.arange(3), np.float32(1.5)
    def one(): return np.arange(3)
    def none(): pass
    def large(): return np.zeros(1_000_000)
    """

  private func folder(_ module: String = OutputTests.module) throws -> Folder {
    let folder = try Folder()
    try folder.write(module, to: "my.py")
    return folder
  }

  /// The files that a call has made.
  private func made(in folder: Folder) throws -> [String] {
    try folder.names.filter { $0 != "my.py" && $0 != "__pycache__" }
  }

  @Test func `prints several results, one after another`() async throws {
    try await CallCase(
      arguments: ["my:f", "--tout", "int64,float32,bool"],
      module: "def f(): return np.eye(2, dtype=int), np.float32(1.5), True",
      output: "[[1 0]\n [0 1]]\n1.5\nTrue\n"
    ).check()
  }

  @Test func `prints nothing for no result`() async throws {
    try await CallCase(arguments: ["my:f", "--tout", "none"], module: "def f(): pass").check()
  }

  @Test func `prints a large result in short`() async throws {
    try await CallCase(
      arguments: ["numpy:arange", "1001", "--tout", "int64"],
      output: "[   0    1    2 ...  998  999 1000]\n"
    ).check()
  }

  @Test func `writes one result to an npy`() async throws {
    let folder = try folder()
    let outcome = try await folder.numpyfn(
      ["call", "my:one", "--tout", "int64", "--output", "y.npy"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output == "")
    #expect(try made(in: folder) == ["y.npy"])
    try await folder.python("assert np.array_equal(np.load('y.npy'), [0, 1, 2])")
  }

  @Test func `writes any number of results to an npz, with the keys of savez`() async throws {
    let folder = try folder()
    for (name, tout) in [("two", "int64,float32"), ("one", "int64"), ("none", "none")] {
      let outcome = try await folder.numpyfn(
        ["call", "my:\(name)", "--tout", tout, "-o", "\(name).npz"])
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    #expect(try made(in: folder) == ["none.npz", "one.npz", "two.npz"])
    try await folder.python(
      """
      two = np.load("two.npz")
      assert two.files == ["arr_0", "arr_1"] and two["arr_1"].dtype == "f4" and two["arr_1"] == 1.5
      assert np.load("one.npz").files == ["arr_0"] and np.load("none.npz").files == []
      """)
  }

  @Test func `writes to where it was called, wherever the function goes`() async throws {
    let folder = try folder("import os\ndef f(): os.chdir('/'); return 1")
    let outcome = try await folder.numpyfn(["call", "my:f", "--tout", "int64", "-o", "y.npy"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try made(in: folder) == ["y.npy"])
  }

  @Test func `writes strings as bytes, never as a pickle`() async throws {
    let folder = try folder(
      """
      import numpy as np
      def f(): return np.array(["a", b"b\\xff"], object), "c"
      def g(): return b"ends with\\0"
      """)
    let written = try await folder.numpyfn(
      ["call", "my:f", "--tout", "string,string", "-o", "y.npz"])
    #expect(written.status == 0, "\(written.error)")
    try await folder.python(
      """
      y = np.load("y.npz", allow_pickle=False)
      assert y["arr_0"].tolist() == [b"a", b"b\\xff"] and y["arr_1"] == b"c"
      """)
    let refused = try await folder.numpyfn(["call", "my:g", "--tout", "string", "-o", "y.npy"])
    #expect(refused.status == 1)
    #expect(refused.error.contains("NUL"))
    #expect(try made(in: folder) == ["y.npz"])
  }

  @Test func `writes with the permissions of any new file`() async throws {
    let folder = try folder()
    let outcome = try await folder.shell(
      "umask 027; numpyfn call my:one --tout int64 -o y.npy && ls -l y.npy")
    #expect(outcome.output.hasPrefix("-rw-r-----"))
  }

  @Test func `replaces a file only when told`() async throws {
    let folder = try folder()
    let command = ["call", "my:one", "--tout", "int64", "-o", "y.npy"]
    try folder.write("old", to: "y.npy")
    let refused = try await folder.numpyfn(command)
    #expect(refused.status == 1)
    #expect(refused.error == "numpyfn: y.npy exists; add --force to replace it\n")
    try await folder.python("assert open('y.npy').read() == 'old'")

    let replaced = try await folder.numpyfn(command + ["--force"])
    #expect(replaced.status == 0, "\(replaced.error)")
    try await folder.python("assert np.load('y.npy').size == 3")
    #expect(try made(in: folder) == ["y.npy"])
  }

  @Test func `replaces what a link points to, and keeps its permissions`() async throws {
    let folder = try folder()
    let outcome = try await folder.shell(
      """
      mkdir data && touch data/y.npy && chmod 600 data/y.npy && ln -s data/y.npy y.npy
      numpyfn call my:one --tout int64 -o y.npy --force && ls -l data/y.npy && readlink y.npy
      """)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.hasPrefix("-rw-------"))
    #expect(outcome.output.hasSuffix("data/y.npy\n"))
    try await folder.python("assert np.load('data/y.npy').size == 3")
  }

  @Test func `does not take the place of a file that has appeared meanwhile`() async throws {
    let folder = try folder(
      """
      def f():
          with open("y.npy", "x") as file: file.write("new")
          return 1
      """)
    let outcome = try await folder.numpyfn(["call", "my:f", "--tout", "int64", "-o", "y.npy"])
    #expect(outcome.status == 1)
    #expect(outcome.error.hasPrefix("numpyfn: y.npy: it has appeared meanwhile"))
    try await folder.python("assert open('y.npy').read() == 'new'")
    #expect(try made(in: folder) == ["y.npy"])
  }

  @Test(arguments: ["no/y.npy", "file/y.npy", "d.npy", "loose.npy", "d-link.npy"])
  func `knows before the call that a file cannot be written`(_ path: String) async throws {
    let folder = try folder("def f(): print('called'); return 1")
    _ = try await folder.shell(
      "mkdir d.npy; touch file; ln -s d.npy d-link.npy; ln -s nowhere loose.npy")
    let before = try made(in: folder)
    let force = path.hasPrefix("d") ? ["--force"] : []
    let outcome = try await folder.numpyfn(
      ["call", "my:f", "--tout", "int64", "-o", path] + force)
    #expect(outcome.status == 1)
    #expect(outcome.output == "")
    #expect(outcome.error.hasPrefix("numpyfn: \(path)"))
    #expect(try made(in: folder) == before)
  }

  @Test(
    .enabled("the superuser may write everywhere") { try await !OutputTests.isSuperuser() })
  func `knows before the call that a folder is not writable`() async throws {
    let folder = try folder("def f(): print('called'); return 1")
    let outcome = try await folder.shell(
      "mkdir -m 555 d; numpyfn call my:f --tout int64 -o d/y.npy")
    #expect(outcome.status == 1)
    #expect(outcome.output == "")
    #expect(outcome.error.contains("not writable"))
  }

  private static func isSuperuser() async throws -> Bool {
    try await Folder().shell("id -u").output == "0\n"
  }

  @Test(arguments: [
    ["call", "my:one", "--tout", "int64", "-o", "y.txt"],
    ["call", "my:one", "--tout", "int64", "-o", "y"],
    ["call", "my:two", "--tout", "int64,float32", "-o", "y.npy"],
    ["call", "my:none", "--tout", "none", "-o", "y.npy"],
    ["call", "my:one", "--tout", "int64", "--force"],
    ["call", "my:one", "--tout", "bfloat16", "-o", "y.npy"],
  ])
  func `refuses an output that the results do not go into`(_ arguments: [String]) async throws {
    let folder = try folder()
    let outcome = try await folder.numpyfn(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(try made(in: folder) == [])
  }

  @Test(arguments: ["y.npy", "y.npz"])
  func `leaves nothing behind when the disk is full`(_ name: String) async throws {
    let folder = try folder()
    let outcome = try await folder.shell(
      "ulimit -f 100; numpyfn call my:large --tout float64 -o \(name)")
    #expect(outcome.status == 1)
    #expect(outcome.error.hasPrefix("numpyfn: \(name): "))
    #expect(outcome.error.split(separator: "\n").count == 1, "\(outcome.error)")
    #expect(try made(in: folder) == [])
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `leaves nothing behind when a signal ends it`(_ signal: Int32) async throws {
    let folder = try folder(
      """
      import numpy as np, time
      def save(file, *rest, **options):
          file.write(b"half")
          open("started", "x")
          time.sleep(60)
      def f():
          np.save = save
          return 1
      """)
    let outcome = try await folder.numpyfn(
      ["call", "my:f", "--tout", "int64", "-o", "y.npy"], sending: signal)
    #expect(outcome.wasSignalled)
    #expect(outcome.status == signal)
    #expect(try made(in: folder) == ["started"])
  }

  @Test func `a reader that has gone away is no error`() async throws {
    let folder = try folder("import numpy as np\ndef f(): return [np.arange(1000.0)] * 200")
    let tout = Array(repeating: "float64", count: 200).joined(separator: ",")
    let outcome = try await folder.shell(
      "{ numpyfn call my:f --tout \(tout); echo $? >status; } | head -1; cat status")
    #expect(outcome.output.hasPrefix("[  0."))
    #expect(outcome.output.hasSuffix("\n0\n"))
    #expect(outcome.error == "")
  }

  #if os(Linux)
    @Test func `a full disk behind standard output is an error`() async throws {
      let folder = try folder()
      let outcome = try await folder.shell("numpyfn call my:one --tout int64 >/dev/full")
      #expect(outcome.status == 1)
      #expect(outcome.error == "numpyfn: standard output: No space left on device\n")
    }
  #endif
}
