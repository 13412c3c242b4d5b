internal import CPython
internal import Synchronization
internal import TensorCore

extension Python {
  /// Starts Python if it is not running; all other calls do this automatically.
  ///
  /// The environment whose packages are used is that of `executable` (a Python executable, or the
  /// folder of a virtual environment), else of the environment variable `NUMPYFN_PYTHON`, else of
  /// `VIRTUAL_ENV`, else that of the Python whose libpython this program is linked with. Its minor
  /// version must be the linked libpython's.
  ///
  /// The program keeps its signal handlers (Ctrl-C ends it as before) and its locale; `SIGPIPE` is ignored,
  /// as in any Python program, unless it is handled already. Starting again is harmless. In a Python program
  /// that has loaded this library, that program's interpreter is used.
  ///
  /// See <https://docs.python.org/3/c-api/init_config.html>.
  ///
  /// - Throws: `StartError` when there is no such Python, its version is another, NumPy cannot be
  ///   imported or is older than 1.22, or another Python than `executable` is running already.
  public static func start(executable: String? = nil) throws(StartError) {
    if Interpreter.isReady.load(ordering: .acquiring) && executable == nil { return }
    try Interpreter.start(executable)
  }

  /// The Python and NumPy of this process, which are started if necessary.
  ///
  /// - Throws: `StartError`, as ``start(executable:)``.
  public static var installation: PythonInstallation {
    get throws(StartError) {
      try start()
      guard let installation = Interpreter.installation.withLock({ $0 }) else {
        throw StartError.notRunning
      }
      return installation
    }
  }
}

/// The one interpreter of the process.
enum Interpreter {
  /// Whether Python runs and NumPy is loaded.
  static let isReady = Atomic<Bool>(false)

  /// The running installation.
  ///
  /// The lock is held briefly, never while Python code runs.
  static let installation = Locked<PythonInstallation?>(nil)

  /// The choice with which this package started the interpreter.
  ///
  /// The lock is held while CPython initialises, when no other thread can hold the GIL.
  private static let phase = Locked(Phase.notStarted)

  private enum Phase {
    case notStarted
    case started(ChosenPython)
    /// CPython could not be initialised. This is not tried again, since the failure leaves CPython
    /// partially initialised.
    case failed(StartError)

    var python: ChosenPython? {
      guard case .started(let python) = self else { return nil }
      return python
    }
  }

  /// The stack that an import of NumPy may need, in bytes.
  private static let roomyStack = 4 << 20

  /// The stack that CPython itself needs to start, in bytes.
  private static let leastStack = 256 << 10

  static func start(_ executable: String?) throws(StartError) {
    // A thread of a task or a dispatch queue may have a small stack. A thread that may hold the GIL, in a
    // host program or because this is called with the GIL held, must use its own stack: another thread would
    // wait for the GIL.
    let mayHoldGIL = cpy_is_attached() || (cpy_is_running() && !isOurs)
    let stack = cpy_stack_left()
    if isReady.load(ordering: .acquiring) || mayHoldGIL || stack >= roomyStack {
      try startHere(executable)
      return
    }
    // The thread that starts CPython becomes Python's main thread, the only one that handles signals, so it
    // must not be a temporary thread.
    if stack >= leastStack { _ = try initialize(executable, LibPython.loaded()) }
    let call = StartCall(executable)
    let context = unsafe Unmanaged.passUnretained(call).toOpaque()
    let wasCalled = unsafe cpy_on_large_stack(
      { unsafe Unmanaged<StartCall>.fromOpaque($0).takeUnretainedValue().run() }, context)
    if !wasCalled { call.run() }
    if let error = call.error { throw error }
  }

  /// The Python executable whose packages are used; nil before Python runs, and in a host program.
  static var chosenExecutable: String? { phase.withLock { $0.python?.executable } }

  private static var isOurs: Bool { phase.withLock { $0.python != nil } }

