internal import TensorCore

/// The smallest, or the greatest, of the elements along axes.
struct Extreme: AxesReduction, ElementVisitor {
  /// Whether it is the smallest or the greatest element.
  enum Kind: String {
    case min, max
  }

  let kind: Kind
  let axes: ReductionAxes

  var name: String { kind.rawValue }

  func check(_ inputs: [TensorSpec]) throws {
    try inputs.expectOrder(for: self)
    try axes.expectElements(in: inputs[0].shape, for: name)
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    try axes.expectElements(in: inputs[0].shape, for: name)
    return [try visit(inputs[0].dtype, inputs[0])]
  }

  func visit<T: KernelElement>(_ type: T.Type, _ tensor: Tensor) throws -> Tensor {
    switch kind {
    case .min: try tensor.reduced(along: axes, by: Minimums<T>(), to: tensor.dtype)
    case .max: try tensor.reduced(along: axes, by: Maximums<T>(), to: tensor.dtype)
    }
  }

  private struct Minimums<T: KernelElement>: Reduction {
    func lift(_ element: T) -> T { element.normal }
    func join(_ a: T, _ b: T) -> T { T.least(a, b) }
    func finish(_ whole: T) -> T { whole }
    var empty: T { preconditionFailure("found out before") }
  }

  private struct Maximums<T: KernelElement>: Reduction {
    func lift(_ element: T) -> T { element.normal }
    func join(_ a: T, _ b: T) -> T { T.greatest(a, b) }
    func finish(_ whole: T) -> T { whole }
    var empty: T { preconditionFailure("found out before") }
  }

  // Elements that are all extreme share the gradient, as in TensorFlow.
  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let x = request.inputs[0]
    let shares = try ExtremeShares(axes: axes).result(of: x, request.results[0])
    return [try request.upstream.spread(over: axes, of: x) * shares]
  }
}

/// For each element its share of the gradient: 0, or, if it is the extreme one along axes, 1
/// divided by the number of elements that are.
struct ExtremeShares: OneResultOperation, ZeroGradient, ElementVisitor {
  let axes: ReductionAxes

  let name = "extremeShares"
  let arity = 2

  func check(_ inputs: [TensorSpec]) throws {
    try inputs.expectOneDType()
    guard inputs[0].dtype.isFloatingPoint else {
      throw GraphError(.invalidArgument, "\(name) takes floating-point numbers, not \(inputs[0])")
    }
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    try require(
      axes.result(of: inputs[0].shape) == inputs[1].shape,
      "\(inputs[1].shape) is not what \(inputs[0].shape) is reduced to")
    return [try visit(inputs[0].dtype, (inputs[0], inputs[1]))]
  }

  func visit<T: KernelElement>(
    _ type: T.Type, _ operand: (tensor: Tensor, extremes: Tensor)
  ) throws -> Tensor {
    let (tensor, extremes) = operand
    let (shape, dtype) = (tensor.shape, tensor.dtype)
    let (result, target) = try Tensor.uninitialized(shape, dtype)
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

  var attributes: [(name: String, value: String)] { axes.attributes }
}
