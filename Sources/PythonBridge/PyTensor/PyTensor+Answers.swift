internal import CPython
package import TensorCore

// The attributes and conversions of a numpyfn.Tensor.

extension PyTensor {
  /// The shape as a tuple, with None for an unknown extent.
  package static func shape(of tensor: Tensor) throws -> PythonObject {
    guard let rank = tensor.rankIfKnown else { return try unknown("shape") }
    return try PythonObject(tuple: (0..<rank).map { tensor.shape[ifKnown: $0] })
  }

  /// NumPy's dtype object, or the module's object for a dtype that NumPy does not have.
  package static func dtype(_ dtype: DType, _ gil: borrowing GIL) throws -> PythonObject {
    let isNumPys = dtype != .string && (try? dtype.load(gil)) != nil
    guard isNumPys else { return try Python.import("numpyfn").attribute(dtype.rawValue) }
    return try unsafe gil.object(cpy_dtype_object(dtype.numPyType))
  }

  /// `len(tensor)`.
  static func length(of tensor: Tensor, _ gil: borrowing GIL) throws -> Int {
    guard let rank = tensor.rankIfKnown else {
      throw Python.error(
        "TypeError",
        "\(unknownRank("len() of a tensor", at: .current(gil)).message); or use numpyfn.shape(tensor)[0]"
      )
    }
    guard rank > 0 else { throw Python.error("TypeError", "len() of a tensor without axes") }
    guard let length = tensor.shape[ifKnown: 0] else {
      throw Python.error(
        "TypeError",
        "\(unknownExtent("len() of a tensor", at: .current(gil)).message); or use numpyfn.shape(tensor)[0]"
      )
    }
    return length
  }

  /// A numpy array of the elements, or a scalar.
  static func array(of tensor: Tensor, for use: Use, _ gil: borrowing GIL) throws -> PythonObject {
    let place = PythonPlace.current(gil)
    return try PythonObject(module.value(of: tensor, for: use, at: place).makeNDArray(gil))
  }

  /// `float(tensor)` and the like, of the only element.
  static func number(
    _ which: cpy_tensor_question, of tensor: Tensor, _ gil: borrowing GIL
  ) throws -> OpaquePointer {
    let use: Use = which == .float || which == .complex ? .number : .whole
    let scalar = try element(of: tensor, for: use, gil) { count in
      "only a tensor with one element can be made a Python number, \(TensorPlace(tensor)) has \(count)"
    }
    guard let number = unsafe cpy_python_number(scalar.pointer, which) else { throw gil.raised() }
    return unsafe number
  }

  /// `bool(tensor)`, of the only element.
  static func truth(of tensor: Tensor, _ gil: borrowing GIL) throws -> Int32 {
    let scalar = try element(of: tensor, for: .truth, gil) { count in
      "the truth value of a tensor with \(count) elements is ambiguous; use t.any() or t.all()"
    }
    let truth = unsafe cpy_truth(scalar.pointer)
    try gil.require(truth >= 0)
    return truth
  }

  private static func element(
    of tensor: Tensor, for use: Use, _ gil: borrowing GIL, _ problem: (Int) -> String
  ) throws -> PythonObject {
    let place = PythonPlace.current(gil)
    let value = try module.value(of: tensor, for: use, at: place)
    let count = try value.shape.elementCount
    guard count == 1 else {
      throw Python.error(use == .truth ? "ValueError" : "TypeError", problem(count))
    }
    return PythonObject(try value.viewed(as: .scalar).makeNDArray(gil))
  }

  /// `repr(tensor)`.
  static func representation(of tensor: Tensor) throws -> PythonObject {
    let head = try "numpyfn.Tensor: shape=\(shape(of: tensor)), dtype=\(tensor.dtype)"
    guard let value = try? module.value(of: tensor, for: .text, at: nil) else {
      return try PythonObject("<\(head), symbolic>")
    }
    let text = value.description
    return try PythonObject("<\(head), numpy=\(text.contains("\n") ? "\n" : "")\(text)>")
  }

  /// `str(tensor)`.
  static func text(of tensor: Tensor) throws -> PythonObject {
    guard let value = try? module.value(of: tensor, for: .text, at: nil) else {
      return try representation(of: tensor)
    }
    return try PythonObject(value.description)
  }

  /// Exports the memory of a tensor to other code.
  @unsafe static func show(
    _ tensor: Tensor, in memory: UnsafeMutablePointer<cpy_tensor_memory>, _ gil: borrowing GIL
  ) throws {
    let place = PythonPlace.current(gil)
    let value = try module.value(of: tensor, for: .array, at: place)
    guard value.dtype != .string else {
      throw Python.error("BufferError", "strings have no memory of one size; use t.numpy()")
    }
    let extents = value.shape.knownExtents
    guard extents.count <= Int(cpy_max_rank) else {
      throw Python.error("BufferError", "a tensor of rank \(extents.count) has too many axes")
    }
    let (storage, offset) = try value.stored
    unsafe memory.pointee.data = storage.base + offset
    unsafe memory.pointee.dtype = value.dtype.numPyType
    unsafe memory.pointee.item_size = value.dtype.itemSize
    unsafe memory.pointee.rank = Int32(extents.count)
    unsafe withUnsafeMutableBytes(of: &memory.pointee.extents) { bytes in
      for (axis, extent) in extents.enumerated() {
        unsafe bytes.storeBytes(
          of: extent, toByteOffset: axis * MemoryLayout<Int>.size, as: Int.self)
      }
    }
    unsafe memory.pointee.context = Unmanaged.passRetained(storage).toOpaque()
    unsafe memory.pointee.release = { unsafe Unmanaged<Storage>.fromOpaque($0).release() }
  }
}

/// Dtype and shape, for a message.
private struct TensorPlace: CustomStringConvertible {
  let tensor: Tensor

  init(_ tensor: Tensor) { self.tensor = tensor }

  var description: String { "\(tensor.dtype)\(tensor.shape)" }
}
