internal import CPython

extension Python {
  /// Calls `body` on this thread, with a stack that Python's recursion fits into.
  ///
  /// That holds whatever `ulimit -s` says, also for the threads that are started from then on. To be
  /// called once, by the main thread of a program that has nothing else to do than Python.
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
