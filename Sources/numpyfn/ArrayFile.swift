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
    let name = path ?? "standard input"
    do {
      return try Python.withGIL { gil in
        // Nobody else holds what the call returns, so that its memory becomes the tensor's.
        let call = try Python.import("functools").partial(read, path, key, name)
        var returned = try ReturnedValues(calling: call, with: [], gil)
        guard let array = try returned.takeArray(at: 0, gil) else {
          throw Failure("\(name) holds no array")
        }
        return try array.tensor(gil).tensor
      }
    } catch let error as PythonError {
      throw Failure(error.message)
    } catch let error as TensorError {
      let known = DType.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure("\(name): \(error.message); the dtypes are \(known)")
    }
  }

  /// Every problem becomes an exception whose message says all.
  ///
  /// `numpy.load` wants to seek, which a pipe cannot, and takes whatever it does not know for a
  /// pickle. See <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
  private static let source = """
    import types, zipfile
    import numpy as np

    class Refusal(Exception):
        pass

    def read(path, key, name):
        try:
            with open(0 if path is None else path, "rb", closefd=path is not None) as file:
                start = file.peek(8)
                if path is not None and start.startswith(b"PK"):
                    return member(file, key, name)
                if key is not None:
                    raise Refusal(f"{name} is no .npz file")
                return array(file, start, name)
        except Refusal:
            raise
        except OSError as error:
            raise Refusal(f"{name}: {error.strerror or error}")
        except Exception as error:
            reason = str(error).partition("\\n")[0]
            raise Refusal(f"{name} is damaged, or no file of NumPy's: {reason}")

    def member(file, key, name):
        with zipfile.ZipFile(file) as archive:
            keys = [entry.removesuffix(".npy") for entry in archive.namelist()]
            if key not in keys:
                there = ", ".join(keys) or "nothing"
                raise Refusal(
                    f"{name} holds several arrays: write {name}:KEY; the keys are {there}"
                    if key is None else f"{name} has no key '{key}'; the keys are {there}")
            with archive.open(archive.namelist()[keys.index(key)]) as entry:
                return array(entry, entry.peek(8), f"{name}:{key}")

    def array(file, start, name):
        if start.startswith(b"\\x80"):
            raise Refusal(pickled(name))
        if not file.seekable() or not hasattr(file, "fileno"):
            file = types.SimpleNamespace(read=file.read)
        try:
            return np.lib.format.read_array(file, allow_pickle=False)
        except ValueError as error:
            if "Object arrays" in str(error):
                raise Refusal(pickled(name))
            raise

    def pickled(name):
        return (f"{name} holds Python objects, pickled; these are never loaded, as loading them may "
                "run any code: save an array of numbers with numpy.save")
    """
}
