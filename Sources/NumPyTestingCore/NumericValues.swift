internal import ComplexModule
public import TensorCore

/// Values that an expectation can compare: a number, an array, a tensor, a span, a buffer, or a type of your
/// own that has such values.
///
/// ```swift
/// extension Image: NumericValues {
///   func tensorOfValues() throws -> Tensor { try Tensor(pixels, shape: [height, width, 3]) }
/// }
/// ```
///
/// The protocol does not demand that a value can be copied or stored, so that a `Span` conforms to it.
public protocol NumericValues: ~Copyable, ~Escapable {
  /// The values as a tensor of numbers, of their own dtype and shape.
  ///
  /// It is called once for each expectation. What it throws becomes the failure's report.
  func tensorOfValues() throws -> Tensor
}

extension Tensor: NumericValues {
  /// The tensor itself.
  public func tensorOfValues() -> Tensor { self }
}

extension TensorElement {
  /// The tensor of rank 0 with this number.
  public func tensorOfValues() throws -> Tensor { Tensor(self) }
}

extension Bool: NumericValues {}
extension Int: NumericValues {}
extension Int8: NumericValues {}
extension Int16: NumericValues {}
extension Int32: NumericValues {}
extension Int64: NumericValues {}
extension UInt: NumericValues {}
extension UInt8: NumericValues {}
extension UInt16: NumericValues {}
extension UInt32: NumericValues {}
extension UInt64: NumericValues {}
extension Float16: NumericValues {}
extension BFloat16: NumericValues {}
extension Float: NumericValues {}
extension Double: NumericValues {}
extension Complex: NumericValues where RealType: ComplexPart {}

extension Array: NumericValues where Element: NumericValues {
  /// The elements along a new first axis; the memory of an array of numbers is copied once.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) when the elements differ in shape or dtype.
  public func tensorOfValues() throws -> Tensor {
    try stackedTensor()
  }
}

extension ArraySlice: NumericValues where Element: NumericValues {
  /// The elements along a new first axis.
  ///
  /// - Throws: as for an array.
  public func tensorOfValues() throws -> Tensor { try stackedTensor() }
}

extension ContiguousArray: NumericValues where Element: NumericValues {
  /// The elements along a new first axis.
  ///
  /// - Throws: as for an array.
  public func tensorOfValues() throws -> Tensor { try stackedTensor() }
}

extension Collection where Element: NumericValues {
  /// The elements along a new first axis; numbers are copied at once.
  fileprivate func stackedTensor() throws -> Tensor {
    if let elements = self as? any TensorConvertible { return try Tensor(elements) }
    return try Tensor(map { try $0.tensorOfValues() })
  }
}

extension UnsafeBufferPointer: @unsafe NumericValues where Element: NumericValues {
  /// A copy of the elements, along a new first axis.
  ///
  /// - Throws: as for an array.
  public func tensorOfValues() throws -> Tensor { try unsafe Array(self).tensorOfValues() }
}

extension UnsafeMutableBufferPointer: @unsafe NumericValues where Element: NumericValues {
  /// A copy of the elements, along a new first axis.
  ///
  /// - Throws: as for an array.
  public func tensorOfValues() throws -> Tensor { try unsafe Array(self).tensorOfValues() }
}

extension Span: NumericValues where Element: TensorElement {
  /// A copy of the elements, as a tensor of rank 1.
  ///
  /// - Throws: `TensorError` (`resourceExhausted`) when there is no memory.
  public func tensorOfValues() throws -> Tensor {
    try Tensor(self)
  }
}
