/// The canonical status codes that TensorFlow, gRPC and Abseil share.
///
/// A code says how a caller can react to an error; the message says what went wrong. Python
/// exceptions are mapped to codes by the rule in `PythonError`.
///
/// See <https://abseil.io/docs/cpp/guides/status-codes>.
public enum ErrorCode: String, Sendable, CaseIterable {
  case cancelled = "Cancelled"
  case unknown = "Unknown"
  case invalidArgument = "InvalidArgument"
  case deadlineExceeded = "DeadlineExceeded"
  case notFound = "NotFound"
  case alreadyExists = "AlreadyExists"
  case permissionDenied = "PermissionDenied"
  case resourceExhausted = "ResourceExhausted"
  case failedPrecondition = "FailedPrecondition"
  case aborted = "Aborted"
  case outOfRange = "OutOfRange"
  case unimplemented = "Unimplemented"
  case `internal` = "Internal"
  case unavailable = "Unavailable"
  case dataLoss = "DataLoss"
  case unauthenticated = "Unauthenticated"
}

/// An error that knows its canonical code; every error type of this package is one.
public protocol CodedError: Error, CustomStringConvertible {
  /// The code, which says how a caller can react.
  var code: ErrorCode { get }

  /// What was requested, what was found, where, and how to fix it.
  var message: String { get }

  /// The description, with code spelled in this language.
  func description(in language: Language) -> String
}

extension CodedError {
  /// The description, as Swift code reads it.
  public func description(in language: Language) -> String { description }
}
