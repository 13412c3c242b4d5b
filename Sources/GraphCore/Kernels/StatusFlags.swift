internal import Synchronization

/// Sticky flags: the statuses of the parts of a run, OR-ed by the threads that compute them.
package final class StatusFlags: Sendable {
  private let raised = Atomic<UInt8>(0)

  package init() {}

  package var status: UInt8 { raised.load(ordering: .acquiring) }

  @inline(__always)
  package func add(_ status: UInt8) {
    if status != 0 { raised.bitwiseOr(status, ordering: .acquiringAndReleasing) }
  }
}
