internal import CPython

extension Python {
  /// Calls `body` on this thread, with a stack that is large enough for Python's recursion limit.
  ///
  /// This is independent of `ulimit -s`, and applies to threads that are started later too. Call it once, on
  /// the main thread of a program that only runs Python.
  package static func withLargeStacks(_ body: @escaping () -> Void) {
    let context = unsafe Unmanaged.passRetained(Body(body)).toOpaque()
    unsafe cpy_with_large_stacks(
      { unsafe Unmanaged<Body>.fromOpaque($0).takeRetainedValue().call() }, context)
  }

  private final class Body {
    let call: () -> Void

    init(_ call: @escaping () -> Void) { self.call = call }
  }
}
