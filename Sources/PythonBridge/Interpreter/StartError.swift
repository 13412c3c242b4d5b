public import TensorCore

/// Why Python could not be started, what was found where, and the command that mends it.
public struct StartError: CodedError, Equatable {
  /// `failedPrecondition`: the machine, or how it is set up, has to change first; `resourceExhausted`
  /// where only memory was missing.
  public let code: ErrorCode

  /// What was found where, and how to mend it.
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
