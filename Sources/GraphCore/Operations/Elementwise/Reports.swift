internal import Synchronization

/// What the parts of one run, on any threads, have reported: bits, which stay once they are set.
package final class Reports: Sendable {
  private let raised = Atomic<UInt8>(0)

  package init() {}

  package var bits: UInt8 { raised.load(ordering: .acquiring) }

  package func add(_ bits: UInt8) {
    if bits != 0 { raised.bitwiseOr(bits, ordering: .acquiringAndReleasing) }
  }
}
