// The importer for `import numpyfn`, a package whose modules Swift fills.

#include "internal.h"

static const char package_name[] = "numpyfn";
static const size_t package_length = sizeof(package_name) - 1;

// Swift's functions, which tell whether the program contains a module, and fill it.
static cpy_find_function has_module;
static cpy_load_function load_module;

static PyObject *find_spec(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
  // Called for each import of a module that is not loaded yet.
  if (count < 1 || !PyUnicode_Check(arguments[0])) Py_RETURN_NONE;
  const char *name = PyUnicode_AsUTF8(arguments[0]);
  if (name == NULL) {
    // A name with surrogates, which is not ours.
    PyErr_Clear();
    Py_RETURN_NONE;
  }
  if (strncmp(name, package_name, package_length) != 0) Py_RETURN_NONE;
  const bool is_package = name[package_length] == '\0';
  if ((!is_package && name[package_length] != '.') || !has_module(name)) Py_RETURN_NONE;
  // Not importlib, which a file of the program with that name could shadow; this module is always
  // loaded.
  PyObject *machinery = PyImport_ImportModule("_frozen_importlib");
  if (machinery == NULL) return NULL;
  PyObject *spec = PyObject_CallMethod(machinery, "ModuleSpec", "OO", arguments[0], self);
  Py_DECREF(machinery);
  if (spec == NULL || !is_package) return spec;
  // A package without a folder: no other finder looks for its modules.
  PyObject *folders = PyList_New(0);
  if (folders == NULL || PyObject_SetAttrString(spec, "submodule_search_locations", folders) < 0) {
    Py_CLEAR(spec);
  }
  Py_XDECREF(folders);
  return spec;
}

// Returns None, so that Python creates an ordinary module.
static PyObject *create_module(PyObject *self, PyObject *spec) {
  (void)self, (void)spec;
  Py_RETURN_NONE;
}

static PyObject *execute_module(PyObject *self, PyObject *module) {
  (void)self;
  if (!load_module(module)) return NULL;
  Py_RETURN_NONE;
}

static PyMethodDef importer_methods[] = {
  {"find_spec", (PyCFunction)(void (*)(void))find_spec, METH_FASTCALL, NULL},
  {"create_module", create_module, METH_O, NULL},
  {"exec_module", execute_module, METH_O, NULL},
  {0},
};

static PyTypeObject importer_type = {
  PyVarObject_HEAD_INIT(NULL, 0)
  .tp_name = "numpyfn.Importer",
  .tp_doc = "Finds the package numpyfn, which is part of the running program.",
  .tp_basicsize = sizeof(PyObject),
  .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
  .tp_methods = importer_methods,
};

bool cpy_install_importer(cpy_find_function find, cpy_load_function load) {
  static bool is_installed;
  if (is_installed) return true;
  has_module = find;
  load_module = load;
  PyObject *path = PySys_GetObject("meta_path");
  if (path == NULL || !PyList_Check(path) || PyType_Ready(&importer_type) < 0) {
    if (PyErr_Occurred() == NULL) {
      PyErr_SetString(PyExc_ImportError, "sys.meta_path, in which modules are found, is no list");
    }
    return false;
  }
  PyObject *importer = PyObject_New(PyObject, &importer_type);
  if (importer == NULL) return false;
  // Inserted in front, since the other finders treat a folder called numpyfn in the current
  // directory as a package.
  is_installed = PyList_Insert(path, 0, importer) == 0;
  Py_DECREF(importer);
  return is_installed;
}
