import Foundation
import NumPyTesting
import Testing

@Suite struct RecordingTests {
  private let file = FileManager.default.temporaryDirectory
    .appending(path: "numpyfn-\(UUID().uuidString)").appending(path: "recorded.npz")

  @Test(
    .disabled(
      if: ProcessInfo.processInfo.environment["NUMPYFN_RECORD"] == "1", "replaying is tested"))
  func `values are recorded with their arguments, and replayed`() throws {
    defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
    let x: [Float] = [1, 4, 9]
    let none = try report {
      expectClose(x, to: "numpy.sqrt", x, recorded: "roots", references: file)
    }
    #expect(none.contains("nothing is recorded") && none.contains("NUMPYFN_RECORD=1"), "\(none)")
    let all = try reports {
      let roots: [Float] = [1, 2, 3]
      expectClose(roots, to: "numpy.sqrt", x, recorded: "roots", record: true, references: file)
      expectClose(
        [5.0], to: "numpy.full", 1, 5.0, recorded: "five", record: true, references: file)
      // The name is not looked up again.
      expectClose(roots, to: "nosuch.sqrt", x, recorded: "roots", references: file)
      expectClose([5.0], to: "nosuch.full", 1, 5.0, recorded: "five", references: file)
      // The form without Python.
      NumPyTestingCore.expectClose(roots, to: "numpy.sqrt", x, recorded: "roots", references: file)
    }
    #expect(all.isEmpty, "\(all)")
    let wrong = try report {
      expectClose([1.0, 2, 4], to: "numpy.sqrt", x, recorded: "roots", references: file)
    }
    #expect(wrong.contains("expectClose to the recorded numpy.sqrt: 1 of 3 elements"), "\(wrong)")
    let changed = try report {
      expectClose(x, to: "numpy.sqrt", [1, 4, 8] as [Float], recorded: "roots", references: file)
    }
    #expect(
      changed.contains("argument 0 is not the one that 'roots' was recorded with"), "\(changed)")
    let missing = try report {
      expectClose(x, to: "numpy.sqrt", x, recorded: "others", references: file)
    }
    #expect(missing.contains("nothing is recorded as 'others'"), "\(missing)")
  }

  @Test func `values that were recorded beside this file are replayed`() {
    expectClose([2.0, 3], to: "numpy.sqrt", [4.0, 9], recorded: "roots of four and nine")
  }

  @Test func `many tests record into one file at a time`() async throws {
    defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
    await withTaskGroup { group in
      for index in 0..<20 {
        group.addTask {
          expectClose(
            [Double(index)], to: "numpy.asarray", [Double(index)], recorded: "\(index)",
            record: true,
            references: file)
        }
      }
    }
    for index in 0..<20 {
      expectClose([Double(index)], toContentsOf: file, key: "\(index)")
    }
  }
}
