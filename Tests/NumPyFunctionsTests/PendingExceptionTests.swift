import NumPyFunctions
import Testing

/// No exception is left pending where Python has no memory for what we ask of it.
@Suite struct PendingExceptionTests {
  /// One allocation of Python's after the other fails, also that of a frame's object.
  private static let source = """
    import sys
    import _testcapi
    import numpy as np
    import numpyfn as tf
    t, u = tf.constant([1., 2.]), tf.constant([1., 2., 3.])
    def deeper(call, depth):
        # The objects of these frames are made only when they are asked for.
        return call() if depth == 0 else deeper(call, depth - 1)
    def kind(x): return {"a": x}
    graph = tf.function(lambda x: tf.numpy_function(kind, [x], {"a": tf.float32})["a"] + 1)
    calls = [
        (lambda: t + u, (ValueError,)), (lambda: t[7], (IndexError,)),
        (lambda: tf.numpy_function(np.sinh, [t], tf.int8), (ValueError,)),
        (lambda: tf.numpy_function(kind, [t], {"b": tf.float32}), (ValueError,)),
        (lambda: tf.numpy_function(kind, [t], {"a": tf.float32}), ()), (lambda: graph(t), ()),
        (lambda: (t + t).numpy(), ()),
    ]
    def f():
        wrong = []
        for index, (call, expected) in enumerate(calls):
            try: call()
            except expected: pass
            for n in range(1, 120):
                found = None
                _testcapi.set_nomemory(n, n + 1)
                try:
                    deeper(call, 3)
                except BaseException as error:
                    found = error
                finally:
                    _testcapi.remove_mem_hooks()
                # CPython 3.11 itself loses exceptions where there is no memory for a frame's object.
                is_pythons = type(found) is SystemError and "without exception set" in str(found)
                if found is not None and not is_pythons and not isinstance(
                        found, (MemoryError,) + expected):
                    wrong.append(f"call {index}, allocation {n}: {type(found).__name__}: {found}")
                found = None
                try: call()
                except expected: pass
        return wrong
    """

  @Test func `an allocation that fails is an error of its own, and the next call is right`() async {
    await #expect(processExitsWith: .success) {
      let wrong = try [String](Python.function(PendingExceptionTests.source, named: "f")())
      for line in wrong { print(line) }
      precondition(wrong.isEmpty)
    }
  }
}
