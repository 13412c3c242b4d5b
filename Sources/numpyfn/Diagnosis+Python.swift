internal import NumPyFunctions

extension Diagnosis.PythonFacts {
  /// The facts about the running Python.
  init(_ installation: PythonInstallation) {
    executable = installation.executable
    prefix = installation.prefix
    basePrefix = installation.basePrefix
    virtualEnvironment = installation.isVirtualEnvironment
    chosenBy =
      switch installation.choice {
      case .argument: "argument"
      case .numpyfnPython: "NUMPYFN_PYTHON"
      case .virtualEnv: "VIRTUAL_ENV"
      case .linked: "linked"
      case .host: "host"
      }
  }
}

extension Diagnosis.NumPyFacts {
  /// The facts about the imported NumPy.
  ///
  /// - Throws: `PythonError` when its build information cannot be read.
  init(_ installation: PythonInstallation) throws {
    version = installation.numPyVersion
    path = installation.numPyPath
    blas = try Diagnosis.BLASFacts(of: Python.import("numpy"))
  }
}

extension Diagnosis.BLASFacts {
  /// The BLAS with which NumPy was built, and the library that is loaded.
  ///
  /// - Throws: `PythonError`.
  fileprivate init(of numpy: PythonObject) throws {
    let facts = try [String?](Python.function(Self.source, named: "blas")(numpy))
    (name, version, library) = (facts[0], facts[1], facts[2])
  }

  /// Calls `show_config`, which returns a dict since NumPy 1.25.
  ///
  /// Debian's NumPy works with any BLAS; only the list of loaded libraries shows which one is used. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.show_config.html>.
  private static let source = """
    import re

    def blas(np):
        try:
            found = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
            name, version = found.get("name"), found.get("version")
        except TypeError:
            found = np.__config__.get_info("blas_opt")
            name, version = ", ".join(dict.fromkeys(found.get("libraries", []))), None
        return name or None, version or None, loaded()

    def loaded():
        try:
            with open("/proc/self/maps") as maps:
                found = re.search(r"/\\S*/lib[^/\\s]*(blas|blis|mkl)[^/\\s]*$", maps.read(), re.M)
        except OSError:
            return None
        return found and found.group()
    """
}

extension Diagnosis.PackageFacts {
  /// Imports a package, and records the reason if that fails.
  ///
  /// - Throws: `StartError`.
  init(_ name: String) throws {
    do {
      let module = try Python.import(name)
      version = try module.attribute("__version__").description
    } catch let error as PythonError {
      let isMissing =
        error.type == "ModuleNotFoundError"
        && (try? error.exception.attribute("name").description) == name
      problem = isMissing ? "not installed" : "\(error.type): \(error.message)"
    }
  }
}
