internal import Dispatch
internal import Foundation
internal import NumPyFunctions

/// Removes a file when Ctrl-C, or another signal, ends the program while it is being written.
struct SignalCleanup {
  private let sources: [(signal: Int32, source: any DispatchSourceSignal)]

  /// Watches the signals that would end the program; one that is ignored, as under `nohup`, stays
  /// ignored.
  init(removing path: FilePath) {
    sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
      // Not the default: the signal would end the program before the source sees it.
      if let handler = signal(number, SIG_IGN) {
        _ = signal(number, handler)
        return nil
      }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        _ = unsafe path.text.withSystemText { unsafe unlink($0) }
        _ = signal(number, SIG_DFL)
        kill(getpid(), number)
      }
      // A signal that came before the source watches would be lost.
      let isWatched = DispatchSemaphore(value: 0)
      source.setRegistrationHandler { isWatched.signal() }
      source.resume()
      _ = isWatched.wait(timeout: .now() + .seconds(5))
      return (number, source)
    }
  }

  /// Leaves the signals to their default again.
  func end() {
    for (number, source) in sources {
      source.cancel()
      _ = signal(number, SIG_DFL)
    }
  }
}
