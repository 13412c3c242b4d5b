internal import Foundation
internal import NumPyFunctions

/// Makes tensors of what stands on the command line: literals, files, standard input.
struct InputReader {
  /// What stands for standard input.
  static let standardInput = "-"

  private let literals: LiteralReader
  private let files: ArrayFileReader

  /// A reader whose literals become `literalDType`, or the dtype that their kind has.
  ///
  /// - Throws: `StartError`: NumPy does the reading.
  init(literalDType: DType?) throws {
    literals = try LiteralReader(dtype: literalDType)
    files = try ArrayFileReader()
  }

  /// The tensor that an argument stands for.
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
