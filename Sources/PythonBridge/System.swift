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

/// The path of the running program, as bytes, with all symbolic links resolved; nil when the system does
/// not say, or it is not there any more.
func ownExecutable() -> [UInt8]? {
  #if canImport(Darwin)
    var size: UInt32 = 0
    _ = unsafe _NSGetExecutablePath(nil, &size)
    var path = [CChar](repeating: 0, count: Int(size) + 1)
    guard unsafe _NSGetExecutablePath(&path, &size) == 0 else { return nil }
  #else
    let path = "/proc/self/exe"
  #endif
  guard let resolved = unsafe realpath(path, nil) else { return nil }
  defer { unsafe free(resolved) }
  return unsafe Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved)))
}

/// What is left to read of a stream, which is closed; nil when it cannot be read.
private func contents(_ stream: UnsafeMutablePointer<FILE>?) -> String? {
  guard let stream = unsafe stream else { return nil }
  defer { unsafe fclose(stream) }
  var bytes: [UInt8] = []
  while case let byte = unsafe getc(stream), byte != EOF { bytes.append(UInt8(byte)) }
  return String(decoding: bytes, as: UTF8.self)
}

/// The text of a file; nil when it cannot be read.
func textOfFile(_ path: String) -> String? {
  unsafe contents(fopen(path, "r"))
}

/// What a program prints; nil when it cannot be run.
func outputOfProgram(_ arguments: [String]) -> String? {
  var ends: [Int32] = [-1, -1]
  guard unsafe pipe(&ends) == 0 else { return nil }
  let (reading, writing) = (ends[0], ends[1])
  defer { close(reading) }
  // A process that another thread starts meanwhile must not keep the pipe open.
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe posix_spawn_file_actions_destroy(&actions) }
  unsafe posix_spawn_file_actions_adddup2(&actions, writing, 1)
  unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
  var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
  defer { for index in unsafe words.indices { unsafe free(words[index]) } }
  var process: pid_t = 0
  #if canImport(Darwin)
    let environment = unsafe _NSGetEnviron().pointee
  #else
    let environment = unsafe environ
  #endif
  let status = unsafe posix_spawn(&process, arguments[0], &actions, nil, &words, environment)
  close(writing)
  guard status == 0 else { return nil }
  let text = unsafe contents(fdopen(dup(reading), "r"))
  // Nobody's business how it ended; with SIGCHLD ignored there is nothing to wait for.
  waitpid(process, nil, 0)
  return text
}

extension String {
  /// The folder that a path lies in.
  var parentFolder: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == startIndex ? "/" : String(decoding: utf8[..<slash], as: UTF8.self)
  }

  /// The string without white space at both ends.
  var trimmed: String {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text.drop(while: \.isWhitespace))
  }
}
