import Foundation
import Testing

@Suite(.serialized) struct PythonProgramTests {
  @Test func `runs the example of TensorFlow's documentation`() async throws {
    let folder = try Folder()
    try folder.write(
      """
      import numpy as np
      import numpyfn as tf

      def my_numpy_func(x):
        # x will be a numpy array with the contents of the input to the
        # tf.function
        return np.sinh(x)
      @tf.function(input_signature=[tf.TensorSpec(None, tf.float32)])
      def tf_function(input):
        y = tf.numpy_function(my_numpy_func, [input], tf.float32)
        return y * y
      print(tf_function(tf.constant(1.)).numpy())
      """, to: "seed.py")
    let outcome = try await folder.numpyfn(["python", "seed.py"])
    #expect(outcome.status == 0 && outcome.error == "" && outcome.output == "1.3810978\n")
  }

  @Test func `a program's own files with the names of our modules are its own, and ours are ours`()
    async throws
  {
    let folder = try Folder()
    for name in ["dtypes", "shapes", "functions", "_swift", "numpyfn/__init__", "numpyfn/dtypes"] {
      try folder.write("value = '\(name) of the program'", to: "\(name).py")
    }
    try folder.write(
      """
      import dtypes
      import numpyfn as tf
      import numpyfn.dtypes as ours
      from numpyfn import functions as ours_too
      import functions, shapes, _swift
      print(dtypes.value, functions.value, shapes.value, _swift.value, sep="; ")
      print(hasattr(ours, "value"), hasattr(ours_too, "value"), tf.constant(1.0).dtype, tf.__path__)
      for attempt in ["import numpyfn.nothing", "tf.dtypes", "__import__('numpyfn.\\\\udc80')"]:
        try: exec(attempt)
        except Exception as error: print(type(error).__name__, error)
      """, to: "program.py")
    let outcome = try await folder.numpyfn(["python", "program.py"])
    #expect(
      outcome.output == """
        dtypes of the program; functions of the program; shapes of the program; _swift of the program
        False False float32 []
        ModuleNotFoundError No module named 'numpyfn.nothing'
        AttributeError module 'numpyfn' has no attribute 'dtypes'
        ModuleNotFoundError No module named 'numpyfn.\\udc80'

        """, "\(outcome)")
  }

  @Test func `a file, code, a module or standard input; arguments, path and name as with Python`()
    async throws
  {
    let folder = try Folder()
    let program = """
      import os, sys
      import helper
      first = sys.path[0] and os.path.relpath(sys.path[0], os.getcwd())
      print(__name__, sys.argv[1:], os.path.basename(sys.argv[0]), repr(first), helper.value)
      print(sys.modules["__main__"].first == first, globals().get("__file__", "no file")[-10:])
      """
    try folder.write(program, to: "inner/program.py")
    try folder.write("value = 7", to: "inner/helper.py")
    try folder.write("value = 8", to: "helper.py")
    try folder.write(program, to: "program.py")
    let arguments = ["-1", "--help", "-c", "a b"]
    let shown = "['-1', '--help', '-c', 'a b']"
    let file = try await folder.numpyfn(["python", "inner/program.py"] + arguments)
    #expect(file.output == "__main__ \(shown) program.py 'inner' 7\nTrue program.py\n", "\(file)")
    let code = try await folder.numpyfn(["python", "-c", program] + arguments)
    #expect(code.output == "__main__ \(shown) -c '' 8\nTrue no file\n", "\(code)")
    let input = try await folder.numpyfn(["python", "-"] + arguments, input: "program.py")
    let python = try await folder.run(
      URL(fileURLWithPath: Tool.python.value), ["-"] + arguments, input: "program.py")
    #expect(input.output == python.output && input.status == 0, "\(input)")
    let module = try await folder.numpyfn(["python", "-m", "program"] + arguments)
    #expect(module.output == "__main__ \(shown) program.py '.' 8\nTrue program.py\n", "\(module)")
  }

  @Test(arguments: [
    ("pass", 0, ""), ("import sys; sys.exit()", 0, ""), ("import sys; sys.exit(7)", 7, ""),
    ("raise SystemExit('that was it')", 1, "that was it\n"),
    ("import os; os._exit(9)", 9, ""), ("import sys; sys.exit(256 + 3)", 3, ""),
    ("import sys; sys.exit(2**70)", 255, ""),
  ])
  func `the exit status is the program's`(
    code: String, status: Int32, error: String
  ) async throws {
    let outcome = try await Folder().numpyfn(["python", "-c", code])
    #expect(outcome.status == status && outcome.error == error, "\(outcome)")
  }

  /// Python's own executable is the oracle.
  @Test(arguments: [
    ["p.py"], ["-c", "f("], ["none.py"], ["-m", "no_such_module"], ["-m", "p"], ["inner"],
    ["none.zip"],
    ["-c", "def f(): f()\nf()"],
    ["-c", "try: 1/0\nexcept Exception as e: raise KeyError(1) from e"],
    ["-c", "import sys; sys.excepthook = lambda *a: print('hook', a[1]); 1/0"], ["-j", "p.py"],
    ["bad.py"],
  ])
  func `an exception is printed as Python prints it`(arguments: [String]) async throws {
    let folder = try Folder()
    try folder.write("def f(x):\n  return 1 / x\nf(0)\n", to: "p.py")
    try folder.write("import nosuch", to: "inner/__main__.py")
    try folder.write("if True:\nprint(1)", to: "bad.py")
    let python = try await folder.run(URL(fileURLWithPath: Tool.python.value), arguments)
    let ours = try await folder.numpyfn(["python"] + arguments)
    let name = "\(Tool.url.resolvingSymlinksInPath().deletingLastPathComponent().path)/././numpyfn"
    let wanted = try await python.error.replacing(Tool.python.value, with: "PYTHON")
    #expect(ours.error.replacing(name, with: "PYTHON") == wanted)
    #expect(ours.status == python.status, "\(ours)")
    #expect(ours.output == python.output)
  }

  @Test func `exit handlers run, and threads are waited for`() async throws {
    let outcome = try await Folder().numpyfn([
      "python", "-c",
      """
      import atexit, threading, time
      atexit.register(print, "handler")
      def work(): time.sleep(0.1); print("thread")
      threading.Thread(target=work).start()
      print("main", end=" ")
      """,
    ])
    #expect(outcome.status == 0 && outcome.output == "main thread\nhandler\n", "\(outcome)")
  }

  @Test(arguments: ["-c", "-m", "file", "folder"])
  func `what the program leaves behind is finished`(how: String) async throws {
    let folder = try Folder()
    let program = """
      import sys
      import numpyfn as tf
      file = open("written", "w")
      file.write("hello")
      class Last:
        def __init__(self, name): self.name = name
        def __del__(self): note(self.name)
      def note(text): print("end of", text)
      a = Last("a")
      # Swift holds the function, and so these variables.
      @tf.function
      def traced(x): return tf.numpy_function(lambda x: (note, x)[1], [x], tf.float32)
      traced(tf.constant(1.))
      class Bad:
        def __del__(self): raise ValueError("ignored")
      bad = Bad()
      if len(sys.argv) > 1: sys.exit(5)
      """
    try folder.write(program, to: "program.py")
    try folder.write(program, to: "inner/__main__.py")
    let arguments =
      switch how {
      case "-c": ["-c", program]
      case "-m": ["-m", "program"]
      case "file": ["program.py"]
      default: ["inner"]
      }
    for more in [[], ["more"]] {
      let outcome = try await folder.numpyfn(["python"] + arguments + more)
      #expect(outcome.status == (more.isEmpty ? 0 : 5), "\(outcome)")
      #expect(outcome.output == "end of a\n", "\(outcome)")
      #expect(outcome.error.contains("ignored"))
      let written = folder.url.appending(path: "written")
      #expect(try String(contentsOf: written, encoding: .utf8) == "hello")
    }
    for code in ["pass", "def f(): pass"] {
      let text = try await folder.numpyfn([
        "python", "-c", "text = open('text', 'w')\ntext.write('hello')\n\(code)",
      ])
      #expect(text.status == 0 && text.error == "", "\(text)")
      let file = folder.url.appending(path: "text")
      #expect(try String(contentsOf: file, encoding: .utf8) == "hello")
    }
    let plain = try await folder.numpyfn([
      "python", "-c",
      "class A:\n  def __del__(self): print(note, self)\n  def __repr__(self): return 'A'\n"
        + "note = 'noted'\na = A()",
    ])
    #expect(plain.status == 0 && plain.output == "noted A\n" && plain.error == "", "\(plain)")
  }

  @Test func `a file that the program misses is an exception like others`() async throws {
    let folder = try Folder()
    try folder.write("open('p.py'); open('none')", to: "p.py")
    let outcome = try await folder.numpyfn(["python", "p.py"])
    #expect(outcome.status == 1 && outcome.error.contains("FileNotFoundError"), "\(outcome)")
    let own = try await folder.numpyfn(["python", "-c", "open('-c')"])
    #expect(own.status == 1 && own.error.contains("FileNotFoundError"), "\(own)")
    let unreadable = try await folder.numpyfn(["python", "none.zip"])
    #expect(unreadable.status == 2 && unreadable.error.contains("can't open file"), "\(unreadable)")
  }

  @Test func `Ctrl-C raises KeyboardInterrupt`() async throws {
    let folder = try Folder()
    try folder.write(
      """
      import time
      try:
        open("started", "w").close()
        time.sleep(60)
      finally:
        print("cleaned up")
      """, to: "p.py")
    let outcome = try await folder.numpyfn(["python", "p.py"], sending: SIGINT)
    #expect(outcome.wasSignalled && outcome.status == SIGINT, "\(outcome)")
    #expect(outcome.output == "cleaned up\n" && outcome.error.contains("KeyboardInterrupt"))
  }

  @Test(arguments: [
    "endless(1.0)", "tf.gradient(endless)(1.0)",
    "with tf.GradientTape() as tape:\n    x = tf.constant(1.0); tape.watch(x); endless(x)",
  ])
  func `Ctrl-C ends a loop of a graph in which no Python runs`(statement: String) async throws {
    let folder = try Folder()
    try folder.write(
      """
      import threading
      import numpyfn as tf
      @tf.function
      def endless(x): return tf.while_loop(lambda i: i < 1e30, lambda i: (i + 1.0,), [x])
      # When the loop is running.
      threading.Timer(0.5, lambda: open("started", "w").close()).start()
      try:
        \(statement)
      except KeyboardInterrupt: print("caught")
      """, to: "p.py")
    let outcome = try await folder.numpyfn(["python", "p.py"], sending: SIGINT)
    #expect(outcome.status == 0 && outcome.output == "caught\n", "\(outcome)")
  }

  @Test func `a forked child computes as its parent does, whatever the parent's threads are at`()
    async throws
  {
    let folder = try Folder()
    try folder.write(
      """
      import multiprocessing, os, signal, threading
      # What a test starts has signals blocked, SIGTERM too, by which a pool ends its children.
      signal.pthread_sigmask(signal.SIG_SETMASK, [])
      import numpy as np
      import numpyfn as tf
      x = tf.constant(np.linspace(-1, 1, 300_000, dtype=np.float32))
      def plain(x): return tf.sinh(x) * x + x
      def other(x): return tf.sinh(x) * tf.numpy_function(np.cosh, [x], tf.float32)
      plain, other = tf.function(plain), tf.function(other)
      wanted = plain(x).numpy(), other(x).numpy()
      def is_right(): return all(map(np.array_equal, wanted, (plain(x).numpy(), other(x).numpy())))
      done = threading.Event()
      def busy():
        while not done.is_set(): plain(x)
      threads = [threading.Thread(target=busy) for _ in range(2)]
      for thread in threads: thread.start()
      codes = set()
      for _ in range(10):
        child = os.fork()
        if child == 0:
          signal.alarm(30)
          os._exit(0 if is_right() and is_right() else 3)
        codes.add(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
      done.set()
      for thread in threads: thread.join()
      def job(_): return is_right()
      with multiprocessing.get_context("fork").Pool(2) as pool: print(pool.map(job, range(4)))
      print(codes, is_right())
      """, to: "p.py")
    let outcome = try await folder.numpyfn(["python", "p.py"])
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output == "[True, True, True, True]\n{0} True\n", "\(outcome)")
  }

  #if os(Linux)
    @Test func `a process that keeps to one core has no thread for another`() async throws {
      let folder = try Folder()
      try folder.write(
        """
        import glob, os, time
        import numpy as np
        import numpyfn as tf
        def helpers():
          names = [open(file).read() for file in glob.glob("/proc/self/task/*/comm")]
          return names.count("numpyfn loops\\n")
        x = tf.constant(np.linspace(-1, 1, 1_000_000))
        mine = os.sched_getaffinity(0)
        os.sched_setaffinity(0, list(mine)[:1])
        y = tf.sinh(x)
        print(helpers())
        os.sched_setaffinity(0, mine)
        print(np.array_equal(tf.sinh(x), y))
        # One gets its name when it first runs.
        for _ in range(500):
          if helpers() > 0: break
          time.sleep(0.01)
        print(0 < helpers() < len(mine) or len(mine) == 1)
        """, to: "p.py")
      let outcome = try await folder.numpyfn(["python", "p.py"])
      #expect(outcome.status == 0 && outcome.output == "0\nTrue\nTrue\n", "\(outcome)")
    }
  #endif

  @Test(arguments: [[], ["-c"], ["-m"], ["-x"]])
  func `bad usage is refused`(arguments: [String]) async throws {
    let outcome = try await Folder().numpyfn(["python"] + arguments)
    #expect(outcome.status == 64 && outcome.output == "" && outcome.error.contains("Usage:"))
  }

  @Test func `helps`() async throws {
    let outcome = try await Folder().numpyfn(["python", "--help"])
    #expect(outcome.status == 0 && outcome.output.contains("numpyfn python FILE"))
  }
}
