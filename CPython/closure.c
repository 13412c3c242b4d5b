// Swift closures as Python callables and iterators, and Swift errors as Python exceptions.

#include "internal.h"

#include <string.h>
#include <structmember.h>

// MARK: - Callables

// A Swift closure in a box. Python's introspection shows the names.
typedef struct {
  PyObject_HEAD
  vectorcallfunc vectorcall;
  // The box, and Swift's functions to call and to release it. Owned; NULL once the garbage collector has
  // cleared the closure as unreachable.
  void *context;
  cpy_closure_function call;
  cpy_release_function release;
  // str; owned; NULL once collected.
  PyObject *name, *doc, *signature;
  // Objects to which only the box refers, by one reference each. Borrowed from the box; NULL when none are
  // known.
  PyObject **held;
  ptrdiff_t held_count;
  // Attributes that Python code sets, for example functools.wraps; NULL while there are none.
  PyObject *attributes;
  PyObject *weak_references;
} closure;

// The stack that one call may need: for CPython's evaluation loop, Swift's frames, and a NumPy
// function.
static const size_t reserved_stack = 128 << 10;

// Python and Swift may call each other recursively. On a thread of a dispatch queue the stack overflows well
// before Python's recursion limit is reached, so this raises RecursionError to avoid a crash.
static bool has_stack(void) {
  static _Thread_local const char *limit;
  const char *here = __builtin_frame_address(0);
  if (limit == NULL) {
    size_t left = cpy_stack_left();
    // There is no limit for a stack of unknown size. A very small stack is used to its end.
    limit = left == SIZE_MAX
        ? (const char *)1 : here - left + (left > reserved_stack ? reserved_stack : 0);
  }
  if (here > limit) return true;
  PyErr_SetString(PyExc_RecursionError, "the thread's stack is used up by calls of Swift closures");
  return false;
}

static PyObject *call_closure(
    PyObject *object, PyObject *const *arguments, size_t count, PyObject *keywords) {
  closure *self = (closure *)object;
  if (self->context == NULL) {
    PyErr_Format(
        PyExc_ReferenceError,
        "%U() was called after the garbage collector had freed it: call it before, or keep a reference to "
        "it outside of what is collected",
        self->name);
    return NULL;
  }
  if (!has_stack() || Py_EnterRecursiveCall(" while calling a Swift closure")) return NULL;
  // The closure may drop the last reference to itself.
  Py_INCREF(object);
  PyObject *result =
      self->call(self->context, arguments, PyVectorcall_NARGS(count), keywords);
  Py_DECREF(object);
  Py_LeaveRecursiveCall();
  return result;
}

static PyObject *next_of_closure(PyObject *object) {
  return call_closure(object, NULL, 0, NULL);
}

// As for Python functions: a closure that is stored in a class becomes a method. See
// https://docs.python.org/3/howto/descriptor.html#functions-and-methods.
static PyObject *bind_closure(PyObject *object, PyObject *instance, PyObject *type) {
  (void)type;
  return instance == NULL || instance == Py_None ? Py_NewRef(object) : PyMethod_New(object, instance);
}

static PyObject *describe_closure(PyObject *object) {
  return PyUnicode_FromFormat("<Swift closure %U at %p>", ((closure *)object)->name, object);
}

static int traverse_closure(PyObject *object, visitproc visit, void *arg) {
  closure *self = (closure *)object;
  Py_VISIT(self->name);
  Py_VISIT(self->doc);
  Py_VISIT(self->signature);
  Py_VISIT(self->attributes);
  for (ptrdiff_t i = 0; i < self->held_count; i++) Py_VISIT(self->held[i]);
  return 0;
}

// Releases the box. The thread is attached in Swift's sense, so that Swift drops references
// immediately.
static void release_context(closure *self) {
  void *context = self->context;
  if (context == NULL) return;
  self->context = NULL;
  self->held_count = 0;
  PyMem_Free(self->held);
  self->held = NULL;
  // Releasing Swift objects may call Python, which must not lose the current exception.
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  bool is_attached = cpy_attach();
  self->release(context);
  if (is_attached) cpy_detach();
  PyErr_Restore(type, value, traceback);
}

