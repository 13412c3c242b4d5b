public import TensorCore

extension Tensor {
  /// Some of the elements: for each axis a position, a range or positions in a tensor, as in NumPy.
  ///
  /// ```swift
  /// try x[0]                  // the first row
  /// try x[-1, 1..<3]          // of the last row two elements
  /// try x[.slice(by: -1)]     // the rows from the last to the first
  /// try x[.ellipsis, 0]       // of the last axis the first; also x[..., 0]
  /// try x[rows, .all]         // the rows whose numbers a tensor holds
  /// ```
  ///
  /// Any dtype. A position removes its axis; ranges are cut to the axis, positions are not. Axes
  /// that are not named stay whole. Elements that lie together, as rows do, are not copied: the slice
  /// shares, and keeps alive, all of the tensor's memory. For all indices see `TensorIndex` and
  /// <https://numpy.org/doc/stable/user/basics.indexing.html>.
  ///
  /// - Throws: `OperationError`: `outOfRange` naming the axis and its extent when a position is not
  ///   there; `invalidArgument` when there are more indices than axes, two ellipses, two tensors, or
  ///   a step of 0. In a graph that may be found only when it runs.
  public subscript<each Index: TensorIndex>(
    _ index: repeat each Index, file file: String = #fileID, line line: Int = #line
  ) -> Tensor {
    get throws {
      var indices: [AxisIndex] = []
      for index in repeat each index { indices.append(index.axisIndex) }
      return try slice(indices, at: SourceLocation(file: file, line: line))
    }
  }

  /// Some of the elements, with indices for the last axes: `x[..., 0]`.
  ///
  /// All axes in front of those that are named stay whole.
  ///
  /// - Throws: `OperationError`, as the subscript without `...`.
  public subscript<each Index: TensorIndex>(
    _ ellipsis: UnboundedRange, _ index: repeat each Index, file file: String = #fileID,
    line line: Int = #line
  ) -> Tensor {
    get throws {
      var indices: [AxisIndex] = [.ellipsis]
      for index in repeat each index { indices.append(index.axisIndex) }
      return try slice(indices, at: SourceLocation(file: file, line: line))
    }
  }

  /// The slice; a tensor among the indices gathers along its axis.
  package func slice(_ indices: [AxisIndex], at location: SourceLocation) throws -> Tensor {
    var items: [SliceItem] = []
    var gathered: (positions: Tensor, place: Int)?
    return try located("slice", at: location) {
      for index in indices {
        switch index.kind {
        case .item(let item): items.append(item)
        case .invalid(let message): throw TensorError(.invalidArgument, message)
        case .gathered(let positions):
          try require(
            gathered == nil,
            "two tensors are among the indices; gather along one axis after the other")
          gathered = (positions, items.count)
          items.append(.range(from: nil, to: nil, by: 1))
        }
      }
      let isWhole = items.allSatisfy { $0 == .range(from: nil, to: nil, by: 1) || $0 == .ellipsis }
      if isWhole, let rank = rankIfKnown { _ = try items.spread(overRank: rank) }
      let part =
        isWhole && gathered != nil
        ? self : try Slice(items: items).result(of: self, at: location)
      guard let gathered else { return part }
      // After an ellipsis, the axis is counted from the end.
      let isBehind = items.prefix(gathered.place).contains(.ellipsis)
      let between = isBehind ? items.suffix(from: gathered.place) : items.prefix(gathered.place)
      let axes = between.count {
        if case .position = $0 { false } else { true }
      }
      return try Gather(axis: isBehind ? -axes : axes)
        .result(of: part, gathered.positions, at: location)
    }
  }
}
