#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

// The few calls of the operating system that choosing a Python needs. Foundation would have them,
// and would cost every program that uses the library its loading time.

/// An environment variable; nil when it is not set, or empty.
func environmentVariable(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  let text = unsafe String(cString: value)
  return text.isEmpty ? nil : text
}

/// What is at a path.
enum FileKind {
  case missing, directory, executable, other

  init(_ path: String) {
    var info = stat()
    guard unsafe stat(path, &info) == 0 else {
      self = .missing
      return
    }
    if info.st_mode & S_IFMT == S_IFDIR {
      self = .directory
    } else {
      self = unsafe access(path, X_OK) == 0 ? .executable : .other
    }
  }
}

/// The path with all symbolic links resolved; nil when there is no such file.
func resolvedPath(_ path: String) -> String? {
  guard let resolved = unsafe realpath(path, nil) else { return nil }
  defer { unsafe free(resolved) }
  return unsafe String(cString: resolved)
}

/// The contents of a file, or what a stream of `open` says; nil when it cannot be read.
private func contents(_ stream: UnsafeMutablePointer<FILE>?) -> String? {
  guard let stream = unsafe stream else { return nil }
  var bytes: [UInt8] = []
  while case let byte = unsafe getc(stream), byte != EOF { bytes.append(UInt8(byte)) }
  return String(decoding: bytes, as: UTF8.self)
}

/// The text of a file; nil when it cannot be read.
func textOfFile(_ path: String) -> String? {
  let file = unsafe fopen(path, "r")
  defer { if let file = unsafe file { unsafe fclose(file) } }
  return unsafe contents(file)
}

/// What a shell command prints; nil when it cannot be run or fails.
func outputOfCommand(_ command: String) -> String? {
  let pipe = unsafe popen(command, "r")
  let text = unsafe contents(pipe)
  guard let pipe = unsafe pipe, unsafe pclose(pipe) == 0 else { return nil }
  return text
}

extension String {
  /// The string as one word of a shell command.
  var quotedForShell: String {
    "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  /// The folder that a path lies in.
  var parentFolder: String {
    guard let slash = lastIndex(of: "/") else { return "." }
    return slash == startIndex ? "/" : String(self[..<slash])
  }

  /// The string without white space at both ends.
  var trimmed: String {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text.drop(while: \.isWhitespace))
  }
}
