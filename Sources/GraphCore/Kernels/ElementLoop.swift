package import TensorCore

/// A loop over elements, in the form of the loops of NumPy's universal functions: it runs an
/// elementwise operation on operands of one dtype.
///
/// See <https://numpy.org/doc/stable/reference/c-api/types-and-structures.html#c.PyUFuncGenericFunction>.
@safe package struct ElementLoop: Sendable {
  /// Computes `count` elements of the result; returns a status, which is 0 if there is nothing to
  /// report.
  ///
  /// `result` is either the address of an operand, or does not overlap any operand. An element's
  /// value depends on its operands only, not on its place in the loop: loops may be cut anywhere.
  package typealias Body =
    @Sendable (_ operands: Operands, _ result: UnsafeMutableRawPointer, _ count: Int) -> UInt8

  /// The addresses of the operands; operands that the operation does not have are the first again.
  @unsafe package struct Operands {
    package let a: UnsafeRawPointer
    package let b: UnsafeRawPointer
    package let c: UnsafeRawPointer
    /// The distance from one element to the next, in bytes: the size of an element, or 0 for an
    /// operand whose single element is used for all elements of the result.
    package let aStep: Int
    package let bStep: Int
    package let cStep: Int

    package init(
      _ a: UnsafeRawPointer, _ aStep: Int, _ b: UnsafeRawPointer, _ bStep: Int,
      _ c: UnsafeRawPointer, _ cStep: Int
    ) {
      unsafe (self.a, self.b, self.c) = (a, b, c)
      unsafe (self.aStep, self.bStep, self.cStep) = (aStep, bStep, cStep)
    }
  }

  /// How much an element costs, which decides how work is divided among cores.
  package enum Cost: Sendable {
    /// A nanosecond or less: the loop waits for memory.
    case cheap
    /// Some nanoseconds: exponentials, logarithms, powers, roots.
    case costly

    /// The fewest elements that are worth a thread.
    package var grain: Int { self == .cheap ? 1 << 16 : 1 << 13 }
  }

  /// The conditions for using a loop that may return a status.
  ///
  /// If its results are not valid, the operation runs again on the same operands, without this
  /// loop.
  package final class Conditions: Sendable {
    /// Whether the loop may run on operands of these shapes in the same way as other loops.
    let takes: @Sendable (_ operands: [Shape]) -> Bool

    /// Whether the results are valid, given the combined status of all parts, which is not 0.
    let accepts: @Sendable (_ status: UInt8) throws -> Bool

    /// Called after each run whose results are used.
    let finish: @Sendable () -> Void

    package init(
      takes: @escaping @Sendable ([Shape]) -> Bool,
      accepts: @escaping @Sendable (UInt8) throws -> Bool,
      finish: @escaping @Sendable () -> Void
    ) {
      self.takes = takes
      self.accepts = accepts
      self.finish = finish
    }
  }

  /// The dtype of the result.
  package let result: DType

  package let cost: Cost

  package let body: Body

  /// Whether the operation may be run block by block with others; single elements are always
  /// allowed.
  package let isFusible: Bool

  /// Nil for a loop whose status is always 0.
  let conditions: Conditions?

  /// A loop whose results are always valid, unless there are conditions.
  package init(
    result: DType, cost: Cost, isFusible: Bool = true, conditions: Conditions? = nil,
    body: @escaping Body
  ) {
    self.result = result
    self.cost = cost
    self.isFusible = isFusible
    self.conditions = conditions
    unsafe self.body = body
  }

  /// Whether the loop may run on operands of these shapes in the same way as other loops.
  package func takes(_ shapes: [Shape]) -> Bool { conditions?.takes(shapes) ?? true }

  /// Whether the results are valid, given the statuses of all parts.
  package func accepts(_ flags: StatusFlags) throws -> Bool {
    let status = flags.status
    return try status == 0 || conditions?.accepts(status) ?? true
  }

  /// This loop with `dtype` as the dtype of the result; its elements have the same bytes.
  func giving(_ dtype: DType) -> ElementLoop {
    unsafe ElementLoop(
      result: dtype, cost: cost, isFusible: isFusible, conditions: conditions, body: body)
  }
}

/// A type whose bytes are those of a dtype's elements, as loops see them.
protocol LoopElement: Sendable {
  static var dtype: DType { get }
}

// The loops are compiled for each function and element type. Each has separate bodies for operands
// with a step and for those with a single element, which the compiler vectorises.

extension ElementLoop {
  /// The loop that calls `function` with each element.
  @inline(__always)
  static func unary<A, R: LoopElement>(
    cost: Cost = .cheap, _ function: @escaping @Sendable (A) -> R
  ) -> ElementLoop {
    unsafe ElementLoop(result: R.dtype, cost: cost) { operands, result, count in
      let a = unsafe operands.a.assumingMemoryBound(to: A.self)
      let result = unsafe result.assumingMemoryBound(to: R.self)
      if unsafe operands.aStep == 0 {
        unsafe result.fill(count, with: function(a[0]))
      } else {
        for i in 0..<count { unsafe result[i] = function(a[i]) }
      }
      return 0
    }
  }

