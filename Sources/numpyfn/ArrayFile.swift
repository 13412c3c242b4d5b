internal import NumPyFunctions

/// Reads arrays that were written by `numpy.save` and `numpy.savez`; pickles are refused.
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
  func tensor(path: FilePath?, key: String? = nil) throws -> Tensor {
    let name = [path?.text ?? "standard input", key].compactMap(\.self).joined(separator: ":")
    do {
      return try Python.withGIL { gil in
        // The array that the call returns has a unique reference, so the tensor adopts its memory.
        let path = try path.map { try PythonObject(systemPath: $0.text) }
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

  /// Opens a file and reads it.
  ///
  /// Every problem raises an exception with a complete message.
  ///
  /// `numpy.load` needs to seek, which a pipe does not support, and treats any unknown format as a
  /// pickle. See <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
  private static let source = """
    import ast, io, math, os, stat, types, zipfile
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
                information = os.fstat(file.fileno())
                is_regular = stat.S_ISREG(information.st_mode)
                return array(file, start, information.st_size - file.tell() if is_regular else None)
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
                keys = ", ".join(list(names)[:20]) + (", …" if len(names) > 20 else "") or "none"
                raise Refusal(f"there is no such key; the keys are {keys}" if key else
                              f"an .npz holds several arrays: append :KEY; the keys are {keys}")
            with archive.open(names[key]) as entry:
                return array(entry, entry.peek(8), archive.getinfo(names[key]).file_size)

    # `size`: the number of bytes; None for a pipe.
    def array(file, start, size):
        if start.startswith(b"\\x80"):
            raise Refusal(PICKLED)
        can_seek = isinstance(file, io.BufferedReader) and file.seekable()
        place = file.tell() if can_seek else None
        head = header(file)
        check(head, size)
        if can_seek:
            file.seek(place)
        else:
            # For a file without seek, NumPy only calls read, for one piece after another.
            again, rest = io.BytesIO(head), file
            file = types.SimpleNamespace(read=lambda count: again.read(count) or rest.read(count))
        try:
            return np.lib.format.read_array(file, allow_pickle=False)
        except ValueError as error:
            if "Object arrays" in str(error):
                raise Refusal(PICKLED)
            raise

    # The header before the elements; NumPy raises the error for an invalid one.
    def header(file):
        head = exactly(file, 8)
        if not head.startswith(b"\\x93NUMPY") or head[6:7] not in (b"\\1", b"\\2", b"\\3"):
            return head
        head += exactly(file, 2 if head[6] == 1 else 4)
        length = int.from_bytes(head[8:], "little")
        if length > 1 << 16:
            raise ValueError(f"its header would have {length} bytes")
        return head + exactly(file, length)

    def exactly(file, count):
        data = b""
        while len(data) < count and (more := file.read(count - len(data))):
            data += more
        return data

    # Checks the size against the file, before memory is allocated.
    def check(head, size):
        try:
            text = head[10 if head[6] == 1 else 12:]
            fields = ast.literal_eval(text.decode("utf8" if head[6] == 3 else "latin1").strip())
            dtype = np.lib.format.descr_to_dtype(fields["descr"])
            wanted = math.prod(fields["shape"]) * dtype.itemsize
        except Exception:
            return
        if dtype.hasobject:
            return
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        if size is not None and wanted > size - len(head):
            raise ValueError(f"its header declares {wanted} bytes, it has {size - len(head)}")
        if wanted > memory:
            raise ValueError(f"its header declares {wanted} bytes, this machine's memory has {memory}")

    PICKLED = ("it holds pickled Python objects, which are never loaded, as that may run any code: "
               "save an array of numbers or strings with numpy.save")
    """
}
