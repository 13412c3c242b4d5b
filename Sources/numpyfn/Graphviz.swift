internal import Dispatch
internal import Foundation
internal import NumPyFunctions

/// The program `dot`, which draws graphs.
///
/// See <https://graphviz.org/doc/info/command.html>.
enum Graphviz {
  /// The suffix of files in Graphviz' own language, which can be written without the program.
  static let source = "dot"

  /// The suffixes of the pictures that can be written.
  static let formats = ["svg", "png", "pdf", source]

  /// The format for the suffix of a file name; nil for any other suffix.
  static func format(of name: String) -> String? { formats.first { name.hasSuffix(".\($0)") } }

  /// Draws a graph, and returns the picture.
  ///
  /// - Throws: `Failure` when there is no such program, or it fails.
  static func draw(_ text: String, as format: String) throws -> [UInt8] {
    let process = Process()
    process.executableURL = try program()
    // The default resolution is too low for current screens.
    process.arguments = ["-T\(format)"] + (format == "png" ? ["-Gdpi=144"] : [])
    let (input, output, errors) = (Pipe(), Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    process.standardError = errors
    do { try process.run() } catch { throw Failure("dot cannot be started: \(error.reason)") }
    // All pipes are read and written concurrently, since the program would block on a full pipe.
    let (said, drawn, written) = (
      Collected(limit: 1 << 20), Collected(limit: 1 << 30), DispatchGroup()
    )
    DispatchQueue.global().async(group: written) {
      // Write errors are ignored, since the exit status shows the failure.
      try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
      try? input.fileHandleForWriting.close()
    }
    said.read(errors, written)
    drawn.read(output, written)
    guard written.wait(timeout: .now() + timeLimit) == .success, !drawn.isTooMuch, !said.isTooMuch
    else {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      throw Failure(
        "dot -T\(format) was ended, having taken more than \(Int(timeLimit)) seconds or written more "
          + "than 1 GiB; name a .dot, and draw that with another of Graphviz' programs, such as sfdp"
      )
    }
    process.waitUntilExit()
    let picture = drawn.bytes
    guard process.terminationStatus == 0, process.terminationReason == .exit, !picture.isEmpty
    else {
      let reason = String(systemBytes: said.bytes).trimmingCharacters(in: .whitespacesAndNewlines)
      throw Failure(
        "dot -T\(format) failed with status \(process.terminationStatus)"
          + (reason.isEmpty ? "" : ": \(reason)"))
    }
    return picture
  }

  /// How long a picture may take, in seconds.
  private static let timeLimit = 60.0

  /// Collects the output of the program from a pipe, up to a limit.
  private final class Collected: Sendable {
    private let limit: Int
    private let data = Locked(Data())

    init(limit: Int) { self.limit = limit }

    var bytes: [UInt8] { data.withLock { Array($0) } }
    var isTooMuch: Bool { data.withLock { $0.count > limit } }

    /// Reads until the end, or the limit.
    func read(_ pipe: Pipe, _ group: DispatchGroup) {
      DispatchQueue.global().async(group: group) {
        while !self.isTooMuch {
          let more = pipe.fileHandleForReading.availableData
          if more.isEmpty { return }
          self.data.withLock { $0 += more }
        }
      }
    }
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
