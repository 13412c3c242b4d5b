internal import GraphCore
internal import PythonBridge
internal import TensorCore

/// The operation behind `numpyFunction`: a Python function that receives tensors as NumPy arrays and
/// returns arrays.
struct CallbackOperation: KernelOperation, InlineOperation {
  let name = "numpyFunction"
  private let function: PythonObject
  let functionName: CallableName
  let declared: [TensorSpec]
  private let options: CallbackOptions
  private let gradient: CallbackGradient?
  private let structure: ResultStructure
  private let names: ArgumentNames?
  private let callback: Callback

  /// The Python object that keeps the argument objects and the function.
  var argumentObjects: PythonReference { callback.reference }

  /// - Parameters:
  ///   - function: what is called.
  ///   - inputs: the dtypes of the arguments, keyword arguments last.
  ///   - names: the names of the keyword arguments.
  ///   - results: the declared results.
  ///   - effects: the function's side effects.
  ///   - options: the options of the call.
  ///   - gradient: the user's closure for gradients.
  ///   - gil: proof that the GIL is held.
  /// - Throws: `PythonError` when there is no memory.
  init(
    _ function: PythonObject, inputs: [DType], names: ArgumentNames?,
    declared results: DeclaredResults,
    effects: Effects, options: CallbackOptions, gradient: CallbackGradient?, _ gil: borrowing GIL
  ) throws {
    self.function = function
    self.names = names
    functionName = CallableName.of(function, gil)
    (declared, structure) = (results.specs, results.returned)
    let checked = CallbackResults(
      function: functionName, declared: declared, structure: structure,
      conversion: .casting(options.casting))
    callback = try Callback(
      function, inputs: inputs, names: names?.tuple, isWritable: options.arguments == .writable,
      isText: options.strings == .text, results: declared.map { ($0.dtype, $0.shape) },
      structure: structure, counter: functionName.counter, gil
    ) { returned, counts, gil in try checked.tensors(returned, &counts, gil) }
    self.effects = effects
    self.options = options
    self.gradient = gradient
  }

  /// The declared results, since the function is not called before the graph runs.
  func results(for inputs: [TensorSpec]) -> [TensorSpec] { declared }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    var counts = PythonStatistics.Counts()
    let isProfiled = Profile.isBeingMade
    defer { if isProfiled { counts.report() } }
    return try callback.run(inputs, isProfiled: isProfiled, &counts)
  }

  func kernel(for inputs: [DType]) -> Kernel? {
    // A kernel's inputs are not its own, so nothing may write to them.
    guard options.arguments == .readOnly else { return nil }
    return unsafe .values { [callback] in try unsafe callback.run($0, to: $1) }
  }

  /// The gradients that the user's closure returns.
  ///
  /// Without a closure there are none, since the package cannot see what Python computes.
  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    guard let gradient else {
      throw CallbackError(
        code: .unimplemented,
        message: """
          \(functionName.full) has no gradient, since nothing is known of what Python computes; give \
          \(Message.name("numpyFunction")) the argument \(Message.argument("gradient")), a \
          \(swift: "closure over", python: "function of") tensors that may call another \
          \(Message.name("numpyFunction")), or write the function for \(Message.name("pyFunction")), \
          which records what it does
          """)
    }
    return try gradient(request)
  }

  let effects: Effects

  let mayTakeLong = true

  /// Operations are equal if they call the same Python object in the same way.
  var identity: AnyHashable? {
    let address = unsafe UInt(bitPattern: function.pointer)
    return [
      AnyHashable(address), AnyHashable(declared), AnyHashable(structure),
      AnyHashable(names?.list), AnyHashable(options),
    ]
  }

  var attributes: [(name: String, value: String)] {
    let access = options.arguments == .writable ? [("arguments", "writable")] : []
    let text = options.strings == .text ? [("strings", "text")] : []
    let casting = options.casting == .sameKind ? [("casting", "sameKind")] : []
    let keywords = names.map { [("keywords", $0.list.debugDescription)] } ?? []
    let structure = structure == .values ? [] : [("results", structure.text)]
    return [("function", functionName.full.debugDescription)] + keywords + structure + access + text
      + casting
  }
}

extension PythonStatistics.Counts {
  /// Adds the cost of a call to the current profile.
  func report() {
    Profile.report("Python", .time(timeInPython))
    Profile.report("GIL wait", .time(timeWaiting))
    for (name, count) in [
      ("adopted", bytesAdopted), ("shared", bytesShared), ("copied", bytesCopied),
    ] {
      Profile.report(name, .bytes(count))
    }
  }
}
