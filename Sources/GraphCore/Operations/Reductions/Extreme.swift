internal import TensorCore

/// The smallest, or the greatest, of the elements along axes.
struct Extreme: Operation, Hashable {
  /// Whether it is the smallest or the greatest element.
  enum Kind: String {
    case min, max
  }

  let kind: Kind
  let axes: ReductionAxes

  var name: String { kind.rawValue }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectOrder(for: self)
    let shape = try axes.result(of: inputs[0].shape)
    try axes.expectElements(in: inputs[0].shape, for: name)
    return [TensorSpec(shape: shape, dtype: inputs[0].dtype)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    try axes.expectElements(in: inputs[0].shape, for: name)
    return [try Visitor(tensor: inputs[0], extreme: self).visit(inputs[0].dtype)]
  }

  private struct Visitor: OrderedVisitor {
    let tensor: Tensor
    let extreme: Extreme
    func visit<T: OrderedElement>(_ type: T.Type) throws -> Tensor {
      switch extreme.kind {
      case .min: try tensor.reduced(along: extreme.axes, by: Minimums<T>(), to: tensor.dtype)
      case .max: try tensor.reduced(along: extreme.axes, by: Maximums<T>(), to: tensor.dtype)
      }
    }
  }

  private struct Minimums<T: OrderedElement>: Reduction {
    func lift(_ element: T) -> T { element.normal }
    func join(_ a: T, _ b: T) -> T { T.least(a, b) }
    func finish(_ whole: T) -> T { whole }
    var empty: T { preconditionFailure("found out before") }
  }

  private struct Maximums<T: OrderedElement>: Reduction {
    func lift(_ element: T) -> T { element.normal }
    func join(_ a: T, _ b: T) -> T { T.greatest(a, b) }
    func finish(_ whole: T) -> T { whole }
    var empty: T { preconditionFailure("found out before") }
  }

  // Elements that are all extreme share the gradient, as in TensorFlow.
  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let x = request.inputs[0]
    let shares = try ExtremeShares(axes: axes).apply(to: [x, request.results[0]])[0]
    return [try request.upstream.spread(over: axes, of: x) * shares]
  }

  let effects = Effects.pure

  var attributes: [(name: String, value: String)] { axes.attributes }
}

/// For each element its share of the gradient: 0, or, if it is the extreme one along axes, 1
/// divided by the number of elements that are.
struct ExtremeShares: Operation, Hashable {
  let axes: ReductionAxes

  let name = "extremeShares"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(2, for: self)
    try inputs.expectOneDType()
    guard inputs[0].dtype.isFloatingPoint else {
      throw GraphError(.invalidArgument, "\(name) takes floating-point numbers, not \(inputs[0])")
    }
    return [TensorSpec(shape: inputs[0].shape, dtype: inputs[0].dtype)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    guard try axes.result(of: inputs[0].shape) == inputs[1].shape else {
      throw TensorError(
        .invalidArgument, "\(inputs[1].shape) is not what \(inputs[0].shape) is reduced to")
    }
    let visitor = Visitor(tensor: inputs[0], extremes: inputs[1], axes: axes)
    return [try visitor.visitFloating(inputs[0].dtype)]
  }

  private struct Visitor: OrderedVisitor {
    let tensor: Tensor
    let extremes: Tensor
    let axes: ReductionAxes
    func visit<T: OrderedElement>(_ type: T.Type) throws -> Tensor {
      let (shape, dtype) = (tensor.shape, tensor.dtype)
      let target = try Storage(byteCount: shape.byteCount(of: dtype))
      let result = Tensor(storage: target, shape: shape, dtype: dtype)
      let total = try shape.elementCount
      if total == 0 { return result }
      let extents = shape.knownExtents
      let groups = ReductionLayout(extents, mask: try axes.mask(of: shape, rank: extents.count))
        .groups
      let ((source, offset), (whole, wholeOffset)) = (try tensor.stored, try extremes.stored)
      let x = unsafe (source.base + offset).assumingMemoryBound(to: T.self)
      let best = unsafe (whole.base + wholeOffset).assumingMemoryBound(to: T.self)
      let shares = unsafe target.base.assumingMemoryBound(to: T.self)
      let (zero, one) = (T.narrowed(.zero), T.Wide.one)
      Parallel.forEachPiece(of: groups.count, work: total) { group in
        let start = groups.start(of: group)
        let element = unsafe best[group]
        var count = 0
        for index in 0..<groups.size {
          if unsafe T.isSame(x[start + groups.offset(of: index)], element) { count += 1 }
        }
        let share = T.narrowed(one.divided(by: count))
        for index in 0..<groups.size {
          let place = start + groups.offset(of: index)
          unsafe shares[place] = T.isSame(x[place], element) ? share : zero
        }
      }
      withExtendedLifetime((source, whole)) {}
      return result
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil, nil] }

  let effects = Effects.pure

  var attributes: [(name: String, value: String)] { axes.attributes }
}
