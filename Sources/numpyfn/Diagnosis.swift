internal import Foundation
internal import NumPyFunctions

/// The result of `numpyfn doctor`.
///
/// The names of the properties are the keys of its JSON, in snake case.
struct Diagnosis: Encodable {
  /// Whether Python starts and a NumPy function gives what it should.
  let ok: Bool
  /// The problem, and how to fix it.
  @Nullable var problem: String?
  /// The version of this tool.
  let version = Numpyfn.version
  /// The libpython it is linked with.
  let libpython: LibraryFacts
  /// The Python that was started.
  @Nullable var python: PythonFacts?
  /// The NumPy that it imports.
  @Nullable var numpy: NumPyFacts?
  /// Optional packages; nil if Python does not run.
  @Nullable var packages: [String: PackageFacts]?
  /// The environment variables that decide which Python is used.
  let environment: [String: Nullable<String>]

  /// The libpython that this program is linked with.
  struct LibraryFacts: Encodable {
    /// `3.11.2`.
    let version: String
    /// The file it was loaded from.
    let path: String
  }

  /// The Python that was started.
  struct PythonFacts: Encodable {
    /// `sys.executable`.
    let executable: String
    /// `sys.prefix`, where the packages are.
    let prefix: String
    /// `sys.base_prefix`, the prefix of the Python from which a virtual environment was created.
    let basePrefix: String
    /// Whether the two differ.
    let virtualEnvironment: Bool
    /// `NUMPYFN_PYTHON`, `VIRTUAL_ENV` or `linked`.
    let chosenBy: String
  }

  /// The NumPy that Python imports.
  struct NumPyFacts: Encodable {
    /// `2.4.6`.
    let version: String
    /// Its folder.
    let path: String
    /// Its library for matrix products.
    let blas: BLASFacts
  }

  /// The BLAS with which NumPy was built, and the library that is loaded.
  struct BLASFacts: Encodable {
    /// `openblas`.
    @Nullable var name: String?
    /// Nil if NumPy does not report it.
    @Nullable var version: String?
    /// The loaded file; nil if the system does not list loaded libraries.
    @Nullable var library: String?
  }

  /// An optional package.
  struct PackageFacts: Encodable {
    /// Nil when it cannot be imported.
    @Nullable var version: String?
    /// Why it cannot be imported.
    @Nullable var problem: String?
  }

  /// Starts Python and collects the facts.
  init() {
    let names = ["NUMPYFN_PYTHON", "VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH"]
    environment = Dictionary(
      uniqueKeysWithValues: names.map { ($0, Nullable(wrappedValue: Diagnosis.variable($0))) })
    libpython = LibraryFacts(version: LibPython.linked.version, path: LibPython.linked.path)
    do {
      let installation = try Python.installation
      python = PythonFacts(installation)
      numpy = try NumPyFacts(installation)
      packages = try Dictionary(
        uniqueKeysWithValues: Diagnosis.packageNames.map { ($0, try PackageFacts($0)) })
      try Diagnosis.checkCall()
      ok = true
    } catch {
      ok = false
      problem = Failure(error).message
    }
  }

  private static func variable(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(systemText: $0) }
  }

  /// The optional packages, in the order of the report.
  static let packageNames = ["scipy", "pandas", "ml_dtypes"]

  private static func checkCall() throws {
    let sinh = try Python.import("numpy").sinh
    let result = try Float(numpyFunction(sinh, [Tensor(Float(1))], Tout: .float32))
    guard abs(result - 1.1752012) < 1e-6 else {
      throw Failure("numpy.sinh(1) is \(result), not 1.1752012: install another NumPy")
    }
  }

  /// The diagnosis as one JSON object.
  ///
  /// - Throws: `EncodingError`.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      return try String(decoding: encoder.encode(self), as: UTF8.self)
    }
  }
}

/// An optional value that is encoded as null, so that the JSON always has the same keys.
@propertyWrapper
struct Nullable<Value: Encodable>: Encodable {
  /// The value, if there is one.
  var wrappedValue: Value?

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue)
  }
}
