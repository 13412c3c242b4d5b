/// The elements of string tensors: all bytes in one buffer, and where each element begins, as Apache
/// Arrow keeps them.
///
/// See <https://arrow.apache.org/docs/format/Columnar.html#variable-size-binary-layout>.
package final class StringStorage: Sendable {
  /// The bytes of all elements, one after another.
  package let bytes: [UInt8]

  /// Where each element begins in `bytes`, and after the last one where it ends.
  package let offsets: [Int]

  /// - Precondition: `offsets` has at least one element, does not decrease, and ends within `bytes`.
  package init(bytes: [UInt8], offsets: [Int]) {
    assert(offsets.last.map { $0 <= bytes.count } ?? false)
    self.bytes = bytes
    self.offsets = offsets
  }

  /// Elements with these bytes.
  package convenience init(_ elements: some Collection<some Collection<UInt8>>) {
    var bytes: [UInt8] = []
    var offsets = [0]
    bytes.reserveCapacity(elements.reduce(0) { $0 + $1.count })
    offsets.reserveCapacity(elements.count + 1)
    for element in elements {
      bytes.append(contentsOf: element)
      offsets.append(bytes.count)
    }
    self.init(bytes: bytes, offsets: offsets)
  }

  /// The number of elements.
  package var count: Int { offsets.count - 1 }

  /// How many bytes `count` elements from number `first` on have.
  package func byteCount(_ first: Int, _ count: Int) -> Int {
    offsets[first + count] - offsets[first]
  }

  /// The bytes of one element.
  package subscript(index: Int) -> ArraySlice<UInt8> {
    bytes[offsets[index]..<offsets[index + 1]]
  }
}
