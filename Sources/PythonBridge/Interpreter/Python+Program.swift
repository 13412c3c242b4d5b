internal import CPython
internal import LibC

extension Python {
  /// The path by which this program acts as a Python executable: the value of `sys.executable` in a program
  /// that ``runProgram(_:)`` runs.
  ///
  /// It is an unusual spelling of the path of the running file, which needs no other file. Processes that
  /// Python code starts by `sys.executable`, such as workers of multiprocessing, run this program again; by
  /// the spelling it knows that its arguments are Python's. Nil when the file no longer exists.
  package static let interpreterPath: String? = ownExecutable().map { path in
    "\(path.parentFolder)/././\(path.split(separator: "/").last ?? "")"
  }

  /// Sets `sys.executable` to this program, which must call ``runProgram(_:)`` when it is started
  /// by that path.
  ///
  /// - Throws: `PythonError`.
  package static func nameInterpreter() throws {
    guard let interpreterPath else { return }
    try Python.import("sys").setAttribute(
      "executable", to: PythonObject(systemPath: interpreterPath))
  }

  /// Runs a Python program as `python3` does with these arguments, and finalises Python.
  ///
  /// Signals, streams, locale and exit are as in Python's own executable. In addition, `import numpyfn` works
  /// in the program, and in processes that it starts by `sys.executable`.
  ///
  /// - Parameter arguments: The command line after the name of the program, as `String(systemBytes:)` has it.
  /// - Returns: The status to exit with. Python cannot be used afterwards. After a Ctrl-C that the program
  ///   has not caught, the process ends by that signal.
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
      // Up to Python 3.13, `site` finds the environment, so the check is skipped with `-S`.
      let hasSite = try !Bool(Python.import("sys").attribute("flags").attribute("no_site"))
      if hasSite { try Interpreter.refuseFallback(of: choice) }
      try nameInterpreter()
      try PyTensor.install(gil)
      try Python.import("builtins").exec(ending, PythonObject(["__name__": "numpyfn.ending"]))
    }
    return cpy_run_program()
  }

  /// Releases the program's objects after all other exit functions have run.
  ///
  /// Swift's graphs keep functions of the program alive, and so its global variables. Python does not know
  /// about the graphs and would set all variables to None, one after another, so that a `__del__` method
  /// would not find the variables that it uses.
  private static let ending = """
    import atexit, gc, io, sys, threading

    def clear():
      if "numpyfn" not in sys.modules: return
      # Flushed here, since the collector may close a file before the buffered text is written to it.
      for kind in (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom):
        for stream in [value for value in gc.get_objects() if issubclass(type(value), kind)]:
          try: stream.flush()
          except Exception: pass
      stream = None
      # Errors of daemon threads that no longer find their variables are not reported.
      threading.excepthook = lambda arguments: None
      for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        sys.__dict__.pop(name, None)
      main = sys.modules.pop("__main__", None)
      variables = getattr(main, "__dict__", None)
      if type(variables) is not dict: return
      # A function that refers to the variables; a weak reference shows whether it is still alive.
      mark = function(clear.__code__, variables)
      variables["__numpyfn_end__"] = mark
      is_left = reference(mark)
      del main, mark, variables
      # First everything at once, so that a __del__ still finds the variables that it uses.
      gc.collect()
      left = is_left()
      if left is None: return
      variables = left.__globals__
      # Modules, functions and classes are released last, since a __del__ may use them.
      kept = type(sys), function, type
      for is_last in (False, True):
        for name in list(variables):
          if name != "__builtins__" and isinstance(variables[name], kept) == is_last:
            variables[name] = None
        gc.collect()

    from _weakref import ref as reference
    function = type(clear)
    # Registered before the program registers functions, and so called last.
    atexit.register(clear)
    """
}

extension ChosenPython {
  /// Makes child processes choose the same Python, whatever their current directory is.
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
