// Tensors among Swift's own numbers, memory and loops.
import Foundation
import NumPyFunctions

// Numbers take the tensor's dtype.
let t = try Tensor([0, 0.25, 0.5], dtype: .float32)
let (rate, limit): (Float, Int) = (2, 1)
let wave = try sin(2 * Double.pi * t * rate)
let clipped = try select(t * rate .<= limit, t, maximum(t, 0.75))
print(wave.dtype, clipped)  // float32 [0.   0.25 0.5 ]

// What has a value has a shape.
let grid = try Tensor([[1, 2, 3], [4, 5, 6]] as [[Float]])
print(grid.shape[0], grid.shape[-1], grid.rank, grid.count)  // 2 3 2 6

// A tensor is a sequence of its parts along the first axis, and so is a Python object of its items.
for (index, row) in grid.enumerated() { print(index, try row.sum().item(as: Float.self)) }
let np = try Python.import("numpy")
for x in try np.arange(2) { print(try x + 1) }
print(try zip(grid, ["a", "b"]).map { try "\($1): \($0.mean())" })  // ["a: 2.0", "b: 5.0"]

// Memory in: copies, and memory that is adopted without one.
let numbers: [Float] = [1, 2, 3, 4]
let copied = try Tensor(numbers[1...])
let matrix = try Tensor(numbers.span, shape: [2, 2])
let decoded = try Tensor(bytes: Data([1, 0, 2, 0]), dtype: .int16, shape: [2])
let written = try Tensor(shape: [3]) { (elements: inout OutputSpan<Int32>) in
  for index in 0..<3 { elements.append(Int32(index * index)) }
}
let memory = UnsafeMutableBufferPointer<Double>.allocate(capacity: 6)
unsafe memory.initialize(repeating: 1)
let adopted = try unsafe Tensor(
  adopting: UnsafeBufferPointer(memory), shape: [2, 3], release: { unsafe $0.deallocate() })
// [2. 3. 4.] [2, 2] [1 2] [0 1 4] 6.0
print(copied, matrix.shape, decoded, written, try adopted.sum())

// Memory out.
let first = try grid.withSpan(as: Float.self) { $0[0] }
let bytes = try decoded.withBytes { $0.byteCount }
let rows = try [[Float]](grid)
var changed = grid
try changed.withMutableSpan(as: Float.self) { $0[0] = 9 }
print(first, bytes, rows[1], try changed[0, 0] == grid[0, 0])  // 1.0 4 [4.0, 5.0, 6.0] false

// An exception is of a class.
do {
  _ = try numpyFunction(Python.function("def f(x): return {}[3]"), [t], Tout: .float32)
} catch let error as OperationError where error.isInstance(of: "LookupError") {
  print(error.pythonError?.arguments ?? [])  // [3]
}
