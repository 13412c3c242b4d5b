internal import Foundation

/// How far the measuring has come, on standard error: a bar on a terminal, else a line for each step.
struct Progress: ~Copyable {
  private let total: Int
  private var done = 0
  private let isTerminal = isatty(STDERR_FILENO) == 1

  /// Of so many steps.
  init(total: Int) {
    self.total = total
  }

  /// Says what begins now.
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
    // What follows is written where the bar was.
    if isTerminal { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
