internal import IssueReporting
internal import TensorCore

/// The failures of expectations.
///
/// A failure becomes an issue of the test that is running, in Swift Testing and in XCTest, at the line of the
/// expectation. In a program that is no test it is printed to standard error.
package enum TestReport {
  /// What collects the failures in this task; nil when they become issues.
  @TaskLocal private static var collector: Collector?

  /// A failure of an expectation.
  package struct Failure: Sendable {
    /// The report.
    package let text: String
    /// The expectation's place.
    package let site: CallSite
  }

  /// Failures that did not become issues.
  private final class Collector: Sendable {
    let failures = Locked<[Failure]>([])
  }

  /// Reports a failure.
  package static func record(_ text: String, at site: CallSite) {
    if let collector {
      collector.failures.withLock { $0.append(Failure(text: text, site: site)) }
      return
    }
    reportIssue(
      text, fileID: site.fileID, filePath: site.filePath, line: site.line, column: site.column)
  }

  /// The failures of expectations in `body`, none of which becomes an issue; and the error that it throws.
  package static func failures(
    of body: () throws -> Void
  ) -> (failures: [Failure], error: (any Error)?) {
    let collector = Collector()
    var thrown: (any Error)?
    $collector.withValue(collector) {
      do { try body() } catch { thrown = error }
    }
    return (collector.failures.withLock { $0 }, thrown)
  }
}
