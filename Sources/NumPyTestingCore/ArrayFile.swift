package import Foundation
package import TensorCore

/// A file of arrays that `numpy.save` or `numpy.savez` wrote, read without Python.
///
/// Numbers of all dtypes that a tensor has, of either byte order, in C or Fortran order. A file that is
/// truncated, damaged, compressed or pickled is an error: nothing in it is trusted, and no memory is
/// allocated for elements that the file does not have.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
package struct ArrayFile {
  private let name: String
  private let data: Data

  /// Reads a file.
  ///
  /// - Throws: `TensorError` (`notFound`) when it cannot be read.
  package init(contentsOf url: URL) throws {
    let data: Data
    do {
      data = try Data(contentsOf: url, options: .mappedIfSafe)
    } catch {
      let reason =
        FileManager.default.fileExists(atPath: url.path)
        ? error.localizedDescription : "there is no such file"
      throw TensorError(
        .notFound,
        "\(url.path) cannot be read (\(reason)); write it with numpy.save or numpy.savez")
    }
    self.init(data, name: url.path)
  }

  /// The file with these bytes.
  package init(_ data: Data, name: String) {
    self.data = data
    self.name = name
  }

  /// An array: the only one when there is no key.
  ///
  /// - Throws: `TensorError`: `notFound` when there is no array called `key`, or there are several and no
  ///   key; `dataLoss` when the file is damaged; `unimplemented` when it is compressed or has elements that
  ///   are no numbers.
  package func tensor(key: String?) throws -> Tensor {
    if !data.starts(with: ZipArchive.magic) && !data.starts(with: ZipArchive.emptyMagic) {
      if let key {
        throw TensorError(
          .notFound, "\(name) is no .npz file, so it has no key \(key); give no key")
      }
      return try array(in: data.startIndex..<data.endIndex, name)
    }
    let members = try members()
    let keys = members.map { Self.key(of: $0.name) }
    let list = keys.prefix(20).joined(separator: ", ") + (keys.count > 20 ? ", …" : "")
    guard let key = key ?? (keys.count == 1 ? keys.first : nil) else {
      throw TensorError(
        .notFound,
        "\(name) has \(keys.count) arrays; give key: one of \(list.isEmpty ? "none" : list)")
    }
    guard let index = keys.firstIndex(of: key) else {
      throw TensorError(
        .notFound, "\(name) has no array \(key); its keys are \(list.isEmpty ? "none" : list)")
    }
    return try tensor(of: members[index])
  }

  /// The names and values of all arrays, in the order of the file.
  ///
  /// - Throws: as ``tensor(key:)``.
  package func tensors() throws -> [(key: String, value: Tensor)] {
    if !data.starts(with: ZipArchive.magic) && !data.starts(with: ZipArchive.emptyMagic) {
      return [("", try tensor(key: nil))]
    }
    return try members().map { (Self.key(of: $0.name), try tensor(of: $0)) }
  }

  private func members() throws -> [ZipArchive.Member] {
    do {
      return try ZipArchive(data).members()
    } catch let damage as Damage {
      throw TensorError(damage.code, "\(name): \(damage.reason)")
    }
  }

  private func tensor(of member: ZipArchive.Member) throws -> Tensor {
    let label = "\(name):\(Self.key(of: member.name))"
    do {
      let range = try ZipArchive(data).contents(of: member)
      if let checksum = member.checksum, CRC32.checksum(of: data[range]) != checksum {
        throw Damage("its checksum does not fit")
      }
      return try array(in: range, label)
    } catch let damage as Damage {
      throw TensorError(damage.code, "\(label): \(damage.reason)")
    }
  }

  private func array(in range: Range<Int>, _ label: String) throws -> Tensor {
    do {
      return try ArrayHeader.tensor(of: data[range])
    } catch let damage as Damage {
      throw TensorError(damage.code, "\(label): \(damage.reason)")
    }
  }

  private static func key(of member: String) -> String {
    member.hasSuffix(".npy") ? String(member.dropLast(4)) : member
  }
}

/// What is wrong with the bytes of a file.
struct Damage: Error {
  let code: ErrorCode
  let reason: String

  /// A file that is truncated or damaged.
  init(_ reason: String) {
    code = .dataLoss
    self.reason = "it is damaged, or not written by NumPy: \(reason)"
  }

  /// A file that is right, but cannot be read here.
  init(unsupported reason: String) {
    code = .unimplemented
    self.reason = reason
  }
}
