internal import ArgumentParser
internal import Foundation
internal import NumPyFunctions

/// The file that results are written to: all of it, or none.
struct OutputFile {
  private let path: String
  private let replacesExisting: Bool
  private let save: PythonObject

  /// Refuses a file name that the results cannot be written to.
  ///
  /// - Throws: `ValidationError`.
  static func validate(_ path: String, resultCount: Int) throws {
    guard path.hasSuffix(".npy") || path.hasSuffix(".npz") else {
      throw ValidationError(
        "The output file must be an .npy (one result) or an .npz (any number), not \(path.quoted).")
    }
    guard path.hasSuffix(".npz") || resultCount == 1 else {
      throw ValidationError(
        "An .npy holds one result, --tout declares \(resultCount): write an .npz instead.")
    }
  }

  /// A file that can be written, as far as that can be known before.
  ///
  /// - Throws: `Failure` when it exists and is not to be replaced, or its folder does not; `StartError`.
  init(_ path: String, replacesExisting: Bool) throws {
    self.path = path
    self.replacesExisting = replacesExisting
    let files = FileManager.default
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    guard unsafe files.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw Failure("\(path) cannot be written: there is no folder \(folder)")
    }
    guard files.isWritableFile(atPath: folder) else {
      throw Failure("\(path) cannot be written: the folder \(folder) is not writable")
    }
    // Of the link itself, if it is one: one to nowhere is in the way, too.
    if let type = try? files.attributesOfItem(atPath: path)[.type] as? FileAttributeType {
      guard replacesExisting else {
        throw Failure("\(path) exists; add --force to replace it")
      }
      guard type == .typeRegular || type == .typeSymbolicLink else {
        throw Failure("\(path) exists and is no ordinary file; name another")
      }
    }
    save = try Python.function(OutputFile.source, named: "save")
  }

  /// Writes the results, as arr_0, arr_1, … in an .npz.
  ///
  /// - Throws: `Failure`; then the file is what it was before.
  func write(_ results: [Tensor]) throws {
    var target = URL(fileURLWithPath: path)
    // What a link points to is replaced, not the link.
    if replacesExisting { target.resolveSymlinksInPath() }
    let temporary = target.deletingLastPathComponent().appendingPathComponent(
      ".numpyfn-\(UUID().uuidString).tmp")
    let cleanup = SignalCleanup(removing: temporary.path)
    defer { cleanup.end() }
    do {
      _ = try save(target.path, temporary.path, replacesExisting, PythonObject(tuple: results))
    } catch let error as PythonError {
      throw Failure("\(path) \(error.message)")
    }
  }

  /// Writes beside the target, and has it appear there at once.
  ///
  /// A link, unlike a renamed file, never takes the place of one that has appeared meanwhile.
  private static let source = """
    import contextlib, os, shutil
    import numpy as np

    def save(target, temporary, replace, arrays):
        try:
            with open(temporary, "xb") as file:
                if target.endswith(".npz"):
                    np.savez(file, *arrays)
                else:
                    np.save(file, arrays[0], allow_pickle=False)
                file.flush()
                os.fsync(file.fileno())
            place(target, temporary, replace)
        except FileExistsError:
            raise RuntimeError("has appeared meanwhile; add --force to replace it")
        except OSError as error:
            raise RuntimeError(f"cannot be written: {error.strerror or error}")
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)

    def place(target, temporary, replace):
        if not replace:
            os.link(temporary, target)
            return
        if os.path.exists(target):
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
    """
}
