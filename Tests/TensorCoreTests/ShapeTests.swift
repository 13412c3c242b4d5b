import TensorCore
import Testing

@Suite struct ShapeTests {
  @Test(
    arguments: [
      ([2, 3], "[2, 3]"), ([nil, 3], "[?, 3]"), ([], "[]"), (.scalar, "[]"),
      ([0], "[0]"), (.unknown(rank: 2), "[?, ?]"), (.unknown, "[...]"),
    ] as [(Shape, String)])
  func `prints an open extent as a question mark`(_ shape: Shape, _ text: String) {
    #expect("\(shape)" == text)
  }

  @Test func `counts elements only when all extents are known`() {
    #expect(([2, 3] as Shape).count == 6)
    #expect(([2, 0] as Shape).count == 0)
    #expect(Shape.scalar.count == 1)
    #expect(([nil, 3] as Shape).count == nil)
    #expect(Shape.unknown.count == nil)
  }

  @Test func `a negative axis counts from the end`() {
    let shape: Shape = [2, nil, 4]
    #expect(shape[0] == 2)
    #expect(shape[1] == nil)
    #expect(shape[-1] == 4)
    #expect(shape[-3] == 2)
  }

  @Test func `knows its rank even when an extent is open`() {
    #expect(Shape.unknown.rank == nil)
    #expect(Shape.unknown(rank: 3).rank == 3)
    #expect(!Shape.unknown(rank: 1).isFullyKnown)
    #expect(Shape.unknown(rank: 0) == .scalar)
    #expect(Shape.scalar.isFullyKnown)
  }

  @Test(
    arguments: [
      ([2, 3], [2, 3], true),
      ([2, 3], [nil, 3], true), ([nil, 3], [2, 3], true), ([nil], [nil], true),
      ([2, 3], .unknown, true), (.unknown, [2, 3], true), (.unknown, .unknown, true),
      ([], [], true), ([0], [0], true),
      ([2, 3], [3, 2], false), ([2, 3], [2], false), ([], [1], false), ([2, 4], [nil, 3], false),
      ([1], [0], false),
    ] as [(Shape, Shape, Bool)])
  func `fits when ranks and known extents agree`(_ a: Shape, _ b: Shape, _ expected: Bool) {
    #expect(a.fits(b) == expected)
  }

  @Test(
    arguments: [
      ([2, 3], [3], [2, 3]),
      ([2, 1], [1, 3], [2, 3]), ([], [2, 3], [2, 3]), ([], [], []), ([1], [0], [0]),
      ([0], [0], [0]),
      ([5, 1, 4], [3, 1], [5, 3, 4]),
      ([nil], [3], [3]), ([nil], [1], [nil]), ([nil], [nil], [nil]), ([nil, 3], [2, 1], [2, 3]),
      ([2, 3], .unknown, .unknown), (.unknown, .unknown, .unknown),
    ] as [(Shape, Shape, Shape)])
  func `broadcasts as NumPy does`(_ a: Shape, _ b: Shape, _ expected: Shape) throws {
    #expect(try a.broadcast(with: b) == expected)
    #expect(try b.broadcast(with: a) == expected)
  }

  @Test(
    arguments: [
      ([2], [3]), ([2, 3], [2, 2]), ([0], [2]),
      ([nil, 3], [nil, 2]),
    ] as [(Shape, Shape)])
  func `refuses to broadcast extents that differ, naming both shapes`(_ a: Shape, _ b: Shape) {
    let error = #expect(throws: TensorError.self) { try a.broadcast(with: b) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("\(a) and \(b)") == true)
  }

  @Test func `names the axis on which shapes do not broadcast`() {
    let error = #expect(throws: TensorError.self) {
      try ([2, 3] as Shape).broadcast(with: [2, 4])
    }
    #expect(
      error?.message
        == "shapes [2, 3] and [2, 4] do not broadcast: axis -1 has 3 and 4; extents must be equal "
        + "or 1")
  }

  @Test func `refuses the extents of an open shape`() throws {
    #expect(try ([2, 3] as Shape).extents == [2, 3])
    for shape in [[nil, 3], .unknown] as [Shape] {
      let error = #expect(throws: TensorError.self) { try shape.extents }
      #expect(error?.code == .failedPrecondition)
      #expect(error?.message.contains("\(shape)") == true)
    }
  }

  @Test func `a negative extent traps`() async {
    await #expect(processExitsWith: .failure) { _ = Shape([-1] as [Int]) }
    await #expect(processExitsWith: .failure) { _ = Shape([2, -1] as [Int?]) }
  }
}
