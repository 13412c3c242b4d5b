internal import ArgumentParser
internal import Foundation
internal import NumPyFunctions

/// The file that results are written to: all of it, or none.
struct OutputFile {
  /// As the user names it.
  private let name: String
  private let target: URL
  private let replacesExisting: Bool
  private let save: PythonObject

  /// Refuses a file name that the results cannot be written to.
  ///
  /// - Throws: `ValidationError`.
  static func validate(_ path: String, results: [DType]) throws {
    guard path.hasSuffix(".npy") || path.hasSuffix(".npz") else {
      throw ValidationError(
        "The output file must be an .npy (one result) or an .npz (any number), not \(path.quoted).")
    }
    guard path.hasSuffix(".npz") || results.count == 1 else {
      throw ValidationError(
        "An .npy holds one result, --tout declares \(results.count): write an .npz instead.")
    }
    // NumPy writes the bytes, but not what they are.
    guard !results.contains(.bfloat16) else {
      throw ValidationError(
        "NumPy's files have no bfloat16: let the function return float32, or leave out -o.")
    }
  }

  /// A file that can be written, as far as that can be known before.
  ///
  /// - Throws: `Failure` when it exists and is not to be replaced, or its folder does not;
  ///   `StartError`.
  init(_ name: String, replacesExisting: Bool) throws {
    self.name = name
    self.replacesExisting = replacesExisting
    save = try Python.function(OutputFile.source, named: "save")
    // Absolute: the function may change the folder. What a link points to is replaced, not the link.
    let os = try Python.import("os")
    let path = try String(os.path.attribute(replacesExisting ? "realpath" : "abspath")(name))
    target = URL(fileURLWithPath: path)
    let folder = target.deletingLastPathComponent().path
    guard try Bool(os.path.isdir(folder)) else {
      throw Failure("\(name): there is no folder \(folder)")
    }
    guard try Bool(os.access(folder, os.W_OK)) else {
      throw Failure("\(name): the folder \(folder) is not writable")
    }
    guard try Bool(os.path.lexists(path)) else { return }
    guard replacesExisting else {
      throw Failure("\(name) exists; add --force to replace it")
    }
    guard try Bool(os.path.isfile(path)) else {
      throw Failure("\(name) is no ordinary file, and is not replaced; name another")
    }
  }

  /// Writes the results, as arr_0, arr_1, … in an .npz.
  ///
  /// - Throws: `Failure`; then the file is what it was before.
  func write(_ results: [Tensor]) throws {
    let temporary = target.deletingLastPathComponent().appendingPathComponent(
      ".numpyfn-\(UUID().uuidString).tmp")
    let cleanup = SignalCleanup(removing: temporary.path)
    defer { cleanup.end() }
    do {
      _ = try save(target.path, temporary.path, replacesExisting, PythonObject(tuple: results))
    } catch let error as PythonError {
      throw Failure("\(name): \(error.message)")
    }
  }

  /// Writes beside the target, and has it appear there at once.
  ///
  /// A link, unlike a renamed file, never takes the place of one that has appeared meanwhile.
  /// Strings are written as NumPy's dtype S: as objects they would be pickled.
  private static let source = """
    import contextlib, os, shutil
    import numpy as np

    def save(target, temporary, replace, results):
        try:
            arrays = [storable(result) for result in results]
            with open(temporary, "xb") as file:
                if target.endswith(".npz"):
                    np.savez(file, *arrays)
                else:
                    np.save(file, arrays[0], allow_pickle=False)
                file.flush()
                os.fsync(file.fileno())
            place(target, temporary, replace)
        except OSError as error:
            raise RuntimeError(error.strerror or str(error))
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)

    def storable(result):
        if not isinstance(result, bytes) and result.dtype != object:
            return result
        strings = np.array(result, object)
        if any(string.endswith(b"\\0") for string in strings.flat):
            raise ValueError("a string ends with a NUL, which NumPy's files do not keep")
        return strings.astype("S")

    def place(target, temporary, replace):
        if not replace:
            try:
                os.link(temporary, target)
            except FileExistsError:
                raise RuntimeError("it has appeared meanwhile; add --force to replace it")
            except OSError as error:
                raise RuntimeError(f"cannot be linked into place here ({error.strerror}); add --force")
            return
        if os.path.exists(target):
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
    """
}
