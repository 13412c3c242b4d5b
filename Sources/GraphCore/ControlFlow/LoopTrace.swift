internal import TensorCore

/// The body of a loop, traced again until the specs of the state no longer change.
///
/// The first trace assumes that the state keeps its shape. If the body changes the shape, the
/// extents that differ become unknown, and the body is traced again. A literal takes the dtype of
/// its next state. If the body cannot be traced with the literal's own dtype, the literal takes the
/// dtype of the other tensors.
struct LoopTrace {
  let traced: Body.Traced

  /// The structure of the collected results.
  let parts: [ResultPart]

  /// The initial state, with the specs that hold for the state in every iteration.
  let carries: [(Tensor, TensorSpec)]

  /// - Throws: `GraphError` (`invalidArgument`) when the state changes its dtype or the number of its
  ///   tensors; what `body` throws.
  init<R>(
    _ name: String, _ initial: [Tensor], elements: [TensorSpec],
    in parent: (any OperationRecorder)?,
    at location: SourceLocation, form: ResultForm<R>, _ body: ([Tensor]) throws -> R
  ) throws {
    var carries = initial.map { ($0, TensorSpec(of: $0)) }
    var others = elements.map(\.dtype) + initial.filter { !$0.isLiteral }.map(\.dtype)
    while true {
      let traced: Body.Traced
      let parts: [ResultPart]
      do {
        (traced, parts) = try Body.trace(
          name: name, carries.map(\.1) + elements, in: parent, at: location, form: form, body)
      } catch let error as OperationError where error.code == .invalidArgument {
        guard let dtype = others.first else { throw error }
        let literals = initial.map { $0.isLiteral ? try? $0.literal(as: dtype) : $0 }
        others.removeAll { $0 == dtype }
        guard initial.contains(where: \.isLiteral), !literals.contains(nil) else { throw error }
        carries = literals.compactMap { $0 }.map { ($0, TensorSpec(of: $0)) }
        continue
      }
      let next = traced.graph.outputs.map { traced.graph.spec(of: $0) }
      guard next.count >= carries.count else {
        throw GraphError(
          .invalidArgument,
          "the state begins as \(counted(carries.count, "tensor")), the body returns "
            + "\(next.count); it must return the next state, of as many")
      }
      var isSettled = true
      for (index, next) in next.prefix(carries.count).enumerated() {
        let (first, spec) = carries[index]
        guard next.dtype == spec.dtype else {
          guard first.isLiteral, let literal = try? first.literal(as: next.dtype) else {
            throw GraphError(
              .invalidArgument,
              spelled: """
                part \(index) of the state begins as \(spec), and the body makes \(next) of it; \
                its dtype must stay the same: convert one with \(Message.asType)
                """)
          }
          carries[index] = (literal, TensorSpec(of: literal))
          isSettled = false
          continue
        }
        let shape = spec.shape.union(next.shape)
        if shape == spec.shape { continue }
        carries[index].1 = TensorSpec(shape: shape, dtype: spec.dtype)
        isSettled = false
      }
      guard isSettled else { continue }
      self.traced = traced
      self.parts = parts
      self.carries = carries.map { ($0.withoutLiteralMark, $1) }
      return
    }
  }
}
