import PythonBridge
import Testing

@Suite struct BytesTests {
  @Test(arguments: [[], [0], [1, 0, 255]] as [[UInt8]])
  func `bytes go both ways`(bytes: [UInt8]) throws {
    let object = try PythonObject(bytes: bytes)
    #expect(try String(object.__class__.__name__) == "bytes")
    #expect(try [UInt8](bytesOf: object) == bytes)
    #expect(try [UInt8](object) == bytes)
    #expect(try [UInt8](bytesOf: Python.import("builtins").bytearray(object)) == bytes)
    #expect(try object.withBytes { $0.byteCount } == bytes.count)
  }

  @Test(
    arguments: [
      ("memoryview(b'abc')", [97, 98, 99]), ("bytearray(2)", [0, 0]),
      ("__import__('numpy').array([1, 256], '<i2')", [1, 0, 0, 1]),
      ("__import__('array').array('B', [7])", [7]), ("__import__('numpy').zeros((2, 0))", []),
    ] as [(String, [UInt8])])
  func `anything with a buffer has bytes`(expression: String, bytes: [UInt8]) throws {
    #expect(try [UInt8](bytesOf: Python.evaluate(expression)) == bytes)
  }

  @Test(arguments: [
    ("[1, 2]", "TypeError"), ("'text'", "TypeError"),
    ("__import__('numpy').arange(6)[::2]", "ValueError"),
    ("memoryview(b'abc')[::2]", "BufferError"),
  ])
  func `what has no contiguous buffer throws`(expression: String, type: String) throws {
    let object = try Python.evaluate(expression)
    let error = #expect(throws: PythonError.self) { try [UInt8](bytesOf: object) }
    #expect(error?.type == type)
  }

  @Test func `borrowed bytes are given back`() throws {
    let array = try Python.evaluate("bytearray(b'ab')")
    let first = try array.withBytes { bytes in
      // A bytearray cannot be resized while somebody looks at it.
      #expect(throws: PythonError.self) { try array.append(1) }
      return unsafe bytes.unsafeLoad(fromByteOffset: 1, as: UInt8.self)
    }
    try array.append(1)
    #expect(try first == 98 && array.itemCount == 3)
  }
}
