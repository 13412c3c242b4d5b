import Foundation
import NumPyFunctions
import Testing

@Suite struct PythonTensorThreadTests {
  @Test func `any number of Python threads compute, trace and differentiate at once`() throws {
    let found = try python(
      """
      import threading
      f = tf.function(lambda x: np.tanh(x) * x)
      slope = tf.gradient(lambda x: np.sum(np.sinh(x) * x))
      shared = tf.constant(np.linspace(0, 1, 20000))
      wanted = slope(shared).numpy()
      problems = []
      def work(number):
        try:
          for turn in range(30):
            x = shared + number
            if not np.array_equal(f(x), np.tanh(x) * x): problems.append("function")
            if not np.array_equal(slope(shared), wanted): problems.append("gradient")
            if turn % 10 == 0: tf.function(lambda x: x + number)(x)
        except Exception as error: problems.append(repr(error))
      threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
      for thread in threads: thread.start()
      for thread in threads: thread.join()
      result = problems
      """)
    #expect(found.description == "[]")
  }

  @Test func `Swift threads drop tensors that Python made, and the reverse`() async throws {
    let make = try Python.evaluate("lambda i: __import__('numpyfn').constant([float(i)] * 100)")
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          for _ in 0..<200 {
            let tensor = try? Tensor(make(number))
            #expect(tensor?.count == 100)
          }
        }
      }
    }
  }
}
