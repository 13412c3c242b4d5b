internal import TensorCore

/// For each element the product of the others along axes: the gradient of a product, without a
/// division, so that it is right where elements are 0.
///
/// With more inputs, directions of the first one's shape, it is the derivative of that in these
/// directions, and so a product's derivatives of any order are this one operation: for the elements
/// x₁ … xₙ and the directions h and k, element j of the result is what t·u is multiplied by in the
/// product of all xᵢ + t·hᵢ + u·kᵢ but for i = j.
struct ProductOfOthers: PureOperation, ElementVisitor {
  let axes: ReductionAxes

  let name = "productOfOthers"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    guard let first = inputs.first, inputs.count <= 16 else {
      throw GraphError(
        .invalidArgument,
        "\(name) takes 1 to 16 inputs, \(inputs.count) were given; a product is differentiated 16 "
          + "times at most")
    }
    var shape = first.shape
    for other in inputs.dropFirst() {
      guard other.dtype == first.dtype, let both = shape.intersection(other.shape) else {
        throw GraphError(
          .invalidArgument, "\(name) takes tensors of one dtype and shape, not \(inputs)")
      }
      shape = both
    }
    _ = try axes.result(of: shape)
    return [TensorSpec(shape: shape, dtype: first.dtype)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let shapes = inputs.map(\.shape)
    try require(
      shapes.allSatisfy({ $0 == shapes[0] }), "\(name) takes tensors of one shape, not \(shapes)")
    return [try visit(inputs[0].dtype, inputs)]
  }

  func visit<T: KernelElement>(_ type: T.Type, _ inputs: [Tensor]) throws -> Tensor {
    let (shape, dtype) = (inputs[0].shape, inputs[0].dtype)
    let (result, target) = try Tensor.uninitialized(shape, dtype)
    if try shape.elementCount == 0 { return result }
    let extents = shape.knownExtents
    let mask = try axes.mask(of: shape, rank: extents.count)
    let groups = ReductionLayout(extents, mask: mask).groups
    var parts = Polynomials<T>(count: groups.size, directions: inputs.count - 1)
    let end = unsafe target.base.assumingMemoryBound(to: T.self)
    let sources = try inputs.map { try $0.stored }
    for group in 0..<groups.count {
      let start = groups.start(of: group)
      parts.begin()
      for (place, (storage, offset)) in sources.enumerated() {
        let source = unsafe (storage.base + offset).assumingMemoryBound(to: T.self)
        for index in 0..<groups.size {
          parts[place, index] = unsafe source[start + groups.offset(of: index)].wide
        }
      }
      parts.multiplyOthers { index, product in
        unsafe end[start + groups.offset(of: index)] = T.narrowed(product)
      }
    }
    return result
  }

  // The sum of uⱼ times element j of the result is the next derivative, in direction u as well; so
  // for each input it is this operation again, with u in place of that input.
  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let inputs = try request.inputs.map { try $0.conjugate() }
    return try request.inputs.indices.map { place in
      guard request.wanted[place] else { return nil }
      var directions = inputs
      if place > 0 { directions.remove(at: place) }
      return try apply(to: directions + [request.upstream])[0]
    }
  }

  var attributes: [(name: String, value: String)] { axes.attributes }
}

/// Products of numbers xᵢ + t·hᵢ + u·kᵢ + …, with only the terms in which each of t, u, … occurs at
/// most once.
///
/// There is one coefficient for each set of t, u, …; the bits of its index are the members of the
/// set.
private struct Polynomials<T: KernelElement> {
  private let count: Int
  private let sets: Int
  /// The inputs, one after another.
  private var values: [T.Wide]
  /// The products of the elements before each.
  private var before: [T.Wide]
  /// The product of the elements after the current one.
  private var after: [T.Wide]

  init(count: Int, directions: Int) {
    self.count = count
    sets = 1 << directions
    values = Array(repeating: .zero, count: count * (directions + 1))
    before = Array(repeating: .zero, count: count * sets)
    after = []
  }

  mutating func begin() {
    after = Array(repeating: .zero, count: sets)
    after[0] = .one
  }

  subscript(input: Int, index: Int) -> T.Wide {
    get { values[input * count + index] }
    set { values[input * count + index] = newValue }
  }

  /// Calls `body` for each element, with the coefficient of the term with all directions in the
  /// product of the other elements.
  mutating func multiplyOthers(_ body: (Int, T.Wide) -> Void) {
    var product = after
    for index in 0..<count {
      for set in 0..<sets { before[index * sets + set] = product[set] }
      product = multiplied(product, by: index)
    }
    for index in (0..<count).reversed() {
      var term = T.Wide.zero
      for set in 0..<sets {
        term = .sum(term, .product(before[index * sets + set], after[sets - 1 - set]))
      }
      body(index, term)
      after = multiplied(after, by: index)
    }
  }

  private func multiplied(_ product: [T.Wide], by index: Int) -> [T.Wide] {
    var result = product
    for set in 0..<sets {
      result[set] = .product(product[set], self[0, index])
      for direction in 0..<sets.trailingZeroBitCount where set & 1 << direction != 0 {
        let term = T.Wide.product(product[set ^ 1 << direction], self[direction + 1, index])
        result[set] = .sum(result[set], term)
      }
    }
    return result
  }
}