// The name is kept, since a closure may still be described by its repr. A box without known references cannot
// be part of a cycle, so it is kept too.
static int clear_closure(PyObject *object) {
  closure *self = (closure *)object;
  Py_CLEAR(self->attributes);
  if (self->held_count > 0) release_context(self);
  return 0;
}

static void free_closure(PyObject *object) {
  closure *self = (closure *)object;
  PyObject_GC_UnTrack(object);
  if (self->weak_references != NULL) PyObject_ClearWeakRefs(object);
  release_context(self);
  Py_XDECREF(self->name);
  Py_XDECREF(self->doc);
  Py_XDECREF(self->signature);
  Py_XDECREF(self->attributes);
  PyObject_GC_Del(object);
}

static PyMemberDef members[] = {
  {"__name__", T_OBJECT, offsetof(closure, name), READONLY, NULL},
  {"__qualname__", T_OBJECT, offsetof(closure, name), READONLY, NULL},
  {"__doc__", T_OBJECT, offsetof(closure, doc), READONLY, NULL},
  // Read by inspect.signature.
  {"__text_signature__", T_OBJECT, offsetof(closure, signature), READONLY, NULL},
  {0},
};

static PyGetSetDef properties[] = {
  {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
  {0},
};

static PyTypeObject callable_type = {
  PyVarObject_HEAD_INIT(NULL, 0)
  .tp_name = "numpyfn.SwiftClosure",
  .tp_basicsize = sizeof(closure),
  .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL
      | Py_TPFLAGS_METHOD_DESCRIPTOR,
  .tp_vectorcall_offset = offsetof(closure, vectorcall),
  .tp_call = PyVectorcall_Call,
  .tp_descr_get = bind_closure,
  .tp_repr = describe_closure,
  .tp_traverse = traverse_closure,
  .tp_clear = clear_closure,
  .tp_dealloc = free_closure,
  .tp_members = members,
  .tp_getset = properties,
  .tp_dictoffset = offsetof(closure, attributes),
  .tp_weaklistoffset = offsetof(closure, weak_references),
};

static PyTypeObject iterator_type = {
  PyVarObject_HEAD_INIT(NULL, 0)
  .tp_name = "numpyfn.SwiftIterator",
  .tp_basicsize = sizeof(closure),
  .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
  .tp_iter = PyObject_SelfIter,
  .tp_iternext = next_of_closure,
  .tp_repr = describe_closure,
  .tp_traverse = traverse_closure,
  .tp_clear = clear_closure,
  .tp_dealloc = free_closure,
  .tp_members = members,
  .tp_weaklistoffset = offsetof(closure, weak_references),
};

PyObject *cpy_closure(
    cpy_closure_kind kind, PyObject *name, PyObject *doc, PyObject *signature, void *context,
    cpy_closure_function call, cpy_release_function release) {
  PyTypeObject *type = kind == cpy_closure_callable ? &callable_type : &iterator_type;
  // Does nothing at later calls.
  closure *self = PyType_Ready(type) < 0 ? NULL : PyObject_GC_New(closure, type);
  if (self == NULL) {
    release(context);
    return NULL;
  }
  self->vectorcall = call_closure;
  self->context = context;
  self->call = call;
  self->release = release;
  self->name = Py_NewRef(name);
  self->doc = Py_XNewRef(doc);
  self->signature = Py_XNewRef(signature);
  self->held = NULL;
  self->held_count = 0;
  self->attributes = NULL;
  self->weak_references = NULL;
  PyObject_GC_Track((PyObject *)self);
  return (PyObject *)self;
}

bool cpy_closure_show(PyObject *object, PyObject *const *held, ptrdiff_t count) {
  closure *self = (closure *)object;
  PyObject **copy = PyMem_Malloc((size_t)count * sizeof *held);
  if (copy == NULL) {
    PyErr_NoMemory();
    return false;
  }
  memcpy(copy, held, (size_t)count * sizeof *held);
  self->held = copy;
  self->held_count = count;
  return true;
}

// MARK: - Errors

// The name of the capsule, and the attribute of the exception that holds it.
static const char error_capsule[] = "numpyfn.SwiftError";
// "_swift_error", created with the first exception, so that reading the attribute allocates no
// memory.
static PyObject *error_attribute;

// numpyfn.SwiftError, created at the first use and kept.
static PyObject *swift_error;

static void release_error(PyObject *capsule) {
  cpy_release_function release = (cpy_release_function)PyCapsule_GetContext(capsule);
  release(PyCapsule_GetPointer(capsule, error_capsule));
}

// A capsule that owns `context`, new; NULL: exception set, and `context` is released.
static PyObject *make_capsule(void *context, cpy_release_function release) {
  PyObject *capsule = PyCapsule_New(context, error_capsule, NULL);
  if (capsule == NULL) {
    release(context);
    return NULL;
  }
  // These calls cannot fail for a capsule of this name.
  PyCapsule_SetContext(capsule, (void *)release);
  PyCapsule_SetDestructor(capsule, release_error);
  return capsule;
}

// The class of errors that a base class of Python's describes; NULL as `base` for none.
static PyObject *make_class(const char *name, const char *doc, PyObject *base) {
  PyObject *bases = base == NULL ? PyTuple_Pack(1, swift_error)
      // NumPy raises ValueError for some of these errors, TypeError for others, and IndexError for
      // axes and indices.
      : base == PyExc_ValueError
      ? PyTuple_Pack(4, swift_error, base, PyExc_TypeError, PyExc_IndexError)
      : PyTuple_Pack(2, swift_error, base);
  PyObject *class = bases == NULL ? NULL : PyErr_NewExceptionWithDoc(name, doc, bases, NULL);
  Py_XDECREF(bases);
  return class;
}

PyObject *cpy_swift_exception_class(cpy_swift_error_class which) {
  static PyObject *classes[cpy_swift_error_precondition + 1];
  const struct {
    const char *name, *doc;
    PyObject *base;
  } kinds[] = {
    [cpy_swift_error_value] = {
      "numpyfn.InvalidArgumentError", "A dtype, shape or value that does not fit.",
      PyExc_ValueError},
    [cpy_swift_error_index] = {
      "numpyfn.OutOfRangeError", "A position that is not there.", PyExc_IndexError},
    [cpy_swift_error_memory] = {
      "numpyfn.ResourceExhaustedError", "There is no memory.", PyExc_MemoryError},
    [cpy_swift_error_unimplemented] = {
      "numpyfn.UnimplementedError", "There is no such thing, a gradient for example.",
      PyExc_NotImplementedError},
    [cpy_swift_error_precondition] = {
      "numpyfn.FailedPreconditionError", "Something was asked for at the wrong time.", NULL},
  };
  if (swift_error == NULL) {
    swift_error = PyErr_NewExceptionWithDoc(
        error_capsule, "An error that a Swift closure threw.", PyExc_RuntimeError, NULL);
    classes[cpy_swift_error_plain] = swift_error;
  }
  if (classes[which] == NULL && swift_error != NULL) {
    classes[which] = make_class(kinds[which].name, kinds[which].doc, kinds[which].base);
  }
  return classes[which];
}

PyObject *cpy_swift_exception(
    cpy_swift_error_class which, PyObject *message, void *context,
    cpy_release_function release) {
  PyObject *capsule = make_capsule(context, release);
  if (capsule == NULL) return NULL;
  PyObject *class = cpy_swift_exception_class(which);
  PyObject *exception = class == NULL ? NULL : PyObject_CallOneArg(class, message);
  if (error_attribute == NULL) error_attribute = PyUnicode_InternFromString("_swift_error");
  if (exception != NULL
      && (error_attribute == NULL
          || PyObject_SetAttr(exception, error_attribute, capsule) < 0)) {
    Py_CLEAR(exception);
  }
  Py_DECREF(capsule);
  return exception;
}

void *cpy_swift_error(PyObject *exception) {
  if (error_attribute == NULL || !PyErr_GivenExceptionMatches(exception, swift_error)) return NULL;
  PyObject *capsule = PyObject_GetAttr(exception, error_attribute);
  void *context = NULL;
  if (capsule == NULL) {
    PyErr_Clear();
  } else if (PyCapsule_IsValid(capsule, error_capsule)) {
    context = PyCapsule_GetPointer(capsule, error_capsule);
  }
  // The exception has its own reference to it.
  Py_XDECREF(capsule);
  return context;
}

void cpy_raise(PyObject *exception) {
  if (PyExceptionInstance_Check(exception)) {
    PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
  } else {
    PyErr_Format(PyExc_SystemError, "%R was raised, which is no exception", exception);
  }
}
