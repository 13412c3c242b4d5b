public import ArgumentParser
internal import NumPyFunctions

extension DType: ExpressibleByArgument {}

/// The value of `--arguments`: whether the function may write to its arrays.
enum AccessArgument: String, ExpressibleByArgument, CaseIterable {
  case readOnly = "read_only"
  case writable

  var access: ArgumentAccess { self == .writable ? .writable : .readOnly }
}

/// The value of `--tout`: the dtype of each result.
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

  /// The word that declares no result.
  private static let none = "none"

  static let allValueStrings = DType.allCases.map(\.rawValue) + [none]
}
