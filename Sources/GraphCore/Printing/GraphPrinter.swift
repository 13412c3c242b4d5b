extension Graph: CustomStringConvertible {
  /// The graph as text: one line a node, in the order in which they run.
  ///
  /// ```
  /// graph f(%x: float32[...]) {
  ///   %sinh = numpyFunction(%x) {function: "numpy.sinh", effects: ordered} : float32[...]
  ///   %multiply = multiply(%sinh, %sinh) : float32[...]
  ///   return %multiply
  /// }
  /// ```
  ///
  /// The grammar, where `…, …` is a list that may be empty; ``PrintedGraph/init(parsing:)`` reads it,
  /// and takes any white space between the words:
  ///
  /// ```
  /// graph   = "graph" name "(" input, … ")" "{" [line] node… "return" value, … "}"
  /// input   = "%" name ":" spec
  /// node    = "%" name [":" count] "=" name "(" value, … ")" [attributes] ":" specs [line] body…
  /// value   = "%" name ["#" index]       index and count unless the node has one result
  /// attributes = "{" name ":" text, … "}"    the last is "effects", unless they are pure
  /// specs   = spec, … | "()"             "()" for a node without results
  /// spec    = name "[" extent, … "]" | name "[...]"     "[...]" when the rank is not known
  /// extent  = number | "?" | name        a name means the same number everywhere
  /// line    = "//" ["after"] file ":" number      to the end of the line; see text(locations:)
  /// body    = name ":" graph             a graph that the operation runs
  /// text    = what has its brackets in pairs, and commas and "}" only inside of them or of literals
  /// name    = letters, digits, "_", ".", "-", "/" | a string literal
  /// ```
  public var description: String { text() }

  /// The graph as text, with the line of the program behind each node if `locations` is true.
  ///
  /// ```
  /// %sinh = numpyFunction(%x) {function: "numpy.sinh"} : float32[...]  // MyModule/main.swift:6
  /// %multiply = multiply(%sinh, %sinh) : float32[...]  // after MyModule/main.swift:6
  /// ```
  ///
  /// The line of an operator is not known; it comes after the last line that is known, or after the
  /// line at which the graph was begun.
  public func text(locations: Bool = false) -> String {
    PrintedGraph(self, locations: locations).description
  }
}
