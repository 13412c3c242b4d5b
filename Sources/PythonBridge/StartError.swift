public import TensorCore

/// Why Python could not be started, what was found where, and the command that mends it.
public struct StartError: CodedError, Equatable {
  /// `failedPrecondition`: the machine, or how it is set up, has to change first.
  public var code: ErrorCode { .failedPrecondition }

  /// What was found where, and how to mend it.
  public let message: String

  /// The message.
  public var description: String { message }

  package init(_ message: String) {
    self.message = message
  }

  static let notRunning = StartError(
    "Python is not running in this process: it has not been started, or is shutting down; call "
      + "Python.start() first, and make no calls from an exit handler")
}
