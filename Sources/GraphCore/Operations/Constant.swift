package import TensorCore

/// A value that is known when the graph is built.
package struct Constant: Operation {
  /// The value; it shares the memory of the tensor it was made of.
  package let value: Tensor

  /// - Precondition: `value` is not symbolic.
  package init(_ value: Tensor) {
    self.value = value
  }

  package let name = "constant"

  /// Shape and dtype, both fully known.
  package var spec: TensorSpec { TensorSpec(of: value) }

  package func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(0, for: self)
    return [spec]
  }

  package func run(_ inputs: consuming [Tensor]) throws -> [Tensor] { [value] }

  package let effects = Effects.pure

  /// The elements, unless there are many.
  package var attributes: [(name: String, value: String)] {
    guard value.count <= 8 else { return [] }
    guard let type = value.dtype.elementType else {
      return [("value", "\(value)".debugDescription)]
    }
    let elements = Self.text(of: value, as: type)
    let list = elements.joined(separator: ", ")
    return [("value", value.rankIfKnown == 0 ? list : "[\(list)]")]
  }

  /// The elements of a small value; of a large one, where it is in memory.
  package var identity: AnyHashable? {
    if case .scalar(let bits) = value.content {
      let size = value.dtype.itemSize
      let bytes = unsafe withUnsafeBytes(of: bits) { unsafe [UInt8]($0.prefix(size)) }
      return [AnyHashable(spec), AnyHashable(bytes)]
    }
    guard case .value(let storage, let offset) = value.content,
      let size = try? value.shape.byteCount(of: value.dtype)
    else { return nil }
    let place: AnyHashable =
      size <= Self.small
      ? unsafe AnyHashable(
        [UInt8](UnsafeRawBufferPointer(start: storage.base + offset, count: size)))
      : AnyHashable([AnyHashable(ObjectIdentifier(storage)), AnyHashable(offset)])
    return [AnyHashable(spec), place]
  }

  /// Up to this size, in bytes, values are compared element by element.
  private static let small = 256

  private static func text<T: TensorElement>(of tensor: Tensor, as type: T.Type) -> [String] {
    guard let elements = try? tensor.scalars(as: type) else { return [] }
    return elements.map { "\($0)" }
  }
}
