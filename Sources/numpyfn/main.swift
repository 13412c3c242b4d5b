import NumPyFunctions

print(try Python.installation)
