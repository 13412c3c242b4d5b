internal import ArgumentParser
internal import NumPyFunctions

/// The arguments of `call` and `profile`: the function, its inputs, and the declared results.
struct CallArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The function f of module m: m:f. Both may have dots.", valueName: "module:name"),
    transform: FunctionReference.init(argument:))
  var function: FunctionReference

  @Argument(help: ArgumentHelp("The arguments, in order.", valueName: "input"))
  var inputs: [String] = []

  @Option(
    help: ArgumentHelp(
      "The dtype of the result; of several, with commas between.", valueName: "dtype,…"))
  var tout: ResultDTypes

  @Option(help: "The dtype of all literals.")
  var dtype: DType?

  @Option(
    name: .customLong("arguments"),
    help: "Whether the function may write to the arrays that it is given.")
  var access = AccessArgument.readOnly

  func validate() throws {
    if inputs.count(where: { $0 == InputReader.standardInput }) > 1 {
      throw ValidationError("Standard input (-) can be read only once.")
    }
  }

  /// The inputs as tensors.
  ///
  /// - Throws: `Failure` naming the first invalid input.
  func tensors() throws -> [Tensor] {
    let reader = try InputReader(literalDType: dtype)
    return try inputs.map { try reader.tensor($0) }
  }

  /// Calls `body` with a closure that calls the function.
  ///
  /// - Throws: `Failure` when there is no such function, or it raises.
  func calling<R>(_ body: (_ call: @escaping @Sendable ([Tensor]) throws -> [Tensor]) throws -> R)
    throws -> R
  {
    let callable = try function.load()
    do {
      return try body { [tout, access] inputs in
        try numpyFunction(
          callable, inputs, Tout: tout.dtypes, arguments: access.access, file: "numpyfn", line: 1)
      }
    } catch let error as OperationError {
      guard let exception = error.underlying as? PythonError else { throw error }
      throw Failure("\(function) raised \(exception.description(in: .shell))")
    }
  }
}
