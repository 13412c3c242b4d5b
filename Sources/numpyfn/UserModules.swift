internal import NumPyFunctions

/// The modules of the folder in which the tool runs, of which only the one that the user names is
/// imported, and what that imports itself.
///
/// The folder is not trusted: a file in it that is called as a module of Python's or of a package is
/// not imported by those, nor by this tool. See <https://docs.python.org/3/library/sys_path_init.html>.
enum UserModules {
  /// Has the named module be looked for in the current folder first.
  ///
  /// Not where `PYTHONSAFEPATH` is set, by which Python itself keeps to its packages.
  ///
  /// - Throws: `PythonError`.
  static func allow(_ module: String) throws {
    _ = try Python.function(source, named: "allow")(module)
  }

  /// The finder of modules in the folder is its entry in Python's table of them; for `sys.path`, which
  /// workers inherit, the folder is an ordinary one, and the last.
  private static let source = """
    import os, sys
    from importlib.machinery import (
        EXTENSION_SUFFIXES, SOURCE_SUFFIXES, BYTECODE_SUFFIXES,
        ExtensionFileLoader, SourceFileLoader, SourcelessFileLoader, FileFinder)

    class Folder(FileFinder):
        # The module that the user names, which is found before all others.
        named = None

        def find_spec(self, name, target=None):
            if name != self.named and (name in sys.stdlib_module_names or not self.is_asked()):
                return None
            return super().find_spec(name, target)

        # Whether it is code of the folder that imports, itself or by a function of Python's own.
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

        # An environment of packages may lie in the folder.
        def holds(self, file):
            paths = [path for path in sys.path if type(path) is str and file.startswith(path + os.sep)]
            return self.path == max(paths, key=len, default=None)

    class Named:
        def __init__(self, folder):
            self.folder = folder

        def find_spec(self, name, path=None, target=None):
            spec = self.folder.find_spec(name) if name == self.folder.named else None
            # A folder without __init__.py is a package only where there is no other.
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
