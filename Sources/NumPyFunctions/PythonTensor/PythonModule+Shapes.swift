internal import GraphCore
internal import PythonBridge
internal import TensorCore

/// A function of a tensor whose other arguments are integers or lists of integers.
private typealias Reshaping =
  @Sendable (Tensor, borrowing PyArguments, borrowing GIL) throws -> (PythonPlace?) throws -> Tensor

extension PythonModule {
  /// Functions that move elements.
  ///
  /// The Python files check and normalise the arguments.
  static var shapeFunctions: [PyEntry] {
    reshapings + joins + gathers + splits
  }

  private static func reshaping(_ name: String, _ function: @escaping Reshaping) -> PyEntry {
    PyEntry(name) { arguments, gil in
      let x = try arguments.tensor(0, gil)
      let compute = try function(x, arguments, gil)
      return try arguments.computing([x], gil) { try compute($0) }
    }
  }

  private static let reshapings: [PyEntry] = [
    reshaping("reshape") { x, arguments, gil in
      // If extents are unknown, the shape is a tensor.
      guard let extents = try? arguments.ints(1, gil) else {
        let extents = try arguments.tensor(1, gil)
        return { try x.reshaped(to: extents, file: $0.file, line: $0.line) }
      }
      let open = extents.map { $0 == -1 ? nil : $0 }
      return { try x.reshaped(to: open, file: $0.file, line: $0.line) }
    },
    reshaping("flatten") { x, _, _ in { try x.flattened(file: $0.file, line: $0.line) } },
    reshaping("transpose") { x, arguments, gil in
      let axes = try arguments.ints(1, gil)
      return { try x.transposed(permutation: axes, file: $0.file, line: $0.line) }
    },
    reshaping("swapaxes") { x, arguments, gil in
      let (a, b) = try (arguments.int(1, gil), arguments.int(2, gil))
      return { try x.swapAxes(a, b, file: $0.file, line: $0.line) }
    },
    reshaping("moveaxis") { x, arguments, gil in
      let (from, to) = try (arguments.ints(1, gil) ?? [], arguments.ints(2, gil) ?? [])
      return { try x.moveAxes(from: from, to: to, file: $0.file, line: $0.line) }
    },
    reshaping("expand_dims") { x, arguments, gil in
      let axes = try arguments.ints(1, gil) ?? []
      return { try x.expandingShape(at: axes, file: $0.file, line: $0.line) }
    },
    reshaping("squeeze") { x, arguments, gil in
      let axes = try arguments.ints(1, gil)
      return { try x.squeezed(axes: axes, file: $0.file, line: $0.line) }
    },
    reshaping("broadcast_to") { x, arguments, gil in
      guard let extents = try? arguments.ints(1, gil) else {
        let extents = try arguments.tensor(1, gil)
        return { try x.broadcast(to: extents, file: $0.file, line: $0.line) }
      }
      let shape = try known(extents)
      return { try x.broadcast(to: shape, file: $0.file, line: $0.line) }
    },
    reshaping("ensure_shape") { x, arguments, gil in
      // If extents are known only when the graph runs, the shape is a tensor.
      if let extents = try arguments.symbol(1, gil) {
        return { try ensureShape(x, extents, file: $0.file, line: $0.line) }
      }
      let shape = try arguments.shape(1, gil)
      return { try ensureShape(x, shape, file: $0.file, line: $0.line) }
    },
    reshaping("flip") { x, arguments, gil in
      let axes = try arguments.ints(1, gil)
      return { try x.flipped(axes: axes, file: $0.file, line: $0.line) }
    },
    reshaping("roll") { x, arguments, gil in
      let shift = try arguments.int(1, gil)
      let axis = try arguments.isNone(2) ? nil : arguments.int(2, gil)
      return { try x.rolled(by: shift, axis: axis, file: $0.file, line: $0.line) }
    },
    reshaping("tile") { x, arguments, gil in
      let multiples = try arguments.ints(1, gil) ?? []
      return { try x.tiled(multiples, file: $0.file, line: $0.line) }
    },
    reshaping("repeat") { x, arguments, gil in
      let count = try arguments.int(1, gil)
      let axis = try arguments.isNone(2) ? nil : arguments.int(2, gil)
      return { try x.repeatingElements(count, axis: axis, file: $0.file, line: $0.line) }
    },
    reshaping("tril") { x, arguments, gil in
      let diagonal = try arguments.int(1, gil)
      return { try x.lowerTriangle(diagonal: diagonal, file: $0.file, line: $0.line) }
    },
    reshaping("triu") { x, arguments, gil in
      let diagonal = try arguments.int(1, gil)
      return { try x.upperTriangle(diagonal: diagonal, file: $0.file, line: $0.line) }
    },
    reshaping("pad") { x, arguments, gil in
      let (before, after) = try (arguments.ints(1, gil) ?? [], arguments.ints(2, gil) ?? [])
      let widths = zip(before, after).map { (before: $0, after: $1) }
      let mode = try arguments.string(3, gil)
      let value = try arguments.operand(4, allowsLarge: true, gil)
      return { place in
        if let mode = PaddingMode(rawValue: mode) {
          return try x.padded(widths, mode: mode, file: place.file, line: place.line)
        }
        let value = try value.border(of: x.dtype, place)
        return try x.padded(widths, with: value, file: place.file, line: place.line)
      }
    },
    reshaping("argwhere") { x, _, _ in { try nonZero(x, file: $0.file, line: $0.line) } },
    reshaping("shape") { x, _, _ in { try shapeOf(x, file: $0.file, line: $0.line) } },
    reshaping("size") { x, _, _ in { try sizeOf(x, file: $0.file, line: $0.line) } },
    reshaping("ndim") { x, _, _ in { try rankOf(x, file: $0.file, line: $0.line) } },
    reshaping("zeros_like") { x, _, _ in { try zerosLike(x, file: $0.file, line: $0.line) } },
    reshaping("ones_like") { x, _, _ in { try onesLike(x, file: $0.file, line: $0.line) } },
    reshaping("one_hot") { x, arguments, gil in
      let (depth, dtype) = try (arguments.int(1, gil), arguments.dtype(2, gil))
      return { try oneHot(x, depth: depth, dtype: dtype, file: $0.file, line: $0.line) }
    },
  ]

