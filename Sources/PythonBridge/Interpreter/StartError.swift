public import TensorCore

/// The reason why Python could not be started, what was found, where, and the command that fixes
/// it.
public struct StartError: CodedError, Equatable {
  /// `failedPrecondition` when the machine's setup must change first; `resourceExhausted` when there was no
  /// memory.
  public let code: ErrorCode

  /// What was found, where, and how to fix it.
  public let message: String

  /// The message.
  public var description: String { message }

  package init(_ message: String, code: ErrorCode = .failedPrecondition) {
    self.message = message
    self.code = code
  }

  static let outOfMemory = StartError(
    "there is no memory for what Python keeps of a thread, which is new to it; use fewer threads, or "
      + "free memory", code: .resourceExhausted)

  static let notRunning = StartError(
    "Python is not running in this process: it has not been started, or is shutting down; call "
      + "Python.start() first, and make no calls from an exit handler")
}
