import PythonBridge
import Testing

/// The system's text as a String: any bytes, and back.
@Suite struct SystemTextTests {
  @Test(arguments: [
    [], Array("plain/é/😀".utf8), [0xFF], [0x61, 0xC3], [0xC3, 0x28], [0xE2, 0x82],
    [0xF0, 0x9F, 0x98],
    [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80, 0x81, 0xBF],
    // The scalars by which bytes are kept, as text.
    Array("\u{10FF80}\u{10FFFF}\u{10FF7F}".utf8), Array("e\u{301}\r\n".utf8),
  ])
  func `bytes come back as they were`(bytes: [UInt8]) {
    #expect(String(systemBytes: bytes).systemBytes == bytes)
  }

  @Test func `every pair of bytes comes back, and valid text is itself`() {
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max {
        let bytes = [first, second, 0x61]
        #expect(String(systemBytes: bytes).systemBytes == bytes)
        if let text = String(validating: bytes, as: UTF8.self) {
          #expect(String(systemBytes: bytes) == text)
        }
      }
    }
  }

  @Test func `Python has the same path`() throws {
    let bytes: [UInt8] = [0x61, 0xFF, 0xC3, 0xA9]
    let path = try PythonObject(systemPath: String(systemBytes: bytes))
    #expect(try [UInt8](bytesOf: Python.import("os").fsencode(path)) == bytes)
  }
}
