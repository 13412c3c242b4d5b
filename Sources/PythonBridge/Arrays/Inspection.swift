internal import CPython
internal import TensorCore

/// Python code that converts unusual objects to plain arrays, or finds the reason why that is impossible.
///
/// It is written in Python, since it uses the attributes and methods of Python objects. It runs for
/// unusual objects only, and imports only NumPy.
enum Inspection {
  private static let functions = Locked<PythonObject?>(nil)

  /// A function of the source below.
  ///
  /// - Throws: what Python raises.
  static func function(_ name: String) throws -> PythonObject {
    let known = functions.withLock { $0 }
    if let known { return try known[name] }
    let globals = try PythonObject(["__name__": "numpyfn_inspection"])
    try Python.run(source, named: "<numpyfn/inspection.py>", in: globals)
    let old = functions.withLock { functions in
      defer { functions = globals }
      return functions
    }
    _ = old
    return try globals[name]
  }

  private static let source = #"""
    import collections.abc as abc
    import sys

    import numpy as np

    NUMBERS = (bool, int, float, complex, np.number, np.bool_)
    TEXTS = (bytes, str)
    PLAIN = NUMBERS + TEXTS


    class Hidden(Exception):
        """Elements that an array of the object would show as something else: what of it, and what to do."""


    # Elements that are masked or missing.

    def expect_nothing_hidden(value):
        if hasattr(type(value), "mask") and hasattr(type(value), "filled"):
            count = masked_count(value)
            if count:
                raise Hidden(
                    "an element of which is masked" if np.size(value) == 1 else
                    f"{count} of whose {counted(np.size(value))} {'is' if count == 1 else 'are'} masked",
                    "put a value in the place of what is masked: .filled(value)")
        if is_of(value, "pandas"):
            expect_nothing_missing(value)
        elif is_of(value, "pyarrow") or is_of(value, "polars"):
            nulls = getattr(value, "null_count", 0)
            nulls = nulls() if callable(nulls) else nulls
            if isinstance(nulls, int) and nulls:
                raise Hidden(
                    f"{nulls} of whose elements {'is' if nulls == 1 else 'are'} null",
                    "put a value in their place: .fill_null(value)")


    def is_of(value, package):
        """Whether an object is of a package's class, or of one that is made of such a class."""
        return any(kind.__module__.partition(".")[0] == package for kind in type(value).__mro__)


    def counted(count):
        return f"{count} element{'' if count == 1 else 's'}"


    def masked_count(value):
        try:
            mask = np.asarray(value.mask)
            if mask.dtype.names is not None:
                return int(np.ma.flatten_mask(mask).any())
            return int(mask.sum()) if mask.shape == np.shape(value) else np.size(value) * int(mask.any())
        except (TypeError, ValueError):
            return 0


    def is_nullable(dtype):
        """Whether a dtype of pandas' own may have missing values that NumPy's dtypes do not."""
        return not isinstance(dtype, np.dtype) and type(dtype).__name__ not in (
            "SparseDtype", "NumpyEADtype", "PandasDtype")


    def columns(value):
        """The columns of a DataFrame, or a Series, Index or array as the only one, with its name."""
        if hasattr(value, "iloc") and hasattr(value, "columns"):
            return [(label, value.iloc[:, place]) for place, label in enumerate(value.columns)]
        return [(None, value)] if hasattr(value, "isna") and hasattr(value, "dtype") else []


    def expect_nothing_missing(value):
        for label, column in columns(value):
            if not is_nullable(column.dtype):
                continue
            missing = np.asarray(column.isna())
            if missing.any():
                place = int(missing.argmax())
                raise Hidden(
                    f"which has no value in {place_in(value, place, label, column)} (dtype {column.dtype}: "
                    f"{int(missing.sum())} of {missing.size} are missing)",
                    "put a value in the place of what is missing: .fillna(value), or choose one with "
                    ".to_numpy(dtype, na_value=value)")


    def place_in(value, place, label, column):
        index = getattr(value, "index", None)
        row = f"row {index[place]!r}" if index is not None and not callable(index) else f"element {place}"
        name = label if label is not None else getattr(column, "name", None)
        return row if name is None else f"{row} of column {name!r}"


    def as_numpy(column):
        """An array of a column of pandas' that has no missing values, in NumPy's own dtype."""
        dtype = getattr(column.dtype, "numpy_dtype", None)
        if isinstance(dtype, np.dtype) and dtype.kind in "biuf":
            return column.to_numpy(dtype=dtype)
        return np.asarray(column)


    # Unusual objects as arrays, or unchanged.

