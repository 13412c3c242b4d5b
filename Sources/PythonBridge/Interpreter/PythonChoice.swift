/// Which Python's packages are used, and who said so.
public enum PythonChoice: Sendable, Equatable {
  /// `Python.start(executable:)` was called with a path.
  case argument
  /// The environment variable `NUMPYFN_PYTHON` names it.
  case numpyfnPython
  /// The environment variable `VIRTUAL_ENV` does, which `activate` sets.
  case virtualEnv
  /// Nobody: the Python that the linked libpython belongs to.
  case linked
  /// The process is a Python program that loaded this library.
  case host

  /// What to call it in a sentence.
  var name: String {
    switch self {
    case .argument: "the argument of Python.start(executable:)"
    case .numpyfnPython: "NUMPYFN_PYTHON"
    case .virtualEnv: "VIRTUAL_ENV"
    case .linked: "default, being of the linked libpython"
    case .host: "the running program"
    }
  }
}
