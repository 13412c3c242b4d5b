import Foundation
import NumPyFunctions
import Testing

/// The type stub against the module that it describes.
@Suite struct PythonStubTests {
  private static let folder: URL = {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return tests.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/NumPyFunctions/PythonTensor/numpyfn")
  }()

  @Test func `the stub lists what the module has, with the same parameters`() throws {
    let compare = try Python.function(
      """
      import ast, inspect
      import numpyfn

      def parameters(function):
        return [p.name for p in inspect.signature(function).parameters.values()]

      def described(node):
        a = node.args
        names = [p.arg for p in a.posonlyargs + a.args] + ([a.vararg.arg] if a.vararg else [])
        return names + [p.arg for p in a.kwonlyargs] + ([a.kwarg.arg] if a.kwarg else [])

      def compare(path):
        tree = ast.parse(open(path).read())
        problems = []
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        values = {node.target.id for node in tree.body if isinstance(node, ast.AnnAssign)}
        aliases = {t.id for node in tree.body if isinstance(node, ast.Assign) for t in node.targets}
        listed = {name for name in set(functions) | set(classes) | values | aliases if name[0] != "_"}
        there = {name for name in dir(numpyfn) if name[0] != "_"} | {"bfloat16"}
        problems += [f"the stub lacks {name}" for name in sorted(there - listed)]
        problems += [f"the module lacks {name}" for name in sorted(listed - there - {"TensorLike", "DTypeLike"})]
        for name, node in functions.items():
          if name in there and parameters(getattr(numpyfn, name)) != described(node):
            problems.append(f"{name}{parameters(getattr(numpyfn, name))}, {described(node)} in the stub")
        members = {}
        for node in classes["Tensor"].body:
          if isinstance(node, ast.FunctionDef): members[node.name] = node
        there = {name for name in numpyfn.Tensor.__dict__ if name[0] != "_"}
        listed = {name for name in members if name[0] != "_"}
        problems += [f"Tensor.{name} is in one of them only" for name in sorted(there ^ listed)]
        for name in there & listed:
          value = numpyfn.Tensor.__dict__[name]
          if inspect.isfunction(value) and parameters(value)[1:] != described(members[name])[1:]:
            problems.append(f"Tensor.{name}{parameters(value)}, {described(members[name])} in the stub")
        return problems
      """, named: "compare")
    let problems = try [String](compare(Self.folder.appending(path: "numpyfn.pyi").path))
    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
  }

  @Test func `the stub of _swift lists what is written in Swift`() throws {
    let compare = try Python.function(
      """
      import ast
      import numpyfn._swift

      def compare(path):
        tree = ast.parse(open(path).read())
        listed = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        listed |= {name.name for node in tree.body if isinstance(node, ast.ImportFrom) and node.level
                   for name in node.names}
        return sorted(listed ^ {name for name in dir(numpyfn._swift) if name[0] != "_"})
      """, named: "compare")
    let problems = try [String](compare(Self.folder.appending(path: "_swift.pyi").path))
    #expect(problems.isEmpty, "in one of them only: \(problems)")
  }

  @Test func `each file is a module, and no modules import each other in a circle`() throws {
    let compare = try Python.function(
      """
      import ast, graphlib, importlib, pathlib

      def compare(folder):
        modules = {}
        for path in pathlib.Path(folder).glob("*.py"):
          name = "numpyfn" if path.stem == "__init__" else f"numpyfn.{path.stem}"
          importlib.import_module(name)
          imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
          modules[path.stem] = {node.module for node in imports if node.level and node.module}
        return list(graphlib.TopologicalSorter(modules).static_order())[-1]
      """, named: "compare")
    #expect(try String(compare(Self.folder.path)) == "__init__")
  }

  @Test func `everything public has a docstring`() throws {
    let missing = try python(
      """
      import inspect
      result = [name for name, value in vars(tf).items() if name[0] != "_" and callable(value)
                and not isinstance(value, type(np.dtype)) and not inspect.getdoc(value)]
      result += [name for name, value in vars(tf.Tensor).items() if name[0] != "_" and not inspect.getdoc(value)]
      """)
    #expect(missing.description == "[]")
  }
}
