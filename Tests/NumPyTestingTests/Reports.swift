import NumPyTestingCore

/// The reports of the expectations in `body` that fail.
func reports(of body: () throws -> Void) throws -> [String] {
  let (failures, error) = TestReport.failures(of: body)
  if let error { throw error }
  return failures.map(\.text)
}

/// The only report of the expectations in `body`, or what was found in its place.
func report(of body: () throws -> Void) throws -> String {
  let reports = try reports(of: body)
  return reports.count == 1 ? reports[0] : "\(reports.count) reports: \(reports)"
}
