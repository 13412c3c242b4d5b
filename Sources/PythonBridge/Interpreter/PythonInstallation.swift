/// Which Python and NumPy a process runs, and where they come from.
public struct PythonInstallation: Sendable, Equatable {
  /// The version of the interpreter, `3.11.2`.
  public let version: String

  /// The libpython that was loaded, or the program that has Python built in.
  public let libraryPath: String

  /// Python's `sys.executable`: the Python that subprocesses would be started with.
  public let executable: String

  /// Python's `sys.prefix`: the root of the environment whose packages are used.
  public let prefix: String

  /// Python's `sys.base_prefix`: the root of the Python that the environment was made from; equal to
  /// `prefix` outside a virtual environment.
  public let basePrefix: String

  /// The setting that chose this Python.
  public let choice: PythonChoice

  /// The version of NumPy, `1.24.2`.
  public let numPyVersion: String

  /// The folder that NumPy was imported from.
  public let numPyPath: String

  /// Whether the packages are those of a virtual environment.
  public var isVirtualEnvironment: Bool { prefix != basePrefix }

  /// Reads the facts from the running interpreter.
  ///
  /// NumPy must have been imported.
  init(_ library: LibPython, _ choice: PythonChoice) throws {
    let sys = try Python.import("sys")
    let numpy = try Python.import("numpy")
    version = library.version
    libraryPath = library.path
    let path = try sys.attribute("executable")
    executable = path.isNone ? "" : try String(systemPath: path)
    prefix = try String(systemPath: sys.attribute("prefix"))
    basePrefix = try String(systemPath: sys.attribute("base_prefix"))
    self.choice = choice
    numPyVersion = try String(numpy.attribute("__version__"))
    numPyPath = try String(systemPath: numpy.attribute("__file__")).parentFolder
  }
}
