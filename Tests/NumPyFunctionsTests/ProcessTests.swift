import Foundation
import NumPyFunctions
import Testing

/// What concerns a whole process, each tested in one of its own.
@Suite struct ProcessTests {
  @Test func `rule 18: an identity over 1 GiB takes no second GiB`() async {
    await #expect(processExitsWith: .success) {
      let identity = try Python.function("def f(x): return x")
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
        try numpyFunction(identity, [x], Tout: .float32)
      }
      let start = peakMemory()
      let size = 1 << 30
      let x = try Tensor(zeros: [size / 4], dtype: .float32)
      let inGraph = try f(x)
      let direct = try numpyFunction(identity, [x], Tout: .float32)
      #expect(inGraph.shape == x.shape && direct.shape == x.shape)
      let growth = Double(peakMemory() - start) / Double(size)
      #expect(growth > 1, "the tensor itself must have been counted")
      #expect(growth < 1.1, "peak memory, in GiB over the start")
    }
  }

  @Test func `rule 18: a result of 1 GiB is adopted`() async {
    await #expect(processExitsWith: .success) {
      let np = try Python.import("numpy")
      let start = peakMemory()
      let ones = try numpyFunction(np.ones, [Tensor(1 << 27)], Tout: .float64)
      #expect(ones.count == 1 << 27)
      #expect(Double(peakMemory() - start) / Double(1 << 30) < 1.1)
    }
  }

  @Test func `Ctrl-C still ends the program`() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      // Whoever runs the tests may have it ignored or blocked.
      signal(SIGINT, SIG_DFL)
      var signals = sigset_t()
      unsafe sigemptyset(&signals)
      unsafe sigaddset(&signals, SIGINT)
      unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      try Python.start()
      raise(SIGINT)
    }
  }

  @Test func `a closed pipe does not end the program`() async {
    await #expect(processExitsWith: .success) {
      try Python.start()
      raise(SIGPIPE)
    }
  }

  @Test func `rule 20: sys.exit in a function does not end the program`() async {
    await #expect(processExitsWith: .success) {
      let exit = try Python.function("import sys\ndef f(): sys.exit(3)")
      let error = try #require(throws: OperationError.self) {
        try numpyFunction(exit, [], Tout: [])
      }
      #expect((error.underlying as? PythonError)?.type == "SystemExit")
    }
  }

  @Test func `Python keeps the program's locale`() async {
    await #expect(processExitsWith: .success) {
      let before = unsafe String(cString: setlocale(LC_ALL, nil))
      try Python.start()
      #expect(unsafe String(cString: setlocale(LC_ALL, nil)) == before)
      #expect(try Python.evaluate("'é'").description == "é")
    }
  }

  @Test(arguments: [512, 1024, 8192])
  func `the thread that starts Python is its main thread, however small its stack`(
    size: Int
  ) async {
    await #expect(processExitsWith: .success) { [size] in
      let answer = Answer()
      let thread = Thread {
        do {
          try Python.start()
          // Only there signals can be handled.
          let isMain = try Python.function(
            """
            import signal, threading
            def f():
              signal.signal(signal.SIGUSR1, signal.SIG_DFL)
              return threading.current_thread() is threading.main_thread()
            """)
          answer.outcome.withLock { $0 = try? Bool(isMain()) }
        } catch {
          print(error)
        }
        answer.done.signal()
      }
      thread.stackSize = size << 10
      thread.start()
      answer.done.wait()
      #expect(answer.outcome.withLock { $0 } == true)
      // The thread is gone; others use Python as before.
      let np = try Python.import("numpy")
      #expect(try Float(numpyFunction(np.sinh, [Tensor(Float(0))], Tout: .float32)) == 0)
    }
  }

  @Test func `workers of multiprocessing are plain Pythons`() async {
    await #expect(processExitsWith: .success) {
      let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      try Data("import sys\ndef work(x): return x * x, sys.executable, sys.prefix\n".utf8).write(
        to: folder.appending(path: "work_of_test.py"))
      let squares = try Python.function(
        """
        import multiprocessing, signal, sys
        def squares(folder):
          # What a test starts has signals blocked, SIGTERM too, by which a pool ends its children.
          signal.pthread_sigmask(signal.SIG_SETMASK, [])
          sys.path.append(folder)
          from work_of_test import work
          for method in ("spawn", "forkserver"):
            with multiprocessing.get_context(method).Pool(2) as pool:
              found = pool.map(work, range(3))
              assert found == [(x * x, sys.executable, sys.prefix) for x in range(3)], found
          return True
        """)
      #expect(try Bool(squares(folder.path)))
    }
  }

  @Test func `starting again is harmless, with another Python refused`() throws {
    let running = try Python.installation
    try Python.start()
    try Python.start(executable: running.executable)
    // Another name of the same Python.
    let folder = URL(filePath: running.executable).deletingLastPathComponent()
    try Python.start(executable: folder.appending(path: "python3").path)
    #expect(try Python.installation == running)
    let error = try #require(throws: StartError.self) {
      try Python.start(executable: "/no/such/python")
    }
    #expect(error.message.contains("/no/such/python"))
  }

  @Test(arguments: [
    (["NUMPYFN_PYTHON": "/no/such/python"], "NUMPYFN_PYTHON is /no/such/python"),
    (["NUMPYFN_PYTHON": "/bin/ls"], "does not answer as a Python"),
    (["NUMPYFN_PYTHON": "", "VIRTUAL_ENV": "/no/such/folder"], "VIRTUAL_ENV is /no/such/folder"),
    (["PYTHONHOME": "/no/such/home"], "unset PYTHONHOME=/no/such/home"),
  ])
  func `a Python that is not there is an error that names it`(
    environment: [String: String], message: String
  ) throws {
    let result = try run(
      buildFolder.appending(path: "Seed").path, [], environment: environment)
    #expect(result.status != 0)
    #expect(result.errors.contains(message))
  }
}

/// What a thread finds out, and that it has.
private final class Answer: Sendable {
  let outcome = Locked<Bool?>(nil)
  let done = DispatchSemaphore(value: 0)
}

/// The largest resident set that this process has had, in bytes.
private func peakMemory() -> Int {
  #if os(Linux)
    // Not getrusage: its figure survives exec, and so includes the parent's.
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
  #else
    var usage = rusage()
    unsafe getrusage(RUSAGE_SELF, &usage)
    return usage.ru_maxrss
  #endif
}
