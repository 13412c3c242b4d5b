public import ArgumentParser
internal import NumPyFunctions

extension DType: ExpressibleByArgument {}

/// What `--arguments` says of the arrays that a function is given.
enum AccessArgument: String, ExpressibleByArgument, CaseIterable {
  case readOnly = "read_only"
  case writable

  var access: ArgumentAccess { self == .writable ? .writable : .readOnly }
}

/// What `--tout` declares: the dtype of each result.
struct ResultDTypes: ExpressibleByArgument {
  /// One for each result; empty for a function that is called for its effect.
  let dtypes: [DType]

  init?(argument: String) {
    if argument == ResultDTypes.none {
      dtypes = []
      return
    }
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    dtypes = names.compactMap { DType(name: String($0)) }
    if dtypes.count != names.count { return nil }
  }

  /// How no result is declared.
  private static let none = "none"

  static let allValueStrings = DType.allCases.map(\.rawValue) + [none]
}