  private static var joins: [PyEntry] {
    ["concatenate", "stack"].map { name in
      PyEntry(name) { arguments, gil in
        let (parts, axis) = try (arguments.operands(0, gil), arguments.int(1, gil))
        return try arguments.computing(parts.map(\.tensor), gil) { place in
          let tensors = try parts.promoted(place)
          return try name == "stack"
            ? stack(tensors, axis: axis, file: place.file, line: place.line)
            : concatenate(tensors, axis: axis, file: place.file, line: place.line)
        }
      }
    }
  }

  private static var gathers: [PyEntry] {
    ["take", "take_along_axis"].map { name in
      PyEntry(name) { arguments, gil in
        let (x, indices) = try (arguments.tensor(0, gil), arguments.tensor(1, gil))
        let axis = try arguments.int(2, gil)
        return try arguments.computing([x, indices], gil) { place in
          try name == "take"
            ? gather(x, indices, axis: axis, file: place.file, line: place.line)
            : takeAlongAxis(x, indices, axis: axis, file: place.file, line: place.line)
        }
      }
    }
  }

  private static var splits: [PyEntry] {
    [
      PyEntry("split") { arguments, gil in
        let (x, axis) = try (arguments.tensor(0, gil), arguments.int(2, gil))
        let place = PythonPlace.current(gil)
        let parts =
          if let sizes = try arguments.symbol(1, gil) {
            // The sizes are known only when the graph runs; their number is known now.
            try x.split(
              into: arguments.int(3, gil), sizes: sizes, axis: axis, file: place.file,
              line: place.line)
          } else if let sizes = try? arguments.ints(1, gil) {
            try x.split(sizes: sizes, axis: axis, file: place.file, line: place.line)
          } else {
            try x.split(
              into: arguments.int(1, gil), axis: axis, file: place.file, line: place.line)
          }
        return try PythonObject(list: parts.map { PythonObject(try PyTensor.wrap($0, gil)) })
      }
    ]
  }

  /// A shape without unknown extents.
  static func known(_ extents: [Int]) throws -> Shape {
    if let negative = extents.first(where: { $0 < 0 }) {
      throw TensorError(.invalidArgument, "an extent cannot be negative: \(negative) in \(extents)")
    }
    return Shape(extents)
  }
}

extension PythonModule {
  /// Functions for ranks and extents while a graph is traced.
  static var rankFunctions: [PyEntry] {
    [
      PyEntry("has_rank") { arguments, gil in
        try PythonObject(arguments.tensor(0, gil).rankIfKnown != nil)
      },
      // takes a tensor, and the name of the function that needs its rank
      PyEntry("rank") { arguments, gil in
        try PythonObject(
          PyTensor.rank(
            of: arguments.tensor(0, gil), for: arguments.string(1, gil), at: .current(gil)))
      },
      // raises the error for code that needs an unknown rank or extent
      PyEntry("unknown") { arguments, gil in
        let what = try arguments.string(0, gil)
        let place = PythonPlace.current(gil)
        throw try arguments.bool(1, gil)
          ? PyTensor.unknownRank(what, at: place) : PyTensor.unknownExtent(what, at: place)
      },
    ]
  }
}

extension PyTensor.Operand {
  /// The value as an element of a padding border.
  ///
  /// As in NumPy, numbers wrap in unsigned dtypes, and must fit signed dtypes after truncation.
  fileprivate func border(of dtype: DType, _ place: PythonPlace?) throws -> Tensor {
    if dtype.kind == .signedInteger, isWeak, tensor.dtype.isFloatingPoint {
      let number = try Double(tensor)
      guard !number.isNaN else {
        throw Python.error("ValueError", "a border of NaN has no place in a tensor of \(dtype)")
      }
      guard let whole = Int64(exactly: number.rounded(.towardZero)),
        let value = try? Tensor(whole).converted(to: dtype)
      else {
        throw Python.error("OverflowError", "a border of \(number) does not fit \(dtype)")
      }
      return value
    }
    if dtype.kind == .unsignedInteger && !isLarge {
      return try tensor.asType(dtype, file: place.file, line: place.line)
    }
    return try assigned(to: dtype, place)
  }
}

extension PyArguments {
  /// An argument that is a tensor whose elements are known only when the graph runs; nil for any
  /// other.
  func symbol(_ index: Int, _ gil: borrowing GIL) throws -> Tensor? {
    let object = try object(index, gil)
    guard let tensor = PyTensor.tensor(of: object.reference, gil), tensor.isSymbolic else {
      return nil
    }
    return tensor
  }

  /// An argument that is a shape.
  func shape(_ index: Int, _ gil: borrowing GIL) throws -> Shape {
    try isNone(index) ? .unknown : Shape(python: object(index, gil))
  }
}

extension Shape {
  /// The shape for a list of numbers and Nones, where None is an unknown extent; for None, an
  /// unknown shape.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) when a number is negative.
  init(python extents: PythonObject) throws {
    guard let extents = try [Int?]?(extents) else {
      self = .unknown
      return
    }
    if let negative = extents.compactMap({ $0 }).first(where: { $0 < 0 }) {
      throw TensorError(
        .invalidArgument, "an extent cannot be negative: \(negative); None is one that may vary")
    }
    self.init(extents)
  }
}
