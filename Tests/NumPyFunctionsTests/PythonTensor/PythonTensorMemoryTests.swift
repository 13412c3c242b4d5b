import Foundation
import NumPyFunctions
import Testing

@testable import PythonBridge

@Suite struct PythonTensorMemoryTests {
  @Test func `Swift's tensors go to Python and back without a copy`() throws {
    let x = try Tensor([1.0, 2, 3])
    try Python.withGIL { gil in
      let object = try PyTensor.wrap(x, gil)
      let back = PyTensor.tensor(of: object, gil)
      let isSame = try back?.stored.storage === x.stored.storage
      #expect(isSame)
      let array = try Python.import("numpy").asarray(PythonObject(object))
      let address = try Int(array.ctypes.data)
      #expect(unsafe try address == Int(bitPattern: x.stored.storage.base))
      #expect(try !Bool(array.flags.writeable))
      let number = PyTensor.tensor(of: try PythonObject(5).reference, gil)
      #expect(number == nil)
    }
  }

  @Test func `an array that Python may still write is copied`() throws {
    let values = try python(
      """
      a = np.arange(3.)
      t = tf.constant(a)
      a[0] = 100
      result = t.tolist()
      """)
    #expect(values.description == "[0.0, 1.0, 2.0]")
  }

  @Test(arguments: DType.allCases.filter { $0 != .bfloat16 && $0 != .string })
  func `the buffer protocol shows the memory, read-only`(dtype: DType) throws {
    let found = try python(
      """
      array = np.arange(6).reshape(2, 3).astype("\(dtype)")
      t = tf.constant(array)
      view = memoryview(t)
      result = (view.readonly, view.shape, view.strides, view.nbytes, bytes(view) == array.tobytes(),
                np.asarray(view).dtype == array.dtype, memoryview(t[1, 2]).ndim)

      """)
    let size = dtype.itemSize
    #expect(
      found.description
        == "(True, (2, 3), (\(3 * size), \(size)), \(6 * size), True, True, 0)")
  }

  @Test func `a buffer keeps the memory alive`() throws {
    let sum = try python(
      """
      import gc
      view = memoryview(tf.constant(np.arange(1000.)))
      gc.collect()
      result = sum(view)
      """)
    #expect(try Double(sum) == 499_500)
  }

  @Test func `DLPack: whichever goes first, the other stays`() throws {
    let found = try python(
      """
      import gc
      result = []
      t = tf.constant(np.arange(6.))
      a = np.from_dlpack(t)
      del t; gc.collect()
      result.append(float(a.sum()))
      t = tf.constant(np.arange(6.))
      a = np.from_dlpack(t)
      del a; gc.collect()
      result.append(float(t.sum()))
      a = np.arange(6.)
      t = tf.from_dlpack(a, copy=False)
      address = a.ctypes.data
      result.append(np.asarray(t).ctypes.data == address)
      del a; gc.collect()
      result.append(float(t.sum()))
      u = t + 1
      del t; gc.collect()
      result.append(float(u.sum()))
      # Capsules that nobody takes let go of the memory, too.
      u.__dlpack__(), u.__dlpack__(max_version=(1, 0))
      """)
    #expect(found.description == "[15.0, 15.0, True, 15.0, 21.0]")
  }

  @Test func `DLPack 1 shares the memory, read-only; the older form gets a copy`() throws {
    let found = try python(
      """
      t = tf.constant(np.arange(6.))
      a = np.from_dlpack(t)
      speaks_1 = tuple(map(int, np.__version__.split(".")[:2])) >= (2, 1)
      result = (np.shares_memory(a, np.asarray(t)) == speaks_1, a.flags.writeable and speaks_1,
                t.__dlpack_device__())
      """)
    #expect(found.description == "(True, False, (1, 0))")
  }

  @Test func `DLPack: any layout, and a tensor's own memory is shared`() throws {
    let found = try python(
      """
      class Other:
        def __init__(self, x): self.x = x
        def __dlpack__(self, **options): return self.x.__dlpack__(**options)
        def __dlpack_device__(self): return self.x.__dlpack_device__()
      array = np.arange(24).reshape(2, 3, 4)
      result = []
      for part in [array, array.T, array[:, ::-2, 1:], array[0, 0, 0:0], array[1, 2, 3:4].reshape(())]:
        found = tf.from_dlpack(Other(part))
        result.append(np.array_equal(found, part) and found.dtype == part.dtype)
      t = tf.constant(np.arange(6.))
      result.append(np.asarray(tf.from_dlpack(Other(t))).ctypes.data == np.asarray(t).ctypes.data)
      """)
    #expect(found.description == "[True, True, True, True, True, True]")
  }

  @Test func `DLPack: a capsule is good for one use, and what does not fit is refused`() throws {
    let found = try python(
      """
      t = tf.constant([1., 2.])
      class Other:
        def __init__(self, capsule): self.capsule = capsule
        def __dlpack__(self, **options): return self.capsule
      other = Other(t.__dlpack__())
      result = [tf.from_dlpack(other).tolist()]
      for f in [lambda: tf.from_dlpack(other), lambda: tf.from_dlpack(Other(3)), lambda: tf.from_dlpack(3),
                lambda: t.__dlpack__(copy=False), lambda: t.__dlpack__(stream=1),
                lambda: t.__dlpack__(dl_device=(2, 0)), lambda: tf.constant("a").__dlpack__(),
                lambda: tf.from_dlpack(np.arange(6)[::2], copy=False)]:
        try: f(); result.append(None)
        except Exception as error: result.append(type(error).__name__)
      """)
    #expect(
      found.description
        == "[[1.0, 2.0], 'TypeError', 'TypeError', 'TypeError', 'BufferError', 'ValueError', "
        + "'BufferError', 'BufferError', 'BufferError']")
  }

  private static let hasTorch = (try? Python.import("torch")) != nil

  @Test(.enabled(if: hasTorch, "PyTorch is not installed"))
  func `PyTorch shares its memory`() throws {
    let found = try python(
      """
      import torch
      x = torch.arange(6.)
      t = tf.from_dlpack(x, copy=False)
      y = torch.from_dlpack(t)
      result = (np.asarray(t).ctypes.data == x.data_ptr(), float(y.sum()))
      """)
    #expect(found.description == "(True, 15.0)")
  }

  @Test func `pickles, copies, weak references and hashes`() throws {
    let found = try python(
      """
      import copy, gc, pickle, weakref
      result = []
      for value in [1.5, [1, 2], np.ones((2, 3), "int8"), True, 1 + 2j, np.float16(3), "text", [b"a", b""]]:
        t = tf.constant(value)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
          u = pickle.loads(pickle.dumps(t, protocol))
          result.append(u.dtype == t.dtype and u.shape == t.shape and u.tolist() == t.tolist())
      t = tf.constant([1., 2.])
      result.append(copy.copy(t) is t and copy.deepcopy([t])[0] is t)
      result.append({t: 1}[t] == 1 and hash(t) != hash(t + 0))
      reference = weakref.ref(t)
      result.append(reference() is t)
      del t; gc.collect()
      result.append(reference() is None)
      result = all(result)
      """)
    #expect(try Bool(found))
  }

  @Test func `strings and bfloat16 have dtypes of their own`() throws {
    let found = try python(
      """
      t = tf.constant([["a", "é"], ["", "d"]])
      result = [t.dtype is tf.string, t.dtype == "string", t.shape, t.tolist() == [[b"a", "é".encode()],
                [b"", b"d"]], t[0, 1].numpy() == "é".encode(), np.dtype(tf.string) == object]
      try: import ml_dtypes
      except ImportError: pass
      else:
        b = tf.constant([1., 2.], "bfloat16")
        result += [b.dtype == ml_dtypes.bfloat16, tf.bfloat16 == b.dtype, (b + b).dtype == b.dtype]
      result = [r for r in result if r is not True]
      """)
    #expect(found.description == "[(2, 2)]")
  }
}