    def prepared(value, depth=0):
        if depth > 64:
            return value
        if isinstance(value, (list, tuple)):
            for item in value:
                if not isinstance(item, PLAIN):
                    expect_plain(item, depth + 1)
            return value
        if isinstance(value, np.ndarray) or np.isscalar(value):
            expect_nothing_hidden(value)
            return value
        expect_nothing_hidden(value)
        if is_of(value, "pandas"):
            parts = columns(value)
            if any(is_nullable(column.dtype) for _, column in parts):
                arrays = [as_numpy(column) for _, column in parts]
                if not hasattr(value, "columns"):
                    return arrays[0]
                if all(array.dtype.kind in "iuf" for array in arrays) or len(
                        {array.dtype for array in arrays}) == 1:
                    return np.stack(arrays, axis=1)
        if hasattr(type(value), "__array__"):
            array = np.asanyarray(value)
            if type(array) is not np.ndarray:
                expect_nothing_hidden(array)
            return array
        if is_sequence(value):
            return prepared(list(value), depth + 1)
        return value


    def expect_plain(item, depth):
        if isinstance(item, (list, tuple)) or is_sequence(item):
            for part in item:
                if not isinstance(part, PLAIN) and depth < 64:
                    expect_plain(part, depth + 1)
        elif hasattr(type(item), "__array__") and not isinstance(item, np.ndarray) and (
                type(item).__module__ != "numpyfn"):
            expect_nothing_hidden(item)
            expect_nothing_hidden(np.asanyarray(item))
        else:
            expect_nothing_hidden(item)


    def is_sequence(value):
        """Whether NumPy would take an object for a list of its items."""
        kind = type(value)
        if isinstance(value, (bytearray, memoryview, range, np.ndarray) + TEXTS) or any(
                hasattr(kind, name) for name in (
                    "__array__", "__array_interface__", "__array_struct__", "__dlpack__", "__buffer__")):
            return False
        if isinstance(value, abc.Mapping) or not hasattr(kind, "__getitem__") or not hasattr(
                kind, "__len__"):
            return False
        try:
            memoryview(value)
            return False
        except TypeError:
            return isinstance(value, abc.Sequence) or type(value).__name__ == "deque"


    # The reason why an object is no tensor: its dtype in a few words, the cause, and a remedy.

    def misfit(value, array, is_result):
        """Three texts; the last may be a pair, for Swift and Python."""
        close_coroutines(value)
        if isinstance(value, abc.Coroutine):
            return "", "which was not awaited, and so has not run", (
                "pass a function that runs it, as lambda *x: asyncio.run(f(*x)), or await it where it is made"
                if is_result else "await it first, or run it with asyncio.run()")
        if isinstance(value, abc.AsyncIterator):
            return "", "whose values are made while it is awaited", (
                "collect them in a coroutine, [x async for x in values], and run that with asyncio.run()")
        if isinstance(value, abc.Awaitable):
            return "", "which was not awaited", "await it, or run it with asyncio.run()"
        if isinstance(value, type):
            return "", f"the class {value.__name__} itself", f"call it: {value.__name__}(...)"
        if callable(value) and hasattr(value, "__name__"):
            return "", f"{value.__name__} itself, which was not called", f"call it: {value.__name__}(...)"
        if isinstance(value, abc.Iterator):
            return "", "an iterator, whose values are not there yet", (
                "make an array of them: numpy.array(list(values))")
        # Before dicts, since one of SciPy's sparse formats is a dict.
        if hasattr(value, "toarray"):
            return "", "a sparse matrix, which has no array of all elements", "return it dense: .toarray()"
        if isinstance(value, abc.Mapping):
            keys = [repr(key) for key in list(value)[:8]]
            if not is_result:
                return "", f"with the keys {', '.join(keys)}", "give its values one by one"
            more = ", ..." if len(value) > 8 else ""
            return "", f"with the keys {', '.join(keys)}", (
                "declare Tout: with the same keys, [" + ", ".join(f"{key}: ..." for key in keys).replace(
                    "'", '"') + more + "]",
                "declare Tout with the same keys, Tout={" + ", ".join(f"{key}: ..." for key in keys) + more
                + "}")
        if isinstance(value, (abc.Set, abc.KeysView, abc.ValuesView, abc.ItemsView)):
            how = "sorted" if isinstance(value, (set, frozenset)) else "list"
            return "", "which has no order" if how == "sorted" else "a view of a dict", (
                f"make an array of it: numpy.array({how}(values))")
        if is_result and field_names(value) is not None:
            names = ", ".join(field_names(value))
            return "", f"with the fields {names}", (
                "declare Tout: as a TensorStructure with these members",
                "declare Tout as such an object, with a dtype for each field")
        if value is None:
            return "", "which is no value", "return a value, in every branch of the function"
        if isinstance(value, (list, tuple)):
            found = irregular(value)
            if found:
                return ("", *found)
        if array is not None:
            return misfit_of_array(value, array, is_result)
        if hasattr(value, "iloc"):
            names = "df" if hasattr(value, "columns") else "df.index"
            verb = "return" if is_result else "give"
            return "", "", f"{verb} a dict of its parts: {{name: df[name] for name in {names}}}"
        return "", "", "return NumPy arrays or numbers" if is_result else "give an array, numbers, or text"


    def close_coroutines(value, depth=0):
        """Has what will not be awaited not warn of that."""
        if isinstance(value, abc.Coroutine):
            value.close()
        elif isinstance(value, (list, tuple, dict)) and depth < 64:
            for part in value.values() if isinstance(value, dict) else value:
                close_coroutines(part, depth + 1)


