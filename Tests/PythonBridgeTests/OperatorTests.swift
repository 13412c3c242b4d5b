import PythonBridge
import TensorCore
import Testing

@Suite struct OperatorTests {
  let np: PythonObject

  init() throws {
    np = try Python.import("numpy")
  }

  @Test func `operators are Python's, with Swift values on either side`() throws {
    let (a, b) = try (PythonObject(7), PythonObject(2))
    let cases: [(PythonObject, String)] = [
      (try a + b, "9"), (try a + 1, "8"), (try 1 + a, "8"), (try a - b, "5"), (try 1.5 - a, "-5.5"),
      (try a * b, "14"), (try 2 * a, "14"), (try a / b, "3.5"), (try 1 / b, "0.5"),
      (try a % b, "1"), (try 9 % a, "2"), (try a & 3, "3"), (try a | 8, "15"), (try a ^ b, "5"),
      (try a << b, "28"), (try 1 << a, "128"), (try a >> 1, "3"), (try -a, "-7"), (try ~a, "-8"),
      (try a.floorDivided(by: b), "3"), (try a.raisedToPower(2), "49"),
      (try np.eye(2).matrixMultiplied(by: [3.0, 4.0]), "array([3., 4.])"),
      (try PythonObject("a") + "b", "'ab'"), (try "b" + PythonObject("a"), "'ba'"),
      (try PythonObject([1]) + [2], "[1, 2]"), (try PythonObject("ab") * 2, "'abab'"),
      (try a * 2 + b / 4 - 1, "13.5"), (try PythonObject("%d!") % a, "'7!'"),
      (try a * Tensor([1.0, 2]), "array([ 7., 14.])"),
      (try Tensor([1.0, 2]) * a, "array([ 7., 14.])"),
    ]
    for (result, expected) in cases { #expect(result.debugDescription == expected) }
  }

  @Test func `assignment changes the object where it can be changed`() throws {
    var number = try PythonObject(5)
    let five = number
    try number += 2
    try number *= 3
    try number -= 1
    try number /= 2
    #expect(number.description == "10.0" && five.description == "5")
    var list = try PythonObject([1])
    let same = list
    try list += [2]
    #expect(same.description == "[1, 2]")
    var bits = try PythonObject(12)
    try bits |= 3
    try bits &= 14
    try bits ^= 1
    try bits <<= 2
    try bits >>= 1
    try bits %= 16
    #expect(bits.description == "14")
    var text = try PythonObject("a")
    #expect(throws: PythonError.self) { try text += 1 }
    #expect(text.description == "a")
  }

  @Test func `comparison with one answer`() throws {
    let three = try PythonObject(3)
    #expect(try three < 4 && three <= 3 && three > 2.5 && three >= 3 && 2 < three && !(4 < three))
    #expect(try PythonObject("a") < PythonObject("b"))
    #expect(throws: PythonError.self) { try three < "a" }
    let error = #expect(throws: PythonError.self) { try np.ones(2) < 2 }
    #expect(error?.type == "ValueError")
  }

  @Test func `comparison of each element`() throws {
    let array = try np.arange(4)
    #expect(try [Bool](array .< 2) == [true, true, false, false])
    #expect(try [Bool](array .<= 2) == [true, true, true, false])
    #expect(try [Bool](array .== [0, 5, 2, 5]) == [true, false, true, false])
    #expect(try [Bool](array .!= array) == [false, false, false, false])
    #expect(try [Bool]((array .> 0) & (array .< 3)) == [false, true, true, false])
    #expect(try [Bool](2 .>= array) == [true, true, true, false])
    #expect(try [Int](array[array .> 1]) == [2, 3])
    #expect(try [Bool](~(array .> 1)) == [true, true, false, false])
  }

  @Test func `objects are keys as in Python`() throws {
    let objects = try [PythonObject(1), PythonObject(1.0), PythonObject("a"), PythonObject("a")]
    #expect(Set(objects).count == 2)
    let same = try [PythonObject([1]), PythonObject([1]), PythonObject([2])]
    #expect(Set(same).count == 2)  // no hash, and still equal
    let broken = try Python.function("class B:\n  def __hash__(self): raise ValueError")()
    #expect(Set([broken, broken]).count == 1)
    #expect(try Int(Python.evaluate("1 + 1")) == 2)
  }

  @Test func `identity is not equality`() throws {
    let list = try PythonObject([1])
    let other = try PythonObject([1])
    #expect(list == other && !list.isSame(as: other) && list.isSame(as: list))
  }

  @Test func `an operation without meaning throws`() throws {
    let text = try PythonObject("a")
    let cases: [(String, () throws -> Any)] = [
      ("TypeError", { try text + 1 }), ("TypeError", { try 1 + text }),
      ("TypeError", { try -text }),
      ("ZeroDivisionError", { try PythonObject(1) / 0 }), ("TypeError", { try text << 1 }),
      ("ValueError", { try PythonObject(1) << -1 }),
      ("ValueError", { try np.ones(2) + np.ones(3) }),
      ("ZeroDivisionError", { try PythonObject(1).floorDivided(by: 0) }),
    ]
    for (type, body) in cases {
      let error = #expect(throws: PythonError.self) { _ = try body() }
      #expect(error?.type == type)
    }
  }
}
