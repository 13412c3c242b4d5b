// One import brings the tensors, the graph and Python along.
@_exported public import GraphCore
@_exported public import PythonBridge
@_exported public import TensorCore
