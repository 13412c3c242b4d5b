// `import NumPyTesting` also imports the comparisons, and tensors and Python objects.
@_exported public import NumPyFunctions
@_exported public import NumPyTestingCore
