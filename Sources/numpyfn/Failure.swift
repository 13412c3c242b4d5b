internal import ArgumentParser
internal import NumPyFunctions

/// An error with the message that the user reads.
struct Failure: Error {
  /// What was requested, what was found, and how to fix it.
  let message: String

  /// A failure that the tool itself has detected.
  init(_ message: String) {
    self.message = message
  }

  /// The message of an error, without the source line of this tool.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as OperationError: self.init(error.underlying)
    case let error as any CodedError: self.init(error.description(in: .shell))
    default: self.init("\(error)")
    }
  }

  /// Calls `body`, and reports an error as one message on standard error and exit status 1.
  static func reported(_ body: () throws -> Void) throws(ExitCode) {
    do {
      try body()
    } catch {
      StandardError.print("numpyfn: \(Failure(error).message)")
      throw .failure
    }
  }
}

extension String {
  /// The text in quotes, shortened if necessary, for a message.
  var quoted: String {
    let limit = 60
    return count <= limit ? "'\(self)'" : "'\(prefix(limit)) …'"
  }
}
