import Foundation
import Testing

@testable import TensorCore

/// The pool that tensors take their memory from: what it keeps, and what it gives back.
@Suite struct TensorMemoryTests {
  @Test func `memory is aligned, apart, and holds what is written`() throws {
    let sizes = [
      0, 1, 63, 64, 65, 1023, 1024, 1025, 1280, 4096, 65535, 65536, 65537, 100_000, 1 << 20,
      (1 << 20) + 1, (2 << 20) - 64, 2 << 20, 5_000_000,
    ]
    let blocks = try sizes.map { try Storage(byteCount: $0) }
    for (index, block) in blocks.enumerated() {
      #expect(unsafe UInt(bitPattern: block.base) % UInt(Storage.alignment) == 0)
      if sizes[index] > 0 {
        unsafe block.base.initializeMemory(
          as: UInt8.self, repeating: UInt8(index), count: sizes[index])
      }
    }
    for (index, block) in blocks.enumerated() where sizes[index] > 0 {
      #expect(unsafe block.base.load(as: UInt8.self) == UInt8(index))
      #expect(unsafe block.base.load(fromByteOffset: sizes[index] - 1, as: UInt8.self) == index)
    }
  }

  // In processes of their own, as other tests take memory from the same pool at the same time.

  @Test func `a block that was given back is used again, and given to the system on demand`()
    async
  {
    await #expect(processExitsWith: .success) {
      TensorMemory.poolLimit = 1 << 30
      for size in [100_000, 3_000_000, 40_000_000] {
        TensorMemory.releaseUnused()
        do { _ = try Storage(byteCount: size) }
        let held = TensorMemory.statistics
        #expect(held.heldBytes >= size)
        do { _ = try Storage(byteCount: size) }
        let again = TensorMemory.statistics
        #expect(again.hits == held.hits + 1 && again.requests == held.requests + 1)
        TensorMemory.releaseUnused()
        #expect(TensorMemory.statistics.heldBytes < held.heldBytes)
      }
    }
  }

  @Test func `a limit of nothing keeps nothing, and a small one no more than that`() async {
    await #expect(processExitsWith: .success) {
      TensorMemory.poolLimit = 0
      do { _ = try Storage(byteCount: 10_000_000) }
      let before = TensorMemory.statistics
      do { _ = try Storage(byteCount: 10_000_000) }
      #expect(TensorMemory.statistics.hits == before.hits)
      TensorMemory.poolLimit = 15_000_000
      TensorMemory.releaseUnused()
      let small = TensorMemory.statistics.heldBytes
      do {
        let blocks = try (0..<4).map { _ in try Storage(byteCount: 10_000_000) }
        #expect(blocks.count == 4)
      }
      #expect(TensorMemory.statistics.heldBytes - small < 15_000_000)
    }
  }

  #if os(Linux)
    @Test func `what malloc keeps is given to the system on demand`() async {
      await #expect(processExitsWith: .success) {
        let before = try pagesWithHoles()
        TensorMemory.releaseUnused()
        #expect(try before - residentPages() > 50_000_000 / sysconf(Int32(_SC_PAGESIZE)))
      }
    }
  #endif

  @Test func `more than there is throws, and changes nothing`() throws {
    for size in [1 << 45, 1 << 60, Int.max] {
      let error = #expect(throws: TensorError.self) { try Storage(byteCount: size) }
      #expect(error?.code == .resourceExhausted)
    }
    _ = try Storage(byteCount: 1 << 20)
  }

  @Test func `blocks may come from one thread and go on another`() {
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      var held: [Storage] = []
      for round in 0..<2000 {
        guard let block = try? Storage(byteCount: (round * 7919 + thread) % 70_000) else {
          continue
        }
        unsafe block.base.storeBytes(of: UInt8(truncatingIfNeeded: round), as: UInt8.self)
        held.append(block)
        if held.count > 20 {
          let old = held.removeFirst()
          DispatchQueue.global().async { _ = old }
        }
      }
    }
  }

  @Test func `zeros are zeros, in memory that was used before too`() throws {
    for count in [3, 1000, 300_000, 3_000_000] {
      do {
        let used = try Storage(byteCount: count * 4)
        unsafe used.base.initializeMemory(as: UInt8.self, repeating: 255, count: count * 4)
      }
      let zeros = try Tensor(zeros: [count], dtype: .int32).scalars(as: Int32.self)
      #expect(zeros.allSatisfy { $0 == 0 })
    }
  }

  @Test func `a scalar without memory of its own is like one that has some`() throws {
    let inline = Tensor(Float(1.5))
    let stored = try Tensor([Float(1.5)]).viewed(as: .scalar)
    #expect(inline.isInline && !stored.isInline)
    #expect(inline == stored && stored == inline)
    #expect(try Float(inline) == 1.5 && Float(stored) == 1.5)
    #expect(try inline.scalars(as: Float.self) == [1.5])
    #expect("\(inline)" == "\(stored)")
    var changed = inline
    try changed.withMutableElements(as: Float.self) { $0[0] = 2 }
    #expect(try Float(changed) == 2 && Float(inline) == 1.5)
    #expect(try Tensor([inline, stored]) == Tensor([1.5, 1.5], dtype: .float32))
    #expect(throws: TensorError.self) { try Double(inline) }
  }
}

#if os(Linux)
  /// The resident pages of a process after 100 MB were taken from malloc, of which one block in a thousand
  /// stays in use: malloc gives back nothing of them by itself.
  private func pagesWithHoles() throws -> Int {
    let blocks = unsafe (0..<100_000).map { _ in
      let block = UnsafeMutableRawPointer.allocate(byteCount: 1000, alignment: 8)
      unsafe block.initializeMemory(as: UInt8.self, repeating: 1, count: 1000)
      return unsafe block
    }
    for index in unsafe blocks.indices where index % 1000 > 0 { unsafe blocks[index].deallocate() }
    return try residentPages()
  }

  private func residentPages() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return try #require(Int(text.split(separator: " ")[1]))
  }
#endif
