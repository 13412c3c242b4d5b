internal import ArgumentParser
internal import NumPyFunctions

/// `numpyfn doctor`: which Python and NumPy are used, and whether they fit.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says which Python and NumPy are used, from where, and whether they fit.",
    discussion: """
      The Python is that of NUMPYFN_PYTHON (a Python executable, or the folder of a virtual \
      environment), else of VIRTUAL_ENV, else the one whose libpython this program is linked with. \
      Exit status: 0 if a NumPy function can be called, 1 if not.

      Examples:
        numpyfn doctor
        NUMPYFN_PYTHON=.venv/bin/python numpyfn doctor --json
      """)

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let diagnosis = Diagnosis()
    try Failure.reported {
      if json {
        try StandardOutput.print(diagnosis.json)
      } else {
        try StandardOutput.print(withPaths: diagnosis.text)
      }
    }
    if !diagnosis.ok { throw ExitCode.failure }
  }
}

extension Diagnosis {
  /// The diagnosis as a table, and the remedy.
  fileprivate var text: String {
    var rows = [("libpython", "\(libpython.version), \(libpython.path)")]
    if let python {
      rows.append(("Python", "\(python.executable), chosen by \(python.chooser)"))
      rows.append(("environment", python.environment))
    }
    if let numpy {
      let blas = [numpy.blas.name, numpy.blas.version, numpy.blas.library].compactMap(\.self)
      rows.append(("NumPy", "\(numpy.version), \(numpy.path)"))
      rows.append(("BLAS", blas.isEmpty ? "unknown" : blas.joined(separator: ", ")))
    }
    for name in Diagnosis.packageNames {
      guard let package = packages?[name] else { continue }
      rows.append((name, package.version ?? "\(package.problem ?? "unknown") (optional)"))
    }
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
      if let value = value.wrappedValue { rows.append(("$\(name)", value)) }
    }
    let width = rows.reduce(0) { max($0, $1.0.count) }
    let table = rows.map { name, value in
      name + String(repeating: " ", count: width - name.count + 2) + value
    }
    let verdict = problem.map { "problem: \($0)" } ?? "numpy.sinh(1) is 1.1752012: all fits."
    return table.joined(separator: "\n") + "\n\n" + verdict
  }
}

extension Diagnosis.PythonFacts {
  fileprivate var chooser: String {
    chosenBy == "linked" ? "the linked libpython" : chosenBy
  }

  fileprivate var environment: String {
    virtualEnvironment
      ? "\(prefix), a virtual environment of \(basePrefix)" : "\(prefix), no virtual environment"
  }
}
