internal import CPython
package import TensorCore

// Attributes of a symbolic tensor that are known only when the graph runs.

extension PyTensor {
  /// The error for code that needs an unknown rank while a graph is traced.
  package static func unknownRank(_ what: String, at place: PythonPlace?) -> TensorError {
    TensorError(
      .failedPrecondition,
      "\(what)\(line(place)) needs the rank of a tensor, which is not known until the graph runs; declare "
        + "its extents, as in TensorSpec([None, None], dtype) of input_signature, or with numpyfn.ensure_shape(t, "
        + "[None, None])")
  }

  /// The error for code that needs an unknown extent while a graph is traced.
  package static func unknownExtent(_ what: String, at place: PythonPlace?) -> TensorError {
    TensorError(
      .failedPrecondition,
      "\(what)\(line(place)) needs an extent of a tensor, which is not known until the graph runs; use "
        + "numpyfn.shape(t), the shape as a tensor, or declare its extent, as in TensorSpec([3, None], "
        + "dtype) of input_signature, or with numpyfn.ensure_shape(t, [3, None])")
  }

  /// The rank of a tensor.
  ///
  /// - Throws: `TensorError` (`failedPrecondition`) naming the code that needs it, when it is
  ///   unknown.
  package static func rank(
    of tensor: Tensor, for what: String, at place: PythonPlace?
  ) throws -> Int {
    guard let rank = tensor.rankIfKnown else { throw unknownRank(what, at: place) }
    return rank
  }

  private static func line(_ place: PythonPlace?) -> String {
    place.map { " (\($0.file):\($0.line))" } ?? ""
  }

  /// A placeholder for an unknown attribute: it is equal to None, and any other use raises an error.
  static func unknown(_ attribute: String) throws -> PythonObject {
    try Python.import("numpyfn.ranks").attribute("_unknown")[attribute]
  }
}
