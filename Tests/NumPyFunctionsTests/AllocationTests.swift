import Foundation
import Testing

/// What happens where there is no memory, tried in processes of their own.
@Suite struct AllocationTests {
  #if canImport(Glibc)
    @Test func `each allocation of a call may fail, and the next call is right`() async throws {
      let program = Bundle.main.bundleURL.appendingPathComponent("AllocationFailures")
      try #require(FileManager.default.isExecutableFile(atPath: program.path), "\(program.path)")
      let process = Process()
      process.executableURL = program
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(output)")
      // Each kind of call has a line of its own, and had allocations that could fail.
      let counts = output.matches(of: /: (\d+) allocations, 0 wrong/).compactMap { Int($0.1) }
      #expect(counts.count > 40 && counts.allSatisfy { $0 > 0 }, "\(output)")
    }
  #endif
}
