/// The setting that chose the Python whose packages are used.
public enum PythonChoice: Sendable, Equatable {
  /// `Python.start(executable:)` was called with a path.
  case argument
  /// The environment variable `NUMPYFN_PYTHON` names it.
  case numpyfnPython
  /// The environment variable `VIRTUAL_ENV`, which `activate` sets, names it.
  case virtualEnv
  /// No setting: it is the Python of the linked libpython.
  case linked
  /// The process is a Python program that loaded this library.
  case host

  /// The name of the setting in messages.
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
