internal import Foundation
internal import TensorCore

/// The start of an .npy file: the dtype, the order and the shape of the elements that follow.
struct ArrayHeader {
  /// The first bytes of each .npy file, before the version.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Headers with more bytes are refused, as no array of numbers has one.
  private static let longestHeader = 1 << 16

  let dtype: DType
  let isBigEndian: Bool
  let isFortranOrder: Bool
  let extents: [Int]

  /// The array in the bytes of an .npy file.
  ///
  /// - Throws: `Damage`; `TensorError` (`resourceExhausted`) when there is no memory.
  static func tensor(of bytes: Data) throws -> Tensor {
    guard bytes.starts(with: magic) else {
      // Protocols 2 and later of pickle begin with this byte.
      if bytes.first == 0x80 { throw Damage.pickled }
      throw Damage("it does not begin as an .npy file")
    }
    guard bytes.count >= 10 else { throw Damage("it ends in its header") }
    let start = bytes.startIndex
    let major = bytes[start + 6]
    guard (1...3).contains(major) else { throw Damage("its version is \(major)") }
    let sizeLength = major == 1 ? 2 : 4
    let headerStart = 8 + sizeLength
    guard bytes.count >= headerStart else { throw Damage("it ends in its header") }
    let length = (0..<sizeLength).reduce(0) { $0 | Int(bytes[start + 8 + $1]) << (8 * $1) }
    guard length <= longestHeader else { throw Damage("its header would have \(length) bytes") }
    guard bytes.count >= headerStart + length else { throw Damage("it ends in its header") }
    var parser = HeaderParser(bytes[start + headerStart..<start + headerStart + length])
    let header = try parser.header()
    return try header.tensor(of: bytes[(start + headerStart + length)...])
  }

  private func tensor(of elements: Data) throws -> Tensor {
    let shape = Shape(extents)
    let byteCount: Int
    do {
      byteCount = try shape.byteCount(of: dtype)
    } catch {
      throw Damage("its header declares shape \(shape), which is too large to address")
    }
    guard byteCount == elements.count else {
      throw Damage(
        "its header declares \(dtype)\(shape), \(byteCount) bytes, and \(elements.count) follow")
    }
    let storage = try Storage(byteCount: byteCount)
    unsafe elements.withUnsafeBytes { source in
      if let address = source.baseAddress {
        unsafe storage.base.copyMemory(from: address, byteCount: byteCount)
      }
    }
    if isBigEndian { swapBytes(storage) }
    if dtype == .bool {
      for index in 0..<byteCount
      where unsafe storage.base.load(fromByteOffset: index, as: UInt8.self) > 1 {
        throw Damage("element \(index) of dtype bool is neither 0 nor 1")
      }
    }
    guard isFortranOrder && extents.count > 1 && byteCount > 0 else {
      return Tensor(storage: storage, shape: shape, dtype: dtype)
    }
    return try Tensor(storage: inRowMajorOrder(storage), shape: shape, dtype: dtype)
  }

  private func swapBytes(_ storage: Storage) {
    let width = dtype.isComplex ? dtype.itemSize / 2 : dtype.itemSize
    let bytes = unsafe storage.base.assumingMemoryBound(to: UInt8.self)
    for start in stride(from: 0, to: storage.byteCount, by: width) {
      for position in 0..<width / 2 {
        let last = start + width - 1 - position
        let byte = unsafe bytes[start + position]
        unsafe bytes[start + position] = bytes[last]
        unsafe bytes[last] = byte
      }
    }
  }

  /// The elements, whose first axis varies fastest, with the last one varying fastest.
  private func inRowMajorOrder(_ source: Storage) throws -> Storage {
    let target = try Storage(byteCount: source.byteCount)
    let size = dtype.itemSize
    var strides: [Int] = []
    var step = size
    for extent in extents {
      strides.append(step)
      step *= extent
    }
    var index = Array(repeating: 0, count: extents.count)
    var offset = 0
    for element in 0..<source.byteCount / size {
      unsafe (target.base + element * size).copyMemory(from: source.base + offset, byteCount: size)
      var axis = extents.count - 1
      while axis >= 0 {
        index[axis] += 1
        offset += strides[axis]
        if index[axis] < extents[axis] { break }
        offset -= strides[axis] * extents[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    extendLifetime(source)
    return target
  }
}

extension ArrayHeader {
  /// The bytes of a tensor as an .npy file, in version 1.0 of the format.
  ///
  /// bfloat16 is written as ml_dtypes writes it, as elements of two bytes without a type.
  ///
  /// - Throws: `TensorError` when the tensor is symbolic or has strings.
  static func file(of tensor: Tensor) throws -> Data {
    let extents = try tensor.shape.extents
    let items = extents.map(String.init).joined(separator: ", ")
    let shape = extents.count == 1 ? "(\(items),)" : "(\(items))"
    var header = """
      {'descr': '\(tensor.dtype.descriptor)', 'fortran_order': False, 'shape': \(shape), }
      """
    // The elements begin at a multiple of 64 bytes, after a line end.
    let length = (10 + header.utf8.count + 1 + 63) / 64 * 64 - 10
    header += String(repeating: " ", count: length - header.utf8.count - 1) + "\n"
    var file = Data(magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)])
    file.append(contentsOf: header.utf8)
    let stored = try tensor.inMemory()
    let (storage, offset) = try stored.stored
    let byteCount = try tensor.shape.byteCount(of: tensor.dtype)
    unsafe file.append(
      (storage.base + offset).assumingMemoryBound(to: UInt8.self), count: byteCount)
    extendLifetime(storage)
    return file
  }
}

extension Damage {
  /// A file that holds objects, which are never loaded.
  fileprivate static let pickled = Damage(
    unsupported: """
      it holds pickled Python objects, which are never loaded, as that may run any code; save an array of \
      numbers with numpy.save
      """)
}

extension DType {
  /// The name in the header of an .npy file: `<f4`.
  fileprivate var descriptor: String {
    switch self {
    case .bool: "|b1"
    case .int8: "|i1"
    case .uint8: "|u1"
    case .bfloat16: "<V2"
    case .int16, .int32, .int64: "<i\(itemSize)"
    case .uint16, .uint32, .uint64: "<u\(itemSize)"
    case .float16, .float32, .float64: "<f\(itemSize)"
    case .complex64, .complex128: "<c\(itemSize)"
    case .string: "|O"
    }
  }