  /// The loop that calls `function` with each pair of elements.
  @inline(__always)
  static func binary<A, B, R: LoopElement>(
    cost: Cost = .cheap, _ function: @escaping @Sendable (A, B) -> R
  ) -> ElementLoop {
    unsafe ElementLoop(result: R.dtype, cost: cost) { operands, result, count in
      let a = unsafe operands.a.assumingMemoryBound(to: A.self)
      let b = unsafe operands.b.assumingMemoryBound(to: B.self)
      let result = unsafe result.assumingMemoryBound(to: R.self)
      switch unsafe (operands.aStep == 0, operands.bStep == 0) {
      case (false, false):
        for i in 0..<count { unsafe result[i] = function(a[i], b[i]) }
      case (true, false):
        let a = unsafe a[0]
        for i in 0..<count { unsafe result[i] = function(a, b[i]) }
      case (false, true):
        let b = unsafe b[0]
        for i in 0..<count { unsafe result[i] = function(a[i], b) }
      case (true, true):
        unsafe result.fill(count, with: function(a[0], b[0]))
      }
      return 0
    }
  }

  /// As ``binary(cost:_:)``, for functions that cannot be vectorised: one body for all operands,
  /// which takes less time to compile.
  @inline(__always)
  static func oneByOne<A, B, R: LoopElement>(
    cost: Cost = .costly, _ function: @escaping @Sendable (A, B) -> R
  ) -> ElementLoop {
    unsafe ElementLoop(result: R.dtype, cost: cost) { operands, result, count in
      let a = unsafe operands.a.assumingMemoryBound(to: A.self)
      let b = unsafe operands.b.assumingMemoryBound(to: B.self)
      let result = unsafe result.assumingMemoryBound(to: R.self)
      let (aStep, bStep) = unsafe (operands.aStep == 0 ? 0 : 1, operands.bStep == 0 ? 0 : 1)
      for i in 0..<count { unsafe result[i] = function(a[i * aStep], b[i * bStep]) }
      return 0
    }
  }

  /// The loop that calls `function` with each three elements.
  @inline(__always)
  static func ternary<A, B, C, R: LoopElement>(
    cost: Cost = .cheap, _ function: @escaping @Sendable (A, B, C) -> R
  ) -> ElementLoop {
    unsafe ElementLoop(result: R.dtype, cost: cost) { operands, result, count in
      let a = unsafe operands.a.assumingMemoryBound(to: A.self)
      let b = unsafe operands.b.assumingMemoryBound(to: B.self)
      let c = unsafe operands.c.assumingMemoryBound(to: C.self)
      let result = unsafe result.assumingMemoryBound(to: R.self)
      switch unsafe (operands.aStep == 0, operands.bStep == 0, operands.cStep == 0) {
      case (false, false, false):
        for i in 0..<count { unsafe result[i] = function(a[i], b[i], c[i]) }
      case (false, true, true):
        let (b, c) = unsafe (b[0], c[0])
        for i in 0..<count { unsafe result[i] = function(a[i], b, c) }
      case (false, false, true):
        let c = unsafe c[0]
        for i in 0..<count { unsafe result[i] = function(a[i], b[i], c) }
      case (false, true, false):
        let b = unsafe b[0]
        for i in 0..<count { unsafe result[i] = function(a[i], b, c[i]) }
      case (true, let bStays, let cStays):
        let (bStep, cStep) = (bStays ? 0 : 1, cStays ? 0 : 1)
        let a = unsafe a[0]
        for i in 0..<count { unsafe result[i] = function(a, b[i * bStep], c[i * cStep]) }
      }
      return 0
    }
  }
}

extension ElementLoop {
  /// The loop that calls `function` with the operand's elements, all at once, and the place for the
  /// results.
  @inline(__always)
  static func direct<T: LoopElement>(
    _ cost: Cost,
    _ function:
      @escaping @Sendable (_ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>, _ count: Int) ->
      Void
  ) -> ElementLoop {
    unsafe ElementLoop(result: T.dtype, cost: cost) { operands, result, count in
      let x = unsafe operands.a.assumingMemoryBound(to: T.self)
      let y = unsafe result.assumingMemoryBound(to: T.self)
      let stays = unsafe operands.aStep == 0
      unsafe function(x, y, stays ? 1 : count)
      if stays { unsafe y.update(repeating: y[0], count: count) }
      return 0
    }
  }
}

extension DType {
  /// The dtype without a sign of whole numbers that wrap: their sums, products and negatives have the
  /// same bits, and need one loop.
  var wrapping: DType {
    switch self {
    case .int8: .uint8
    case .int16: .uint16
    case .int32: .uint32
    case .int64: .uint64
    default: self
    }
  }

  /// A dtype whose elements have as many bytes, for loops that only move them.
  var moved: DType {
    switch itemSize {
    case 1: .uint8
    case 2: .uint16
    case 4: .uint32
    case 8: .uint64
    default: self
    }
  }
}

extension UnsafeMutablePointer {
  @inline(__always)
  fileprivate func fill(_ count: Int, with value: Pointee) {
    for i in 0..<count { unsafe self[i] = value }
  }
}
