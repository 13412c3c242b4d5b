internal import TensorCore

/// Throws the error for an argument that an operation does not take, unless the condition holds.
func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(TensorError) {
  if !condition { throw TensorError(.invalidArgument, message()) }
}

/// Throws the error for an argument that an operation does not take, with a message that has a Swift
/// and a Python spelling, unless the condition holds.
func require(_ condition: Bool, spelled message: @autoclosure () -> Message) throws(TensorError) {
  if !condition { throw TensorError(.invalidArgument, spelled: message()) }
}
