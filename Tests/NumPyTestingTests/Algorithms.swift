import ComplexModule
import Foundation
import NumPyTesting

// Numerics in plain Swift, right or with an error that is planted in them.

/// An error in a function.
enum Planted: Sendable {
  case offByOne
  case singlePrecision
  case notFlipped
  case wrongAxis
  case overflow
  case nanFirst
  case lostSign
  case noPivot
}

/// The discrete Fourier transform of as many elements as a power of two.
func fft(_ x: [Complex<Double>], _ planted: Planted? = nil) -> [Complex<Double>] {
  guard x.count > 1 else { return x }
  let half = x.count / 2
  let even = fft((0..<half).map { x[2 * $0] }, planted)
  let odd = fft((0..<half).map { x[2 * $0 + 1] }, planted)
  var result = Array(repeating: Complex<Double>.zero, count: x.count)
  for k in 0..<half {
    let turns = planted == .offByOne && k > 0 ? k + 1 : k
    let angle = -2 * Double.pi * Double(turns) / Double(x.count)
    var factor = Complex(cos(angle), sin(angle))
    if planted == .singlePrecision {
      factor = Complex(Double(Float(cos(angle))), Double(Float(sin(angle))))
    }
    result[k] = even[k] + factor * odd[k]
    result[k + half] = even[k] - factor * odd[k]
  }
  return result
}

/// The full convolution of two vectors.
func convolve(_ a: [Double], _ b: [Double], _ planted: Planted? = nil) -> [Double] {
  var result = Array(repeating: 0.0, count: a.count + b.count - 1)
  let last = planted == .offByOne ? a.count - 1 : a.count
  for i in 0..<last {
    for j in b.indices {
      result[i + j] += a[i] * (planted == .notFlipped ? b[b.count - 1 - j] : b[j])
    }
  }
  return result
}

/// The softmax of the rows of a matrix.
func softmax(_ rows: [[Double]], _ planted: Planted? = nil) -> [[Double]] {
  if planted == .wrongAxis { return transposed(softmax(transposed(rows))) }
  return rows.map { row in
    // NaN if there is one, as numpy.max.
    let largest = row.contains { $0.isNaN } ? .nan : row.max() ?? 0
    let powers = row.map { exp(planted == .overflow ? $0 : $0 - largest) }
    if planted == .singlePrecision {
      let sum = powers.reduce(Float(0)) { $0 + Float($1) }
      return powers.map { $0 / Double(sum) }
    }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}

private func transposed(_ rows: [[Double]]) -> [[Double]] {
  (rows.first ?? []).indices.map { column in rows.map { $0[column] } }
}

/// The elements in ascending order, NaN last.
func sorted(_ x: [Float], _ planted: Planted? = nil) -> [Float] {
  let numbers = x.filter { !$0.isNaN }.sorted()
  let nans = x.filter(\.isNaN)
  switch planted {
  case .nanFirst: return nans + numbers
  case .lostSign: return (numbers + nans).map { $0 + 0 }
  default: return numbers + nans
  }
}

/// The x for which a·x = b, by elimination.
func solve(_ a: [[Double]], _ b: [Double], _ planted: Planted? = nil) -> [Double] {
  var (a, b) = (a, b)
  let n = b.count
  for column in 0..<n {
    if planted != .noPivot,
      let pivot = (column..<n).max(by: { abs(a[$0][column]) < abs(a[$1][column]) })
    {
      a.swapAt(column, pivot)
      b.swapAt(column, pivot)
    }
    for row in (column + 1)..<max(n, column + 1) {
      let factor = a[row][column] / a[column][column]
      for k in column..<n { a[row][k] -= factor * a[column][k] }
      b[row] -= factor * b[column]
    }
  }
  for row in (0..<n).reversed() {
    let first = planted == .offByOne ? row + 2 : row + 1
    for k in first..<max(n, first) { b[row] -= a[row][k] * b[k] }
    b[row] /= a[row][row]
  }
  return b
}
