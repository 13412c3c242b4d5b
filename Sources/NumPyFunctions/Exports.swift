// `import NumPyFunctions` also imports tensors, graphs and Python objects.
@_exported public import GraphCore
@_exported public import PythonBridge
@_exported public import TensorCore
