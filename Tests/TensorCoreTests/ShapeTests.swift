import TensorCore
import Testing

@Suite struct ShapeTests {
  @Test(
    arguments: [
      ([2, 3], "[2, 3]"), ([nil, 3], "[?, 3]"), ([], "[]"), (.scalar, "[]"),
      ([0], "[0]"), (.unknown(rank: 2), "[?, ?]"), (.unknown, "[...]"),
      (Shape(extents: ["batch", 3, nil]), "[batch, 3, ?]"),
      (
        Shape(extents: ["a.b-c/d_1", "_x", "Ä b", "", "3", "?", "...", "-1", "a\"b"]),
        #"[a.b-c/d_1, _x, "Ä b", "", "3", "?", "...", "-1", "a\"b"]"#
      ),
    ] as [(Shape, String)])
  func `prints an open extent as a question mark`(_ shape: Shape, _ text: String) {
    #expect("\(shape)" == text)
  }

  @Test func `counts elements only when all extents are known`() {
    #expect(([2, 3] as Shape).count == 6)
    #expect(([2, 0] as Shape).count == 0)
    #expect(Shape.scalar.count == 1)
    #expect(([nil, 3] as Shape).countIfKnown == nil)
    #expect(Shape.unknown.countIfKnown == nil)
  }

  @Test func `a negative axis counts from the end`() {
    let shape: Shape = [2, nil, 4]
    #expect(shape[0] == 2)
    #expect(shape[ifKnown: 1] == nil)
    #expect(shape[-1] == 4)
    #expect(shape[-3] == 2)
  }

  @Test func `an extent is a number, a name, or unknown`() {
    let width = 5
    let shape = Shape(extents: ["batch", 3, nil, Extent(width), Extent("n\(width)")])
    #expect(shape.axes?.map(\.name) == ["batch", nil, nil, nil, "n5"])
    #expect(shape.axes?.map(\.number) == [nil, 3, nil, 5, nil])
    #expect(
      shape[ifKnown: 0] == nil && shape[1] == 3 && !shape.isFullyKnown && shape.countIfKnown == nil)
    #expect(shape.extent(at: -1).name == "n5")
    #expect(Shape(extents: [2, nil]) == [2, nil])
    #expect(Shape.unknown.axes == nil && Shape.unknown.extent(at: 3) == nil)
    #expect(Shape(extents: ["a", 2]) == Shape(extents: ["a", 2]))
    #expect(Set([Shape(extents: ["a"]), Shape(extents: ["b"]), [nil], [1]]).count == 4)
  }

  @Test func `knows its rank even when an extent is open`() {
    #expect(Shape.unknown.rankIfKnown == nil)
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

  @Test func `a name may be any number`() {
    let batch = Shape(extents: ["batch", 3])
    for other in [[4, 3], [nil, 3], Shape(extents: ["other", 3]), batch, .unknown] as [Shape] {
      #expect(batch.fits(other) && other.fits(batch))
    }
    for other in [[4, 2], [4]] as [Shape] {
      #expect(!batch.fits(other) && !other.fits(batch))
    }
  }

  @Test(
    arguments: [
      // A name against itself, 1, an unknown extent and another name, which may be 1, and a number:
      // if the name is 1, it is the number all the same.
      (["n"], ["n"], ["n"]), (["n"], [1], ["n"]), (["n", 2], [], ["n", 2]), (["n"], [nil], [nil]),
      (["n"], ["m"], [nil]), (["n"], [5], [5]), (["n"], [0], [0]),
      (["n", 1, 3], ["m", 3], ["n", "m", 3]),
    ] as [([Extent], [Extent], [Extent])])
  func `broadcasting keeps a name that is certain`(
    _ a: [Extent], _ b: [Extent], _ expected: [Extent]
  ) throws {
    let (a, b) = (Shape(extents: a), Shape(extents: b))
    #expect(try a.broadcast(with: b) == Shape(extents: expected))
    #expect(try b.broadcast(with: a) == Shape(extents: expected))
  }

  @Test(
    arguments: [
      // Both are known of one tensor; a tensor is of either.
      (["n"], ["n"], ["n"], ["n"]), (["n"], [3], [3], [nil]), (["n"], [nil], ["n"], [nil]),
      (["n"], ["m"], ["n"], [nil]), ([3], [nil], [3], [nil]), ([3], [3], [3], [3]),
      ([3], [4], nil, [nil]),
    ] as [([Extent], [Extent], [Extent]?, [Extent])])
  func `of two shapes both or either may be known`(
    _ a: [Extent], _ b: [Extent], _ both: [Extent]?, _ either: [Extent]
  ) {
    let (a, b) = (Shape(extents: a), Shape(extents: b))
    #expect(a.intersection(b) == both.map(Shape.init(extents:)))
    #expect(a.union(b) == Shape(extents: either))
    #expect(a.intersection(.unknown) == a && Shape.unknown.intersection(a) == a)
    #expect(a.union(.unknown) == .unknown)
  }

  @Test func `names of two graphs look alike and are not the same`() throws {
    let name = Shape(extents: ["n"])
    let (first, second) = (name.scoped(to: 1), name.scoped(to: 2))
    #expect(first == second && first.hashValue == second.hashValue && "\(first)" == "[n]")
    #expect(first.isSurelyEqual(to: first) && !first.isSurelyEqual(to: second))
    #expect(try first.broadcast(with: second) == [nil])
    #expect(first.inScope(1) == name && first.inScope(2) == [nil])
    #expect(!Shape.unknown(rank: 1).isSurelyEqual(to: .unknown(rank: 1)))
    #expect(!Shape.unknown.isSurelyEqual(to: .unknown))
    #expect(([2] as Shape).isSurelyEqual(to: [2]))
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
