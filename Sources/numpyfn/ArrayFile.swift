internal import NumPyFunctions

/// Reads arrays that `numpy.save` and `numpy.savez` have written; pickles are refused.
struct ArrayFileReader {
  private let read: PythonObject

  /// - Throws: `StartError`.
  init() throws {
    read = try Python.function(ArrayFileReader.source, named: "read")
  }

  /// The array of an .npy file, or the one called `key` of an .npz file; of standard input when the
  /// path is nil.
  ///
  /// - Throws: `Failure` naming the file.
  func tensor(path: String?, key: String? = nil) throws -> Tensor {
    let name = [path ?? "standard input", key].compactMap(\.self).joined(separator: ":")
    do {
      return try Python.withGIL { gil in
        // Nobody else holds what the call returns, so that its memory becomes the tensor's.
        let call = try Python.import("functools").partial(read, path, key)
        var returned = try ReturnedValues(calling: call, with: [], gil)
        guard let array = try returned.takeArray(at: 0, gil) else {
          throw Failure("\(name): it holds no array")
        }
        return try array.tensor(gil).tensor
      }
    } catch let error as PythonError {
      throw Failure("\(name): \(error.message)")
    } catch let error as TensorError {
      let known = DType.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure("\(name): \(error.message); the dtypes are \(known)")
    }
  }

  /// Opens a file and reads it; every problem becomes an exception whose message says all.
  ///
  /// `numpy.load` wants to seek, which a pipe cannot, and takes whatever it does not know for a
  /// pickle. See <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
  private static let source = """
    import types, zipfile
    import numpy as np

    class Refusal(Exception):
        pass

    def read(path, key):
        try:
            with open(0 if path is None else path, "rb", closefd=path is not None) as file:
                start = file.peek(8)
                if path is not None and start.startswith(b"PK"):
                    return member(file, key)
                if start.startswith(b"PK"):
                    raise Refusal("an .npz cannot be read from a pipe; name the file")
                if key is not None:
                    raise Refusal("this is no .npz file")
                return array(file, start)
        except Refusal:
            raise
        except OSError as error:
            raise Refusal(error.strerror or error)
        except Exception as error:
            reason = str(error).partition("\\n")[0]
            raise Refusal(f"damaged, or not written by NumPy: {reason or type(error).__name__}")

    def member(file, key):
        with zipfile.ZipFile(file) as archive:
            names = {entry.removesuffix(".npy"): entry for entry in archive.namelist()}
            if key not in names:
                keys = ", ".join(names) or "none"
                raise Refusal(f"there is no such key; the keys are {keys}" if key else
                              f"an .npz holds several arrays: append :KEY; the keys are {keys}")
            with archive.open(names[key]) as entry:
                return array(entry, entry.peek(8))

    def array(file, start):
        if start.startswith(b"\\x80"):
            raise Refusal(PICKLED)
        # NumPy takes a file without seek by its read alone, in pieces.
        if isinstance(file, zipfile.ZipExtFile) or not file.seekable():
            file = types.SimpleNamespace(read=file.read)
        try:
            return np.lib.format.read_array(file, allow_pickle=False)
        except ValueError as error:
            if "Object arrays" in str(error):
                raise Refusal(PICKLED)
            raise

    PICKLED = ("it holds pickled Python objects, which are never loaded, as that may run any code: "
               "save an array of numbers or strings with numpy.save")
    """
}
