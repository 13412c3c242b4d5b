/// An n-dimensional array of one dtype, with value semantics: it is copied on write, also when
/// Python code refers to its memory.
///
/// Inside the closure of a `GraphFunction` a tensor is *symbolic*: it stands for a value that will
/// exist when the graph runs. It has a dtype and a shape, which may be partially known; reading its
/// elements throws.
///
/// ```swift
/// let x = try Tensor([[1, 2], [3, 4]], dtype: .float32)
/// print(try x + 1)
/// ```
public struct Tensor: Sendable {
  /// The type of the elements.
  public let dtype: DType

  /// The extents, as far as they are known; in full unless the tensor is symbolic.
  public let shape: Shape

  /// Whether this is a Swift literal that takes the dtype of what it is combined with.
  package let isLiteral: Bool

  package var content: Content

  /// Where the elements are stored, or which symbol stands for them.
  package enum Content: Sendable {
    /// The only element of a tensor of rank 0, whose dtype is not string: no memory of its own.
    case scalar(ScalarBits)
    /// C-contiguous elements in `storage`, from byte `offset` on.
    case value(Storage, offset: Int)
    /// Strings: the elements of `storage` from number `first` on.
    case strings(StringStorage, first: Int)
    /// A value that a graph will compute.
    case symbol(any TensorSymbol)
    /// No tensor, but an object that one operation passes to another within a run. Users never see
    /// this case.
    case object(any AnyObject & Sendable)
  }

  /// A tensor over `storage` from byte `offset` on, C-contiguous.
  ///
  /// - Precondition: the shape is fully known and its elements lie inside the storage.
  package init(
    storage: Storage, offset: Int = 0, shape: Shape, dtype: DType, isLiteral: Bool = false
  ) {
    assert(offset + shape.knownExtents.reduce(1, *) * dtype.itemSize <= max(storage.byteCount, 0))
    self.dtype = dtype
    self.shape = shape
    self.isLiteral = isLiteral
    content = .value(storage, offset: offset)
  }

  /// The tensor of rank 0 whose element has these bytes.
  ///
  /// - Precondition: `dtype` is not string.
  package init(scalar bits: ScalarBits, dtype: DType, isLiteral: Bool = false) {
    self.dtype = dtype
    shape = .scalar
    self.isLiteral = isLiteral
    content = .scalar(bits)
  }

  /// A tensor over `strings` from element `first` on.
  ///
  /// - Precondition: the shape is fully known and has no more elements than there are.
  package init(strings: StringStorage, first: Int = 0, shape: Shape) {
    assert(first + shape.knownExtents.reduce(1, *) <= strings.count)
    dtype = .string
    self.shape = shape
    isLiteral = false
    content = .strings(strings, first: first)
  }

  /// A symbolic tensor with this dtype, and a shape that may be partially known.
  package init(symbol: any TensorSymbol, shape: Shape, dtype: DType) {
    self.dtype = dtype
    self.shape = shape
    isLiteral = false
    content = .symbol(symbol)
  }

  /// Carries an object from one operation to another within a run, in place of a tensor.
  ///
  /// Its shape is unknown, and unless another dtype is given it is a bool, since no gradient flows
  /// through bools.
  package init(object: any AnyObject & Sendable, dtype: DType = .bool) {
    self.dtype = dtype
    shape = .unknown
    isLiteral = false
    content = .object(object)
  }

  /// The object that is carried; nil for a tensor.
  package var object: (any AnyObject & Sendable)? {
    if case .object(let object) = content { object } else { nil }
  }

  /// The number of axes; see ``Shape/rank``.
  ///
  /// - Precondition: outside of a trace, it is known: the tensor has a value.
  public var rank: Int { shape.rank }

  /// The number of axes, nil when it is not known.
  public var rankIfKnown: Int? { shape.rankIfKnown }

  /// The number of elements; see ``Shape/count``.
  ///
  /// - Precondition: outside of a trace, it is known: the tensor has a value.
  public var count: Int { shape.count }

  /// The number of elements, nil when it is not known.
  public var countIfKnown: Int? { shape.countIfKnown }

  /// Whether the tensor stands for a value that a graph will compute, and has no elements yet.
  public var isSymbolic: Bool {
    if case .symbol(let symbol) = content { symbol.tapedValue == nil } else { false }
  }

  /// The storage and the offset in it, in bytes.
  ///
  /// A tensor that holds its element inline (``isInline``) returns a new storage, which lives only as long as
  /// the returned reference.
  ///
  /// - Throws: `TensorError`: `failedPrecondition` when the tensor is symbolic, `invalidArgument` when
  ///   its elements are strings.
  package var stored: (storage: Storage, offset: Int) {
    get throws(TensorError) {
      switch content {
      case .value(let storage, let offset): return (storage, offset)
      case .scalar(let bits): return (try bits.makeStorage(), 0)
      case .strings:
        throw TensorError(
          .invalidArgument,
          spelled: """
            a tensor of dtype string has no numbers; read it with \
            \(swift: "[String](tensor) or byteStrings()", python: "tensor.numpy()")
            """)
      case .symbol(let symbol):
        guard let value = symbol.tapedValue else { throw symbolicError }
        return try value.stored
      case .object: throw objectError
      }
    }
  }

  /// The strings, and the number of the first.
  ///
  /// - Throws: `TensorError`: `failedPrecondition` when the tensor is symbolic, `invalidArgument` when
  ///   its elements are no strings.
  package var storedStrings: (storage: StringStorage, first: Int) {
    get throws(TensorError) {
      switch content {
      case .strings(let storage, let first): return (storage, first)
      case .value, .scalar:
        throw TensorError(
          .invalidArgument, "strings were asked of a tensor of dtype \(dtype)")
      case .symbol(let symbol):
        guard let value = symbol.tapedValue else { throw symbolicError }
        return try value.storedStrings
      case .object: throw objectError
      }
    }
  }

  private var objectError: TensorError {
    TensorError(
      .internal,
      "what an operation keeps for its gradient was used as a tensor; please report this")
  }

  private var symbolicError: TensorError {
    TensorError(
      .failedPrecondition,
      spelled: """
        the elements of a symbolic tensor, \(dtype)\(shape), were asked for while a graph is \
        being built; they exist when the graph runs: return the tensor from the graph, or read it \
        inside a \(Message.name("numpyFunction"))
        """)
  }
}

/// The graph's part of a symbolic tensor.
///
/// Its concrete type is known to the graph only.
package protocol TensorSymbol: AnyObject, Sendable {
  /// The value, if operations run while they are recorded; nil for a value that a graph will
  /// compute.
  var tapedValue: Tensor? { get }
}
