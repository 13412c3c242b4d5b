internal import ArgumentParser
internal import Foundation
internal import NumPyFunctions

/// `numpyfn python`: a Python program in this process, which has the module `numpyfn`.
struct PythonProgram: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "python",
    abstract: "Runs a Python program that can import numpyfn.",
    usage: """
      numpyfn python FILE [ARGUMENT ...]
      numpyfn python -c CODE [ARGUMENT ...]
      numpyfn python -m MODULE [ARGUMENT ...]
      numpyfn python - [ARGUMENT ...]
      """,
    discussion: """
      The program runs as with `python3`: sys.argv, sys.path[0], __main__ and the exit status are what \
      it expects, an exception that nobody catches is printed with its traceback, and Ctrl-C raises \
      KeyboardInterrupt. `-` reads it from standard input. Besides, `import numpyfn` brings Swift's \
      tensors, graphs and operations.

      Exit status: the program's; 1 after an exception, 2 for a file that cannot be opened, 64 for bad \
      usage.

      Examples:
        numpyfn python train.py --epochs 3
        numpyfn python -c 'import numpyfn as tf; print(tf.sinh(tf.constant(1.0)))'
      """)

  @Argument(parsing: .captureForPassthrough, help: .hidden)
  var arguments: [String] = []

  /// What follows `python` on the command line, as it was written.
  private var program: [String] { Array(CommandLine.arguments.dropFirst(2)) }

  func validate() throws {
    switch arguments.first {
    case nil:
      throw ValidationError("Nothing to run: give a file, -c CODE, -m MODULE, or - to read it.")
    case "-h", "--help": throw CleanExit.helpRequest(self)
    case "-c", "-m":
      if arguments.count < 2 {
        throw ValidationError("\(arguments[0]) needs \(arguments[0] == "-c" ? "CODE" : "MODULE").")
      }
    case "-": break
    case let option? where option.hasPrefix("-"):
      throw ValidationError(
        "Unknown option \(option.quoted): there are -c, -m and -; options of the program come after "
          + "its file.")
    default: break
    }
  }

  func run() throws {
    var status: Int32 = 0
    try Failure.reported {
      let globals = try PythonObject(dictionary: ["arguments": try PythonObject(program)])
      try Python.run(Self.starter, named: "<numpyfn python>", in: globals)
      status = Int32(truncatingIfNeeded: try Int(globals["status"]))
    }
    if status == Self.interrupted {
      // As Python ends: so that a shell knows that it was Ctrl-C.
      signal(SIGINT, SIG_DFL)
      kill(getpid(), SIGINT)
    }
    if status != 0 { throw ExitCode(status) }
  }

  /// What ``starter`` answers after an interrupt that nobody has caught; no exit status.
  private static let interrupted: Int32 = 1 << 16

  /// Runs the program of `arguments`, and leaves its exit status in `status`.
  private static let starter = """
    def run(arguments):
      import builtins, os, runpy, signal, sys, types
      main = types.ModuleType("__main__")
      main.__builtins__ = builtins
      sys.modules["__main__"] = main
      # Held by sys.modules alone, so that it can go in the end.
      variables = main.__dict__
      del main

      def program():
        if first == "-m":
          sys.argv = ["-m"] + arguments[2:]
          sys.path.insert(0, os.getcwd())
          runpy._run_module_as_main(arguments[1])
          return
        if first == "-c":
          sys.argv = ["-c"] + arguments[2:]
          source, name = arguments[1], "<string>"
        elif first == "-":
          sys.argv = ["-"] + arguments[1:]
          source, name = sys.stdin.buffer.read(), "<stdin>"
        else:
          sys.argv = arguments
          if os.path.isdir(first) or first.endswith((".zip", ".pyz")) and os.path.exists(first):
            sys.path.insert(0, first)
            runpy._run_module_as_main("__main__", alter_argv=False)
            return
          try:
            with open(first, "rb") as file:
              source, name = file.read(), first
          except OSError as error:
            print(f"numpyfn: can't open file {first!r}: {error.strerror}", file=sys.stderr)
            sys.exit(2)
        sys.path.insert(
          0, "" if name.startswith("<") else os.path.dirname(os.path.realpath(first)))
        if not name.startswith("<"): variables["__file__"] = name
        exec(compile(source, name, "exec"), variables)

      first = arguments[0]
      signal.signal(signal.SIGINT, signal.default_int_handler)
      status = outcome(program)
      del program, variables
      import atexit, threading
      def finish():
        threading._shutdown()
        atexit._run_exitfuncs()
      after = outcome(finish)
      try: clear()
      except BaseException: pass
      for stream in (sys.stdout, sys.stderr):
        try: stream.flush()
        except Exception: pass
      return status or after

    def clear():
      # The process ends without Py_Finalize: files that are still open are written, and __del__ runs.
      import gc, io, sys, threading, types, weakref
      # Not left to the collector, which may close the file below a text before that is written to it.
      for kind in (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom):
        for stream in [value for value in gc.get_objects() if issubclass(type(value), kind)]:
          try: stream.flush()
          except Exception: pass
      stream = None
      # What threads that nobody waits for make of the missing variables is of no interest.
      threading.excepthook = lambda arguments: None
      for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        sys.__dict__.pop(name, None)
      main = sys.modules.pop("__main__")
      mark = types.FunctionType((lambda: None).__code__, main.__dict__)
      main.__dict__["__numpyfn_end__"] = mark
      is_left = weakref.ref(mark)
      del main, mark
      # First all at once, so that a __del__ still finds the variables that it uses.
      gc.collect()
      left = is_left()
      if left is not None:
        variables = left.__globals__
        # What their __del__ may use goes last.
        kept = types.ModuleType, types.FunctionType, type
        for is_last in (False, True):
          for name in list(variables):
            if name != "__builtins__" and isinstance(variables[name], kept) == is_last:
              variables[name] = None
          gc.collect()

    def outcome(body):
      import sys
      try:
        body()
        return 0
      except SystemExit as error:
        if error.code is None: return 0
        # As C's `long`, of which Python makes -1 when the number does not fit.
        if isinstance(error.code, int):
          return error.code & 0xff if -2**63 <= error.code < 2**63 else 0xff
        print(error.code, file=sys.stderr)
        return 1
      except BaseException as error:
        report(error)
        return 1 << 16 if isinstance(error, KeyboardInterrupt) else 1

    def report(error):
      import sys
      trace = error.__traceback__
      hidden = ("<numpyfn python>", "<frozen runpy>")
      while trace is not None and (trace.tb_frame.f_code.co_filename in hidden
                                   or trace.tb_frame.f_code.co_filename.endswith("/runpy.py")):
        trace = trace.tb_next
      sys.excepthook(type(error), error.with_traceback(trace), trace)

    status = run(arguments)
    """
}
