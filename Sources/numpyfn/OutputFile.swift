internal import ArgumentParser
internal import NumPyFunctions

/// The file to which results are written, completely or not at all.
struct OutputFile {
  /// The path as the user wrote it.
  private let name: String
  private let target: TargetFile
  private let save: PythonObject

  /// Throws for a file name with a suffix or format that does not fit the results.
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
    // NumPy would write the bytes, but not the dtype.
    guard !results.contains(.bfloat16) else {
      throw ValidationError(
        "NumPy's files have no bfloat16: let the function return float32, or leave out -o.")
    }
  }

  /// Checks in advance, as far as possible, that the file can be written.
  ///
  /// - Throws: `Failure`, as ``TargetFile/init(_:replacesExisting:)``; `StartError`.
  init(_ name: String, replacesExisting: Bool) throws {
    self.name = name
    target = try TargetFile(name, replacesExisting: replacesExisting)
    save = try Python.function(OutputFile.source, named: "save")
  }

  /// Writes the results, as arr_0, arr_1, … in an .npz.
  ///
  /// - Throws: `Failure`; the file is then unchanged.
  func write(_ results: [Tensor]) throws {
    try target.write { temporary in
      do {
        let path = try PythonObject(systemPath: temporary.text)
        _ = try save(path, name.hasSuffix(".npz"), PythonObject(tuple: results))
      } catch let error as PythonError {
        throw Failure("\(name): \(error.message)")
      }
    }
  }

  /// Strings are written with NumPy's dtype S, since objects would be pickled.
  private static let source = """
    import os
    import numpy as np

    def save(path, is_archive, results):
        try:
            arrays = [storable(result) for result in results]
            with open(path, "xb") as file:
                if is_archive:
                    np.savez(file, *arrays)
                else:
                    np.save(file, arrays[0], allow_pickle=False)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise RuntimeError(error.strerror or str(error))

    def storable(result):
        if not isinstance(result, bytes) and result.dtype != object:
            return result
        strings = np.array(result, object)
        if any(string.endswith(b"\\0") for string in strings.flat):
            raise ValueError("a string ends with a NUL, which NumPy's files do not keep")
        return strings.astype("S")
    """
}
