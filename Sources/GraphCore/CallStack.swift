#if os(Linux) && canImport(Runtime)
  internal import Runtime

  /// The return addresses of the functions that are being called right now.
  ///
  /// A Swift operator has no parameter in which it could take its caller's file and line, so these
  /// are found on the stack. Taking the addresses costs a few microseconds; looking up what lines
  /// they are is left until somebody asks.
  ///
  /// See <https://github.com/swiftlang/swift-evolution/blob/main/proposals/0419-backtrace-api.md>.
  struct CallStack: Sendable {
    private let backtrace: Backtrace

    /// What is loaded where, which serves to recognise asynchronous frames; read once, since that
    /// costs more than all the rest.
    private static let images = ImageMap.capture()

    /// Enough for this initialiser, `SourceLocation`'s, `apply`, the operator, what the optimiser
    /// may put between these two, the operator's caller, and the mark that there are more.
    ///
    /// No larger: far beyond the caller there may be C code, which keeps no frame pointers to
    /// follow. A closure that is being traced has more Swift than this below it.
    private static let limit = 8

    @inline(never)
    init?() {
      guard
        let backtrace = try? Backtrace.capture(limit: Self.limit, top: 0, images: Self.images)
      else { return nil }
      self.backtrace = backtrace
    }

    /// The innermost line that is neither this module's nor the standard library's; nil when there
    /// is no debug information, or the line is that of a macro's expansion.
    var position: SourceLocation.Position? {
      guard let frames = backtrace.symbolicated(with: ImageMap.capture())?.frames else {
        return nil
      }
      let lines = frames.compactMap { frame in frame.symbol?.sourceLocation }
      // The first is a line of this file, so its folder is the module's.
      guard let first = lines.first, let slash = first.path.lastIndex(of: "/") else { return nil }
      let module = first.path[...slash]
      for line in lines where line.line > 0 && !line.path.hasPrefix(module) {
        if line.path.hasSuffix("<compiler-generated>") || line.path.contains("/stdlib/public/") {
          continue
        }
        if line.path.contains("@__swiftmacro") { return nil }
        let file = line.path.split(separator: "/").suffix(2).joined(separator: "/")
        return SourceLocation.Position(file: file, line: line.line)
      }
      return nil
    }
  }
#else
  /// Nothing: here the standard library cannot read the stack.
  struct CallStack: Sendable {
    init?() { return nil }
    var position: SourceLocation.Position? { nil }
  }
#endif
