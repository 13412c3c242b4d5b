internal import CPython

extension PythonObject {
  /// A Python `bytes` with these bytes; an array of `UInt8` is a list of numbers otherwise.
  ///
  /// - Throws: `StartError`, or `PythonError`: `MemoryError`.
  public init(bytes: [UInt8]) throws {
    self = try Python.withGIL { gil in
      try unsafe bytes.withUnsafeBytes { buffer in
        try unsafe gil.object(cpy_bytes(buffer.baseAddress, buffer.count))
      }
    }
  }

  /// Calls `body` with the object's own memory, without a copy: `bytes`, `bytearray`, `memoryview`, a
  /// C-contiguous array, anything with the buffer protocol.
  ///
  /// The GIL is held during the call, so that Python code cannot change the bytes; copy them with
  /// `[UInt8](bytesOf:)` for longer work.
  ///
  /// See <https://docs.python.org/3/c-api/buffer.html>.
  ///
  /// - Throws: `PythonError`: `TypeError` when the object has no buffer, `ValueError` when it is not
  ///   contiguous; what `body` throws.
  public func withBytes<R>(_ body: (RawSpan) throws -> R) throws -> R {
    try Python.withGIL { gil in
      var data: UnsafeRawPointer?
      var count = 0
      let view = unsafe cpy_borrow_bytes(pointer, &data, &count)
      guard let view = unsafe view else { throw gil.raised() }
      defer { unsafe cpy_return_bytes(view) }
      // The address may be NULL if there are no bytes.
      let buffer = unsafe UnsafeRawBufferPointer(start: count == 0 ? nil : data, count: count)
      return try unsafe body(buffer.bytes)
    }
  }
}

extension [UInt8] {
  /// A copy of the bytes of `bytes`, `bytearray`, `memoryview`, an array, anything with the buffer
  /// protocol.
  ///
  /// - Throws: `PythonError`: `TypeError` when the object has no buffer, `ValueError` when it is not
  ///   contiguous.
  public init(bytesOf object: PythonObject) throws {
    self = try object.withBytes { bytes in
      unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    }
  }
}
