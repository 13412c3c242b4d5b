internal import Foundation

/// The progress of the measurement, on standard error: a bar on a terminal, else a line for each step.
struct Progress: ~Copyable {
  private let total: Int
  private var done = 0
  private let isTerminal = isatty(STDERR_FILENO) == 1

  /// Progress over this many steps.
  init(total: Int) {
    self.total = total
  }

  /// Reports the step that begins now.
  mutating func begin(_ name: String) {
    if isTerminal {
      let width = 24
      let filled = width * done / max(total, 1)
      let bar =
        String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
      write("\r\(bar) \(done)/\(total) \(name)\u{1B}[K")
    } else {
      write("[\(done + 1)/\(total)] \(name)\n")
    }
    done += 1
  }

  deinit {
    // Erases the bar, so that later output replaces it.
    if isTerminal { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
