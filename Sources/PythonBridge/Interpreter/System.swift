internal import LibC

// The system calls that are needed to choose a Python. Foundation has them too, but would add its
// loading time to every program that uses the library.

/// An environment variable; nil when it is not set, or empty.
func environmentVariable(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  let text = unsafe String(systemText: value)
  return text.isEmpty ? nil : text
}

/// The kind of file at a path.
enum FileKind {
  case missing, directory, executable, other

  init(_ path: String) {
    var info = stat()
    guard unsafe path.withSystemText({ unsafe stat($0, &info) }) == 0 else {
      self = .missing
      return
    }
    if info.st_mode & S_IFMT == S_IFDIR {
      self = .directory
    } else {
      let isExecutable = unsafe path.withSystemText { unsafe access($0, X_OK) } == 0
      self = isExecutable ? .executable : .other
    }
  }
}

/// The path with all symbolic links resolved; nil when there is no such file.
func resolvedPath(_ path: String) -> String? {
  guard let resolved = unsafe path.withSystemText({ unsafe realpath($0, nil) }) else { return nil }
  defer { unsafe free(resolved) }
  return unsafe String(systemText: resolved)
}

/// The path of the running program, with all symbolic links resolved; nil when it is unknown or no longer
/// exists.
func ownExecutable() -> String? {
  #if canImport(Darwin)
    var size: UInt32 = 0
    _ = unsafe _NSGetExecutablePath(nil, &size)
    var path = [CChar](repeating: 0, count: Int(size) + 1)
    guard unsafe _NSGetExecutablePath(&path, &size) == 0 else { return nil }
    return unsafe path.withUnsafeBufferPointer {
      unsafe $0.baseAddress.map { String(systemText: $0) }
    }
    .flatMap(resolvedPath)
  #else
    return resolvedPath("/proc/self/exe")
  #endif
}

/// The text of a file; nil when it cannot be read, is no regular file, or is larger than 1 MiB.
func textOfFile(_ path: String) -> String? {
  // Opened without blocking, since it may be a pipe.
  let file = unsafe path.withSystemText { unsafe open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
  guard file >= 0 else { return nil }
  defer { close(file) }
  var info = stat()
  let limit = 1 << 20
  guard unsafe fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size <= limit
  else { return nil }
  var bytes = [UInt8](repeating: 0, count: limit)
  let count = unsafe read(file, &bytes, limit)
  return count < 0 ? nil : String(systemBytes: bytes.prefix(count))
}

/// The output of a program; nil when it cannot be run, takes longer than 10 seconds, or prints more than 64
/// KiB.
///
/// In the last two cases the program and its child processes are killed.
func outputOfProgram(_ arguments: [String]) -> String? {
  var ends: [Int32] = [-1, -1]
  guard unsafe pipe(&ends) == 0 else { return nil }
  let (reading, writing) = (ends[0], ends[1])
  defer { close(reading) }
  // A process that another thread starts in the meantime must not keep the pipe open.
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  guard let process = spawn(arguments, writing: writing) else {
    close(writing)
    return nil
  }
  close(writing)
  let deadline = ContinuousClock.now + .seconds(10)
  let text = contents(reading, limit: 64 << 10, until: deadline)
  // The exit status is not used. If SIGCHLD is ignored, there is nothing to wait for.
  while waitpid(process, nil, WNOHANG) == 0 {
    if text == nil || ContinuousClock.now >= deadline {
      kill(-process, SIGKILL)
      waitpid(process, nil, 0)
      return nil
    }
    usleep(1000)
  }
  // The program has ended, but may have left child processes.
  if text == nil { kill(-process, SIGKILL) }
  return text
}

/// Starts a program without input, in its own process group; nil when it cannot be started.
private func spawn(_ arguments: [String], writing output: Int32) -> pid_t? {
  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe posix_spawn_file_actions_destroy(&actions) }
  unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
  unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
  var attributes = posix_spawnattr_t()
  unsafe posix_spawnattr_init(&attributes)
  defer { unsafe posix_spawnattr_destroy(&attributes) }
  unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
  var words = unsafe arguments.map { unsafe $0.withSystemText { unsafe strdup($0) } } + [nil]
  defer { for index in unsafe words.indices { unsafe free(words[index]) } }
  var process: pid_t = 0
  var environment = unsafe environmentOfOthers()
  guard let program = unsafe words[0] else { return nil }
  let status = unsafe posix_spawn(&process, program, &actions, &attributes, &words, &environment)
  return status == 0 ? process : nil
}

/// The environment without the variables that choose a Python: the program may itself use this package, and
/// would otherwise start itself without end.
@unsafe private func environmentOfOthers() -> [UnsafeMutablePointer<CChar>?] {
  #if canImport(Darwin)
    var next = unsafe _NSGetEnviron().pointee
  #else
    var next = unsafe environ
  #endif
  let choices: [StaticString] = ["NUMPYFN_PYTHON=", "VIRTUAL_ENV="]
  var variables: [UnsafeMutablePointer<CChar>?] = unsafe []
  while let variable = unsafe next.pointee {
    let isChoice = choices.contains { name in
      unsafe strncmp(variable, name.utf8Start, name.utf8CodeUnitCount) == 0
    }
    if !isChoice { unsafe variables.append(variable) }
    unsafe next += 1
  }
  return unsafe variables + [nil]
}

/// Reads to the end; nil when there are more bytes than the limit, or the time is up.
private func contents(
  _ file: Int32, limit: Int, until deadline: ContinuousClock.Instant
) -> String? {
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while bytes.count <= limit {
    let left = (deadline - ContinuousClock.now) / .milliseconds(1)
    guard left > 0 else { return nil }
    var wanted = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
    let ready = unsafe poll(&wanted, 1, Int32(left.rounded(.up)))
    if ready < 0 && errno == EINTR { continue }
    guard ready > 0 else { return nil }
    let count = unsafe read(file, &buffer, buffer.count)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { return nil }
    if count == 0 { return String(systemBytes: bytes) }
    bytes += buffer.prefix(count)
  }
  return nil
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
