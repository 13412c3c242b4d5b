internal import ArgumentParser
internal import Foundation
internal import NumPyFunctions

/// `numpyfn graph`: a printed graph as a picture.
struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Draws a graph that a program has printed.",
    discussion: """
      The text is what print(try f.graph.text(locations: true)) writes, from a file or from standard \
      input (-). Without -o the picture is printed in Graphviz' language; with it, Graphviz draws it: \
      apt-get install graphviz, or brew install graphviz.

      Inputs and results are blue, functions that are called back yellow; an edge is a tensor, with \
      its dtype and shape; a dashed edge says what runs before what.

      Exit status: 0, 64 for bad usage, 1 for every other error.

      Examples:
        swift run -c release SeedGraph | numpyfn graph - -o seed.svg
        numpyfn graph model.txt -o model.png --force
        numpyfn graph model.txt | dot -Tsvg -Grankdir=LR
      """)

  @Argument(help: ArgumentHelp("The text of the graph; - is standard input.", valueName: "file"))
  var file: String = InputReader.standardInput

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write the picture to this .svg, .png, .pdf or .dot.", valueName: "file"))
  var output: String?

  @Flag(help: "Replace the output file if it exists.")
  var force = false

  func validate() throws {
    if let output, Graphviz.format(of: output) == nil {
      let formats = Graphviz.formats.map { ".\($0)" }.joined(separator: ", ")
      throw ValidationError("The output file must be one of \(formats), not \(output.quoted).")
    }
    if force && output == nil { throw ValidationError("--force goes with -o.") }
  }

  func run() throws {
    try Failure.reported {
      let target = try output.map { try TargetFile($0, replacesExisting: force) }
      let dot = try graph().dot()
      guard let target, let format = output.flatMap(Graphviz.format) else {
        return try StandardOutput.print(dot)
      }
      try target.write(
        format == Graphviz.source ? Array("\(dot)\n".utf8) : Graphviz.draw(dot, as: format))
    }
  }

  /// The largest number of bytes that are read: the text of about 500,000 operations.
  private static let limit = 64 << 20

  private func graph() throws -> PrintedGraph {
    let path = file == InputReader.standardInput ? nil : FilePath(file)
    let name = path?.text ?? "standard input"
    let bytes = try FilePath.contents(of: path, limit: Draw.limit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure("\(name): it is no text in UTF-8; print(try f.graph.text()) writes a graph")
    }
    do {
      return try PrintedGraph(parsing: text)
    } catch {
      throw Failure("\(name), \(error.message)")
    }
  }
}

extension Error {
  /// The system's error message, without Foundation's text around it.
  var reason: String {
    let error = self as NSError
    let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    return underlying.domain == NSPOSIXErrorDomain
      ? unsafe String(cString: strerror(Int32(underlying.code))) : error.localizedDescription
  }
}
