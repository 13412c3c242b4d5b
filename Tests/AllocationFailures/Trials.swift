import FailingAllocator
import Foundation
import NumPyFunctions

/// The calls of a scenario with one allocation after another failing.
///
/// Before each, its number is printed, so that the parent process knows which one did not return.
struct Trials {
  private let scenario: Scenario
  private let isLasting: Bool

  init(_ scenario: Scenario, isLasting: Bool) {
    (self.scenario, self.isLasting) = (scenario, isLasting)
  }

  func run(from first: Int) throws {
    let body = try scenario.prepare()
    // Twice: the first call fills caches.
    _ = try onItsThread(body)
    let expected = try onItsThread(body)
    var n = first
    while true {
      say("\(n)")
      // A call that does not end is a failure.
      alarm(30)
      let (outcome, count) = failing(at: n, body)
      switch outcome {
      case .success(let result) where result != expected:
        say("! \(n): it answered \(result) in place of \(expected)")
      case .failure(let error) where !isMemoryError(error):
        say(
          "! \(n): it threw \(String(describing: error).split(separator: "\n").joined(separator: " | "))"
        )
      default: break
      }
      do {
        let next = try onItsThread(body)
        if next != expected {
          say("! \(n): the next call answered \(next) in place of \(expected)")
        }
      } catch {
        say("! \(n): the next call threw \(error)")
      }
      if count < n { break }
      n += 1
    }
    say("= \(n - 1)")
  }

  private func failing(
    at n: Int, _ body: () throws -> String
  ) -> (outcome: Result<String, any Error>, count: Int) {
    var count = 0
    let outcome = Result {
      try onItsThread {
        failing_begin(n, isLasting)
        defer { count = failing_stop() }
        return try body()
      }
    }
    return (outcome, count)
  }

  private func onItsThread(_ body: () throws -> String) throws -> String {
    guard scenario.isOnNewThread else { return try body() }
    return try withoutActuallyEscaping(body) { try OnThread.result(of: $0) }
  }

  /// Writes a line at once: the process may crash in the next moment.
  private func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
  }

  private func isMemoryError(_ error: any Error) -> Bool {
    let error = (error as? OperationError)?.underlying ?? error
    if (error as? any CodedError)?.code == .resourceExhausted { return true }
    // CPython 3.11 and NumPy 1.24 themselves lose the exception in places. That one is left over where
    // none should be has other words.
    guard let error = error as? PythonError, error.type == "SystemError" else { return false }
    return error.message.contains("without setting an exception")
      || error.message.contains("without exception set")
  }
}

/// Work on a thread of its own, which has ended when the result is there.
///
/// `@unchecked Sendable`: the caller waits for the thread.
private final class OnThread: @unchecked Sendable {
  private let body: () throws -> String
  private var result: Result<String, any Error>?

  private init(_ body: @escaping () throws -> String) { self.body = body }

  static func result(of body: @escaping () throws -> String) throws -> String {
    let work = OnThread(body)
    var thread = pthread_t()
    let context = unsafe Unmanaged.passUnretained(work).toOpaque()
    let status = unsafe pthread_create(
      &thread, nil,
      { context in
        if let context = unsafe context {
          let work = unsafe Unmanaged<OnThread>.fromOpaque(context).takeUnretainedValue()
          work.result = Result { try work.body() }
        }
        return nil
      }, context)
    guard status == 0 else { fatalError("no thread could be started") }
    pthread_join(thread, nil)
    guard let result = work.result else { fatalError("the thread ended without a result") }
    return try result.get()
  }
}
