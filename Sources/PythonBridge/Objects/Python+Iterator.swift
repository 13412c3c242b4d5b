internal import CPython
internal import Synchronization

extension Python {
  /// A Python iterator over the elements of a Swift sequence, each made when Python asks for it.
  ///
  /// ```swift
  /// let total = try builtins.sum(Python.iterator((1...).lazy.map { $0 * $0 }.prefix(10)))
  /// ```
  ///
  /// Like a generator it can be iterated over once, and not by two threads at the same time.
  ///
  /// - Throws: `StartError`.
  public static func iterator<Elements: Sequence & Sendable>(
    _ elements: Elements
  ) throws -> PythonObject where Elements.Element: PythonConvertible {
    let state = IteratorState(elements)
    return try PythonClosure.object(.iterator, name: "iterator", doc: nil, signature: nil) {
      gil, _ in
      try gil.released { try state.next() }?.makePythonObject()
    }
  }

  /// A Python iterator over what a closure returns, until it returns nil.
  ///
  /// An error that it throws is raised as in a callable. Any thread may request the next element.
  ///
  /// - Throws: `StartError`.
  public static func iterator<Element: PythonConvertible>(
    next: @escaping @Sendable () throws -> Element?
  ) throws -> PythonObject {
    try PythonClosure.object(.iterator, name: "iterator", doc: nil, signature: nil) { gil, _ in
      try gil.released { try next() }?.makePythonObject()
    }
  }
}

/// A Swift iterator that only one thread at a time may use.
///
/// `@unchecked Sendable`: only the thread that has set `isRunning` uses the iterator.
private final class IteratorState<Elements: Sequence>: @unchecked Sendable {
  private let isRunning = Atomic(false)
  private var iterator: Elements.Iterator
  private var isAtEnd = false

  init(_ elements: Elements) { iterator = elements.makeIterator() }

  func next() throws -> Elements.Element? {
    // Not a lock, since the sequence's own code may call this function again.
    if isRunning.exchange(true, ordering: .acquiring) {
      throw Python.error("ValueError", "the Swift sequence is being asked for an element already")
    }
    defer { isRunning.store(false, ordering: .releasing) }
    if isAtEnd { return nil }
    let element = iterator.next()
    isAtEnd = element == nil
    return element
  }
}
