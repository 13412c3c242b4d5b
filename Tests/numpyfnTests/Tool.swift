import Foundation
import Testing

/// The built tool, run as a user runs it.
enum Tool {
  /// What a run left behind.
  struct Outcome {
    let status: Int32
    /// Whether a signal ended it; then that is the status.
    let wasSignalled: Bool
    let output: String
    let error: String
  }

  /// The executable beside the test bundle.
  static var url: URL {
    #if os(macOS)
      let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? .main
      let products = bundle.bundleURL.deletingLastPathComponent()
    #else
      let products = Bundle.main.bundleURL
    #endif
    return products.appendingPathComponent("numpyfn")
  }

  /// What the tool is told of the environment: nothing that a developer's shell may happen to hold,
  /// but the Python that the tests are to run with.
  static let environment = {
    let names = [
      "PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "NUMPYFN_PYTHON",
      "ASAN_OPTIONS", "TSAN_OPTIONS",
    ]
    var environment = ProcessInfo.processInfo.environment.filter { names.contains($0.key) }
    // The tool runs in another folder.
    if let python = environment["NUMPYFN_PYTHON"], python.contains("/") {
      environment["NUMPYFN_PYTHON"] = URL(fileURLWithPath: python).path
    }
    return environment
  }()

  /// The Python whose packages the tool uses, asked of it once.
  static let python = Task {
    let folder = try Folder()
    let facts = try await folder.doctor().facts
    let python = try #require(facts["python"] as? [String: Any])
    return try #require(python["executable"] as? String)
  }

  /// Whether that Python has a package.
  static func hasPackage(_ name: String) async throws -> Bool {
    let folder = try Folder()
    return try await folder.run(URL(fileURLWithPath: python.value), ["-c", "import \(name)"])
      .status == 0
  }
}

/// A temporary folder in which the tool runs; removed with this object.
final class Folder: Sendable {
  let url: URL

  init() throws {
    let name = "numpyfn-test-\(UUID().uuidString)"
    url = FileManager.default.temporaryDirectory.appendingPathComponent(name)
      .resolvingSymlinksInPath()
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  /// The names of the files in the folder, hidden ones included.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }

  func write(_ text: String, to name: String, isExecutable: Bool = false) throws {
    let file = url.appendingPathComponent(name)
    let files = FileManager.default
    try files.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    if isExecutable {
      try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
  }

  /// Runs the tool here; standard input is the named file, or empty.
  func numpyfn(
    _ arguments: [String], input: String? = nil, environment: [String: String?] = [:]
  ) async throws -> Tool.Outcome {
    try await run(Tool.url, arguments, input: input, environment: environment)
  }

  /// Runs the tool by a shell command, in which it is called `numpyfn`.
  func shell(_ command: String) async throws -> Tool.Outcome {
    let path = "\(Tool.url.deletingLastPathComponent().path):\(Tool.environment["PATH"] ?? "")"
    return try await run(
      URL(fileURLWithPath: "/bin/sh"), ["-c", command], environment: ["PATH": path])
  }

  /// Runs Python source text here, with the Python of the tool; `np` is NumPy.
  func python(_ source: String) async throws {
    let outcome = try await run(
      URL(fileURLWithPath: Tool.python.value), ["-c", "import numpy as np\n\(source)"])
    try #require(outcome.status == 0, "\(outcome.error)")
  }

  /// What `numpyfn doctor --json` says, and its exit status.
  func doctor(
    _ environment: [String: String?] = [:]
  ) async throws -> (status: Int32, facts: [String: Any]) {
    let outcome = try await numpyfn(["doctor", "--json"], environment: environment)
    #expect(outcome.error == "")
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return (outcome.status, try #require(object as? [String: Any]))
  }

  /// Runs the tool here until it has made the file `started`, then sends it a signal.
  ///
  /// A program that is started from a test inherits signals that are blocked, and whoever runs the
  /// tests may have them ignored: Python undoes both.
  func numpyfn(_ arguments: [String], sending signal: Int32) async throws -> Tool.Outcome {
    let launcher = """
      import os, signal, sys
      signal.pthread_sigmask(signal.SIG_SETMASK, [])
      signal.signal(int(sys.argv.pop(1)), signal.SIG_DFL)
      os.execv(sys.argv[1], sys.argv[1:])
      """
    let launch = ["-c", launcher, "\(signal)", Tool.url.path]
    return try await run(
      URL(fileURLWithPath: Tool.python.value), launch + arguments
    ) { process in
      let deadline = ContinuousClock.now + .seconds(60)
      while try !names.contains("started") {
        try #require(ContinuousClock.now < deadline)
        try await Task.sleep(for: .milliseconds(20))
      }
      kill(process, signal)
    }
  }

  /// Runs a program here; `onStart` is called with its process number.
  ///
  /// Its output goes to files: pipes would be inherited by the programs that other tests start.
  func run(
    _ program: URL, _ arguments: [String], input: String? = nil,
    environment: [String: String?] = [:], onStart: @Sendable (Int32) async throws -> Void = { _ in }
  ) async throws -> Tool.Outcome {
    let streams = try Streams(input: input.map { url.appendingPathComponent($0) })
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = url
    process.environment = environment.reduce(into: Tool.environment) { $0[$1.key] = $1.value }
    (process.standardInput, process.standardOutput) = (streams.input, streams.output.handle)
    process.standardError = streams.error.handle
    let (ended, ending) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in ending.finish() }
    try process.run()
    try await onStart(process.processIdentifier)
    for await _ in ended {}
    return Tool.Outcome(
      status: process.terminationStatus, wasSignalled: process.terminationReason != .exit,
      output: try streams.output.text, error: try streams.error.text)
  }
}

/// The standard streams of a program, as files outside of the folder it runs in.
private struct Streams {
  let input: FileHandle
  let output: Stream
  let error: Stream

  init(input: URL?) throws {
    self.input = try input.map { try FileHandle(forReadingFrom: $0) } ?? .nullDevice
    output = try Stream()
    error = try Stream()
  }

  struct Stream {
    let url: URL
    let handle: FileHandle

    init() throws {
      url = FileManager.default.temporaryDirectory
        .appendingPathComponent("numpyfn-test-\(UUID().uuidString).txt")
      try Data().write(to: url)
      handle = try FileHandle(forWritingTo: url)
    }

    /// What was written; the file is removed.
    var text: String {
      get throws {
        defer { try? FileManager.default.removeItem(at: url) }
        try handle.close()
        return String(decoding: try Data(contentsOf: url), as: UTF8.self)
      }
    }
  }
}
