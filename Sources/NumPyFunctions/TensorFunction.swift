internal import GraphCore
internal import PythonBridge
internal import TensorCore

/// The operation behind `pyFunction`: a Python function of tensors.
///
/// It is a composite of the operations that the function applies: with taped tensors these
/// operations are recorded.
struct TensorFunction: CompositeOperation, InlineOperation {
  let name = "pyFunction"
  private let function: PythonObject
  let functionName: CallableName
  private let names: ArgumentNames?
  private let declared: [TensorSpec]
  private let structure: ResultStructure
  private let rematerializes: Bool

  /// - Throws: `CallbackError` when `function` cannot be called, `StartError` when Python has ended.
  init(
    _ function: PythonObject, names: ArgumentNames?, declared: DeclaredResults, effects: Effects,
    rematerializes: Bool
  ) throws {
    try function.expectCallable()
    self.function = function
    functionName = try GIL.held { gil in CallableName.of(function, gil) }
    self.names = names
    self.declared = declared.specs
    structure = declared.returned
    self.effects = effects
    self.rematerializes = rematerializes
  }

  /// The declared results, since the function is not called before the graph runs.
  func results(for inputs: [TensorSpec]) -> [TensorSpec] { declared }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    try runParts(on: inputs).map { result in
      try result.expectNotRecorded()
      return result.detached
    }
  }

  func runParts(on inputs: [Tensor]) throws -> [Tensor] {
    var counts = PythonStatistics.Counts()
    let isProfiled = Profile.isBeingMade
    let isTimed = isProfiled || functionName.counter.timesNext
    let asked = isTimed ? Python.nanoseconds : 0
    return try GIL.held { gil in
      let begun = isTimed ? Python.nanoseconds : 0
      defer {
        if isTimed { counts.setTimes(asked: asked, begun: begun) }
        functionName.counter.addCall(counts, isTimed: isTimed, gil)
        if isProfiled { counts.report() }
      }
      let arguments = try inputs.map { try PyTensor.wrap($0, gil) }
      let returned = try ReturnedValues(
        calling: function, with: arguments, names: names?.tuple, as: structure, gil)
      let results = CallbackResults(
        function: functionName, declared: declared, structure: structure, conversion: .constants)
      return try results.tensors(returned, &counts, gil)
    }
  }

  /// True, since the package cannot know which variables the function reads.
  func mayRead(_ variables: Set<Variable>?) -> Bool { true }

  /// The gradients of the operations that the function applied.
  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try recordedGradients(for: request, rematerializes: rematerializes)
  }

  let effects: Effects

  let mayTakeLong = true

  /// Operations are equal if they call the same Python object with the same declared results.
  var identity: AnyHashable? {
    let address = unsafe UInt(bitPattern: function.pointer)
    return [
      AnyHashable(address), AnyHashable(declared), AnyHashable(structure), AnyHashable(names?.list),
    ]
  }

  var attributes: [(name: String, value: String)] {
    let again = rematerializes ? [("rematerialize", "true")] : []
    let keywords = names.map { [("keywords", $0.list.debugDescription)] } ?? []
    let structure = structure == .values ? [] : [("results", structure.text)]
    return [("function", functionName.full.debugDescription)] + keywords + structure + again
  }
}
