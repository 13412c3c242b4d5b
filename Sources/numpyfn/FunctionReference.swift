internal import ArgumentParser
internal import Foundation
internal import NumPyFunctions

/// A Python function by name, as `numpy:linalg.norm`.
struct FunctionReference {
  /// A module that can be imported, `scipy.special`.
  let module: String

  /// Where the function is in the module, `linalg.norm`.
  let name: String

  /// Parses `MODULE:NAME`.
  init(argument: String) throws {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy({ !$0.split(separator: ".").isEmpty }) else {
      throw ValidationError(
        "a function is named MODULE:NAME, such as numpy:sinh, scipy.special:gamma, or my:f for the "
          + "function f of my.py in this folder")
    }
    (module, name) = (parts[0], parts[1])
  }

  /// Imports the module, which is looked for in the current folder first, and finds the function.
  ///
  /// - Throws: `Failure` when there is no such module or function; `PythonError` when the module's own
  ///   code raises.
  func load() throws -> PythonObject {
    let sys = try Python.import("sys")
    try UserModules.allow(module)
    try Python.nameInterpreter()
    var object = try imported(sys)
    var place = module
    // Another module of this name may have been imported before.
    var origin = (try? String(object.attribute("__file__"))).map { " (\($0))" } ?? ""
    for part in name.split(separator: ".", omittingEmptySubsequences: false).map(String.init) {
      do {
        object = try object.attribute(part)
      } catch let error as PythonError where error.type == "AttributeError" {
        throw Failure(
          "\(place)\(origin) has no \(part.quoted)\(try suggestion(for: part, in: object))")
      }
      place += ".\(part)"
      origin = ""
    }
    guard object.isCallable else {
      throw Failure("\(self) cannot be called: it is \(object.debugDescription)")
    }
    return object
  }

  private func imported(_ sys: PythonObject) throws -> PythonObject {
    do {
      return try Python.import(module)
    } catch let error as PythonError where error.type == "ModuleNotFoundError" {
      // The missing module may be one that the named module imports.
      let missing = try error.exception.attribute("name").description
      guard "\(module).".hasPrefix("\(missing).") else { throw error }
      let hint =
        module.hasSuffix(".py")
        ? "a module is named without its suffix, \(module.dropLast(3)):\(name)"
        : "install it there, or choose another Python with NUMPYFN_PYTHON"
      let folder =
        (try? Bool(sys.flags.attribute("safe_path"))) != true
        ? "in this folder" : "(PYTHONSAFEPATH is set: this folder is not looked at)"
      throw Failure(
        "there is no module \(missing.quoted) \(folder), nor among the packages of "
          + "\(try Python.installation.executable); \(hint)")
    }
  }

  private func suggestion(for part: String, in object: PythonObject) throws -> String {
    let names = try Python.import("builtins").dir(object)
    let close = try [String](Python.import("difflib").get_close_matches(part, names, 1))
    return close.first.map { "; did you mean \($0.quoted)?" } ?? ""
  }
}

extension FunctionReference: CustomStringConvertible {
  var description: String { "\(module):\(name)" }
}
