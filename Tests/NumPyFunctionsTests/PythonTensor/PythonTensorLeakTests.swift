import NumPyFunctions
import Testing

/// Resident memory over many turns of Python code, each kind in a process of its own.
@Suite struct PythonTensorLeakTests {
  /// Python source of a function `turn` of a tensor of 100 elements.
  private static func expectFlat(_ body: String, calls: Int) throws {
    let turn = try Python.function(
      """
      import numpy as np
      import numpyfn as tf
      def turn(t):
      \(body)
      """)
    let tensor = try Python.evaluate("__import__('numpyfn').constant([0.5] * 100)")
    try expectFlatMemory(calls: calls) { try turn(tensor) }
  }

  @Test func `a hundred thousand turns of operators, functions and views leave memory flat`() async
  {
    await #expect(processExitsWith: .success) {
      try Self.expectFlat(
        """
          u = np.sinh(t) * 2 + tf.constant(1.5)
          np.sum(u[3:], axis=0), u[0], u.shape, u.dtype, np.asarray(u), memoryview(u), u.__dlpack__()
          tf.from_dlpack(np.arange(5.), copy=False)
        """, calls: 100_000)
    }
  }

  @Test func `twenty thousand gradients, tapes and errors leave memory flat`() async {
    await #expect(processExitsWith: .success) {
      try Self.expectFlat(
        """
          tf.gradient(lambda x: np.sum(np.tanh(x) * x))(t)
          with tf.GradientTape() as tape:
            tape.watch(t)
            y = t * t
          tape.gradient(y, t)
          try: t + tf.constant([1., 2.])
          except ValueError: pass
          try: np.sort(t)
          except TypeError: pass
        """, calls: 20_000)
    }
  }

  @Test func `two thousand traced functions and callbacks leave memory flat`() async {
    await #expect(processExitsWith: .success) {
      try Self.expectFlat(
        """
          big = bytearray(1 << 16)
          def call(x): return x * np.float32(len(big))
          f = tf.function(lambda x: tf.numpy_function(call, [x], tf.float32) + tf.py_function(
            call, [x], tf.float32))
          f(t)
        """, calls: 2_000)
    }
  }
}
