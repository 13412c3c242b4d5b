internal import TensorCore

/// Declared tensors, and the names that their extents share: all extents of one name must be one
/// number.
struct NamedExtents: Sendable {
  /// The declared spec of each tensor.
  let specs: [TensorSpec]

  /// What declared the tensors, for messages: `graph function 'f'`.
  private let owner: String

  /// What messages call the tensors: `input 0`.
  private let labels: [String]

  /// The names that occur more than once; a name that occurs once requires nothing.
  private let names: [Name]

  private struct Name: Sendable {
    let text: String
    let places: [Place]
  }

  private struct Place: Sendable {
    let tensor: Int
    let axis: Int
  }

  init(_ specs: [TensorSpec], labels: [String], of owner: String) {
    var places: [String: [Place]] = [:]
    var order: [String] = []
    for (tensor, spec) in specs.enumerated() where spec.shape.hasNames {
      for (axis, extent) in (spec.shape.axes ?? []).enumerated() {
        guard let name = extent.name else { continue }
        if places[name] == nil { order.append(name) }
        places[name, default: []].append(Place(tensor: tensor, axis: axis))
      }
    }
    self.specs = specs
    self.labels = labels
    self.owner = owner
    names = order.compactMap { name in
      guard let places = places[name], places.count > 1 else { return nil }
      return Name(text: name, places: places)
    }
  }

  /// Whether no extents need to be compared.
  var isEmpty: Bool { names.isEmpty }

  /// What messages call one of the tensors: `graph function 'f', input 0 ('x')`.
  func subject(_ tensor: Int) -> String {
    "\(owner), \(labels[tensor])" + (specs[tensor].name.map { " ('\($0)')" } ?? "")
  }

  /// Refuses shapes that fit the declared ones but have two numbers for one name.
  ///
  /// - Throws: `GraphError` (`invalidArgument`) naming both tensors, both numbers and the name.
  func check(_ shape: (Int) -> Shape) throws(GraphError) {
    for name in names {
      var first: (tensor: Int, extent: Int)?
      for place in name.places {
        let given = shape(place.tensor)
        guard let extent = given.extent(at: place.axis).number else { continue }
        if let first, first.extent != extent {
          let earlier = self.place(first.tensor, shape(first.tensor))
          let places =
            first.tensor == place.tensor
            ? "is both \(first.extent) and \(extent) in \(earlier); give one number"
            : "is \(first.extent) in \(earlier) and \(extent) in \(self.place(place.tensor, given)); "
              + "give both the same"
          throw GraphError(.invalidArgument, "\(owner): extent '\(name.text)' \(places)")
        }
        first = first ?? (place.tensor, extent)
      }
    }
  }

  private func place(_ tensor: Int, _ given: Shape) -> String {
    let name = specs[tensor].name.map { "'\($0)': " } ?? ""
    return "\(labels[tensor]) (\(name)\(specs[tensor]), given \(given))"
  }

  /// The tensors with named extents that can be compared only when their values are known.
  func undecided(_ shapes: [Shape]) -> Set<Int> {
    var tensors: Set<Int> = []
    for name in names {
      let extents = name.places.map { shapes[$0.tensor].extent(at: $0.axis) }
      if !extents.allSatisfy({ $0.isSurelyEqual(to: extents[0]) }) {
        tensors.formUnion(name.places.map(\.tensor))
      }
    }
    return tensors
  }

  /// The shapes of tensors that have been checked against the declaration.
  ///
  /// An extent that is known in one place of a name is then known in all places of that name.
  func known(_ shapes: [Shape]) -> [Shape] {
    // The declared names are dropped: in the graph of `shapes` they may mean something else.
    let shapes = zip(shapes, specs).map { $0.intersection($1.shape.withoutNames) ?? $0 }
    var axes = shapes.map(\.axes)
    for name in names {
      let extents = name.places.compactMap { axes[$0.tensor]?[$0.axis] }
      let named = extents.first { $0.name != nil }
      guard let best = extents.first(where: { $0.number != nil }) ?? named else { continue }
      for place in name.places where axes[place.tensor]?[place.axis].number == nil {
        axes[place.tensor]?[place.axis] = best
      }
    }
    return axes.map { $0.map(Shape.init(extents:)) ?? .unknown }
  }

  /// The declaration of some of the tensors, in order.
  func only(_ tensors: [Int]) -> NamedExtents {
    NamedExtents(tensors.map { specs[$0] }, labels: tensors.map { labels[$0] }, of: owner)
  }
}

extension [TensorSpec] {
  /// The specs without names of extents of other scopes; without any names when `scope` is nil.
  func inScope(_ scope: Int?) -> [TensorSpec] {
    guard contains(where: \.shape.hasNames) else { return self }
    return map { spec in
      let shape = scope.map(spec.shape.inScope) ?? spec.shape.withoutNames
      return TensorSpec(shape: shape, dtype: spec.dtype, name: spec.name)
    }
  }
}
