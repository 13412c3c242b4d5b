internal import TensorCore

/// Throws the error for an argument that an operation does not take, unless the condition holds.
@inline(__always)
func require(
  _ condition: Bool, code: ErrorCode = .invalidArgument, _ message: @autoclosure () -> String
) throws(TensorError) {
  if !condition { throw TensorError(code, message()) }
}

/// Throws the error for an argument that an operation does not take, with a message that has a Swift
/// and a Python spelling, unless the condition holds.
@inline(__always)
func require(_ condition: Bool, spelled message: @autoclosure () -> Message) throws(TensorError) {
  if !condition { throw TensorError(.invalidArgument, spelled: message()) }
}

/// The value; throws the error for an argument that an operation does not take if it is nil.
func unwrap<T>(_ value: T?, _ message: @autoclosure () -> String) throws(TensorError) -> T {
  guard let value else { throw TensorError(.invalidArgument, message()) }
  return value
}
