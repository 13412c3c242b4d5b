import Foundation
import Testing

/// Processes that a program of `numpyfn python` starts.
@Suite(.serialized) struct WorkerTests {
  @Test(arguments: ["spawn", "forkserver", "fork"])
  func `workers of multiprocessing can import numpyfn`(method: String) async throws {
    let folder = try Folder()
    try folder.write(
      """
      import multiprocessing, sys
      from concurrent.futures import ProcessPoolExecutor
      import numpy as np
      import numpyfn as tf

      @tf.function(input_signature=[tf.TensorSpec(None, tf.float64)])
      def f(x): return tf.numpy_function(np.sinh, [x], tf.float64) * 2.0
      def work(x): return float(f(np.float64(x))), sys.prefix
      def wanted(x): return float(np.sinh(x) * 2), sys.prefix
      def nested(x):
        with ProcessPoolExecutor(1, mp_context=context) as executor:
          return executor.submit(work, x).result()

      context = multiprocessing.get_context("\(method)")
      if __name__ == "__main__":
        numbers = list(range(4))
        with context.Pool(2) as pool: print(pool.map(work, numbers) == list(map(wanted, numbers)))
        with ProcessPoolExecutor(2, mp_context=context) as executor:
          print(list(executor.map(work, numbers)) == list(map(wanted, numbers)))
          print(executor.submit(nested, 1.0).result() == wanted(1.0))
        queue = context.Queue()
        process = context.Process(target=queue.put, args=(7,))
        process.start()
        print(queue.get())
        process.join()
        print(process.exitcode)
      """, to: "p.py")
    // A test has signals blocked, SIGTERM too, by which a pool ends its workers.
    let unblocked = """
      import os, signal, sys
      signal.pthread_sigmask(signal.SIG_SETMASK, [])
      os.execv(sys.argv[1], sys.argv[1:])
      """
    let outcome = try await folder.run(
      URL(fileURLWithPath: Tool.python.value),
      ["-c", unblocked, Tool.url.path, "python", "p.py"])
    #expect(outcome.status == 0 && outcome.error == "", "\(outcome)")
    #expect(outcome.output == "True\nTrue\nTrue\n7\n0\n", "\(outcome)")
  }

  @Test func `sys.executable is a Python with numpyfn, by every command line`() async throws {
    let folder = try Folder()
    try folder.write(
      """
      import os, subprocess, sys
      def run(*arguments, input=None, **options):
        result = subprocess.run([sys.executable, *arguments], input=input, text=True,
                                stdout=subprocess.PIPE, **options)
        return result.returncode, result.stdout
      show = "import numpyfn, sys; print(numpyfn.constant(2.0).numpy(), sys.argv, __name__)"
      open("shown.py", "w").write(show)
      os.mkdir("call")
      open("call/__main__.py", "w").write(show)
      open("doctor", "w").write(show)
      assert run("-c", show, "-x", "--help") == (0, "2.0 ['-c', '-x', '--help'] __main__\\n")
      assert run("shown.py", "a") == (0, "2.0 ['shown.py', 'a'] __main__\\n")
      code, text = run("-m", "shown", "a")
      assert code == 0 and text.startswith("2.0") and text.endswith("'a'] __main__\\n"), text
      # The names of this tool's own subcommands are files.
      assert run("doctor") == (0, "2.0 ['doctor'] __main__\\n")
      assert run("call") == (0, "2.0 ['call'] __main__\\n")
      assert run("-", "a", input=show) == (0, "2.0 ['-', 'a'] __main__\\n")
      assert run(input=show) == (0, "2.0 [''] __main__\\n")
      assert run("-c", "raise SystemExit(7)") == (7, "")
      assert run("--version") == (0, f"Python {sys.version.split()[0]}\\n")
      code, text = run("--help")
      assert code == 0 and text.startswith("usage: "), text
      # Wherever it is started, and with a path that was tidied up.
      assert run("-c", show, cwd="/")[0] == 0
      real = os.path.realpath(sys.executable)
      assert real != sys.executable
      assert subprocess.run([real, "-c", show], stdout=subprocess.DEVNULL).returncode == 0
      assert subprocess.run([real, "shown.py"], stdout=subprocess.DEVNULL).returncode == 0
      print(run("-c", "import sys; print(sys.prefix, sys.base_prefix)")[1]
            == f"{sys.prefix} {sys.base_prefix}\\n")
      """, to: "p.py")
    let outcome = try await folder.numpyfn(["python", "p.py"])
    #expect(outcome.status == 0 && outcome.output == "True\n", "\(outcome)")
  }

