import Foundation
import NumPyFunctions
import Testing

/// The library in a process that is a Python program.
@Suite struct HostedLibraryTests {
  @Test(arguments: ["CDLL", "PyDLL"])
  func `a Python program that loads the library is respected`(loader: String) throws {
    let library = buildFolder.appending(path: "libHostedLibrary.\(librarySuffix)").path
    let program = """
      import ctypes, threading
      seed = ctypes.\(loader)("\(library)").hosted_seed
      seed.restype, seed.argtypes = ctypes.c_double, [ctypes.c_double]
      print(seed(1.0), seed(1.0))
      thread = threading.Thread(target=lambda: print(seed(1.0)))
      thread.start()
      thread.join()
      """
    let result = try run(Python.installation.executable, ["-c", program])
    #expect(result.output == "1.3810978455418155 1.3810978455418155\n1.3810978455418155\n")
    #expect(result.status == 0)
  }
}

private let librarySuffix: String = {
  #if os(Linux)
    "so"
  #else
    "dylib"
  #endif
}()
