internal import CPython
internal import ComplexModule
package import TensorCore

extension PyTensor {
  /// An operand that Python code combines with a tensor.
  package struct Operand: Sendable {
    /// The value.
    package let tensor: Tensor

    /// Whether it is a Python number, which is weakly typed: it takes the dtype of the other
    /// operand.
    ///
    /// See <https://numpy.org/neps/nep-0050-scalar-promotion.html>.
    package let isWeak: Bool

    /// Whether it is a Python int beyond 64 bits.
    ///
    /// Then ``tensor`` is the nearest float64.
    package let isLarge: Bool

    /// A tensor as a strongly typed operand.
    package init(_ tensor: Tensor) {
      self.tensor = tensor
      isWeak = false
      isLarge = false
    }

    private init(weak tensor: Tensor, isLarge: Bool = false) {
      self.tensor = tensor.withoutLiteralMark
      isWeak = true
      self.isLarge = isLarge
    }

    /// An object as an operand; nil when it cannot be combined with tensors.
    ///
    /// An int beyond 64 bits is accepted only if `allowsLarge` is true.
    ///
    /// - Throws: `TensorError` for an array of an unsupported dtype, `PythonError` for an int that does not
    ///   fit, and what NumPy raises for a ragged list.
    @unsafe package init?(
      _ object: OpaquePointer, depth: Int = 0, allowsLarge: Bool = false, _ gil: borrowing GIL
    ) throws {
      switch unsafe cpy_operand_of(object) {
      case .tensor:
        guard let tensor = unsafe PyTensor.tensor(of: object, gil) else { return nil }
        self.init(tensor)
      case .array, .numpy_scalar: self.init(try unsafe Self.array(object, gil))
      case .bool: self.init(weak: Tensor(element: unsafe cpy_truth(object) > 0))
      case .int:
        if let value = try unsafe Self.whole(object, allowsLarge: allowsLarge, gil) {
          self.init(weak: value)
          return
        }
        var value = 0.0
        try gil.require(unsafe cpy_as_float(object, &value))
        self.init(weak: Tensor(element: value), isLarge: true)
      case .float:
        var value = 0.0
        try gil.require(unsafe cpy_as_float(object, &value))
        self.init(weak: Tensor(element: value))
      case .complex:
        var (real, imaginary) = (0.0, 0.0)
        try gil.require(unsafe cpy_as_complex(object, &real, &imaginary))
        self.init(weak: Tensor(element: Complex(real, imaginary)))
      case .list, .tuple: self.init(try unsafe Self.list(object, depth: depth, gil))
      case .none, .ellipsis, .slice: return nil
      case .other:
        guard let tensor = try unsafe Self.converted(object, gil) else { return nil }
        self.init(tensor)
      }
    }

    /// Converts an object whose class has a conversion method, such as a variable; nil for any other object.
    private static func converted(
      _ object: OpaquePointer, _ gil: borrowing GIL
    ) throws -> Tensor? {
      guard let method = unsafe conversion(of: object) else { return nil }
      let object = PythonObject(unsafe PythonReference(sharing: object, gil))
      return try PyTensor.tensor(of: method(object).reference, gil)
    }

    private static func conversion(of object: OpaquePointer) -> PythonObject? {
      unsafe cpy_quiet_type_attribute(object, "__numpyfn_tensor__")
        .map { PythonObject(unsafe PythonReference(owning: $0)) }
    }

    /// An array, or anything that `numpy.asarray` accepts, as an operand; the memory is shared or copied.
    @unsafe package static func array(
      _ object: OpaquePointer, _ gil: borrowing GIL
    ) throws -> Tensor {
      try Tensor(PythonObject(unsafe PythonReference(sharing: object, gil)))
    }

    /// The largest number of axes of NumPy's arrays.
    ///
    /// It also limits the recursion.
    private static let deepest = 64

    /// An int; nil if it is beyond 64 bits and that is allowed.
    private static func whole(
      _ object: OpaquePointer, allowsLarge: Bool, _ gil: borrowing GIL
    ) throws -> Tensor? {
      var value: Int64 = 0
      if unsafe cpy_as_int(object, &value) { return Tensor(element: value) }
      _ = gil.raised()
      var large: UInt64 = 0
      if unsafe cpy_as_unsigned(object, &large) { return Tensor(element: large) }
      guard allowsLarge else { throw gil.raised() }
      _ = gil.raised()
      return nil
    }

    /// A list: converted by NumPy, or its elements stacked if one of them is a tensor.
    private static func list(
      _ object: OpaquePointer, depth: Int, _ gil: borrowing GIL
    ) throws -> Tensor {
      // A list may contain itself.
      guard depth < deepest else {
        throw Python.error("ValueError", "a list of tensors is nested too deep")
      }
      guard unsafe holdsTensor(object, depth: 0) else { return try unsafe array(object, gil) }
      let items = PythonObject(unsafe try gil.owned(cpy_sequence(object)))
      let parts = try unsafe (0..<cpy_sequence_count(items.pointer)).map { index in
        let item = unsafe cpy_sequence_item(items.pointer, index)
        guard let part = try unsafe Operand(item, depth: depth + 1, gil) else {
          let kind = Misfit.words(for: PythonObject(unsafe PythonReference(sharing: item, gil)))
          throw Python.error("TypeError", "element \(index) of a list of tensors is \(kind)")
        }
        return part
      }
      return try module.stacked(parts, at: PythonPlace.current(gil))
    }

    private static func holdsTensor(_ object: OpaquePointer, depth: Int) -> Bool {
      guard depth < deepest else { return false }
      return unsafe (0..<cpy_sequence_count(object)).contains { index in
        let item = unsafe cpy_sequence_item(object, index)
        switch unsafe cpy_operand_of(item) {
        case .tensor: return true
        case .list, .tuple: return unsafe holdsTensor(item, depth: depth + 1)
        case .other: return unsafe conversion(of: item) != nil
        default: return false
        }
      }
    }
  }

