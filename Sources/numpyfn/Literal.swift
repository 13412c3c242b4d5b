internal import Foundation
internal import NumPyFunctions

/// Parses numbers, strings in quotes, and nested lists of them, from a command line.
struct LiteralReader {
  private let dtype: DType?
  private let parse: PythonObject

  /// A reader that gives literals the dtype `dtype`.
  ///
  /// If it is nil, they get TensorFlow's default dtype for such numbers, or complex64.
  ///
  /// - Throws: `StartError`.
  init(dtype: DType?) throws {
    self.dtype = dtype
    parse = try Python.function(LiteralReader.source, named: "parse")
  }

  /// The text as a tensor; nil when it is no literal.
  ///
  /// - Throws: `Failure` when a literal is ragged or does not fit its dtype.
  func tensor(_ text: String) throws -> Tensor? {
    let text = text.trimmingCharacters(in: .whitespaces)
    do {
      guard let array = try PythonObject?(parse(PythonObject(systemPath: text))) else { return nil }
      let tensor = try Tensor(array)
      let dtype = dtype ?? LiteralReader.dtype(of: tensor)
      guard (tensor.dtype == .string) == (dtype == .string) else {
        throw Failure("\(text.quoted) does not fit dtype \(dtype); give another dtype or value")
      }
      return try tensor.converted(to: dtype)
    } catch let error as PythonError {
      throw Failure("\(text.quoted): \(error.message)")
    } catch let error as TensorError {
      throw Failure("\(text.quoted): \(error.message)")
    }
  }

  private static func dtype(of tensor: Tensor) -> DType {
    switch tensor.dtype {
    case .float64: .float32
    case .complex128: .complex64
    case .uint64: .int64
    default: tensor.dtype
    }
  }

  /// Creates an array of the widest kind of value in the text; None when it is no literal.
  private static let source = """
    import ast
    import numpy as np

    DTYPES = {
        bool: np.bool_, int: np.int64, float: np.float64, complex: np.complex128, str: np.str_,
    }
    KINDS = list(DTYPES)
    WORDS = {"true": True, "false": False, "nan": np.nan, "inf": np.inf, "infinity": np.inf}

    class Words(ast.NodeTransformer):
        def visit_Name(self, node):
            value = WORDS.get(node.id.lower())
            return node if value is None else ast.Constant(value)

    def types(value):
        if isinstance(value, (list, tuple)):
            return set().union(*map(types, value))
        return {type(value)}

    def parse(text):
        try:
            value = ast.literal_eval(Words().visit(ast.parse(text, mode="eval")))
            found = types(value) or {float}
            widest = max(found, key=KINDS.index)
        except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
            return None
        if widest is str and len(found) > 1:
            raise TypeError("numbers and strings do not go into one array")
        try:
            return np.array(value, DTYPES[widest])
        except OverflowError:
            numbers = np.array(value, object)
            if widest is int and numbers.min() >= 0 and numbers.max() < 2**64:
                return numbers.astype(np.uint64)
            raise OverflowError("a number is too large for every dtype")
        except ValueError:
            raise ValueError("lists that differ in length are no array")
    """
}
