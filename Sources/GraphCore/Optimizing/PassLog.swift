internal import LibC

/// Prints each graph as traced, and after each pass that changes it, to standard error.
struct PassLog: Sendable {
  /// The log, if `NUMPYFN_PRINT_PASSES=1` was set when the first graph was made.
  static let standard: PassLog? = {
    guard let value = unsafe getenv("NUMPYFN_PRINT_PASSES"), unsafe value[0] != 0 else {
      return nil
    }
    return unsafe String(cString: value) == "0" ? nil : PassLog()
  }()

  func begin(_ graph: Graph) {
    write("# graph '\(graph.name)' (\(graph.location)), as traced\n\(graph)\n")
  }

  func add(_ graph: Graph, of pass: String) {
    write("# graph '\(graph.name)' (\(graph.location)), after \(pass)\n\(graph)\n")
  }

  private func write(_ text: String) {
    // In one piece, so that the graphs of several threads do not mix.
    let bytes = Array(text.utf8)
    unsafe bytes.withUnsafeBytes { bytes in
      var rest = unsafe bytes[...]
      while unsafe !rest.isEmpty {
        let part = unsafe UnsafeRawBufferPointer(rebasing: rest)
        let count = unsafe systemWrite(STDERR_FILENO, part.baseAddress, part.count)
        if count <= 0 { return }
        unsafe rest = rest.dropFirst(count)
      }
    }
  }
}

/// `write(2)`, whose name the log's method hides.
private func systemWrite(_ file: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(file, start, count)
}
