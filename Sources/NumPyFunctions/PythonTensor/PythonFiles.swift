/// The Python files of the package `numpyfn`, which SwiftPM embeds in the library.
///
/// A new file has to be listed here.
enum PythonFiles {
  /// The files by the names of their modules.
  static let modules: [String: (name: String, bytes: [UInt8])] = Dictionary(
    uniqueKeysWithValues: files.map { file in
      (file.name == "__init__" ? "numpyfn" : "numpyfn.\(file.name)", file)
    })

  private static var files: [(name: String, bytes: [UInt8])] {
    [
      ("__init__", PackageResources.__init___py),
      ("axes", PackageResources.axes_py),
      ("callbacks", PackageResources.callbacks_py),
      ("calls", PackageResources.calls_py),
      ("choices", PackageResources.choices_py),
      ("control_flow", PackageResources.control_flow_py),
      ("dtypes", PackageResources.dtypes_py),
      ("functions", PackageResources.functions_py),
      ("gradients", PackageResources.gradients_py),
      ("joining", PackageResources.joining_py),
      ("linear_algebra", PackageResources.linear_algebra_py),
      ("making", PackageResources.making_py),
      ("methods", PackageResources.methods_py),
      ("operands", PackageResources.operands_py),
      ("picking", PackageResources.picking_py),
      ("queries", PackageResources.queries_py),
      ("ranks", PackageResources.ranks_py),
      ("reductions", PackageResources.reductions_py),
      ("registry", PackageResources.registry_py),
      ("shapes", PackageResources.shapes_py),
      ("structures", PackageResources.structures_py),
      ("tapes", PackageResources.tapes_py),
      ("tensorflow", PackageResources.tensorflow_py),
      ("ufuncs", PackageResources.ufuncs_py),
      ("variables", PackageResources.variables_py),
    ]
  }
}
