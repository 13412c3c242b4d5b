internal import CPython
internal import TensorCore

extension PyTensor {
  /// The functions that C calls for the slots of the class.
  ///
  /// They are called with the GIL held, whether or not this thread has attached.
  enum Slots {
    static var table: cpy_tensor_functions {
      unsafe cpy_tensor_functions(
        binary: { unsafe Slots.binary(Binary(rawValue: $0.rawValue), $1, $2) },
        in_place: { unsafe Slots.binary(Binary(rawValue: $0.rawValue), $1, $2, isInPlace: true) },
        // C numbers the comparisons from 0. Here they have the same order, after the other
        // operators.
        compare: {
          unsafe Slots.binary(Binary(rawValue: Binary.less.rawValue + $0.rawValue), $1, $2)
        },
        ask: { unsafe Slots.ask($0, $1) },
        item: { unsafe Slots.item($0, $1) },
        count: { unsafe Slots.count($0) },
        truth: { unsafe Slots.truth($0) },
        memory: { unsafe Slots.memory($0, $1) },
        release: { unsafe Unmanaged<Box>.fromOpaque($0).release() })
    }

    private static func ask(
      _ which: cpy_tensor_question, _ object: OpaquePointer
    ) -> OpaquePointer? {
      unsafe answering { gil in unsafe try answer(which, to: object, gil) }
    }

    private static func item(_ object: OpaquePointer, _ key: OpaquePointer) -> OpaquePointer? {
      unsafe answering { gil in
        let tensor = try unsafe own(object, gil)
        let key = try unsafe Key.list(of: key, gil)
        return try unsafe computing([tensor] + key.compactMap(\.tensor), gil) { place in
          try module.item(tensor, key, at: place)
        }
      }
    }

    private static func count(_ object: OpaquePointer) -> Int {
      var count = -1
      _ = succeeding { gil in count = try PyTensor.length(of: unsafe own(object, gil), gil) }
      return count
    }

    private static func truth(_ object: OpaquePointer) -> Int32 {
      var truth: Int32 = -1
      _ = succeeding { gil in truth = try PyTensor.truth(of: unsafe own(object, gil), gil) }
      return truth
    }

    private static func memory(
      _ object: OpaquePointer, _ memory: UnsafeMutablePointer<cpy_tensor_memory>
    ) -> Bool {
      succeeding { gil in try unsafe PyTensor.show(own(object, gil), in: memory, gil) }
    }

    /// Calls `body`, and raises its error in Python; nil when it has thrown.
    @unsafe static func answering(
      _ body: (borrowing GIL) throws -> OpaquePointer
    ) -> OpaquePointer? {
      var result: OpaquePointer?
      let hasSucceeded = succeeding { gil in unsafe result = try body(gil) }
      return unsafe hasSucceeded ? result : nil
    }

    /// Calls `body`, and raises its error in Python; false when it has thrown.
    static func succeeding(_ body: (borrowing GIL) throws -> Void) -> Bool {
      // Fails only while Python shuts down; this thread then ends at its next use of Python.
      guard let gil = try? GIL() else {
        let none = unsafe cpy_none()
        unsafe cpy_raise(none)
        unsafe cpy_release(none)
        return false
      }
      do {
        try body(gil)
        return true
      } catch {
        gil.raiseCoded(error)
        return false
      }
    }

    /// A tensor that Swift computes, as a new object.
    ///
    /// Large computations run without the GIL.
    @unsafe static func computing(
      _ operands: [Tensor], _ gil: borrowing GIL, _ body: (PythonPlace?) throws -> Tensor
    ) throws -> OpaquePointer {
      // An operation that runs immediately and is not recorded needs its line only if it fails.
      let place = operands.allSatisfy(\.isPlain) ? nil : PythonPlace.current(gil)
      let isMuch = operands.contains { ($0.countIfKnown ?? 0) >= muchWork }
      let result = isMuch ? try gil.released { try body(place) } : try body(place)
      return try unsafe new(result, gil)
    }

    /// From this many elements on, the GIL is released during the computation.
    private static let muchWork = 1 << 14

    private static func binary(
      _ which: Binary?, _ a: OpaquePointer, _ b: OpaquePointer, isInPlace: Bool = false
    ) -> OpaquePointer? {
      unsafe answering { gil in
        guard let which, let x = try unsafe operand(a, besides: b, gil),
          let y = try unsafe operand(b, besides: a, gil)
        else {
          if let which { try unsafe refuseUnknown(which, a, b, gil) }
          return unsafe cpy_not_implemented()
        }
        return try unsafe computing([x.tensor, y.tensor], gil) { place in
          let result = try module.binary(which, x, y, at: place)
          return isInPlace ? try module.inPlace(result, of: x.tensor, at: place) : result
        }
      }
    }

