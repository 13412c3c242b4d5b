import Foundation
import NumPyTesting
import Testing

@testable import NumPyTestingCore

/// Files of NumPy's that are read without Python, right ones and hostile ones.
@Suite struct ArrayFileTests {
  private static func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "numpyfn-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test(arguments: DType.numeric)
  func `NumPy reads what is written, and what NumPy writes is read`(dtype: DType) throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var tensors: [(key: String, value: Tensor)] = []
    for (index, shape) in [[], [0], [1], [3], [2, 3], [2, 0, 3], [2, 3, 4, 5]].enumerated() {
      let input = RandomInput(dtypes: [dtype], shapes: .patterns([Shape(shape)]))
      tensors.append(("a\(index)", try RandomDraw.draw([input], seed: UInt64(index))[0].tensor()))
    }
    let file = folder.appending(path: "ours.npz")
    try ReferenceArrays.write(tensors, to: file)
    let copy = try Python.function(
      """
      import numpy as np
      def copy(source, target, name):
          with np.load(source) as arrays:
              arrays = dict(arrays)
          if name != "bfloat16":
              assert all(str(a.dtype) == name for a in arrays.values()), arrays
          np.savez(target, **arrays)
          return len(arrays)
      """)
    let theirs = folder.appending(path: "theirs.npz")
    #expect(try Int(copy(file.path, theirs.path, "\(dtype)")) == tensors.count)
    for (key, tensor) in tensors {
      #expect(
        try reports {
          expectClose(
            tensor, toContentsOf: theirs, key: key, rtol: 0, signOfZero: true, checkDType: true)
        }.isEmpty)
    }
  }

  @Test func `orders of bytes and of axes are read`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "a.npy").path
    let save = try Python.function(
      """
      import numpy as np
      def save(path, dtype, order, version):
          a = np.arange(24).reshape(2, 3, 4).astype(dtype)
          with open(path, "wb") as file:
              np.lib.format.write_array(file, np.asarray(a, order=order), version=version)
          return a.astype(a.dtype.newbyteorder("="))
      """)
    for dtype in ["<f4", ">f8", ">c8", ">i2", "<u4", "?", "i1"] {
      for order in ["C", "F"] {
        for version in [1, 2, 3] {
          let expected = try Tensor(
            save(file, dtype, order, PythonObject(tuple: [version, 0])))
          #expect(try reports { expectClose(expected, toFile: file, checkDType: true) }.isEmpty)
        }
      }
    }
  }

  @Test func `a large archive's directory is read`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "many.npz")
    let save = try Python.function(
      """
      import numpy as np, zipfile
      def save(path):
          # More members than the old directory can count.
          with zipfile.ZipFile(path, "w") as archive:
              for index in range(66000):
                  archive.writestr(f"{index}.txt", "")
              with archive.open("x.npy", "w", force_zip64=True) as member:
                  np.lib.format.write_array(member, np.arange(3.0))
      """)
    try save(file.path)
    #expect(try reports { expectClose([0.0, 1, 2], toContentsOf: file, key: "x") }.isEmpty)
  }

  @Test func `what cannot be read says why`() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let save = try Python.function(
      """
      import numpy as np, os, pickle
      def save(folder):
          path = lambda name: os.path.join(folder, name)
          np.save(path("objects.npy"), np.array([{}], dtype=object))
          pickle.dump([1], open(path("pickle.npy"), "wb"))
          np.save(path("text.npy"), np.array(["a"]))
          np.save(path("fields.npy"), np.zeros(2, "i4,f4"))
          np.savez_compressed(path("compressed.npz"), a=np.zeros(9))
          np.savez(path("two.npz"), a=np.zeros(1), b=np.zeros(1))
          np.savez(path("none.npz"))
          open(path("empty.npy"), "w")
          def header(name, text, version=1):
              data = text.encode()
              start = b"\\x93NUMPY" + bytes([version, 0]) + len(data).to_bytes(2 if version == 1 else 4, "little")
              open(path(name), "wb").write(start + data)
          header("huge.npy", "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4)}")
          header("large.npy", "{'descr': '<f8', 'fortran_order': False, 'shape': (100000000,)}")
          header("negative.npy", "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}")
          header("code.npy", "{'descr': __import__('os').abort(), 'fortran_order': False, 'shape': ()}")
          header("missing.npy", "{'descr': '<f8', 'shape': ()}")
          header("twice.npy", "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': ()}")
          header("open.npy", "{'descr': '<f8")
          header("version.npy", "{}", 9)
          open(path("long.npy"), "wb").write(b"\\x93NUMPY\\x02\\0\\xff\\xff\\xff\\xff")
          header("axes.npy", "{'descr': '<f8', 'fortran_order': False, 'shape': (" + "1," * 99 + ")}")
      """)
    try save(folder.path)
    let words: [(String, String?, String)] = [
      ("objects.npy", nil, "pickled"), ("pickle.npy", nil, "pickled"),
      ("text.npy", nil, "no tensor has the dtype '<U1'"), ("fields.npy", nil, "structured"),
      ("compressed.npz", "a", "not numpy.savez_compressed"),
      ("two.npz", nil, "give key: one of a, b"),
      ("two.npz", "c", "its keys are a, b"), ("none.npz", "a", "its keys are none"),
      ("empty.npy", nil, "damaged"), ("huge.npy", nil, "too large to address"),
      ("large.npy", nil, "800000000 bytes, and 0 follow"), ("negative.npy", nil, "extent"),
      ("code.npy", nil, "damaged"), ("missing.npy", nil, "lacks a key"),
      ("twice.npy", nil, "has the key 'descr'"), ("open.npy", nil, "text without an end"),
      ("version.npy", nil, "its version is 9"), ("long.npy", nil, "4294967295 bytes"),
      ("axes.npy", nil, "more than 64 axes"), ("nosuch.npy", nil, "there is no such file"),
      ("objects.npy", "a", "no .npz file"),
    ]
    for (file, key, word) in words {
      let found = try report {
        expectClose(1.0, toContentsOf: folder.appending(path: file), key: key)
      }
      #expect(found.contains(word) && found.contains(file), "\(found)")
    }
  }

  @Test func `no truncated or altered file is a crash`() throws {
    let arrays: [(key: String, value: Tensor)] = [
      ("a", try Tensor([[1.0, 2], [3, 4]])), ("b", try Tensor([true, false])),
    ]
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "a.npz")
    try ReferenceArrays.write(arrays, to: file)
    let whole = try Data(contentsOf: file)
    for length in 0..<whole.count {
      #expect(throws: (any Error).self) {
        try ArrayFile(whole.prefix(length), name: "a.npz").tensor(key: "a")
      }
    }
    var generator = SeededGenerator(seed: 1)
    let npy = try ArrayHeader.file(of: arrays[0].value)
    for data in [whole, npy] {
      for _ in 0..<5000 {
        var altered = data
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          altered[Int.random(in: 0..<data.count, using: &generator)] = UInt8.random(
            in: 0...255, using: &generator)
        }
        // The checksum finds a change of the elements in an archive.
        _ = try? ArrayFile(altered, name: "a").tensors()
        _ = try? ArrayFile(Data([0]) + altered, name: "a").tensor(key: "a")
      }
    }
  }
}
