internal import Foundation

/// A zip file of stored members, as `numpy.savez` writes it: no member is compressed.
///
/// See <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>.
struct ZipArchive {
  /// The first bytes of a zip file, and of one without members.
  static let magic: [UInt8] = [0x50, 0x4B, 3, 4]
  static let emptyMagic: [UInt8] = [0x50, 0x4B, 5, 6]

  /// The offset of what has to be looked for at the end of a file: a comment may follow.
  private static let longestComment = 0xffff

  /// A member, as the directory at the end of the file describes it.
  struct Member {
    let name: String
    let method: Int
    let isEncrypted: Bool
    let byteCount: Int
    let headerOffset: Int
    /// The CRC-32 of the contents.
    let checksum: UInt32?
  }

  private let data: Data

  init(_ data: Data) { self.data = data }

  /// The members, in the order of the directory.
  ///
  /// - Throws: `Damage`.
  func members() throws -> [Member] {
    let end = try endRecord()
    var members: [Member] = []
    var position = end.directory
    for _ in 0..<end.count {
      guard try number(position, 4) == 0x0201_4B50 else { throw Damage("its directory is wrong") }
      let lengths = try (
        name: number(position + 28, 2), extra: number(position + 30, 2),
        comment: number(position + 32, 2)
      )
      let name = try bytes(position + 46, lengths.name)
      let extra = try bytes(position + 46 + lengths.name, lengths.extra)
      var sizes = try [
        number(position + 24, 4), number(position + 20, 4), number(position + 42, 4),
      ]
      try Self.widen(&sizes, with: extra)
      let method = try number(position + 10, 2)
      guard sizes[0] == sizes[1] || method != 0 else {
        throw Damage("a member that is not compressed has two sizes")
      }
      members.append(
        try Member(
          name: String(decoding: name, as: UTF8.self), method: method,
          isEncrypted: number(position + 8, 2) & 1 == 1, byteCount: sizes[0],
          headerOffset: sizes[2], checksum: UInt32(number(position + 16, 4))))
      position += 46 + lengths.name + lengths.extra + lengths.comment
    }
    return members
  }

  /// Where the contents of a member are.
  ///
  /// - Throws: `Damage` when it is compressed, or not all there.
  func contents(of member: Member) throws -> Range<Int> {
    guard !member.isEncrypted else { throw Damage(unsupported: "it is encrypted") }
    guard member.method == 0 else {
      throw Damage(
        unsupported: "it is compressed; write it with numpy.savez, not numpy.savez_compressed")
    }
    let header = member.headerOffset
    guard try number(header, 4) == 0x0403_4B50 else { throw Damage("a member has no header") }
    let start = try header + 30 + number(header + 26, 2) + number(header + 28, 2)
    let (end, overflow) = start.addingReportingOverflow(member.byteCount)
    guard !overflow && end <= data.count else { throw Damage("it ends in a member") }
    return data.startIndex + start..<data.startIndex + end
  }

  /// The number of members, and where the directory begins.
  private func endRecord() throws -> (count: Int, directory: Int) {
    let first = max(0, data.count - 22 - Self.longestComment)
    guard data.count >= 22 else { throw Damage("it ends too early") }
    var position = data.count - 22
    while try number(position, 4) != 0x0605_4B50 {
      position -= 1
      guard position >= first else { throw Damage("it has no directory: the end is missing") }
    }
    var (count, directory) = try (number(position + 10, 2), number(position + 16, 4))
    if position >= 20, try number(position - 20, 4) == 0x0706_4B50 {
      let wide = try number(position - 12, 8)
      guard try number(wide, 4) == 0x0606_4B50 else { throw Damage("its directory is wrong") }
      (count, directory) = try (number(wide + 32, 8), number(wide + 48, 8))
    }
    // Each member takes 46 bytes of the directory at least.
    guard count <= data.count / 46 else { throw Damage("its directory names \(count) members") }
    return (count, directory)
  }

  /// Takes the sizes that do not fit 32 bits from the extra field for them.
  private static func widen(_ sizes: inout [Int], with extra: Data) throws {
    guard sizes.contains(0xffff_ffff) else { return }
    let fields = ZipArchive(extra)
    var position = 0
    while position + 4 <= extra.count {
      let length = try fields.number(position + 2, 2)
      if try fields.number(position, 2) == 1 {
        var place = position + 4
        for index in sizes.indices where sizes[index] == 0xffff_ffff {
          guard place + 8 <= position + 4 + length else { break }
          sizes[index] = try fields.number(place, 8)
          place += 8
        }
        return
      }
      position += 4 + length
    }
  }

  /// The little-endian number of `width` bytes at an offset.
  private func number(_ offset: Int, _ width: Int) throws -> Int {
    let bytes = try bytes(offset, width)
    let number = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let number = Int(exactly: number) else { throw Damage("it has an impossible offset") }
    return number
  }

  private func bytes(_ offset: Int, _ count: Int) throws -> Data {
    guard offset >= 0, count >= 0, offset <= data.count, count <= data.count - offset else {
      throw Damage("it ends too early")
    }
    let start = data.startIndex + offset
    return data[start..<start + count]
  }
}

extension ZipArchive {
  /// A zip file with these members, of at most 4 GiB.
  ///
  /// - Throws: `Damage` when it would be larger.
  static func file(of members: [(name: String, contents: Data)]) throws -> Data {
    var file = Data()
    var directory = Data()
    for (name, contents) in members {
      guard file.count + contents.count < 0xffff_0000 else {
        throw Damage(unsupported: "arrays of more than 4 GiB in all are not written; save fewer")
      }
      let checksum = CRC32.checksum(of: contents)
      // From the version that is needed to the lengths of the name and of the extra field; the date is
      // the first of 1980, the first that there is.
      let shared =
        little(20, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(0x21, 2)
        + little(Int(checksum), 4) + little(contents.count, 4) + little(contents.count, 4)
        + little(name.utf8.count, 2) + little(0, 2)
      directory += little(0x0201_4B50, 4) + little(20, 2) + shared
      directory += little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4)
      directory += little(file.count, 4) + Array(name.utf8)
      file += little(0x0403_4B50, 4) + shared + Array(name.utf8)
      file += contents
    }
    guard members.count < 0xffff else { throw Damage(unsupported: "too many arrays for one file") }
    let end =
      little(0x0605_4B50, 4) + little(0, 4) + little(members.count, 2) + little(members.count, 2)
      + little(directory.count, 4) + little(file.count, 4) + little(0, 2)
    return file + directory + end
  }

  private static func little(_ number: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}

/// The checksum of a zip file's members.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
    }
  }

  /// The CRC-32 of some bytes.
  static func checksum(of data: Data) -> UInt32 {
    let table = table
    let inverted: UInt32 = unsafe data.withUnsafeBytes { bytes in
      var value: UInt32 = 0xffff_ffff
      for index in bytes.indices {
        let byte = unsafe bytes[index]
        value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ value >> 8
      }
      return value
    }
    return ~inverted
  }
}
