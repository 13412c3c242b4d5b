import GraphCore
import NumPyFunctions
import Synchronization
import TensorCore
import Testing

@Suite struct ParallelTests {
  @Test(arguments: [0, 1, 63, 64, 65, 1000, 4096, 99_999])
  func `each element is in one range, whatever the grain`(count: Int) {
    for grain in [1, 64, 1000, 1 << 20] {
      let seen = Mutex([Int](repeating: 0, count: count))
      Parallel.forEachChunk(count: count, grain: grain) { range in
        seen.withLock { seen in for index in range { seen[index] += 1 } }
      }
      #expect(seen.withLock { $0.allSatisfy { $0 == 1 } }, "\(count) by \(grain)")
    }
  }

  @Test func `work within work goes on`() {
    let sum = Mutex(0)
    Parallel.forEachChunk(count: 1000, grain: 1) { outer in
      Parallel.forEachChunk(count: 1000, grain: 1) { inner in
        sum.withLock { $0 += outer.count * inner.count }
      }
    }
    #expect(sum.withLock { $0 } == 1_000_000)
  }

  @Test func `one core is one range`() {
    Parallel.$limit.withValue(1) {
      let ranges = Mutex<[Range<Int>]>([])
      Parallel.forEachChunk(count: 100_000, grain: 1) { range in
        ranges.withLock { $0.append(range) }
      }
      #expect(ranges.withLock { $0 } == [0..<100_000])
    }
  }

  @Test(arguments: [([300, 700], [700]), ([300, 700], [300, 1]), ([7, 1, 3001], [11, 1])])
  func `rows are the same on several cores`(a: [Int], b: [Int]) throws {
    let oracle = try ElementwiseOracle()
    let x = try oracle.operand(.float32, a, seed: 1)
    let y = try oracle.operand(.float32, b, seed: 2)
    let alone = try Parallel.$limit.withValue(1) { try bytes(of: x * y) }
    #expect(try bytes(of: x * y) == alone)
    try oracle.expect("multiply", x * y, [x, y])
    try oracle.expect("arctan2", atan2(x, y), [x, y], ulps: 1)
  }
}