  fileprivate static func startHere(_ executable: String?) throws(StartError) {
    let library = try LibPython.loaded()
    if let found = installation.withLock({ $0 }) {
      if let executable { try refuseAnother(executable, than: found, library) }
      return
    }
    let choice = try initialize(executable, library)
    let found: PythonInstallation
    do {
      found = try GIL.held { gil in
        try refuseFallback(of: choice)
        try NumPy.load(library, choice, gil)
        try gil.usePool()
        try PyTensor.install(gil)
        return try PythonInstallation(library, choice)
      }
    } catch let error as StartError {
      throw error
    } catch {
      throw StartError("Python \(library.version) runs, but says nothing of itself: \(error)")
    }
    installation.withLock { $0 = found }
    HeldLocks.ask { cpy_holds_gil() }
    isReady.store(true, ordering: .releasing)
    if let executable { try refuseAnother(executable, than: found, library) }
  }

  /// Starts CPython unless it is running.
  private static func initialize(
    _ executable: String?, _ library: LibPython
  ) throws(StartError) -> PythonChoice {
    try initialize(executable, library) { chosen in
      unsafe chosen.withPaths(library) { executable, landmark in
        unsafe cpy_start(executable, landmark, chosen.isForeign).map { unsafe String(cString: $0) }
      }
    }
  }

  /// Calls `start` to start CPython unless it is running; `start` returns CPython's error message,
  /// if any.
  static func initialize(
    _ executable: String?, _ library: LibPython, by start: (ChosenPython) -> String?
  ) throws(StartError) -> PythonChoice {
    try phase.withLock { (phase) throws(StartError) -> PythonChoice in
      switch phase {
      case .started(let python): return python.choice
      case .failed(let error): throw error
      case .notStarted: if cpy_is_running() { return .host }
      }
      let chosen = try ChosenPython(argument: executable, library: library)
      if let failure = start(chosen) {
        let error = startError(failure, chosen, library)
        phase = .failed(error)
        throw error
      }
      phase = .started(chosen)
      return chosen.choice
    }
  }

  private static func startError(
    _ failure: String, _ chosen: ChosenPython, _ library: LibPython
  ) -> StartError {
    let variables = ["PYTHONHOME", "PYTHONPATH", "PYTHONPLATLIBDIR"]
      .compactMap { name in environmentVariable(name).map { "\(name)=\($0)" } }
    let remedy =
      if !failure.contains("codec") && !failure.contains("path") {
        "mend the setting that it names, or unset it, and start the program again"
      } else if variables.isEmpty {
        "its standard library is not where it looks: install it (Debian: apt-get install "
          + "libpython\(library.minorVersion)-stdlib), and start the program again"
      } else {
        "its standard library is not where it looks: unset \(variables.joined(separator: ", ")), "
          + "and start the program again"
      }
    return StartError(
      "libpython \(library.version) (\(library.path)) could not start with "
        + "\(chosen.executable ?? library.landmark), chosen by \(chosen.choice.name): \(failure); "
        + remedy)
  }

  /// Throws if Python has found no standard library near the executable.
  ///
  /// It then uses that of libpython, and so other packages than those of the chosen environment.
  static func refuseFallback(of choice: PythonChoice) throws {
    guard let chosen = phase.withLock({ $0.python }), let wanted = chosen.prefix else { return }
    let prefix = try String(systemPath: Python.import("sys").attribute("prefix"))
    guard resolvedPath(prefix) == resolvedPath(wanted) else {
      throw StartError(
        "\(chosen.executable ?? "Python"), chosen by \(choice.name), has its packages in \(wanted), "
          + "but libpython finds them in \(prefix); make a virtual environment of that Python and "
          + "choose it: `\(chosen.executable ?? "python3") -m venv .venv`")
    }
  }

  /// Throws if another Python is requested than the one that is running: a process has only one.
  private static func refuseAnother(
    _ executable: String, than running: PythonInstallation, _ library: LibPython
  ) throws(StartError) {
    let asked = try ChosenPython(argument: executable, library: library)
    let wanted = asked.prefix ?? running.prefix
    guard resolvedPath(wanted) == resolvedPath(running.prefix) else {
      throw StartError(
        "Python runs already, with \(running.executable); it cannot be started again with "
          + "\(executable) in this process: call Python.start(executable:) before anything else")
    }
  }
}

/// A call of start that runs on another thread.
///
/// `@unchecked Sendable`: the calling thread waits for the other thread.
private final class StartCall: @unchecked Sendable {
  private let executable: String?
  private(set) var error: StartError?

  init(_ executable: String?) { self.executable = executable }

  func run() {
    do throws(StartError) {
      try Interpreter.startHere(executable)
    } catch {
      self.error = error
    }
  }
}
