import Foundation
import NumPyFunctions
import Testing

/// The longer examples do what they say.
@Suite struct ExampleTests {
  @Test func `a network learns to read digits, and its curve is drawn`() throws {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "numpyfn-digits-\(UUID().uuidString).png")
    defer { try? FileManager.default.removeItem(at: file) }
    let result = try run(buildFolder.appending(path: "TrainDigits").path, [file.path])
    #expect(result.status == 0, "\(result.errors)")
    let words = result.output.split(whereSeparator: \.isWhitespace).map(String.init)
    let loss = try #require(words.firstIndex(of: "loss").flatMap { Double(words[$0 + 1]) })
    let correct = try #require(words.firstIndex(of: "correct").flatMap { Double(words[$0 + 1]) })
    #expect(loss < 0.1)
    #expect(correct > 0.95)
    let picture = try Data(contentsOf: file)
    #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    #expect(picture.count > 5000)
  }

  @Test func `the pendulum swings as SciPy's does`() throws {
    let result = try run(buildFolder.appending(path: "Pendulum").path, [])
    #expect(result.status == 0, "\(result.errors)")
    let numbers = result.output.split { "[] \n".contains($0) }.compactMap { Double($0) }
    let solve = try Python.function(
      """
      import numpy as np
      from scipy.integrate import solve_ivp
      def solve():
          f = lambda t, y: [y[1], -0.25 * y[1] - 9.81 * np.sin(y[0])]
          return solve_ivp(f, (0, 10), [2.0, 0.0], rtol=1e-10, atol=1e-12).y[:, -1].tolist()
      """)
    let expected = try [Double](solve())
    #expect(numbers.count == 2)
    for (a, b) in zip(numbers, expected) { #expect(abs(a - b) < 1e-5) }
  }
}
