import Foundation
import Testing

@Suite(.serialized) struct ArrayFileTests {
  private static let archive = "np.savez('a.npz', np.arange(3), w=np.eye(2))"

  private static func reads(
    _ dtype: String, from argument: String = "x.npy", prints output: String, files: String,
    input: String? = nil
  ) -> CallCase {
    CallCase(
      arguments: ["my:same", argument, "--tout", dtype], files: files, input: input,
      output: "\(output)\n")
  }

  @Test(arguments: [
    reads("int64", prints: "[0 1 2]", files: "np.save('x.npy', np.arange(3))"),
    reads("float32", prints: "1.5", files: "np.save('x.npy', np.float32(1.5))"),
    reads("float64", prints: "[]", files: "np.save('x.npy', np.zeros((0, 3)))"),
    reads("int32", prints: "[0 1 2]", files: "np.save('x.npy', np.arange(3, dtype='>i4'))"),
    reads(
      "int64", prints: "[[0 1 2]\n [3 4 5]]",
      files: "np.save('x.npy', np.asfortranarray(np.arange(6).reshape(2, 3)))"),
    reads("int8", from: "./x", prints: "[7]", files: "np.save(open('x', 'wb'), np.int8([7]))"),
    reads("int64", from: "a.npz:arr_0", prints: "[0 1 2]", files: archive),
    reads("float64", from: "a.npz:w", prints: "[[1. 0.]\n [0. 1.]]", files: archive),
    reads(
      "int64", from: "a.npz:w", prints: "[0 1 2]",
      files: "np.savez_compressed('a.npz', w=np.arange(3))"),
    reads(
      "int64", from: "-", prints: "[0 1]", files: "np.save('x.npy', np.arange(2))", input: "x.npy"),
    CallCase(
      arguments: ["my:f", "x.npy", "y.npy", "--tout", "bool"],
      module: "def f(x, y): return x.tolist() == y.tolist() == [b'a', b'bc']",
      files: "np.save('x.npy', ['a', 'bc']); np.save('y.npy', [b'a', b'bc'])", output: "True\n"),
  ])
  func `reads what NumPy has written`(_ call: CallCase) async throws {
    try await call.check()
  }

  @Test func `reads from a pipe`() async throws {
    let folder = try Folder()
    try await folder.python("np.save('x.npy', np.arange(100_000.0))")
    let outcome = try await folder.shell("cat x.npy | numpyfn call numpy:sum - --tout float64")
    #expect(outcome.output == "4999950000.0\n")
    #expect(outcome.error == "")
  }

  @Test(arguments: [
    CallCase.fails(["my:same", "x.npy", "--tout", "int8"], errors: ["x.npy: No such file"]),
    .fails(["my:same", "x.npz:a", "--tout", "int8"], errors: ["x.npz:a: No such file"]),
    .fails(["my:same", ".", "--tout", "int8"], errors: [".: Is a directory"]),
    .fails(
      ["my:same", "a.npz:v", "--tout", "int8"], files: archive,
      errors: ["a.npz:v: there is no such key; the keys are w, arr_0"]),
    .fails(
      ["my:same", "a.npz", "--tout", "int8"], files: archive,
      errors: ["a.npz: an .npz holds several arrays: append :KEY; the keys are w, arr_0"]),
    .fails(
      ["my:same", "a.npz:w", "--tout", "int8"], files: "np.save(open('a.npz', 'wb'), [1])",
      errors: ["a.npz:w: this is no .npz file"]),
    .fails(
      ["my:same", "-", "--tout", "int8"], files: archive, input: "a.npz",
      errors: ["standard input: an .npz cannot be read"]),
  ])
  func `names the file or key that is not there`(_ call: CallCase) async throws {
    try await call.check()
  }

  @Test(arguments: [
    "np.save('x.npy', np.array([{}], object))",
    "np.array([1]).dump('x.npy')",
    "import pickle; pickle.dump([1], open('x.npy', 'wb'))",
  ])
  func `never loads a pickle`(_ files: String) async throws {
    try await CallCase.fails(
      ["my:same", "x.npy", "--tout", "int8"], files: files,
      errors: ["x.npy: it holds pickled Python objects, which are never loaded"]
    ).check()
    try await CallCase.fails(
      ["my:same", "-", "--tout", "int8"], files: files, input: "x.npy",
      errors: ["standard input: it holds pickled Python objects"]
    ).check()
  }

