internal import GraphCore
internal import PythonBridge
internal import TensorCore

extension PythonModule {
  static func item(_ a: Tensor, _ key: [PyTensor.Key], at place: PythonPlace?) throws -> Tensor {
    let tensors = key.enumerated().compactMap { index, key in
      if case .tensor(let tensor) = key { (index, tensor) } else { nil }
    }
    guard let (index, tensor) = tensors.first else {
      return try a.slice(key.map(\.axisIndex), at: place.location)
    }
    if tensor.dtype == .bool {
      guard key.count == 1 else {
        throw Python.error(
          "IndexError", "a tensor of bools is the only index, or none; index in two steps")
      }
      return try masked(a, tensor, place)
    }
    if tensors.count == 2, key.count == 2,
      try PyTensor.rank(of: a, for: "an index of two arrays of positions", at: place) == 2,
      tensors.allSatisfy({ $0.1.rankIfKnown == 1 })
    {
      return try paired(a, tensor, tensors[1].1, place)
    }
    guard tensors.count == 1 else {
      throw Python.error(
        "IndexError",
        "one array or tensor of positions may be among the indices, or two rows of them for a matrix, "
          + "there are \(tensors.count); index along one axis after the other, or use numpyfn.take_along_axis"
      )
    }
    // NumPy moves the axes of an index array to the front if a slice separates it from an int.
    let positions = key.indices.filter { if case .position = key[$0] { true } else { false } }
    for position in positions {
      let between = key[min(position, index)...max(position, index)].dropFirst().dropLast()
      guard between.allSatisfy({ if case .position = $0 { true } else { false } }) else {
        throw Python.error(
          "IndexError",
          "an int and an array with a slice between them are taken in another order by NumPy than they "
            + "stand; index in two steps")
      }
    }
    return try a.slice(key.map(\.axisIndex), at: place.location)
  }

  /// The elements of a matrix in these rows and columns, pair by pair: `a[rows, columns]`.
  private static func paired(
    _ a: Tensor, _ rows: Tensor, _ columns: Tensor, _ place: PythonPlace?
  ) throws -> Tensor {
    let (file, number) = (place.file, place.line)
    let lines = try gather(a, rows, axis: 0, file: file, line: number)
    let places = try columns.expandingShape(at: 1, file: file, line: number)
    return try takeAlongAxis(lines, places, axis: 1, file: file, line: number)
      .squeezed(axes: [1], file: file, line: number)
  }

  /// The elements, or the parts along the first axes, where a mask is true.
  ///
  /// If ranks or extents are unknown, the shape of the mask is checked when the graph runs.
  private static func masked(_ a: Tensor, _ mask: Tensor, _ place: PythonPlace?) throws -> Tensor {
    let (file, number) = (place.file, place.line)
    try expectFit(mask.shape, of: a.shape)
    let places = try nonZero(mask.flattened(file: file, line: number), file: file, line: number)
      .squeezed(axes: [1], file: file, line: number)
    if mask.rankIfKnown == 1, a.rankIfKnown != nil, mask.shape[ifKnown: 0] != nil,
      a.shape[ifKnown: 0] != nil
    {
      return try gather(a, places, axis: 0, file: file, line: number)
    }
    let own = try shapeOf(a, file: file, line: number)
    let rest =
      if let rank = mask.rankIfKnown {
        try own[rank...]
      } else {
        try gather(own, range(rankOf(mask), rankOf(a)), file: file, line: number)
      }
    let fitting = try ensureShape(
      a, concatenate([shapeOf(mask), rest], axis: 0), file: file, line: number)
    let count = try sizeOf(mask, file: file, line: number).expandingShape(at: 0)
    let rows = try fitting.reshaped(
      to: concatenate([count, rest], axis: 0), file: file, line: number)
    return try gather(rows, places, axis: 0, file: file, line: number)
  }

  /// Throws an error if the mask's known extents differ from the tensor's first extents.
  private static func expectFit(_ mask: Shape, of shape: Shape) throws {
    guard let rank = mask.rankIfKnown, let all = shape.rankIfKnown else { return }
    guard rank <= all else {
      throw Python.error(
        "IndexError", "a mask of rank \(rank) is too large for a tensor of rank \(all)")
    }
    for axis in 0..<rank {
      guard let wanted = shape[ifKnown: axis], let found = mask[ifKnown: axis],
        wanted != found
      else { continue }
      throw Python.error(
        "IndexError",
        "a mask of shape \(mask) does not fit a tensor of shape \(shape): axis \(axis) has "
          + "\(wanted) elements, the mask \(found)")
    }
  }
}

extension PyTensor.Key {
  /// The key part as an index of Swift's tensors.
  fileprivate var axisIndex: AxisIndex {
    switch self {
    case .position(let position): position.axisIndex
    case .range(let from, let to, let by): .slice(from: from, to: to, by: by)
    case .newAxis: .newAxis
    case .ellipsis: .ellipsis
    case .tensor(let tensor):
      // NumPy converts an empty list to a float64 array.
      tensor.countIfKnown == 0 && tensor.dtype == .float64
        ? ((try? tensor.casting(to: .int64)) ?? tensor).axisIndex : tensor.axisIndex
    }
  }
}
