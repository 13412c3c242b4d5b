import NumPyFunctions

/// Counts the references of a debug build of CPython: `Soak references [KIND…]`.
///
/// Each kind of work is done again and again by one thread, and `sys.gettotalrefcount()` compared. What goes
/// up each time is a reference that is not given back, what goes down one that is given back twice.
///
/// See <https://docs.python.org/3/using/configure.html#debug-build>.
enum References {
  /// So often work is done before counting begins, and then each time that it is counted.
  static let turns = 1000

  static func compare(_ kinds: [Work]) throws -> Bool {
    let total = try Python.function(
      """
      import gc, sys
      def total():
          for _ in range(3): gc.collect()
          return sys.gettotalrefcount()
      """, named: "total")
    guard try Bool(Python.evaluate("hasattr(__import__('sys'), 'gettotalrefcount')")) else {
      print("this Python counts no references: scripts/references runs a debug build")
      return false
    }
    var isEven = true
    for kind in kinds {
      var random = Random(1)
      /// How many references there are more after many turns.
      func growth() throws -> Int {
        let before = try Int(total())
        for _ in 0..<turns { try kind.turn(&random) }
        // Those that Swift has let go of wait for the next call.
        _ = try total()
        return try Int(total()) - before
      }
      _ = try growth()
      let found = try (0..<4).map { _ in try growth() }
      // More in each tenth turn, every time, is no coincidence. What was kept for a while, such as a function
      // in a cache, may go: what is given back twice is so in each turn.
      let isLost = found.allSatisfy { $0 > turns / 10 } || found.allSatisfy { $0 < -turns * 9 / 10 }
      print("\(isLost ? "WRONG" : "even ") \(kind.name): \(found) references in \(turns) turns")
      isEven = isEven && !isLost
    }
    return isEven
  }
}