    def misfit_of_array(value, array, is_result):
        dtype = array.dtype
        suffix = f" (dtype {dtype})"
        if dtype.names is not None:
            names = ", ".join(dtype.names)
            return suffix, f"a structured array with the fields {names}", (
                "return its fields one by one, in a dict for example: "
                "{name: values[name] for name in values.dtype.names}")
        if dtype.kind == "O" and array.ndim == 0 and not isinstance(value, np.ndarray):
            return "", "", "return NumPy arrays or numbers" if is_result else "give an array, numbers, or text"
        if dtype.kind == "O":
            return suffix if isinstance(value, np.ndarray) else "", *object_elements(value, array)
        if dtype.kind in "mM":
            return suffix, "whose elements are times", (
                'return numbers: .astype("int64") has them in the unit of the dtype')
        if dtype.kind in "fc":
            name = ("complex" if dtype.kind == "c" else "float") + ("128" if dtype.kind == "c" else "64")
            return suffix, "which tensors do not have", f'convert in the function: .astype("{name}")'
        if dtype.kind == "V" and dtype.type is np.void:
            return suffix, "whose elements are bytes without a meaning", 'view them as numbers: .view("uint8")'
        return suffix, "which tensors do not have", 'convert in the function, with .astype("float32") for example'


    def irregular(rows, path=""):
        """What is the matter with a nested list: None among its numbers, or rows of several lengths."""
        lengths = [length(row) for row in rows]
        for place, row in enumerate(rows):
            if row is None:
                return f"element {path}[{place}] of which is None", (
                    "put a number in its place, numpy.nan for example")
        known = [size for size in lengths if size is not None]
        if known and len(set(lengths)) > 1:
            first = lengths[0]
            other = next(place for place, size in enumerate(lengths) if size != first)
            return (
                f"which is ragged: {row_text(path, 0, first)}, {row_text(path, other, lengths[other])}",
                "give all rows one length, or return each row as a result of its own")
        for place, row in enumerate(rows):
            if isinstance(row, (list, tuple)):
                found = irregular(row, f"{path}[{place}]") if len(path) < 256 else None
                if found:
                    return found
        return None


    def length(row):
        if isinstance(row, (list, tuple)):
            return len(row)
        return len(row) if isinstance(row, np.ndarray) and row.ndim else None


    def row_text(path, place, size):
        return f"row {path}[{place}] has {'no length' if size is None else counted(size)}"


    def object_elements(value, array):
        flat = array.reshape(-1)
        texts = place = nan = None
        for index, element in enumerate(flat):
            if isinstance(element, TEXTS):
                texts = index if texts is None else texts
            elif not isinstance(element, NUMBERS):
                return element_text(value, array, index, element)
            elif nan is None and element != element:
                nan = index
            else:
                place = index if place is None else place
        if texts is None:
            classes = sorted({type(element).__name__ for element in flat[:1000]})
            return f"whose elements are Python objects of class {', '.join(classes)}", (
                'convert in the function: .astype("float64") for example')
        index = nan if nan is not None else place if place is not None and place > texts else texts
        return element_text(value, array, index, flat[index])


    def element_text(value, array, index, element):
        position = np.unravel_index(index, array.shape) if array.ndim else ()
        where = f"element [{', '.join(str(int(place)) for place in position)}]"
        remedy = "give all elements one class: numbers, bytes or str"
        if is_of(value, "pandas") and len(position):
            parts = columns(value)
            label, column = parts[position[1]] if len(position) > 1 and len(parts) > position[1] else parts[0]
            where = place_in(value, int(position[0]), label, column)
            if element is None or type(element).__name__ in ("NAType", "NaTType") or element != element:
                remedy = "put a value in its place: .fillna(value), or leave it out: .dropna()"
        if isinstance(element, (list, tuple, np.ndarray)) and len(array) > 1:
            found = irregular([part for part in array]) if array.ndim == 1 else None
            if found:
                return found
        text = repr(element) if element is None or isinstance(element, PLAIN) else None
        if text is None:
            text = f"an object of class {type(element).__name__}"
            if type(element).__name__ in ("NAType", "NaTType"):
                text = f"{element!r}, {text}"
        if type(element).__name__ == "MaskedConstant":
            text, remedy = f"masked, {text}", "put a value in its place: .filled(value)"
        return f"{where} of which is {shortened(text)}", remedy


    def shortened(text):
        return text if len(text) <= 60 else text[:59] + "…"


    # Structures.

    def mapping(value):
        """A dict of what is in a mapping; None if it is none."""
        if isinstance(value, dict):
            return value
        return dict(value) if isinstance(value, abc.Mapping) else None


    def fields(value):
        """A dict of the fields of a named tuple or a dataclass; None if it is neither."""
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return dict(zip(value._fields, value))
        names = field_names(value)
        return None if names is None else {
            name: getattr(value, name) for name in names if hasattr(value, name)}


    def field_names(value):
        if not hasattr(type(value), "__dataclass_fields__"):
            return None
        return [field.name for field in sys.modules["dataclasses"].fields(value)]
    """#
}