    /// Throws an error for None as an operand with a symbolic tensor, since it is an unknown
    /// extent.
    ///
    /// `==` and `!=` are allowed: None is not equal to any element.
    private static func refuseUnknown(
      _ which: Binary, _ a: OpaquePointer, _ b: OpaquePointer, _ gil: borrowing GIL
    ) throws {
      guard which != .equal, which != .notEqual else { return }
      let other = unsafe cpy_operand_of(a) == .tensor ? b : a
      guard unsafe cpy_operand_of(other) == .none,
        unsafe PyTensor.tensor(of: other == a ? b : a, gil)?.isSymbolic == true
      else { return }
      throw unknownExtent("an operator on a tensor and None", at: .current(gil))
    }

    /// An operand of an operator; str and bytes are accepted with a tensor of strings.
    private static func operand(
      _ object: OpaquePointer, besides other: OpaquePointer, _ gil: borrowing GIL
    ) throws -> Operand? {
      if let operand = try unsafe Operand(object, allowsLarge: true, gil) { return operand }
      guard unsafe PyTensor.tensor(of: other, gil)?.dtype == .string,
        unsafe ["str", "bytes"].contains(String(cString: cpy_type_name(object)))
      else { return nil }
      return Operand(try unsafe Operand.array(object, gil))
    }

    /// The tensor in an object that is known to be a `numpyfn.Tensor`.
    static func own(_ object: OpaquePointer, _ gil: borrowing GIL) throws -> Tensor {
      guard let tensor = unsafe PyTensor.tensor(of: object, gil) else {
        throw Python.error("TypeError", "a numpyfn.Tensor was expected")
      }
      return tensor
    }

    private static func answer(
      _ which: cpy_tensor_question, to object: OpaquePointer, _ gil: borrowing GIL
    ) throws -> OpaquePointer {
      let tensor = try unsafe own(object, gil)
      switch which {
      case .negative: return try unsafe unary(.negative, tensor, gil)
      case .positive:
        guard tensor.dtype != .bool, tensor.dtype != .string else {
          throw Python.error("TypeError", "+ is not defined for \(tensor.dtype), as in NumPy")
        }
        unsafe cpy_retain(object)
        return unsafe object
      case .absolute: return try unsafe unary(.absolute, tensor, gil)
      case .inverted: return try unsafe unary(.inverted, tensor, gil)
      case .transposed: return try unsafe unary(.transposed, tensor, gil)
      case .real: return try unsafe unary(.real, tensor, gil)
      case .imag: return try unsafe unary(.imaginary, tensor, gil)
      case .float, .int, .index, .complex:
        return try unsafe PyTensor.number(which, of: tensor, gil)
      case .repr: return try unsafe PyTensor.representation(of: tensor).given(gil)
      case .str: return try unsafe PyTensor.text(of: tensor).given(gil)
      case .parts:
        let place = tensor.isPlain ? nil : PythonPlace.current(gil)
        let parts = try PyTensor.module.parts(tensor, at: place)
        let objects = try parts.map { PythonObject(try wrap($0, gil)) }
        return try unsafe PythonObject(tuple: objects).given(gil)
      case .shape: return try unsafe PyTensor.shape(of: tensor).given(gil)
      case .dtype: return try unsafe PyTensor.dtype(tensor.dtype, gil).given(gil)
      case .ndim:
        return try unsafe (tensor.rankIfKnown.map { try PythonObject($0) } ?? unknown("ndim"))
          .given(gil)
      case .size:
        return try unsafe (tensor.countIfKnown.map { try PythonObject($0) } ?? unknown("size"))
          .given(gil)
      case .is_symbolic: return try unsafe PythonObject(tensor.isSymbolic).given(gil)
      case .numpy: return try unsafe PyTensor.array(of: tensor, for: .numpy, gil).given(gil)
      case .array: return try unsafe PyTensor.array(of: tensor, for: .array, gil).given(gil)
      }
    }

    private static func unary(
      _ which: Unary, _ tensor: Tensor, _ gil: borrowing GIL
    ) throws -> OpaquePointer {
      try unsafe computing([tensor], gil) { try module.unary(which, tensor, at: $0) }
    }
  }
}

extension PythonObject {
  /// A new reference, which the caller returns to C.
  @unsafe func given(_ gil: borrowing GIL) -> OpaquePointer {
    unsafe cpy_retain(pointer)
    return unsafe pointer
  }
}