  @Test func `never loads a pickle in an archive`() async throws {
    try await CallCase.fails(
      ["my:same", "a.npz:o", "--tout", "int8"],
      files: "np.savez('a.npz', o=np.array([{}], object))",
      errors: ["a.npz:o: it holds pickled"]
    ).check()
  }

  @Test(arguments: [
    "open('x.npy', 'wb')",
    "open('x.npy', 'w').write('hello, world')",
    "np.save('x.npy', np.arange(100)); open('x.npy', 'r+b').truncate(200)",
    "np.save('x.npy', np.arange(100)); open('x.npy', 'r+b').truncate(50)",
    "np.save('x.npy', np.arange(100)); open('x.npy', 'r+b').write(b'\\x93NUMPY\\x09')",
    "np.save('x.npy', np.arange(9)); f = open('x.npy', 'r+b'); f.seek(10); f.write(b'{]')",
    """
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000,), }"
    file = open('x.npy', 'wb')
    file.write(b'\\x93NUMPY\\x01\\x00' + len(header).to_bytes(2, 'little') + header)
    """,
  ])
  func `names the file that is damaged`(_ files: String) async throws {
    try await CallCase.fails(
      ["my:same", "x.npy", "--tout", "int8"], files: files, errors: ["x.npy: damaged"]
    ).check()
    try await CallCase.fails(
      ["my:same", "-", "--tout", "int8"], files: files, input: "x.npy",
      errors: ["standard input: damaged"]
    ).check()
  }

  @Test(arguments: [
    "open('a.npz', 'r+b').truncate(300)",
    "f = open('a.npz', 'r+b'); f.seek(200); f.write(b'xxxxxxxx')",
  ])
  func `names the archive that is damaged`(_ damage: String) async throws {
    try await CallCase.fails(
      ["my:same", "a.npz:arr_0", "--tout", "int8"],
      files: "np.savez_compressed('a.npz', np.arange(1000))\n\(damage)",
      errors: ["a.npz:arr_0: damaged"]
    ).check()
  }

  @Test(arguments: ["'datetime64[s]'", "[('a', 'i4')]", "'V2'"])
  func `refuses a dtype that tensors do not have`(_ dtype: String) async throws {
    try await CallCase.fails(
      ["my:same", "x.npy", "--tout", "int8"], files: "np.save('x.npy', np.zeros(2, \(dtype)))",
      errors: ["x.npy: no tensor has NumPy's dtype", "the dtypes are bool, int8"]
    ).check()
  }

  @Test func `holds one copy of a large file`() async throws {
    let folder = try Folder()
    try folder.write("def same(x): return x", to: "my.py")
    try await folder.python(
      """
      import resource, subprocess, sys
      def peak(size):
          np.save("x.npy", np.zeros(size << 20, np.uint8))
          command = [\(String(reflecting: Tool.url.path)), "call", "my:same", "x.npy", "--tout=uint8"]
          subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
          unit = 1 if sys.platform == "darwin" else 1024
          return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit >> 20
      small = peak(1)
      large = peak(256)
      assert large - small < 256 * 1.1, (small, large)
      """)
  }

  @Test(
    .enabled("SciPy is not installed beside this NumPy") {
      try await Tool.hasPackage("scipy.special")
    })
  func `gives what SciPy gives`() async throws {
    let folder = try Folder()
    try await folder.python("np.save('x.npy', np.linspace(0.1, 9, 50).reshape(5, 10))")
    let outcome = try await folder.numpyfn(
      ["call", "scipy.special:gamma", "x.npy", "--tout", "float64", "-o", "y.npy"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output == "")
    try await folder.python(
      """
      from scipy.special import gamma
      x, y = np.load("x.npy"), np.load("y.npy")
      assert y.dtype == x.dtype and np.array_equal(y, gamma(x))
      """)
  }
}
