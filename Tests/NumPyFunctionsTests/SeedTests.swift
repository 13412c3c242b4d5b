import NumPyFunctions
import Testing

@Suite struct SeedTests {
  @Test func `rule 1: the seed example gives the square of sinh`() throws {
    let np = try Python.import("numpy")
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
      let y = try numpyFunction(np.sinh, [x], Tout: .float32)
      return try y * y
    }
    #expect(try f(1.0).description == "1.3810978")
  }

  @Test func `rule 3: the same call outside a graph gives the same`() throws {
    let np = try Python.import("numpy")
    let y = try numpyFunction(np.sinh, [Tensor(1 as Float)], Tout: .float32)
    #expect(try (y * y).description == "1.3810978")
  }
}
