import GraphCore
import TensorCore
import Testing

/// Holds the gradients of a function to finite differences: with the inputs' shapes known when the
/// graph is built, with their ranks only, and with nothing known; to the second order if asked.
///
/// The function takes float64 tensors and is smooth near `inputs`; its result, of any shape, is
/// weighted so that no part of a gradient cancels out.
func expectGradients(
  _ name: String, at inputs: [Tensor], order: Int = 1,
  sourceLocation: Testing.SourceLocation = #_sourceLocation,
  of function: @escaping @Sendable ([Tensor]) throws -> Tensor
) throws {
  let knowledge: [(String, (Tensor) -> Shape)] = [
    ("known shapes", \.shape), ("known ranks", { .unknown(rank: $0.rank) }),
    ("unknown ranks", { _ in .unknown }),
  ]
  for (label, shape) in knowledge {
    let signature = inputs.map { TensorSpec(shape: shape($0), dtype: $0.dtype) }
    try expectGradients(
      "\(name), \(label)", at: inputs, order: order, signature, sourceLocation, function)
  }
}

private func expectGradients(
  _ name: String, at inputs: [Tensor], order: Int, _ signature: [TensorSpec],
  _ sourceLocation: Testing.SourceLocation,
  _ function: @escaping @Sendable ([Tensor]) throws -> Tensor
) throws {
  // cos(i + 1) as the weight of element i.
  let value = try GraphFunction(inputSignature: signature, list: function)
  let result = try value.run(inputs)
  let weights = try Tensor((0..<result.count).map { weight($0) }, shape: result.shape)
  let weighted: @Sendable ([Tensor]) throws -> Tensor = { try function($0) * weights }
  func total(at inputs: [Tensor]) throws -> Double {
    try value.run(inputs).doubles.enumerated().reduce(0) { $0 + weight($1.offset) * $1.element }
  }

  // An input without a gradient is one whose differences are 0.
  let gradients = try GraphFunction(
    inputSignature: signature,
    list: { inputs -> [Tensor] in
      try zip(inputs, gradient(of: weighted(inputs), with: inputs)).map { try $1 ?? $0 * 0.0 }
    })
  for (index, found) in try gradients.run(inputs).enumerated() {
    let name = "\(name), input \(index)"
    #expect(found.shape == inputs[index].shape, "\(name)", sourceLocation: sourceLocation)
    let expected = try differences(of: total, at: inputs, input: index)
    for (element, (a, b)) in zip(try found.doubles, expected).enumerated() {
      #expect(
        abs(a - b) <= 1e-5 * max(1, abs(b)),
        "\(name), element \(element): \(a), \(b) by differences",
        sourceLocation: sourceLocation)
    }
  }
  guard order > 1 else { return }
  for index in inputs.indices {
    try expectGradients(
      "gradient \(index) of \(name)", at: inputs, order: order - 1, signature, sourceLocation
    ) { inputs in
      try gradient(of: weighted(inputs), with: inputs)[index] ?? inputs[index] * 0.0
    }
  }
}

private func weight(_ index: Int) -> Double { [0.54, -0.42, 0.99, 0.65, -0.28][index % 5] }

/// The derivative by each element of one input, by central differences.
private func differences(
  of function: ([Tensor]) throws -> Double, at inputs: [Tensor], input: Int
) throws -> [Double] {
  let elements = try inputs[input].doubles
  return try elements.indices.map { element in
    let step = 1e-5 * max(1, abs(elements[element]))
    func at(_ offset: Double) throws -> Double {
      var moved = elements
      moved[element] += offset
      var inputs = inputs
      inputs[input] = try Tensor(moved, shape: inputs[input].shape)
      return try function(inputs)
    }
    return (try at(step) - at(-step)) / (2 * step)
  }
}
