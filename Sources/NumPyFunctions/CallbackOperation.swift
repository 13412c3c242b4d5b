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
  /// The call that reuses argument objects; nil when new ones are created for each call.
  private let callback: Callback?
  private let runner: CallbackRunner?
  private let counter: CallCounter
  private let checked: CallbackResults
  private let newArguments: NewArguments

  private let names: ArgumentNames?

  /// The Python object that keeps the argument objects and the function; nil when new ones are
  /// created for each call.
  var argumentObjects: PythonReference? { callback?.reference }

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
    let (declared, structure) = (results.specs, results.returned)
    self.function = function
    self.names = names
    let functionName = CallableName.of(function, gil)
    let checked = CallbackResults(
      function: functionName, declared: declared, structure: structure,
      conversion: .casting(options.casting))
    self.functionName = functionName
    callback =
      options.arguments == .readOnly
      ? try Callback(
        function, inputs: inputs, names: names?.tuple, results: declared.map(\.dtype),
        shapes: declared.map(\.shape), structure: structure, counter: functionName.counter, gil
      ) { returned, counts, gil in try checked.tensors(returned, &counts, gil) } : nil
    self.checked = checked
    counter = functionName.counter
    self.declared = declared
    self.effects = effects
    self.options = options
    self.gradient = gradient
    newArguments = NewArguments(
      function: function, names: names, options: options, checked: checked, counter: counter)
    runner = callback.map { [newArguments] callback in
      CallbackRunner(callback, inputs: inputs.count) { try newArguments.call($0) }
    }
  }

  /// The declared results, since the function is not called before the graph runs.
  func results(for inputs: [TensorSpec]) -> [TensorSpec] { declared }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    guard let runner else { return try newArguments.call(inputs) }
    var counts = PythonStatistics.Counts()
    let isProfiled = Profile.isBeingMade
    defer { if isProfiled { counts.report() } }
    do {
      return try runner.run(inputs, isTimed: isProfiled || counter.timesNext, &counts)
    } catch let error as Callback.WrongShapes {
      throw checked.wrongShapes(error.shapes)
    }
  }

  func kernel(for inputs: [DType]) -> Kernel? {
    // Results with declared shapes are returned as lists of tensors, whose shapes are checked.
    guard let runner, declared.allSatisfy({ $0.shape.rankIfKnown == nil }) else { return nil }
    return unsafe .values { try unsafe runner.run($0, to: $1) }
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
      AnyHashable(address), AnyHashable(declared), AnyHashable(checked.structure),
      AnyHashable(names?.list), AnyHashable(options),
    ]
  }

  var attributes: [(name: String, value: String)] {
    let access = options.arguments == .writable ? [("arguments", "writable")] : []
    let text = options.strings == .text ? [("strings", "text")] : []
    let casting = options.casting == .sameKind ? [("casting", "sameKind")] : []
    let keywords = names.map { [("keywords", $0.list.debugDescription)] } ?? []
    let structure = checked.structure == .values ? [] : [("results", checked.structure.text)]
    return [("function", functionName.full.debugDescription)] + keywords + structure + access + text
      + casting
  }
}

/// A call that creates new argument objects: for strings, writable arrays, and tensors with many
/// axes.
private struct NewArguments: Sendable {
  let function: PythonObject
  let names: ArgumentNames?
  let options: CallbackOptions
  let checked: CallbackResults
  let counter: CallCounter

  func call(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    var inputs = inputs
    var counts = PythonStatistics.Counts()
    let asked = Python.nanoseconds
    return try GIL.held { gil in
      let begun = Python.nanoseconds
      defer {
        counts.setTimes(asked: asked, begun: begun)
        counter.addCall(counts, isTimed: true, gil)
        if Profile.isBeingMade { counts.report() }
      }
      let hasReadOnlyArrays =
        options.arguments == .readOnly && inputs.contains { $0.rankIfKnown != 0 }
      let arguments = try arguments(&inputs, &counts, gil)
      // The arguments are consumed: a reference that remained here would keep an argument from
      // being unique.
      let returned: ReturnedValues
      do {
        returned = try ReturnedValues(
          calling: function, with: consume arguments, names: names?.tuple, as: checked.structure,
          gil)
      } catch let error as PythonError {
        throw hasReadOnlyArrays ? error.ofReadOnlyArguments : error
      }
      return try checked.tensors(returned, &counts, gil)
    }
  }

  /// The inputs as arrays.
  ///
  /// Each input is removed from the list, so that a tensor with a unique reference is then referenced by its
  /// array only.
  private func arguments(
    _ inputs: inout [Tensor], _ counts: inout PythonStatistics.Counts, _ gil: borrowing GIL
  ) throws -> [PythonReference] {
    let isText = options.strings == .text
    guard options.arguments == .writable else {
      return try inputs.map { try $0.makeNDArray(text: isText, gil) }
    }
    var arguments: [PythonReference] = []
    inputs.reverse()
    while let input = inputs.popLast() {
      let (array, copied) = try (consume input).makeWritableNDArray(text: isText, gil)
      arguments.append(array)
      counts.add(.copied, byteCount: copied)
    }
    return arguments
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
