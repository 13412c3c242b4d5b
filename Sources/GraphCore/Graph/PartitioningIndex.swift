extension [Int] {
  /// The index of the first element for which `isBehind` is true; it must be false for all elements
  /// before that one and true for all after it.
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
