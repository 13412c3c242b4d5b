internal import ArgumentParser
internal import NumPyFunctions

/// What went wrong, in the words that the user reads.
struct Failure: Error {
  /// What was asked, what was found, and how to mend it.
  let message: String

  /// A failure that the tool has found itself.
  init(_ message: String) {
    self.message = message
  }

  /// What happened, without the line of this tool at which it did.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as OperationError: self.init(error.underlying)
    case let error as any CodedError: self.init(error.description(in: .shell))
    default: self.init("\(error)")
    }
  }

  /// Calls `body`; what it throws becomes one message on standard error and exit status 1.
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
  /// The text in quotes, shortened if need be, for a message.
  var quoted: String {
    let limit = 60
    return count <= limit ? "'\(self)'" : "'\(prefix(limit)) …'"
  }
}
