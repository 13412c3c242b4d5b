import Foundation
import Testing

/// What has no end, claims what cannot be, or is no text: an error within seconds and little memory.
@Suite(.serialized) struct HostileInputTests {
  /// Runs a shell command that may use 20 seconds of the processor.
  private func bounded(_ command: String, in folder: Folder) async throws -> Tool.Outcome {
    try await folder.shell("ulimit -t 20 && \(command)")
  }

  @Test(arguments: [
    ("graph /dev/zero", "/dev/zero: it holds more than 64 MiB"),
    ("graph /dev/urandom", "/dev/urandom: it holds more than 64 MiB"),
    ("graph - < /dev/zero", "standard input: it holds more than 64 MiB"),
    ("graph .", ".: Is a directory"),
    ("graph binary", "binary: it is no text in UTF-8"),
    ("call numpy:sinh /dev/zero --tout float32", "/dev/zero: damaged"),
    // One of 256 begins with the first byte of a pickle.
    (
      "call numpy:sinh /dev/urandom --tout float32",
      "/dev/urandom: damaged|/dev/urandom: it holds pickled Python objects"
    ),
    ("call numpy:sinh - --tout float32 < /dev/zero", "standard input: damaged"),
    ("call numpy:sinh claim.npy --tout float64", "declares 9223372036854775808 bytes"),
    ("call numpy:sinh - --tout float64 < claim.npy", "declares 9223372036854775808 bytes"),
    ("call numpy:sinh header.npy --tout float64", "header would have 4294967280 bytes"),
    ("call numpy:sinh claim.npz:x --tout float64", "declares 9223372036854775808 bytes"),
    ("call numpy:sinh sparse.npy --tout float64", "this machine's memory has"),
  ])
  func `an input without end is refused`(command: String, part: String) async throws {
    let folder = try Folder()
    try await folder.python(
      """
      import zipfile
      def write(name, count, version=1):
        header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }" % count
        data = b"\\x93NUMPY\\x01\\x00" + len(header).to_bytes(2, "little") + header + bytes(80)
        open(name, "wb").write(data)
        return data
      data = write("claim.npy", 2**60)
      with zipfile.ZipFile("claim.npz", "w") as archive: archive.writestr("x.npy", data)
      write("sparse.npy", 2**40)
      with open("sparse.npy", "r+b") as file: file.truncate(2**43 + 200)
      open("header.npy", "wb").write(b"\\x93NUMPY\\x02\\x00" + (2**32 - 16).to_bytes(4, "little"))
      open("binary", "wb").write(b"\\xff\\xfe")
      """)
    let outcome = try await bounded("numpyfn \(command)", in: folder)
    #expect(outcome.status == 1 && outcome.output == "", "\(outcome)")
    #expect(
      outcome.error.hasPrefix("numpyfn: ")
        && part.split(separator: "|").contains { outcome.error.contains($0) }, "\(outcome)")
  }

  @Test func `an endless pipe behind a header is refused`() async throws {
    let folder = try Folder()
    try await folder.python(
      """
      header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }" % 2**50
      open("start", "wb").write(b"\\x93NUMPY\\x01\\x00" + len(header).to_bytes(2, "little") + header)
      """.replacing("% 2**50", with: "% (2**50)"))
    let outcome = try await bounded(
      "cat start /dev/zero | numpyfn call numpy:sinh - --tout float64", in: folder)
    #expect(outcome.status == 1 && outcome.error.contains("memory has"), "\(outcome)")
  }

  /// As long as the system allows an argument to be, 128 KiB.
  @Test(arguments: [
    ["-1", "e+"], ["-1", "e-e"], ["-inf", "inf"], ["-infinity", "nan"], ["-1", "-"], ["", "["],
    ["", "-["], ["", "{1:"], ["", "lambda:"], ["", "1+"], ["", "1if 1 else "],
  ])
  func `the time for an argument grows with its length alone`(parts: [String]) async throws {
    let count = 120_000 / parts[1].utf8.count
    let argument = parts[0] + String(repeating: parts[1], count: count) + "x"
    let outcome = try await Folder().numpyfn(["call", "numpy:sinh", argument, "--tout", "float32"])
    #expect([1, 64].contains(outcome.status) && !outcome.wasSignalled, "\(outcome.status)")
  }

  @Test func `a pyvenv_cfg that is a pipe or a device is not read`() async throws {
    let folder = try Folder()
    try folder.write(
      "#!/bin/sh\nexec \(await Tool.python.value) \"$@\"", to: "a/bin/python",
      isExecutable: true)
    try folder.write("", to: "b/bin/python", isExecutable: true)
    let outcome = try await folder.shell(
      "mkfifo a/pyvenv.cfg; ln -s /dev/zero b/pyvenv.cfg; "
        + "NUMPYFN_PYTHON=a numpyfn doctor | tail -1; NUMPYFN_PYTHON=b numpyfn doctor | tail -1")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasSuffix("all fits."), "\(outcome)")
    #expect(lines.last?.hasPrefix("problem: NUMPYFN_PYTHON is b") == true, "\(outcome)")
  }

  @Test func `arguments and paths of any bytes reach the system as they are`() async throws {
    let folder = try Folder()
    try folder.write("import sys\nprint(ascii(sys.argv))", to: "program.py")
    try folder.write("no graph", to: "graph.txt")
    try folder.write(
      """
      f=$(printf 'x\\377.npy'); o=$(printf 'o\\376.npy'); p=$(printf 'p\\375.py')
      d=$(printf 'd\\374'); g=$(printf 'g\\373.txt'); t=$(printf 't\\372.json'); s=$(printf 's\\371.dot')
      mkdir "$d"; cp x.npy "$d/$f"; cp program.py "$d/$p"; cp graph.txt "$d/$g"; cd "$d"
      numpyfn call numpy:positive "$f" --tout int64
      numpyfn call numpy:positive "$f" --tout int64 -o "$o" && numpyfn call numpy:positive "$o" --tout int64
      numpyfn call numpy:positive "$f" --tout int64 -o "$o" 2>&1 | od -An -c | head -1 | tr -d ' '
      numpyfn call numpy:positive "$f" --tout int64 -o "$o" --force && echo replaced
      numpyfn profile numpy:positive "$f" --tout int64 -o "$t" && test -s "$t" && echo traced
      numpyfn python "$p" "$f"
      numpyfn python -c 'import sys; print(ascii(sys.argv))' "$f"
      numpyfn graph "$g" 2>&1 | od -An -c | head -1 | tr -d ' '
      numpyfn call numpy:positive "$(printf '"\\370"')" --tout string 2>&1 | od -An -c | head -1 | tr -d ' '
      ls -a | wc -l | tr -d ' '
      """, to: "commands")
    try await folder.python("np.save('x.npy', np.arange(3))")
    let outcome = try await folder.shell(". ./commands")
    #expect(
      outcome.output == """
        [0 1 2]
        [0 1 2]
        numpyfn:o376.npy
        replaced
        traced
        ['p\\udcfd.py', 'x\\udcff.npy']
        ['-c', 'x\\udcff.npy']
        numpyfn:g373.txt,
        numpyfn:'"370"'i
        7

        """, "\(outcome)")
    #expect(outcome.error == "")
  }
}

