// The system's paths, arguments and variables are bytes, usually but not always UTF-8. In a String, a byte
// that is not valid UTF-8 is represented by the scalar U+10FF00 plus its value, in a private use area, so
// that it can be converted back to the same byte.

extension String {
  /// Converts system text without loss; see ``systemBytes``.
  package init(systemBytes bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    var text = String.UnicodeScalarView()
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var position = 0
    parsing: while true {
      let (count, scalar): (Int, Unicode.Scalar?)
      switch parser.parseScalar(from: &rest) {
      case .valid(let encoded): (count, scalar) = (encoded.count, Unicode.UTF8.decode(encoded))
      case .error(let length): (count, scalar) = (length, nil)
      case .emptyInput: break parsing
      }
      if let scalar, scalar.systemByte == nil {
        text.append(scalar)
      } else {
        for byte in bytes[position..<(position + count)] { text.append(Unicode.Scalar(of: byte)) }
      }
      position += count
    }
    self = String(text)
  }

  /// The bytes of the text for the system.
  package var systemBytes: [UInt8] {
    unicodeScalars.flatMap { scalar in scalar.systemByte.map { [$0] } ?? Array(String(scalar).utf8)
    }
  }

  /// Calls `body` with the text as the system's functions take it.
  @unsafe package func withSystemText<R>(
    _ body: (UnsafePointer<CChar>) throws -> R
  ) rethrows -> R {
    let text = systemBytes.map { CChar(bitPattern: $0) } + [0]
    return try unsafe text.withUnsafeBufferPointer { buffer in
      // The buffer contains at least a NUL, so its address is not nil.
      try unsafe body(buffer.baseAddress.unsafelyUnwrapped)
    }
  }

  /// Text that a system function has returned.
  @unsafe package init(systemText pointer: UnsafePointer<CChar>) {
    var bytes: [UInt8] = []
    var next = unsafe pointer
    while unsafe next.pointee != 0 {
      bytes.append(UInt8(bitPattern: unsafe next.pointee))
      unsafe next += 1
    }
    self.init(systemBytes: bytes)
  }
}

extension Unicode.Scalar {
  private static let bytes: ClosedRange<UInt32> = 0x10FF80...0x10FFFF

  fileprivate init(of byte: UInt8) {
    self = Unicode.Scalar(Unicode.Scalar.bytes.lowerBound - 0x80 + UInt32(byte)) ?? "\u{FFFD}"
  }

  fileprivate var systemByte: UInt8? {
    Unicode.Scalar.bytes.contains(value) ? UInt8(truncatingIfNeeded: value) : nil
  }
}

extension String {
  /// A path from Python: a str, in which bytes that are not valid UTF-8 are surrogates.
  ///
  /// - Throws: `PythonError`.
  init(systemPath object: PythonObject) throws {
    let bytes = try [UInt8](bytesOf: Python.import("os").fsencode(object))
    self.init(systemBytes: bytes)
  }
}

extension PythonObject {
  /// A path for Python, as a str.
  ///
  /// - Throws: `PythonError`.
  package init(systemPath text: String) throws {
    self = try Python.import("os").fsdecode(PythonObject(bytes: text.systemBytes))
  }
}
