/// The Python files of the module `numpyfn`, which SwiftPM embeds in the library.
///
/// They run one after another in the namespace of one module. Code at the top level of a file may use the
/// names of earlier files; code in functions may use the names of all files.
enum PythonFiles {
  /// The files in the order in which they run.
  static let inOrder: [(name: String, bytes: [UInt8])] = [
    ("start", PackageResources.start_py),
    ("dtypes", PackageResources.dtypes_py),
    ("ranks", PackageResources.ranks_py),
    ("making", PackageResources.making_py),
    ("ufuncs", PackageResources.ufuncs_py),
    ("reductions", PackageResources.reductions_py),
    ("choices", PackageResources.choices_py),
    ("linear_algebra", PackageResources.linear_algebra_py),
    ("shapes", PackageResources.shapes_py),
    ("joining", PackageResources.joining_py),
    ("picking", PackageResources.picking_py),
    ("queries", PackageResources.queries_py),
    ("tensorflow", PackageResources.tensorflow_py),
    ("methods", PackageResources.methods_py),
    ("structures", PackageResources.structures_py),
    ("functions", PackageResources.functions_py),
    ("callbacks", PackageResources.callbacks_py),
    ("control_flow", PackageResources.control_flow_py),
    ("variables", PackageResources.variables_py),
    ("gradients", PackageResources.gradients_py),
    ("names", PackageResources.names_py),
  ]
}
