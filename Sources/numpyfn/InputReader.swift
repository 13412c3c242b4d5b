internal import Foundation
internal import NumPyFunctions

/// Converts command-line arguments to tensors: literals, files, standard input.
struct InputReader {
  /// The argument for standard input.
  static let standardInput = "-"

  private let literals: LiteralReader
  private let files: ArrayFileReader

  /// A reader that gives literals the dtype `literalDType`, or by default the dtype of their kind.
  ///
  /// - Throws: `StartError`, since NumPy reads the files.
  init(literalDType: DType?) throws {
    literals = try LiteralReader(dtype: literalDType)
    files = try ArrayFileReader()
  }

  /// The argument as a tensor.
  ///
  /// - Throws: `Failure` naming the argument.
  func tensor(_ argument: String) throws -> Tensor {
    if argument == InputReader.standardInput { return try files.tensor(path: nil) }
    if let literal = try literals.tensor(argument) { return literal }
    if let separator = argument.range(of: ".npz:") {
      return try files.tensor(
        path: FilePath(argument[..<separator.upperBound].dropLast().description),
        key: String(argument[separator.upperBound...]))
    }
    let isFile =
      argument.hasSuffix(".npy") || argument.hasSuffix(".npz")
      || FilePath(argument).target != nil
    guard isFile else {
      throw Failure(
        "\(argument.quoted) is neither a literal (a number, true, false, a string in quotes, or "
          + "nested lists of them) nor a file")
    }
    return try files.tensor(path: FilePath(argument))
  }
}
