import Foundation
import Testing

@Suite(.serialized) struct DoctorTests {
  @Test func `says in JSON what is used`() async throws {
    let (status, facts) = try await Folder().doctor()
    #expect(status == 0)
    #expect(facts["ok"] as? Bool == true)
    #expect(facts["problem"] is NSNull)
    let numpy = try #require(facts["numpy"] as? [String: Any])
    #expect((numpy["version"] as? String)?.first?.isNumber == true)
    #expect((numpy["path"] as? String)?.hasSuffix("/numpy") == true)
    #expect(
      Set(try #require(numpy["blas"] as? [String: Any]).keys) == ["name", "version", "library"])
    let python = try #require(facts["python"] as? [String: Any])
    #expect(
      Set(python.keys) == [
        "executable", "prefix", "base_prefix", "virtual_environment", "chosen_by",
      ])
    let chooser = Tool.environment["NUMPYFN_PYTHON"] == nil ? "linked" : "NUMPYFN_PYTHON"
    #expect(python["chosen_by"] as? String == chooser)
    let packages = try #require(facts["packages"] as? [String: [String: Any]])
    #expect(Set(packages.keys) == ["scipy", "pandas", "ml_dtypes"])
    for package in packages.values {
      #expect((package["version"] is NSNull) != (package["problem"] is NSNull))
    }
  }

  @Test func `says in words what is used`() async throws {
    let outcome = try await Folder().numpyfn(["doctor"])
    #expect(outcome.status == 0)
    #expect(outcome.error == "")
    for word in ["libpython", "Python", "environment", "NumPy", "BLAS", "scipy", "all fits"] {
      #expect(outcome.output.contains(word))
    }
    #expect(outcome.output.contains(try await Tool.python.value))
  }

  /// A Python that does not fit: what the variable says, what lies in a virtual environment of the
  /// name env, and parts of the answer.
  struct Misfit: Sendable, CustomTestStringConvertible {
    let variable: String
    let value: String
    var executable: String?
    var settings: String?
    let parts: [String]
    var testDescription: String { "\(variable)=\(value)" }
  }

  @Test(arguments: [
    Misfit(
      variable: "NUMPYFN_PYTHON", value: "nowhere/python",
      parts: ["NUMPYFN_PYTHON is nowhere/python", "unset the variable"]),
    Misfit(
      variable: "VIRTUAL_ENV", value: "/nowhere",
      parts: ["VIRTUAL_ENV is /nowhere", "python3 -m venv"]),
    Misfit(
      variable: "NUMPYFN_PYTHON", value: "env/bin/python", executable: "#!/bin/sh\necho hello",
      parts: ["does not answer as a Python does"]),
    Misfit(
      variable: "NUMPYFN_PYTHON", value: "./env", executable: "#!/bin/sh\necho 3.7.1",
      settings: "version = 3.7.1", parts: ["Python 3.7.1", "libpython 3", "-m venv"]),
  ])
  func `says what does not fit, and what to do`(_ misfit: Misfit) async throws {
    let folder = try Folder()
    if let executable = misfit.executable {
      try folder.write(executable, to: "env/bin/python", isExecutable: true)
    }
    if let settings = misfit.settings { try folder.write(settings, to: "env/pyvenv.cfg") }
    var environment: [String: String?] = ["NUMPYFN_PYTHON": nil]
    environment[misfit.variable] = misfit.value

    let (status, facts) = try await folder.doctor(environment)
    #expect(status == 1)
    #expect(facts["ok"] as? Bool == false)
    #expect(facts["python"] is NSNull && facts["numpy"] is NSNull && facts["packages"] is NSNull)
    let variables = try #require(facts["environment"] as? [String: Any])
    #expect(variables[misfit.variable] as? String == misfit.value)
    let problem = try #require(facts["problem"] as? String)

    let inWords = try await folder.numpyfn(["doctor"], environment: environment)
    #expect(inWords.status == 1)
    #expect(inWords.output.contains(misfit.value))

    let call = try await folder.numpyfn(
      ["call", "numpy:sinh", "1.0", "--tout", "float32"], environment: environment)
    #expect(call.status == 1)
    #expect(call.output == "")
    #expect(call.error == "numpyfn: \(problem)\n")
    for part in misfit.parts {
      #expect(problem.contains(part))
      #expect(inWords.output.contains(part))
    }
  }

  @Test func `says how to install NumPy into an environment without it`() async throws {
    let folder = try Folder()
    let made = try await folder.run(
      URL(fileURLWithPath: Tool.python.value), ["-m", "venv", "--without-pip", "bare"])
    try #require(made.status == 0, "\(made.error)")
    let python = folder.url.appendingPathComponent("bare/bin/python").path
    for environment in [
      ["NUMPYFN_PYTHON": python], ["NUMPYFN_PYTHON": "bare"],
      ["NUMPYFN_PYTHON": nil, "VIRTUAL_ENV": folder.url.appendingPathComponent("bare").path],
    ] {
      let (status, facts) = try await folder.doctor(environment)
      #expect(status == 1)
      let problem = try #require(facts["problem"] as? String)
      #expect(problem.contains("NumPy cannot be imported by \(python)"))
      #expect(problem.contains("\(python) -m pip install numpy"))
    }
  }
}
