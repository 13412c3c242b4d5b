extension [Int] {
  /// Where the elements begin for which `isBehind` is true, those for which it is false being first.
  ///
  /// - Complexity: logarithmic.
  func partitioningIndex(where isBehind: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
