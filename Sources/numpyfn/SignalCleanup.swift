internal import Dispatch
internal import Foundation
internal import NumPyFunctions

/// Removes an incomplete file when Ctrl-C, or another signal, ends the program.
struct SignalCleanup {
  private let sources: [(signal: Int32, source: any DispatchSourceSignal)]

  /// Handles the signals that would end the program.
  ///
  /// A signal that is ignored, as under `nohup`, stays ignored.
  init(removing path: FilePath) {
    sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
      // The default action is disabled, since it would end the program before the source receives
      // the signal.
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
      // Waits until the source is registered, since an earlier signal would be lost.
      let isWatched = DispatchSemaphore(value: 0)
      source.setRegistrationHandler { isWatched.signal() }
      source.resume()
      _ = isWatched.wait(timeout: .now() + .seconds(5))
      return (number, source)
    }
  }

  /// Restores the default actions of the signals.
  func end() {
    for (number, source) in sources {
      source.cancel()
      _ = signal(number, SIG_DFL)
    }
  }
}