/// What waits for most of its time: its cases do so together.
struct SilentPythonTests {
  @Test(arguments: [
    ("sleep 1000", "sleep"), ("exec yes", "yes"), ("exec >&-; sleep 1000", "sleep"),
    ("sleep 1000 & sleep 1000", "sleep"), ("exit 3", "true"), ("cat", "cat"),
  ])
  func `a NUMPYFN_PYTHON that is none is ended`(script: String, program: String) async throws {
    let folder = try Folder()
    // A name by which what is left of it can be found.
    let name = "nf\(UUID().uuidString.prefix(8))"
    let tail = script.replacing(program, with: "\(folder.url.path)/\(name)")
    try await folder.python(
      "import os, shutil; os.symlink(shutil.which('\(program)'), '\(name)')")
    try folder.write("#!/bin/sh\n\(tail)\n", to: "python", isExecutable: true)
    // Who was killed is listed until the system has taken note.
    let left = "for i in $(seq 100); do pgrep -x \(name) >left || break; sleep 0.1; done; cat left"
    let outcome = try await folder.shell(
      "NUMPYFN_PYTHON=./python numpyfn doctor; echo status $?; \(left)")
    #expect(outcome.output.contains("does not answer"), "\(outcome)")
    #expect(outcome.output.hasSuffix("status 1\n"), "\(outcome)")
  }
}
