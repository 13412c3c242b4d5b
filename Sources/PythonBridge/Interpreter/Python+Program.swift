internal import CPython

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension Python {
  /// How this program is called where it is to be Python: what `sys.executable` is in a program that
  /// ``runProgram(_:)`` runs.
  ///
  /// A path of the running file that nobody writes by chance, and that needs no other file: whatever
  /// Python code starts by `sys.executable`, such as a worker of multiprocessing, is this program
  /// again, and knows by this name that its arguments are Python's. Nil when the file is gone.
  package static let interpreterPath: String? = ownExecutable().map { path in
    "\(path.parentFolder)/././\(path.split(separator: "/").last ?? "")"
  }

  /// Has the processes that Python code starts by `sys.executable` be this program, which must run
  /// ``runProgram(_:)`` then.
  ///
  /// - Throws: `PythonError`.
  package static func nameInterpreter() throws {
    guard let interpreterPath else { return }
    try Python.import("sys").setAttribute(
      "executable", to: PythonObject(systemPath: interpreterPath))
  }

  /// Runs a Python program as `python3` does with these arguments, and finalises Python.
  ///
  /// The process is the program's: signals, streams, locale and exit are as in Python's own executable.
  /// Besides, `import numpyfn` works in it, and in the processes that it starts by `sys.executable`.
  ///
  /// - Parameter arguments: The command line after the name of the program, as `String(systemBytes:)` has it.
  /// - Returns: The status to exit with; nothing of Python can be used any more. After Ctrl-C that the
  ///   program has not caught, the process ends by that signal.
  /// - Throws: `StartError`, as ``start(executable:)``.
  package static func runProgram(_ arguments: [String]) throws -> Int32 {
    let library = try LibPython.loaded()
    var words = unsafe ([interpreterPath ?? "python3"] + arguments)
      .map { word in unsafe word.withSystemText { unsafe strdup($0) } }
    defer { for index in unsafe words.indices { unsafe free(words[index]) } }
    var status: Int32 = -1
    let choice = try Interpreter.initialize(nil, library) { chosen in
      chosen.holdForChildren()
      return unsafe chosen.withPaths(library) { executable, landmark in
        unsafe cpy_start_program(
          executable, landmark, chosen.isForeign, Int32(words.count), &words, &status
        ).map { unsafe String(cString: $0) }
      }
    }
    if status >= 0 { return status }
    try GIL.held { gil in
      // Up to Python 3.13 it is `site` that finds the environment; `-S` is to do without.
      let hasSite = try !Bool(Python.import("sys").attribute("flags").attribute("no_site"))
      if hasSite { try Interpreter.refuseFallback(of: choice) }
      try nameInterpreter()
      try PyTensor.install(gil)
      try Python.import("builtins").exec(ending, PythonObject(["__name__": "numpyfn.ending"]))
    }
    return cpy_run_program()
  }

  /// Ends the program's objects, when everything else that runs at exit has run.
  ///
  /// Swift's graphs hold functions of the program, and with them its variables. Python, which knows
  /// nothing of them, would set all variables to None one after another: a `__del__` is to find those
  /// that it uses.
  private static let ending = """
    import atexit, gc, io, sys, threading

    def clear():
      if "numpyfn" not in sys.modules: return
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
      main = sys.modules.pop("__main__", None)
      variables = getattr(main, "__dict__", None)
      if type(variables) is not dict: return
      # A function holds the variables, and can be asked whether it is still there.
      mark = function(clear.__code__, variables)
      variables["__numpyfn_end__"] = mark
      is_left = reference(mark)
      del main, mark, variables
      # First all at once, so that a __del__ still finds the variables that it uses.
      gc.collect()
      left = is_left()
      if left is None: return
      variables = left.__globals__
      # What their __del__ may use goes last.
      kept = type(sys), function, type
      for is_last in (False, True):
        for name in list(variables):
          if name != "__builtins__" and isinstance(variables[name], kept) == is_last:
            variables[name] = None
        gc.collect()

    from _weakref import ref as reference
    function = type(clear)
    # Registered before everything of the program's, and so called last.
    atexit.register(clear)
    """
}

extension ChosenPython {
  /// Has the processes that this one starts choose the same Python, wherever they are started.
  fileprivate func holdForChildren() {
    let variable: String
    switch choice {
    case .numpyfnPython: variable = "NUMPYFN_PYTHON"
    case .virtualEnv: variable = "VIRTUAL_ENV"
    case .argument, .linked, .host: return
    }
    guard let executable, environmentVariable(variable)?.hasPrefix("/") == false else { return }
    unsafe executable.withSystemText { path in _ = unsafe setenv("NUMPYFN_PYTHON", path, 1) }
  }
}
