internal import TensorCore

/// An operation that only moves elements, of any dtype.
///
/// Strings do not have one size, so they are moved by number: the operation moves the numbers of
/// the strings, and the result is made from the moved numbers.
protocol Movement: PureOperation {
  /// Runs the operation on dtypes other than string.
  func move(_ inputs: consuming [Tensor]) throws -> [Tensor]

  /// How many of the inputs are moved; those that follow, which are indices or extents, are not.
  func movedCount(_ count: Int) -> Int
}

extension Movement {
  func movedCount(_ count: Int) -> Int { min(1, count) }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    guard inputs.first?.dtype == .string else { return try move(inputs) }
    var numbered = inputs
    let moved = numbered.prefix(movedCount(numbered.count))
    var next: Int64 = 0
    for (place, input) in moved.enumerated() {
      let end = next + Int64(input.count)
      numbered[place] = try Tensor(Array(next..<end), shape: input.shape)
      next = end
    }
    let strings = Array(moved)
    return try move(numbered).map { numbers in
      try Tensor(picking: numbers.scalars(as: Int64.self), of: strings, shape: numbers.shape)
    }
  }
}

extension Tensor {
  /// The strings with these numbers, counted through all of `tensors`; the memory is shared when
  /// they are consecutive strings of one tensor.
  fileprivate init(picking numbers: [Int64], of tensors: [Tensor], shape: Shape) throws {
    if tensors.count == 1, let first = numbers.first,
      numbers.enumerated().allSatisfy({ $1 == first + Int64($0) })
    {
      self = try tensors[0].viewed(from: Int(first), as: shape)
      return
    }
    var places: [(storage: StringStorage, element: Int)] = []
    for tensor in tensors {
      let (storage, first) = try tensor.storedStrings
      places += (0..<tensor.count).map { (storage, first + $0) }
    }
    let elements = numbers.map { number in
      let place = places[Int(number)]
      return place.storage[place.element]
    }
    self.init(strings: StringStorage(elements), shape: shape)
  }
}

/// A movement of the elements of one tensor from places that follow from its shape.
protocol Rearrangement: Movement, OneResultOperation {
  /// The places of the result's elements in an operand of this shape.
  func pattern(in shape: Shape) throws -> Pattern
}

extension Rearrangement {
  func move(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let x = inputs[0]
    return [try x.picking(pattern(in: x.shape), as: shape(of: x.shape))]
  }
}
