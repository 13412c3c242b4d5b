/// A Python executable that was chosen and checked.
struct ChosenPython {
  let choice: PythonChoice

  /// The absolute path of the executable; nil when the linked libpython has none.
  let executable: String?

  /// The value that `sys.prefix` must have; nil when libpython determines it.
  let prefix: String?

  /// Whether it is a separately built Python: neither that of the linked libpython nor a virtual environment.
  let isForeign: Bool

  /// Chooses the argument, else `NUMPYFN_PYTHON`, else `VIRTUAL_ENV`, else the Python of the linked
  /// libpython.
  ///
  /// - Throws: `StartError` when the choice does not exist, is no Python, or has another minor
  ///   version than the library.
  init(argument: String?, library: LibPython) throws(StartError) {
    if let argument {
      self = try ChosenPython(.argument, named: argument, library)
    } else if let path = environmentVariable("NUMPYFN_PYTHON") {
      self = try ChosenPython(.numpyfnPython, named: path, library)
    } else if let folder = environmentVariable("VIRTUAL_ENV") {
      self = try ChosenPython(.virtualEnv, named: folder, library)
    } else {
      choice = .linked
      executable = library.executable
      prefix = nil
      isForeign = false
    }
  }

  private init(
    _ choice: PythonChoice, named name: String, _ library: LibPython
  ) throws(StartError) {
    self.choice = choice
    let path = try ChosenPython.find(name, choice)
    let settings = ChosenPython.readSettings(of: path)
    guard let answer = settings ?? ChosenPython.ask(path) else {
      throw StartError(
        "\(choice.name) is \(name), but \(path) does not answer as a Python does when asked for its "
          + "version, within 10 seconds (`\(path) -c 'import sys; print(sys.version)'`); name a Python "
          + "executable")
    }
    guard LibPython.minor(of: answer.version) == library.minorVersion else {
      let own = library.executable ?? "python\(library.minorVersion)"
      throw StartError(
        "\(choice.name) is \(name), which is Python \(answer.version), but this program is linked "
          + "with libpython \(library.version) (\(library.path)), and an environment must have its "
          + "minor version; make one with `\(own) -m venv .venv && .venv/bin/pip install numpy` and "
          + "name .venv/bin/python, or build again for Python \(LibPython.minor(of: answer.version)) "
          + "with PKG_CONFIG_PATH naming the folder of its python3-embed.pc")
    }
    executable = answer.executable
    prefix = answer.prefix
    // A wrapper script may run a virtual environment, or the linked Python.
    isForeign =
      settings == nil && ChosenPython.readSettings(of: answer.executable) == nil
      && resolvedPath(answer.executable) != library.executable.flatMap(resolvedPath)
  }

  /// The absolute path of an executable, which the user names by its path, by the folder of an
  /// environment, or as a command on PATH.
  private static func find(_ name: String, _ choice: PythonChoice) throws(StartError) -> String {
    // The folder of an environment has priority over a command of the same name: /usr/bin/env is no
    // Python.
    var candidates = [name]
    if !name.contains("/") && FileKind(name) != .directory {
      let folders = (environmentVariable("PATH") ?? "").split(separator: ":")
      candidates = folders.map { "\($0)/\(name)" } + candidates
    }
    for candidate in candidates {
      switch FileKind(candidate) {
      case .executable: return absolute(candidate)
      case .directory:
        let inside = "\(candidate)/bin/python"
        if FileKind(inside) == .executable { return absolute(inside) }
      case .missing, .other: continue
      }
    }
    throw StartError(
      "\(choice.name) is \(name), but there is no Python executable; name one, such as "
        + ".venv/bin/python (made with `python3 -m venv .venv`), "
        + (choice == .argument ? "or pass none" : "or unset the variable"))
  }

  /// The absolute path, without resolving a link in its last component: the location of `python`
  /// identifies an environment, not the target of the link.
  private static func absolute(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return "\(resolvedPath(path.parentFolder) ?? path.parentFolder)/\(name)"
  }

  private typealias Answer = (version: String, executable: String, prefix: String)

  /// The settings in the `pyvenv.cfg` of a virtual environment; nil when the executable is in none.
  ///
  /// See <https://docs.python.org/3/library/site.html>.
  private static func readSettings(of path: String) -> Answer? {
    let folder = path.parentFolder.parentFolder
    for line in textOfFile("\(folder)/pyvenv.cfg")?.split(whereSeparator: \.isNewline) ?? [] {
      let parts = line.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
      if parts.count == 2, parts[0] == "version" || parts[0] == "version_info" {
        let version = parts[1].split(separator: ".").prefix(3).joined(separator: ".")
        return (version, path, folder)
      }
    }
    return nil
  }

  /// The answers of a Python about itself: a wrapper, such as pyenv's, names the real executable.
  private static func ask(_ path: String) -> Answer? {
    let question = """
      import os, sys
      text = '%d.%d.%d\\n%s\\n%s\\n' % (*sys.version_info[:3], sys.executable, sys.prefix)
      os.write(1, os.fsencode(text))
      """
    let answer = outputOfProgram([path, "-I", "-c", question])
    let lines = answer?.split(separator: "\n").map(String.init) ?? []
    guard lines.count == 3, lines[0].first?.isNumber == true else { return nil }
    return (lines[0], lines[1], lines[2])
  }

  /// Calls `body` with the path of the executable, and the path at which the library's own Python
  /// is looked for, as C strings.
  @unsafe func withPaths<R>(
    _ library: LibPython, _ body: (UnsafePointer<CChar>?, UnsafePointer<CChar>) -> R
  ) -> R {
    unsafe library.landmark.withSystemText { landmark in
      guard let executable else { return unsafe body(nil, landmark) }
      return unsafe executable.withSystemText { executable in unsafe body(executable, landmark) }
    }
  }
}
