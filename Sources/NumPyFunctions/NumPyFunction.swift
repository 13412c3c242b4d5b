internal import GraphCore
internal import PythonBridge
internal import TensorCore

/// The operation behind `numpyFunction`: a Python function that receives tensors as NumPy arrays and
/// returns arrays.
struct NumPyFunction: Operation {
  let name = "numpyFunction"
  private let function: PythonObject
  let functionName: CallableName
  private let declared: [TensorSpec]
  private let options: CallbackOptions
  private let gradient: CallbackGradient?
  /// For one of NumPy's universal functions; nil when Python must be asked.
  private let direct: DirectUFunc?

  /// - Throws: `CallbackError` when `function` cannot be called, `StartError` when Python has ended.
  init(
    _ function: PythonObject, inputs: [DType], declared: [TensorSpec], effects: Effects,
    options: CallbackOptions, gradient: CallbackGradient?
  ) throws {
    guard function.isCallable else {
      throw CallbackError(
        message: "\(function.debugDescription) cannot be called; pass a function, a class, or an "
          + "object with a __call__ method")
    }
    self.function = function
    (functionName, direct) = try GIL.held { gil in
      let name = CallableName.of(function, gil)
      guard declared.count == 1, options == CallbackOptions() else { return (name, nil) }
      let direct = DirectUFunc(
        function, named: name.short, inputs, result: declared[0].dtype, gil)
      return (name, direct)
    }
    self.declared = declared
    self.effects = effects
    self.options = options
    self.gradient = gradient
  }

  /// What was declared: the function is not asked before it runs.
  func results(for inputs: [TensorSpec]) -> [TensorSpec] { declared }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    var inputs = inputs
    var counts = PythonStatistics.Counts()
    if let direct, let result = try direct.run(inputs), declared[0].accepts(result) {
      if let size = try? result.shape.byteCount(of: result.dtype) {
        counts.add(.adopted, byteCount: size)
      }
      counts.addCall(inPython: .zero, waiting: .zero)
      Python.record(counts, of: functionName.full)
      return [result]
    }
    let clock = ContinuousClock()
    let asked = clock.now
    return try GIL.held { gil in
      let begun = clock.now
      defer {
        counts.addCall(inPython: begun.duration(to: clock.now), waiting: asked.duration(to: begun))
        Python.record(counts, of: functionName.full)
        if Profile.isBeingMade { counts.report() }
      }
      let arguments = try arguments(&inputs, &counts, gil)
      // Given away: what still held an argument would be somebody who can reach it.
      let returned = try ReturnedValues(calling: function, with: consume arguments, gil)
      let results = CallbackResults(
        function: functionName, declared: declared, conversion: .casting(options.casting))
      return try results.tensors(returned, &counts, gil)
    }
  }

  /// The inputs as arrays; each is taken out of the list, so that a tensor that nobody else holds is
  /// held by its array alone.
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

  /// What the user's closure says; nothing is known of what Python computes.
  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    guard let gradient else {
      throw CallbackError(
        code: .unimplemented,
        message: "\(functionName.full) has no gradient, since nothing is known of what Python "
          + "computes; give numpyFunction the argument gradient:, a closure over tensors that may "
          + "call another numpyFunction, or write the function for pyFunction, which records what "
          + "it does")
    }
    return try gradient(request)
  }

  let effects: Effects

  let mayTakeLong = true

  /// The same Python object, called in the same way.
  var identity: AnyHashable? {
    let address = unsafe UInt(bitPattern: function.pointer)
    return [AnyHashable(address), AnyHashable(declared), AnyHashable(options)]
  }

  var attributes: [(name: String, value: String)] {
    let access = options.arguments == .writable ? [("arguments", "writable")] : []
    let text = options.strings == .text ? [("strings", "text")] : []
    let casting = options.casting == .sameKind ? [("casting", "sameKind")] : []
    return [("function", functionName.full.debugDescription)] + access + text + casting
  }
}

extension PythonStatistics.Counts {
  /// Has the profile that is being made say what a call has cost.
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
