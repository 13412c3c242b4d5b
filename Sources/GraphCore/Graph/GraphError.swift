public import TensorCore

/// An error of the graph layer: an input that does not fit, a symbolic tensor of another graph, a
/// graph that is not well formed.
///
/// It is `invalidArgument` for inputs that do not fit, `failedPrecondition` for a call at the wrong
/// time, and `internal` for a bug, such as an operation whose results are not those that it declared.
/// An error that an operation throws is wrapped in an ``OperationError``.
public typealias GraphError = TensorError
