internal import NumPyFunctions

/// Imports modules from the current directory: only the module that the user names, and the modules
/// that it imports itself.
///
/// The current directory is not trusted: neither this tool, nor Python's modules, nor packages import a file
/// in it that has the name of another module. See <https://docs.python.org/3/library/sys_path_init.html>.
enum UserModules {
  /// Makes Python look for the named module in the current directory first.
  ///
  /// Does nothing if `PYTHONSAFEPATH` is set, with which Python itself ignores the current
  /// directory.
  ///
  /// - Throws: `PythonError`.
  static func allow(_ module: String) throws {
    _ = try Python.function(source, named: "allow")(module)
  }

  /// The finder is registered for the directory in `sys.path_importer_cache`.
  ///
  /// In `sys.path`, which worker processes inherit, the directory is an ordinary entry, and the last.
  private static let source = """
    import os, sys
    from importlib.machinery import (
        EXTENSION_SUFFIXES, SOURCE_SUFFIXES, BYTECODE_SUFFIXES,
        ExtensionFileLoader, SourceFileLoader, SourcelessFileLoader, FileFinder)

    class Folder(FileFinder):
        # The module that the user names, which has priority over all others.
        named = None

        def find_spec(self, name, target=None):
            if name != self.named and (name in sys.stdlib_module_names or not self.is_asked()):
                return None
            return super().find_spec(name, target)

        # Whether code in the folder imports, directly or through a function of the standard
        # library.
        def is_asked(self):
            frame = sys._getframe(2)
            while frame is not None:
                name, file = frame.f_globals.get("__name__"), frame.f_globals.get("__file__")
                if type(file) is str and self.holds(file):
                    return True
                if type(name) is not str or name.partition(".")[0] not in sys.stdlib_module_names:
                    return False
                frame = frame.f_back
            return False

        # A virtual environment may be inside of the folder.
        def holds(self, file):
            paths = [path for path in sys.path if type(path) is str and file.startswith(path + os.sep)]
            return self.path == max(paths, key=len, default=None)

    class Named:
        def __init__(self, folder):
            self.folder = folder

        def find_spec(self, name, path=None, target=None):
            spec = self.folder.find_spec(name) if name == self.folder.named else None
            # A folder without __init__.py is a namespace package, which has no priority over other
            # modules.
            return spec and spec.loader and spec

    def allow(module):
        if getattr(sys.flags, "safe_path", False):
            return
        path = os.getcwd()
        folder = Folder(path, (ExtensionFileLoader, EXTENSION_SUFFIXES),
                        (SourceFileLoader, SOURCE_SUFFIXES),
                        (SourcelessFileLoader, BYTECODE_SUFFIXES))
        folder.named = module.partition(".")[0]
        if path not in sys.path:
            sys.path_importer_cache[path] = folder
            sys.path.append(path)
        sys.meta_path.insert(0, Named(folder))
    """
}