  /// The dtype whose name in a header is that, without its byte order.
  fileprivate init?(descriptor: Substring) {
    let dtypes = DType.numeric.filter { $0.descriptor.dropFirst() == descriptor }
    guard let dtype = dtypes.first else { return nil }
    self = dtype
  }
}

/// Reads the Python dict in the header of an .npy file.
private struct HeaderParser {
  private var rest: Data.SubSequence

  init(_ text: Data) { rest = text }

  mutating func header() throws -> ArrayHeader {
    var descriptor: String?
    var isFortranOrder: Bool?
    var extents: [Int]?
    try expect("{")
    while !skip("}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where descriptor == nil: descriptor = try dtypeName()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try bool()
      case "shape" where extents == nil: extents = try tuple()
      default: throw Damage("its header has the key '\(key.prefix(40))'")
      }
      if !skip(",") {
        try expect("}")
        break
      }
    }
    skipSpaces()
    guard rest.isEmpty else { throw Damage("its header has more than a dict") }
    guard let descriptor, let isFortranOrder, let extents else {
      throw Damage("its header lacks a key: descr, fortran_order and shape are needed")
    }
    let (dtype, isBigEndian) = try dtype(descriptor)
    return ArrayHeader(
      dtype: dtype, isBigEndian: isBigEndian, isFortranOrder: isFortranOrder, extents: extents)
  }

  private func dtype(_ descriptor: String) throws -> (DType, isBigEndian: Bool) {
    let order = descriptor.first
    guard let order, "<>|=".contains(order) else {
      throw Damage("its header has the dtype '\(descriptor.prefix(40))'")
    }
    let name = descriptor.dropFirst()
    if name.hasPrefix("O") { throw Damage.pickled }
    guard let dtype = DType(descriptor: name) else {
      throw Damage(
        unsupported: """
          no tensor has the dtype '\(descriptor.prefix(40))'; save the array as numbers, such as \
          array.astype("float64")
          """)
    }
    return (dtype, order == ">" && dtype.itemSize > 1)
  }

  private mutating func dtypeName() throws -> String {
    skipSpaces()
    if rest.first == UInt8(ascii: "[") {
      throw Damage(
        unsupported: "it has a structured dtype; save each field as an array of its own")
    }
    return try string()
  }

  private mutating func tuple() throws -> [Int] {
    var extents: [Int] = []
    try expect("(")
    while !skip(")") {
      guard extents.count < 64 else { throw Damage("its header declares more than 64 axes") }
      extents.append(try number())
      if !skip(",") {
        try expect(")")
        break
      }
    }
    return extents
  }

  private mutating func number() throws -> Int {
    skipSpaces()
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest.dropFirst(digits.count)
    // NumPy for Python 2 wrote 3L.
    if rest.first == UInt8(ascii: "L") { rest = rest.dropFirst() }
    guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
      throw Damage("its header declares an extent that is no number or too large")
    }
    return number
  }

  private mutating func bool() throws -> Bool {
    skipSpaces()
    for (word, value) in [("True", true), ("False", false)] where rest.starts(with: word.utf8) {
      rest = rest.dropFirst(word.utf8.count)
      return value
    }
    throw Damage("fortran_order in its header is neither True nor False")
  }

  private mutating func string() throws -> String {
    skipSpaces()
    guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw Damage("its header is no dict with the keys descr, fortran_order and shape")
    }
    let text = rest.dropFirst().prefix { $0 != quote && $0 != UInt8(ascii: "\\") }
    rest = rest.dropFirst(text.count + 1)
    guard rest.first == quote else { throw Damage("its header has a text without an end") }
    rest = rest.dropFirst()
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func expect(_ character: Character) throws {
    guard skip(character) else {
      throw Damage("its header lacks '\(character)' where the dict should have one")
    }
  }

  private mutating func skip(_ character: Character) -> Bool {
    skipSpaces()
    guard rest.first == character.asciiValue else { return false }
    rest = rest.dropFirst()
    return true
  }

  private mutating func skipSpaces() {
    rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
  }
}
