import Foundation
import NumPyFunctions
import Testing

/// What TensorFlow's `tf.numpy_function` answers, case by case.
///
/// The environment variable `NUMPYFN_CASES` names other files of cases, separated by colons.
@Suite struct ConformanceTests {
  private struct File: Decodable {
    let cases: [ConformanceCase]
  }

  /// Says whether two arrays agree, to the last bits of what NumPy's versions may round differently.
  private let agree: PythonObject

  init() throws {
    agree = try Python.function(
      """
      import numpy as np
      tolerances = {'float16': 1e-3, 'bfloat16': 1e-2, 'float32': 1e-6, 'complex64': 1e-6}
      def agree(a, b):
          a, b = np.asarray(a), np.asarray(b)
          name = a.dtype.name
          if a.dtype.kind not in 'fcV':
              return np.array_equal(a, b)
          if name == 'bfloat16':
              a, b = a.astype('f4'), b.astype('f4')
          return np.allclose(a, b, rtol=tolerances.get(name, 1e-14), atol=0, equal_nan=True)
      """)
  }

  @Test func `answers as TensorFlow does`() throws {
    let shipped = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/numpy_function.json").path
    let list = ProcessInfo.processInfo.environment["NUMPYFN_CASES"] ?? ""
    let paths = list.isEmpty ? [shipped] : list.split(separator: ":").map(String.init)
    var (passed, failed) = (0, 0)
    for path in paths {
      let data = try Data(contentsOf: URL(filePath: path))
      for example in try JSONDecoder().decode(File.self, from: data).cases {
        let problems = ["in a graph", "directly"].compactMap { form in
          problem(with: example, isInGraph: form == "in a graph").map { "\(form): \($0)" }
        }
        if problems.isEmpty {
          passed += 1
        } else {
          failed += 1
          print("\(example.id): \(problems.joined(separator: "; "))")
        }
      }
    }
    print("conformance: \(passed) passed, \(failed) failed")
    #expect(failed == 0)
    #expect(passed > 0)
  }

  /// What is wrong with our answer; nil when nothing is.
  private func problem(with example: ConformanceCase, isInGraph: Bool) -> String? {
    do {
      let outputs = try run(example, isInGraph: isInGraph)
      guard let expected = example.expected.outputs else {
        return "\(example.expected.error ?? "an error") was expected, not \(outputs)"
      }
      guard outputs.count == expected.count else { return "\(outputs.count) outputs" }
      for (output, value) in zip(outputs, expected) {
        let wanted = try value.tensor()
        guard output.dtype == wanted.dtype, output.shape == wanted.shape,
          try output.dtype == .string ? output == wanted : Bool(agree(output, wanted))
        else { return "\(output.debugDescription) for \(wanted.debugDescription)" }
      }
      return nil
    } catch let error as OperationError {
      if error.code.rawValue == example.expected.error { return nil }
      return "\(example.expected.error ?? "outputs") expected, not \(error.code): \(error)"
    } catch {
      return "\(error)"
    }
  }

  private func run(_ example: ConformanceCase, isInGraph: Bool) throws -> [Tensor] {
    let function = try Python.function(example.source, named: "f")
    let inputs = try example.inputs.map { try $0.tensor() }
    let Tout = try example.Tout.dtypes.map { name in
      guard let dtype = DType(name: name) else {
        throw TensorError(.invalidArgument, "the fixture declares an unknown dtype, \(name)")
      }
      return dtype
    }
    guard isInGraph else { return try numpyFunction(function, inputs, Tout: Tout) }
    let signature = inputs.map { TensorSpec(dtype: $0.dtype) }
    let f = try GraphFunction(
      inputSignature: signature,
      list: { inputs in
        try numpyFunction(function, inputs, Tout: Tout)
      })
    return try f.run(inputs)
  }
}
