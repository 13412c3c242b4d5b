internal import CPython

/// The libpython that this program is linked with.
package struct LibPython: Sendable {
  /// The file it was loaded from.
  package let path: String

  /// Its version, `3.11.2`.
  package let version: String

  /// The `3.11` of its version, which an environment must have too.
  var minorVersion: String { LibPython.minor(of: version) }

  /// The library of this process, without a check of its version.
  ///
  /// Evaluated once, since Py_GetVersion builds its result at the first call and is not
  /// thread-safe.
  package static let linked = LibPython(
    path: unsafe cpy_library_path().map { unsafe String(systemText: $0) } ?? "unknown",
    version: String(unsafe String(cString: cpy_library_version()).prefix { $0 != " " }))

  /// The library of this process.
  ///
  /// - Throws: `StartError` when its minor version is not that of the headers with which this was compiled,
  ///   since the layouts of Python's structs would differ.
  static func loaded() throws(StartError) -> LibPython {
    let headers = unsafe String(cString: cpy_header_version())
    let loaded = linked
    guard loaded.minorVersion == minor(of: headers) else {
      throw StartError(
        "this program was compiled for Python \(minor(of: headers)), with the headers of "
          + "\(headers), but the libpython it loaded is \(loaded.version), from \(loaded.path); "
          + "make the two agree: build again (rm -rf .build; swift build) with PKG_CONFIG_PATH "
          + "naming the folder of that Python's python3-embed.pc, or take the other libpython "
          + "out of LD_LIBRARY_PATH (DYLD_LIBRARY_PATH on macOS)")
    }
    return loaded
  }

  /// `3.11` of `3.11.2`.
  static func minor(of version: String) -> String {
    version.split(separator: ".").prefix(2).joined(separator: ".")
  }

  /// The Python executable that belongs to the library; nil when there is none near it.
  ///
  /// `python3` on PATH may belong to another build, so the executable is looked for near the
  /// library, such as `/usr/bin/python3.11` for `/usr/lib/x86_64-linux-gnu/libpython3.11.so`.
  var executable: String? {
    var folder = (resolvedPath(path) ?? path).parentFolder
    while true {
      let candidate = "\(folder == "/" ? "" : folder)/bin/python\(minorVersion)"
      if FileKind(candidate) == .executable { return candidate }
      if folder == "/" || folder == "." { return nil }
      folder = folder.parentFolder
    }
  }

  /// A path from which Python finds the library's own standard library; it need not exist.
  var landmark: String {
    "\((resolvedPath(path) ?? path).parentFolder)/python\(minorVersion)"
  }
}
