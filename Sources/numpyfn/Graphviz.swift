internal import Dispatch
internal import Foundation
internal import NumPyFunctions

/// The program `dot`, which draws graphs.
///
/// See <https://graphviz.org/doc/info/command.html>.
enum Graphviz {
  /// The suffix of pictures in Graphviz' own language, for which the program is not needed.
  static let source = "dot"

  /// The suffixes of the pictures that can be written.
  static let formats = ["svg", "png", "pdf", source]

  /// Which of them a file name has.
  static func format(of name: String) -> String? { formats.first { name.hasSuffix(".\($0)") } }

  /// A picture.
  ///
  /// - Throws: `Failure` when there is no such program, or it fails.
  static func draw(_ text: String, as format: String) throws -> Data {
    let process = Process()
    process.executableURL = try program()
    // Points are too coarse for the screens of today.
    process.arguments = ["-T\(format)"] + (format == "png" ? ["-Gdpi=144"] : [])
    let (input, output, errors) = (Pipe(), Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    process.standardError = errors
    do { try process.run() } catch { throw Failure("dot cannot be started: \(error.reason)") }
    // All at once: a pipe that nobody empties would stop the program.
    let said = Said()
    let group = DispatchGroup()
    DispatchQueue.global().async(group: group) {
      // That it reads no further, its exit status says.
      try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
      try? input.fileHandleForWriting.close()
    }
    DispatchQueue.global().async(group: group) {
      let data = errors.fileHandleForReading.readDataToEndOfFile()
      said.text.withLock { $0 = String(decoding: data, as: UTF8.self) }
    }
    let picture = output.fileHandleForReading.readDataToEndOfFile()
    group.wait()
    process.waitUntilExit()
    guard process.terminationStatus == 0, process.terminationReason == .exit, !picture.isEmpty
    else {
      let reason = said.text.withLock { $0 }.trimmingCharacters(in: .whitespacesAndNewlines)
      throw Failure(
        "dot -T\(format) failed with status \(process.terminationStatus)"
          + (reason.isEmpty ? "" : ": \(reason)"))
    }
    return picture
  }

  /// What the program has said on standard error.
  private final class Said: Sendable {
    let text = Locked("")
  }

  private static func program() throws -> URL {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let places = folders.map { URL(fileURLWithPath: String($0)).appendingPathComponent("dot") }
    guard let place = places.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) })
    else {
      throw Failure(
        "there is no `dot` on PATH; install Graphviz (apt-get install graphviz, or brew install "
          + "graphviz), or name a .dot, which is written without it")
    }
    return place
  }
}
