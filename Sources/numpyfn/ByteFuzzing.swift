// Built only by scripts/fuzz: libFuzzer calls the parsers with inputs that it generates to reach new code.
// See https://llvm.org/docs/LibFuzzer.html.

#if BYTE_FUZZING
  internal import Foundation
  internal import NumPyFunctions

  /// The parser to test, which the environment variable `NUMPYFN_FUZZ_KIND` names.
  enum ByteFuzzing: String {
    /// The text of a graph, which is parsed, printed and parsed again.
    case graph
    /// A value on the command line.
    case literal
    /// An array file.
    case npy

    /// The requested kind; nil in an ordinary run of the tool.
    static let current = ProcessInfo.processInfo.environment["NUMPYFN_FUZZ_KIND"].flatMap(Self.init)

    /// Passes the program's arguments to libFuzzer, and never returns.
    static func run() -> Never {
      var count = CommandLine.argc
      var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
        unsafe CommandLine.unsafeArgv
      exit(unsafe runFuzzer(&count, &arguments, useFuzzerInput))
    }

    /// Parses an input.
    ///
    /// Any error is acceptable, a crash is not.
    fileprivate func read(_ data: Data) {
      switch self {
      case .graph:
        guard let graph = try? PrintedGraph(parsing: String(decoding: data, as: UTF8.self)) else {
          return
        }
        let printed = "\(graph)"
        guard let again = try? PrintedGraph(parsing: printed), "\(again)" == printed else {
          fatalError("a graph is not read as it is printed:\n\(printed)")
        }
        _ = graph.dot()
      case .literal:
        _ = try? ByteFuzzing.literals.get().tensor(String(decoding: data, as: UTF8.self))
      case .npy:
        guard (try? data.write(to: ByteFuzzing.file)) != nil else { return }
        _ = try? ByteFuzzing.arrays.get().tensor(path: FilePath(ByteFuzzing.file.path))
      }
    }

    private static let literals = Result { try LiteralReader(dtype: nil) }
    private static let arrays = Result { try ArrayFileReader() }
    private static let file = FileManager.default.temporaryDirectory
      .appending(path: "numpyfn-fuzz-\(ProcessInfo.processInfo.processIdentifier).npy")
  }

  /// Reads one input.
  ///
  /// libFuzzer calls the function of this name if it has its own `main`.
  @_cdecl("LLVMFuzzerTestOneInput")
  func useFuzzerInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let data = unsafe Data(UnsafeRawBufferPointer(start: bytes, count: count))
    ByteFuzzing.current?.read(data)
    return 0
  }

  @_silgen_name("LLVMFuzzerRunDriver")
  private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ use: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
  ) -> CInt
#endif