  /// One part of the key in `tensor[...]`.
  package enum Key: Sendable {
    case position(Int)
    case range(from: Int?, to: Int?, by: Int)
    case newAxis
    case ellipsis
    /// An array of indices, or a mask.
    case tensor(Tensor)

    /// The array of indices or the mask; nil for other parts.
    var tensor: Tensor? { if case .tensor(let tensor) = self { tensor } else { nil } }

    /// The parts of a key.
    ///
    /// - Throws: `PythonError`: `TypeError` or `IndexError`.
    @unsafe static func list(of key: OpaquePointer, _ gil: borrowing GIL) throws -> [Key] {
      guard unsafe cpy_operand_of(key) == .tuple else { return [try unsafe Key(key, gil)] }
      return try unsafe (0..<cpy_sequence_count(key)).map {
        try unsafe Key(cpy_sequence_item(key, $0), gil)
      }
    }

    @unsafe private init(_ key: OpaquePointer, _ gil: borrowing GIL) throws {
      switch unsafe cpy_operand_of(key) {
      case .none: self = .newAxis
      case .ellipsis: self = .ellipsis
      case .slice:
        var (start, stop, step) = (0, 0, 0)
        try gil.require(unsafe cpy_slice_bounds(key, &start, &stop, &step))
        // Bounds that are left out have the extreme numbers that C returns for them, which select
        // the same elements.
        self =
          step > 0
          ? .range(from: start == 0 ? nil : start, to: stop == .max ? nil : stop, by: step)
          : .range(from: start == .max ? nil : start, to: stop == .min ? nil : stop, by: step)
      case .tensor, .array, .list, .tuple, .bool:
        guard let operand = try unsafe Operand(key, gil) else {
          throw Python.error("IndexError", "a tensor cannot be indexed with that")
        }
        self = .tensor(operand.tensor)
      default:
        guard unsafe cpy_has_index(key) else {
          let name = unsafe String(cString: cpy_type_name(key))
          throw Python.error(
            "IndexError",
            "a tensor is indexed with ints, slices, None, ..., and one array or tensor of positions or "
              + "bools, not with an object of class \(name)")
        }
        var position: Int64 = 0
        let number = PythonObject(
          try unsafe gil.owned(cpy_python_number(key, .index)))
        guard unsafe cpy_as_int(number.pointer, &position) else {
          _ = gil.raised()
          throw Python.error("IndexError", "position \(number) is on no axis")
        }
        self = .position(Int(position))
      }
    }
  }
}
