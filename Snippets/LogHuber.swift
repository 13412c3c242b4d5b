// Python code that decides by values, differentiated: the example of tf.py_function's documentation.
import NumPyFunctions

let logHuber = try Python.function(
  """
  import numpy as np
  def log_huber(x, m):
      if abs(x) <= m:
          return x ** 2
      return m ** 2 * (1 - 2 * np.log(m) + np.log(x ** 2))
  """)
let f = try GraphFunction(inputSignature: [TensorSpec(), TensorSpec()]) { x, m in
  let y = try pyFunction(logHuber, [x, m], Tout: .float32)
  return (y, try gradient(of: y, with: [x, m]).compactMap { $0 })
}
let (value, slopes) = try f(1.0, 2.0)
print(value, slopes[0])  // 1.0 2.0