  /// Python's own executable is the oracle.
  @Test(arguments: [
    [], ["-I"], ["-E"], ["-S"], ["-s"], ["-B"], ["-u"], ["-O"], ["-OO"], ["-b"], ["-d"], ["-q"],
    ["-v"], ["-R"], ["-P"], ["-W", "error"], ["-Werror::UserWarning"], ["-X", "dev"], ["-Xutf8"],
    ["-X", "faulthandler"], ["-X", "importtime"], ["-IBu"],
  ])
  func `options do what they do to Python`(options: [String]) async throws {
    let folder = try Folder()
    let code = """
      import sys, warnings
      print(sys.flags, sys.warnoptions, sys._xoptions, sys.prefix, sys.base_prefix, sys.path)
      print(sys.stdout.write_through, sys.argv, __debug__, "site" in sys.modules, sys._base_executable)
      print(warnings.filters)
      """
    let arguments = options + ["-c", code, "a", "-b"]
    let environment = ["PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": "/nowhere"]
    let python = try await folder.run(
      URL(fileURLWithPath: Tool.python.value), arguments, environment: environment)
    let ours = try await folder.numpyfn(["python"] + arguments, environment: environment)
    #expect(ours.status == python.status && ours.output == python.output, "\(ours) \(python)")
  }

  @Test func `a relative NUMPYFN_PYTHON is the same for a worker elsewhere`() async throws {
    let folder = try Folder()
    let made = try await folder.run(
      URL(fileURLWithPath: Tool.python.value),
      ["-m", "venv", "--without-pip", "--system-site-packages", "env"])
    try #require(made.status == 0, "\(made.error)")
    let code = """
      import subprocess, sys
      print(sys.prefix, flush=True)
      subprocess.run([sys.executable, "-c", "import sys; print(sys.prefix)"], cwd="/")
      """
    let outcome = try await folder.numpyfn(
      ["python", "-c", code], environment: ["NUMPYFN_PYTHON": "env/bin/python"])
    let prefix = folder.url.appending(path: "env").path
    #expect(outcome.output == "\(prefix)\n\(prefix)\n", "\(outcome)")
  }

  @Test func `a virtual environment made by a program has Python's executable`() async throws {
    let folder = try Folder()
    let made = try await folder.numpyfn(["python", "-m", "venv", "--without-pip", "env"])
    #expect(made.status == 0, "\(made)")
    let outcome = try await folder.run(
      folder.url.appending(path: "env/bin/python"), ["-c", "import sys; print(sys.prefix)"])
    #expect(outcome.output == folder.url.appending(path: "env").path + "\n", "\(outcome)")
  }

  @Test func `joblib's workers can import numpyfn`() async throws {
    guard try await Tool.hasPackage("joblib") else { return }
    let folder = try Folder()
    try folder.write(
      """
      from joblib import Parallel, delayed
      def f(x):
        import numpyfn as tf
        return float(tf.constant(x) * 2.0)
      print(Parallel(n_jobs=2, backend="loky")(delayed(f)(float(i)) for i in range(4)))
      """, to: "p.py")
    let outcome = try await folder.numpyfn(["python", "p.py"])
    #expect(outcome.output == "[0.0, 2.0, 4.0, 6.0]\n", "\(outcome)")
  }
}
