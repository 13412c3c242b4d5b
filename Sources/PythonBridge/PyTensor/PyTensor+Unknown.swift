internal import CPython
package import TensorCore

// What is asked of a tensor before the graph runs, and known only then.

extension PyTensor {
  /// The error of what needs a rank that is not known while a graph is traced.
  package static func unknownRank(_ what: String, at place: PythonPlace?) -> TensorError {
    TensorError(
      .failedPrecondition,
      "\(what)\(line(place)) needs the rank of a tensor, which is not known until the graph runs; declare "
        + "its extents, as in TensorSpec([None, None], dtype) of input_signature, or with numpyfn.ensure_shape(t, "
        + "[None, None])")
  }

  /// The error of what needs an extent that is not known while a graph is traced.
  package static func unknownExtent(_ what: String, at place: PythonPlace?) -> TensorError {
    TensorError(
      .failedPrecondition,
      "\(what)\(line(place)) needs an extent of a tensor, which is not known until the graph runs; use "
        + "numpyfn.shape(t), the shape as a tensor, or declare its extent, as in TensorSpec([3, None], "
        + "dtype) of input_signature, or with numpyfn.ensure_shape(t, [3, None])")
  }

  /// The rank of a tensor.
  ///
  /// - Throws: `TensorError` (`failedPrecondition`) naming what needs it when it is not known.
  package static func rank(
    of tensor: Tensor, for what: String, at place: PythonPlace?
  ) throws -> Int {
    guard let rank = tensor.rank else { throw unknownRank(what, at: place) }
    return rank
  }

  private static func line(_ place: PythonPlace?) -> String {
    place.map { " (\($0.file):\($0.line))" } ?? ""
  }

  /// An object that stands in an attribute for what is not known yet: equal to None, and an error that
  /// says so when it is used.
  static func unknown(_ attribute: String) throws -> PythonObject {
    try Python.import("numpyfn").attribute("_unknown")[attribute]
  }
}
