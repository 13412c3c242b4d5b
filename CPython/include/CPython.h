// Everything of CPython's and NumPy's C API that Swift may call.
//
// Python.h is not included here: a PyObject is an opaque pointer to Swift, and no macro, inline
// function or layout of one Python version reaches it. Each function says
//   - which references are new (the caller releases them), borrowed, or stolen;
//   - what a NULL or negative result means: "exception set" unless it says otherwise;
//   - why it is not Swift.
// All functions require the GIL unless they say "no GIL needed".

#ifndef CPYTHON_H
#define CPYTHON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct _object PyObject;

// MARK: - Interpreter (interpreter.c)

// The version of the headers this was compiled with, "3.11.2". No GIL needed. Not Swift: a macro.
const char *cpy_header_version(void);

// The version of the libpython that is loaded, "3.11.2 (main, ...)". No GIL needed, and no started
// interpreter.
const char *cpy_library_version(void);

// The file that Py_Initialize was loaded from: libpython, or a program with Python built in; NULL
// when the loader does not know. No GIL needed. Not Swift: the address of a function.
const char *_Nullable cpy_library_path(void);

// Whether an interpreter is running, ours or the host program's. No GIL needed.
bool cpy_is_running(void);

// Starts the interpreter and gives the GIL back. `executable`: UTF-8 path of the Python whose
// environment is used. `program`: without an executable, a path near which the standard library is
// looked for; it need not exist. `is_foreign`: the executable is no part of libpython's own build, and
// the modules that are compiled into libpython, `site` among them, are read from its files instead.
// Returns NULL when it runs, otherwise what CPython said (static).
// Call once. No GIL needed. Not Swift: PyConfig is a struct whose layout changes every year.
const char *_Nullable cpy_start(
  const char *_Nullable executable, const char *_Nullable program, bool is_foreign);

// How much stack this thread has left, in bytes; SIZE_MAX when the system does not say. No GIL
// needed. Not Swift: pthread's per-platform extensions.
size_t cpy_stack_left(void);

// Calls `body` on a thread of its own with a stack of 16 MB, and waits for it; false when there is
// no such thread to be had, then it was not called. No GIL needed, and not held while waiting.
// Not Swift: pthread's attributes.
bool cpy_on_large_stack(void (*body)(void *context), void *context);

// Calls `body` on a new thread with such a stack, and does not wait; false when there is none to be
// had. No GIL needed. Not Swift: as cpy_on_large_stack.
bool cpy_start_thread(void (*body)(void *context), void *context);

// MARK: - GIL (gil.c)

// Takes the GIL, nested calls included; false when there is no interpreter, or it is shutting
// down. Each true result wants one cpy_detach on the same thread. No GIL needed.
// Not Swift: thread-local state, and a destructor for it.
bool cpy_attach(void);

// Ends one cpy_attach; the outermost gives the GIL back. The thread keeps its thread state.
void cpy_detach(void);

// Whether this thread is inside cpy_attach. No GIL needed.
bool cpy_is_attached(void);

// Whether this thread holds the GIL, by cpy_attach or in any other way. No GIL needed.
bool cpy_holds_gil(void);

// A hold of the GIL that is interrupted while Swift computes.
typedef struct {
  // The thread state; CPython's. NULL before cpy_enter_swift.
  void *_Nullable state;
  // What gil.c knows of the thread.
  int depth;
  bool was_held;
} cpy_hold;

// Gives the GIL back, however often this thread has attached, because Python called Swift; until
// cpy_leave_swift, on the same thread, takes it again. In between the thread is as any thread without
// the GIL, and may attach. Not Swift: thread-local state.
void cpy_enter_swift(cpy_hold *hold);

// Takes the GIL back; needs none.
void cpy_leave_swift(const cpy_hold *hold);

// What Python knows this thread by. No GIL needed. Not Swift: Python.h is not visible to it.
unsigned long cpy_thread_id(void);

// Has KeyboardInterrupt raised in another thread, when that runs Python code next; or, unless
// `is_wanted`, takes back one that has not been raised yet. Not Swift: the class is a variable of
// libpython. See https://docs.python.org/3/c-api/init.html#c.PyThreadState_SetAsyncExc.
void cpy_interrupt(unsigned long thread, bool is_wanted);

// Runs the handlers of the signals that have come, on the main thread. false: exception set. See
// https://docs.python.org/3/c-api/exceptions.html#c.PyErr_CheckSignals.
bool cpy_handle_signals(void);

// MARK: - References (object.c)

// Adds a reference. Not Swift: an inline function that differs between versions.
void cpy_retain(PyObject *object);

// Drops a reference, which may run any Python code (__del__). An exception that was set before
// stays set. Not Swift: as cpy_retain.
void cpy_release(PyObject *object);

// MARK: - Objects (object.c)

// What Swift asks of an object's type before it converts it. Subclasses count as their base; bool
// comes before int.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_kind_none,
  cpy_kind_bool,
  cpy_kind_int,
  cpy_kind_float,
  cpy_kind_complex,
  cpy_kind_str,
  cpy_kind_bytes,
  cpy_kind_list,
  cpy_kind_tuple,
  cpy_kind_dict,
  cpy_kind_other,
} cpy_kind;

// Never fails. Not Swift: the checks are macros.
cpy_kind cpy_kind_of(PyObject *object);

// None and Ellipsis, as new references. Never fail. Not Swift: macros.
PyObject *cpy_none(void);
PyObject *cpy_ellipsis(void);

// New references. Not Swift: Python.h is not visible to it.
PyObject *_Nullable cpy_bool(bool value);
PyObject *_Nullable cpy_int(int64_t value);
PyObject *_Nullable cpy_unsigned(uint64_t value);
PyObject *_Nullable cpy_float(double value);
PyObject *_Nullable cpy_complex(double real, double imaginary);
PyObject *_Nullable cpy_str(const char *_Nullable utf8, ptrdiff_t length);
PyObject *_Nullable cpy_bytes(const void *_Nullable data, ptrdiff_t length);

// slice(start, stop, step), new; NULL stands for None.
PyObject *_Nullable cpy_slice(
  PyObject *_Nullable start, PyObject *_Nullable stop, PyObject *_Nullable step);

// The value of an int, or of what has __index__; false: exception set (TypeError, OverflowError).
bool cpy_as_int(PyObject *object, int64_t *value);
bool cpy_as_unsigned(PyObject *object, uint64_t *value);

// The value of a float, or of what has __float__ or __index__; false: exception set.
bool cpy_as_float(PyObject *object, double *value);

// The value of a complex number, or of what has __complex__ or is a float; false: exception set.
bool cpy_as_complex(PyObject *object, double *real, double *imaginary);

// Python's truth of the object: 1, 0, or -1: exception set.
int cpy_truth(PyObject *object);

// The UTF-8 bytes of a str, borrowed from it; NULL: exception set (not a str, or a lone surrogate).
const char *_Nullable cpy_utf8(PyObject *object, ptrdiff_t *length);

// The UTF-8 bytes of a str as a bytes object, with a backslash escape for a lone surrogate; new.
PyObject *_Nullable cpy_lossy_bytes(PyObject *object);

// The name of the object's type, "numpy.ndarray" or "ValueError", borrowed from the type. Never
// fails. Not Swift: a field of PyTypeObject.
const char *cpy_type_name(PyObject *object);

// str(object) and repr(object), new.
PyObject *_Nullable cpy_description(PyObject *object);
PyObject *_Nullable cpy_representation(PyObject *object);

// Whether the object can be called. Never fails.
bool cpy_is_callable(PyObject *object);

// What tells a callable's name from others': the code of a function or method with its qualified name,
// or a ufunc or a module's builtin itself with NULL; both borrowed. Neither holds anything that belongs
// to one call. NULL, without an exception: there is no such thing. Not Swift: fields and macros.
PyObject *_Nullable cpy_callable_identity(
  PyObject *callable, PyObject *_Nullable *_Nonnull qualified_name);

// getattr(object, name), new.
PyObject *_Nullable cpy_attribute(PyObject *object, PyObject *name);

// setattr(object, name, value) and delattr(object, name); false: exception set.
bool cpy_set_attribute(PyObject *object, PyObject *name, PyObject *value);
bool cpy_remove_attribute(PyObject *object, PyObject *name);

// object[key], new.
PyObject *_Nullable cpy_item(PyObject *object, PyObject *key);

// object[key] = value and del object[key]; false: exception set.
bool cpy_set_item(PyObject *object, PyObject *key, PyObject *value);
bool cpy_remove_item(PyObject *object, PyObject *key);

// len(object), and `item in object` (1 or 0); negative: exception set.
ptrdiff_t cpy_item_count(PyObject *object);
int cpy_contains(PyObject *object, PyObject *item);

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  // this thread is not inside cpy_attach, and nothing was called
  cpy_attached_detached,
  // None was returned
  cpy_attached_none,
  // something else was returned; NULL: exception set
  cpy_attached_object,
} cpy_attached;

// Calls `callable` without arguments if this thread is inside cpy_attach; `result` receives a new
// reference. Not Swift: one crossing in place of four, which cost as much as the call.
cpy_attached cpy_call_attached(PyObject *callable, PyObject *_Nullable *_Nonnull result);

// callable(*arguments, **keywords), new. `arguments` holds the positional arguments, then the values
// of the keywords; the element *before* its first must be writable (it is, and is restored).
// `keywords`: a tuple of str, or NULL for none. See
// https://docs.python.org/3/c-api/call.html#c.PY_VECTORCALL_ARGUMENTS_OFFSET.
PyObject *_Nullable cpy_call(
  PyObject *callable, PyObject *_Nonnull const *_Nonnull arguments, ptrdiff_t positional,
  PyObject *_Nullable keywords);

// The module called `name`, a str such as "scipy.special", new.
// Not Swift: PyImport_Import gives the outermost package of a dotted name.
PyObject *_Nullable cpy_import(PyObject *name);

// MARK: - Containers (object.c)

// New and filled with NULL: set every element before anything else sees it.
PyObject *_Nullable cpy_list(ptrdiff_t count);
PyObject *_Nullable cpy_tuple(ptrdiff_t count);

// Sets an element of a new list or tuple; steals `item`. Never fails. Not Swift: macros.
void cpy_list_set(PyObject *list, ptrdiff_t index, PyObject *item);
void cpy_tuple_set(PyObject *tuple, ptrdiff_t index, PyObject *item);

// A tuple with the elements of an iterable (the object itself if it is a tuple), new. Not a list, which
// may change while its elements are converted.
PyObject *_Nullable cpy_sequence(PyObject *iterable);

// Count and element (borrowed) of a tuple or list. Never fail. Not Swift: macros.
ptrdiff_t cpy_sequence_count(PyObject *sequence);
PyObject *cpy_sequence_item(PyObject *sequence, ptrdiff_t index);

// A new dict, and dict[key] = value.
PyObject *_Nullable cpy_dict(void);
bool cpy_dict_set(PyObject *dict, PyObject *key, PyObject *value);

// A new set with the elements of an iterable.
PyObject *_Nullable cpy_set(PyObject *iterable);

// iter(iterable), new.
PyObject *_Nullable cpy_iterator(PyObject *iterable);

// The next item, new. NULL: the end, or else exception set; `is_end` tells which.
PyObject *_Nullable cpy_next(PyObject *iterator, bool *is_end);

typedef struct cpy_bytes_view cpy_bytes_view;

// Borrows the memory of an object with the buffer protocol, C-contiguous, until cpy_return_bytes. The
// object is kept alive and at its size; `data` may be NULL when there are no bytes. NULL: exception
// set (TypeError, BufferError). Not Swift: Py_buffer is a struct of CPython's.
// See https://docs.python.org/3/c-api/buffer.html.
cpy_bytes_view *_Nullable cpy_borrow_bytes(
  PyObject *object, const void *_Nullable *_Nonnull data, ptrdiff_t *count);

// Ends one cpy_borrow_bytes. Never fails.
void cpy_return_bytes(cpy_bytes_view *view);

// MARK: - Operators (operator.c)

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_binary_add,
  cpy_binary_subtract,
  cpy_binary_multiply,
  cpy_binary_divide,
  cpy_binary_floor_divide,
  cpy_binary_remainder,
  cpy_binary_matrix_multiply,
  cpy_binary_and,
  cpy_binary_or,
  cpy_binary_xor,
  cpy_binary_shift_left,
  cpy_binary_shift_right,
  cpy_binary_power,
} cpy_binary_operator;

// `a + b` and so on, new; and `a += b`, which is `a` itself where that can be changed.
// Not Swift: one table in place of 26 functions.
PyObject *_Nullable cpy_binary(cpy_binary_operator which, PyObject *a, PyObject *b);
PyObject *_Nullable cpy_in_place(cpy_binary_operator which, PyObject *a, PyObject *b);

// -object and ~object, new.
PyObject *_Nullable cpy_negative(PyObject *object);
PyObject *_Nullable cpy_inverted(PyObject *object);

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_comparison_less,
  cpy_comparison_less_or_equal,
  cpy_comparison_equal,
  cpy_comparison_not_equal,
  cpy_comparison_greater,
  cpy_comparison_greater_or_equal,
} cpy_comparison;

// `a < b` and so on, new: a bool, an array of bools, whatever the classes answer.
// Not Swift: the numbers of the comparisons are macros.
PyObject *_Nullable cpy_compare(cpy_comparison which, PyObject *a, PyObject *b);

// hash(object); false: exception set (TypeError when it has none).
bool cpy_hash(PyObject *object, int64_t *hash);

// MARK: - Exceptions (exception.c)

// The classes that decide an error's canonical code; subclasses count as their base.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_exception_value,
  cpy_exception_type,
  cpy_exception_stop_iteration,
  cpy_exception_memory,
  cpy_exception_not_implemented,
  cpy_exception_keyboard_interrupt,
  cpy_exception_other,
} cpy_exception_kind;

// Takes the exception that is set, normalised, with its traceback attached; new. NULL: none is set.
// Not Swift: three calls that must not be separated, and other ones from 3.12 on.
PyObject *_Nullable cpy_take_exception(void);

// Never fails. Not Swift: the classes are variables of libpython.
cpy_exception_kind cpy_exception_kind_of(PyObject *exception);

// MARK: - NumPy (numpy.c)

// The dtypes of TensorCore, in its order; `none` is every other one.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_dtype_bool,
  cpy_dtype_int8,
  cpy_dtype_int16,
  cpy_dtype_int32,
  cpy_dtype_int64,
  cpy_dtype_uint8,
  cpy_dtype_uint16,
  cpy_dtype_uint32,
  cpy_dtype_uint64,
  cpy_dtype_float16,
  cpy_dtype_bfloat16,
  cpy_dtype_float32,
  cpy_dtype_float64,
  cpy_dtype_complex64,
  cpy_dtype_complex128,
  cpy_dtype_string,
  cpy_dtype_none,
} cpy_dtype;

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_numpy_loaded,
  // import failed, or the table is not where it was in any NumPy: exception set
  cpy_numpy_missing,
  // another ABI than 1.x's or 2.x's, older than 1.22, or another byte order: no exception
  cpy_numpy_unsupported,
} cpy_numpy_status;

// Imports NumPy and fetches its table of C functions; harmless when it has been done. `abi` and
// `feature` receive the versions that the table states (0 where it was not reached).
// Not Swift: import_array is a macro, and refuses the other major version.
// See https://numpy.org/doc/stable/reference/c-api/array.html#c.PyArray_GetNDArrayCVersion.
cpy_numpy_status cpy_numpy_load(unsigned *abi, unsigned *feature);

// Makes bfloat16 known, which is a dtype of the package ml_dtypes and has a number only once that is
// imported; harmless when it has been done. false: exception set (no such package).
bool cpy_load_bfloat16(void);

// Called with the context of an owner when the last array over its memory is gone.
typedef void (*cpy_release_function)(void *context);

// A C-contiguous array over somebody's memory, new; read-only for good unless it `is_writable`.
// `data`: aligned to its element, never NULL. `extents`: `rank` numbers. Takes over `context`, if there
// is one: the array releases it in the end, a failure at once.
// Not Swift: flags and the base object must be set before anyone sees the array.
PyObject *_Nullable cpy_array_over(
  cpy_dtype dtype, int rank, const ptrdiff_t *_Nullable extents, void *data, bool is_writable,
  void *_Nullable context, cpy_release_function release);

// Makes `count` texts objects: bytes, or str if `is_text`, of which text i lies at offsets[i] up to
// offsets[i + 1] in `bytes`. New references go into `items`. False: exception set, and no references.
// Not Swift: a loop whose every round is a call of C.
bool cpy_make_texts(
  bool is_text, const uint8_t *_Nullable bytes, const ptrdiff_t *offsets, ptrdiff_t count,
  PyObject *_Nullable *_Nonnull items);

// Drops `count` references.
void cpy_release_all(PyObject *_Nullable *_Nonnull items, ptrdiff_t count);

// Where the texts of an array of bytes and str would lie one after another: `offsets` receives as many
// numbers as the array has elements, and one more. False: exception set (half of a surrogate pair).
// Not Swift: as cpy_make_texts.
bool cpy_measure_texts(PyObject *array, ptrdiff_t *offsets);

// Copies the texts there, after cpy_measure_texts, with no Python code run in between. Never fails.
void cpy_copy_texts(PyObject *array, const ptrdiff_t *offsets, uint8_t *bytes);

// A NumPy scalar (numpy.float32, ...) with the value at `data`, new.
PyObject *_Nullable cpy_numpy_scalar(cpy_dtype dtype, const void *data);

// The most axes that an array may have: 32 in NumPy 1.x, 64 in 2.x.
int cpy_numpy_max_rank(void);

// The value as an exact ndarray in native byte order, aligned and C-contiguous, by the rules of
// numpy.asarray; text as objects. New; steals `value`, on failure too, so that what nobody else held is
// held by the array alone. May run any Python code. Not Swift: fields of PyArrayObject.
PyObject *_Nullable cpy_as_array(PyObject *value);

// What is known of an array. Python code may change it: read it, and use it, without running any in
// between.
typedef struct {
  // The first element; borrowed from the array.
  void *data;
  // `rank` numbers of elements; borrowed from the array, NULL when the rank is 0.
  const ptrdiff_t *_Nullable extents;
  int rank;
  // The dtype, none when TensorCore has no such dtype. For string, the array has dtype object, and its
  // elements are bytes and str.
  cpy_dtype dtype;
} cpy_array;

// What cpy_as_array gave, but for the dtype of an array of objects, which is none. Never fails, runs no
// Python code. Not Swift: fields of PyArrayObject.
cpy_array cpy_array_of(PyObject *array);

// The dtype of what cpy_as_array gave; string for objects that are all bytes or str. Never fails, runs no
// Python code.
cpy_dtype cpy_array_dtype(PyObject *array);

// Whether an array of bools has an element other than 0 and 1, which a view of other data may have;
// such a byte is no Bool to Swift. Not Swift: a loop that C vectorises.
bool cpy_holds_odd_bools(PyObject *array);

// The dtype of an array as NumPy's str(dtype) has it ("datetime64[s]", ">f4"), new.
PyObject *_Nullable cpy_array_dtype_name(PyObject *array);

// Who can reach the memory of an array besides the holder of `holders` references to it.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  // nobody: it may be adopted
  cpy_reach_none,
  // it lies in memory of cpy_array_over, which nobody writes or nobody else can reach: it may be
  // shared
  cpy_reach_ours,
  // somebody else may: it must be copied
  cpy_reach_others,
} cpy_reach;

// `context` receives the owner's for cpy_reach_ours. Never fails. Not Swift: reference counts.
cpy_reach cpy_array_reach(PyObject *array, ptrdiff_t holders, void *_Nullable *_Nonnull context);

// MARK: - Callbacks (callback.c, memory.c)

// The most axes that an argument may have; tensors of more are passed by cpy_call.
enum { cpy_most_axes = 4 };

// One argument of a callback: a tensor.
typedef struct {
  // The first element; NULL for rank 0.
  const void *_Nullable data;
  // What keeps the memory alive, lent until cpy_end_call; NULL for rank 0.
  void *_Nullable context;
  // `rank` numbers; for rank 0 the bytes of the element.
  ptrdiff_t extents[cpy_most_axes];
  int rank;
  // Not string; bfloat16 only after cpy_load_bfloat16, and not for rank 0.
  cpy_dtype dtype;
  // NULL before the call, then the argument that the function was given; cpy_end_call's.
  PyObject *_Nullable object;
  // Likewise what keeps the memory for it; NULL for rank 0.
  PyObject *_Nullable owner;
} cpy_argument;

// What a value is that came back as it was declared.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  // one element, in `bits`
  cpy_result_scalar,
  // the argument number `argument`, with its dtype and shape
  cpy_result_argument,
  // elements in memory of cpy_array_over, whose owner has `context`: retain that before cpy_end_call
  cpy_result_shared,
  // elements in a block of MemoryPool, which is the caller's now
  cpy_result_taken,
} cpy_result_kind;

typedef struct {
  cpy_result_kind kind;
  int rank;
  ptrdiff_t argument;
  // `rank` numbers, valid until cpy_end_call.
  const ptrdiff_t *_Nullable extents;
  void *_Nullable data;
  void *_Nullable context;
  // In bytes; 0 for a scalar.
  ptrdiff_t size;
  uint64_t bits[2];
  // cpy_end_call's.
  PyObject *_Nullable object;
} cpy_result;

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  // NULL was returned: exception set
  cpy_call_raised,
  // `results` says what each result is
  cpy_call_fits,
  // `returned` is something else, new: look at it by cpy_as_array
  cpy_call_other,
} cpy_call_status;

// A callable that will be called back with so many arguments, new. It keeps the argument objects of
// its last call that nobody else holds, to be used again. NULL: exception set.
PyObject *_Nullable cpy_callback(PyObject *callable, ptrdiff_t arguments);

// Calls back: read-only arrays over the arguments' memory, NumPy scalars for rank 0. To be followed by
// cpy_end_call in any case, once the exception has been taken and the results have been looked at.
// `release`: what becomes of a context that cpy_end_call has retained. Not Swift: objects that are aimed at
// other memory, fields of arrays and scalars, and one crossing in place of twenty.
cpy_call_status cpy_call_back(
  PyObject *callback, cpy_argument *_Nullable arguments, ptrdiff_t count,
  cpy_release_function release, const cpy_dtype *_Nullable dtypes, cpy_result *_Nullable results,
  ptrdiff_t result_count, PyObject *_Nullable *_Nonnull returned);

// The number of the first argument that has the shape of a result; -1: there is none. Never fails. Not
// Swift: a comparison that costs nothing.
ptrdiff_t cpy_argument_like(
  const cpy_result *result, const cpy_argument *_Nullable arguments, ptrdiff_t count);

// Makes a context one's own.
typedef void (*cpy_retain_function)(void *context);

// Lets go of what a call has used; `result_count` is 0 unless its results fitted. The context of an array
// that the function has kept is retained.
void cpy_end_call(
  PyObject *callback, cpy_argument *_Nullable arguments, ptrdiff_t count,
  cpy_retain_function retain, cpy_result *_Nullable results, ptrdiff_t result_count);

// The time of a clock that only goes forward, in nanoseconds. No GIL needed. Not Swift: its clocks
// are generic, and cost more than what is timed.
int64_t cpy_nanoseconds(void);

// Has NumPy make the arrays of callbacks in MemoryPool from now on. Its handler stays with a thread from its
// first callback on, if its Python code runs in calls from here only: to set it for each call would cost
// more than the call. Outside of callbacks it passes on what the system gives. False: exception set. Not
// Swift: a table of C functions, called inside of NumPy.
bool cpy_use_memory_pool(void);

// What a callback begins and ends with that is not called by cpy_call_back.
void cpy_begin_callback(void);
void cpy_end_callback(void);

// MARK: - Universal functions (ufunc.c)

// The C loop of a NumPy ufunc for operands of one dtype. Valid for good: NumPy is never unloaded.
typedef struct {
  // NumPy's PyUFuncGenericFunction
  void (*_Nonnull function)(void);
  // what NumPy passes to it as its last argument
  void *_Nullable data;
} cpy_ufunc_loop;

// Finds the loop by which NumPy computes `callable` for `operands` arrays of dtype `operand` with one
// result of dtype `result`. False, and nothing set, unless `callable` is one of NumPy's own ufuncs (a
// function of the module numpy under its own name) and has such a loop, which needs no GIL, raises
// nothing, and reports by the floating-point status only.
// Not Swift: a struct of NumPy's.
bool cpy_find_ufunc_loop(
  PyObject *callable, int operands, cpy_dtype operand, cpy_dtype result, cpy_ufunc_loop *loop);

// What a loop reports, as bits.
typedef enum __attribute__((flag_enum)) : uint8_t {
  cpy_float_divide = 1,
  cpy_float_overflow = 2,
  cpy_float_underflow = 4,
  cpy_float_invalid = 8,
} cpy_float_status;

// Runs a loop over `count` elements: `places` and `steps` (in bytes) of the operands, then of the
// result. Answers the exceptions that it has set in this thread's floating-point status, which is
// clear afterwards. No GIL needed. Not Swift: the status may be read and cleared in C only.
uint8_t cpy_run_ufunc_loop(
  cpy_ufunc_loop loop, void *_Nonnull *_Nonnull places, const ptrdiff_t *steps, ptrdiff_t count);

// MARK: - Closures (closure.c)

// Calls the closure of `context` with borrowed arguments: the positional ones, then the values of the
// keywords, whose names are a tuple of str. Answers a new reference; NULL: exception set, or, from an
// iterator without an exception, the end.
typedef PyObject *_Nullable (*cpy_closure_function)(
  void *context, PyObject *_Nonnull const *_Nullable arguments, ptrdiff_t positional,
  PyObject *_Nullable keywords);

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  // called as f(...); a method where it is stored in a class
  cpy_closure_callable,
  // called without arguments by next(); used up at the end
  cpy_closure_iterator,
} cpy_closure_kind;

// A Python object that calls `call`, new. `name`, `doc`, `signature` ("(x, y, /)"): str. Takes over
// `context`: the object releases it in the end, a failure at once.
// Not Swift: a type, whose struct and slots are CPython's.
PyObject *_Nullable cpy_closure(
  cpy_closure_kind kind, PyObject *name, PyObject *_Nullable doc, PyObject *_Nullable signature,
  void *context, cpy_closure_function call, cpy_release_function release);

// The classes of such exceptions. All derive from numpyfn.SwiftError, and so from RuntimeError; the
// others also from the builtin class that Python code would expect.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_swift_error_plain,
  // InvalidArgumentError, a ValueError
  cpy_swift_error_value,
  // OutOfRangeError, an IndexError
  cpy_swift_error_index,
  // ResourceExhaustedError, a MemoryError
  cpy_swift_error_memory,
  // UnimplementedError, a NotImplementedError
  cpy_swift_error_unimplemented,
  // FailedPreconditionError
  cpy_swift_error_precondition,
} cpy_swift_error_class;

// The class, borrowed. NULL: exception set. Not Swift: the bases are variables of libpython.
PyObject *_Nullable cpy_swift_exception_class(cpy_swift_error_class which);

// An exception of that class that carries an error of Swift, new; not raised. Takes over `context`, on
// failure too. Not Swift: several calls that must not be separated.
PyObject *_Nullable cpy_swift_exception(
  cpy_swift_error_class which, PyObject *message, void *context, cpy_release_function release);

// The context that an exception of cpy_swift_exception carries, borrowed from it; NULL when it is
// another exception, and nothing is set. Never fails.
void *_Nullable cpy_swift_error(PyObject *exception);

// Raises an exception, with the traceback that it has; SystemError when it is none.
void cpy_raise(PyObject *exception);

// MARK: - Tensors (tensor.c)

// What Swift answers of a tensor; all answers are new references.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_tensor_negative,
  cpy_tensor_absolute,
  cpy_tensor_inverted,
  cpy_tensor_float,
  cpy_tensor_int,
  cpy_tensor_index,
  cpy_tensor_complex,
  cpy_tensor_repr,
  cpy_tensor_str,
  // a tuple of the parts along the first axis
  cpy_tensor_parts,
  cpy_tensor_shape,
  cpy_tensor_dtype,
  cpy_tensor_ndim,
  cpy_tensor_size,
  cpy_tensor_transposed,
  cpy_tensor_real,
  cpy_tensor_imag,
  cpy_tensor_is_symbolic,
  // an array, for a caller that wants one
  cpy_tensor_numpy,
  // an array, for NumPy, which has been given a tensor
  cpy_tensor_array,
} cpy_tensor_question;

// The most axes that a tensor's memory can be shown with.
enum { cpy_max_rank = 64 };

// The C-contiguous memory of a tensor, which nobody writes.
typedef struct {
  // the first element
  void *data;
  cpy_dtype dtype;
  // the size of an element, in bytes
  ptrdiff_t item_size;
  int rank;
  ptrdiff_t extents[cpy_max_rank];
  // what keeps the memory alive, to be released, with or without the GIL, by whoever asked
  void *context;
  cpy_release_function release;
} cpy_tensor_memory;

// What Swift does for numpyfn.Tensor. NULL, a negative number and false: exception set.
typedef struct {
  // `a op b` and `a < b`, where one is a tensor; NotImplemented where the other is nothing that goes
  // with tensors
  PyObject *_Nullable (*_Nonnull binary)(cpy_binary_operator which, PyObject *a, PyObject *b);
  PyObject *_Nullable (*_Nonnull compare)(cpy_comparison which, PyObject *a, PyObject *b);
  PyObject *_Nullable (*_Nonnull ask)(cpy_tensor_question which, PyObject *tensor);
  // tensor[key]
  PyObject *_Nullable (*_Nonnull item)(PyObject *tensor, PyObject *key);
  // len(tensor)
  ptrdiff_t (*_Nonnull count)(PyObject *tensor);
  // bool(tensor)
  int (*_Nonnull truth)(PyObject *tensor);
  bool (*_Nonnull memory)(PyObject *tensor, cpy_tensor_memory *memory);
  // releases the box of a tensor
  void (*_Nonnull release)(void *context);
} cpy_tensor_functions;

// The class numpyfn.Tensor, new; made at the first call, which sets its functions for good.
// Not Swift: a type, whose struct and slots are CPython's.
PyObject *_Nullable cpy_tensor_type(const cpy_tensor_functions *table);

// From now on nobody can change the class. Never fails. Not Swift: a field of PyTypeObject.
void cpy_seal_tensor_type(void);

// A numpyfn.Tensor around a box of Swift's, new. Takes over `context`, on failure too.
PyObject *_Nullable cpy_tensor(void *context);

// The box in a numpyfn.Tensor, borrowed; NULL, without an exception, for any other object.
void *_Nullable cpy_tensor_context(PyObject *object);

// What an object is to a tensor that it is combined with, or indexes. Subclasses count as their base;
// NumPy's scalars, some of which are Python's floats too, come before those.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_operand_tensor,
  cpy_operand_array,
  cpy_operand_numpy_scalar,
  cpy_operand_bool,
  cpy_operand_int,
  cpy_operand_float,
  cpy_operand_complex,
  cpy_operand_none,
  cpy_operand_ellipsis,
  cpy_operand_slice,
  cpy_operand_tuple,
  cpy_operand_list,
  cpy_operand_other,
} cpy_operand;

// Never fails. Not Swift: the checks are macros.
cpy_operand cpy_operand_of(PyObject *object);

// NotImplemented, new. Never fails. Not Swift: a macro.
PyObject *cpy_not_implemented(void);

// Whether the object has __index__. Never fails.
bool cpy_has_index(PyObject *object);

// The parts of a slice; what is left out is 0 or the largest or smallest number, as its step has it.
// false: exception set. Not Swift: what is left out differs by the sign of the step.
bool cpy_slice_bounds(PyObject *slice, ptrdiff_t *start, ptrdiff_t *stop, ptrdiff_t *step);

// NumPy's dtype, new.
PyObject *_Nullable cpy_dtype_object(cpy_dtype dtype);

// float(object), int(object), operator.index(object) or complex(object), new. Not Swift: the classes are
// variables of libpython.
PyObject *_Nullable cpy_python_number(PyObject *object, cpy_tensor_question which);

// The file of the innermost Python code that runs in this thread and is in no file whose name begins
// with `hidden`, new, and its line; NULL, without an exception: there is none. Not Swift: frames.
PyObject *_Nullable cpy_place(const char *hidden, int *line);

// What Swift shows of a numpyfn.Tensor's memory; false: exception set. Not Swift: for the other files.
bool cpy_tensor_memory_of(PyObject *tensor, cpy_tensor_memory *memory);

// Gives a numpyfn.Tensor another box in place of its own. Takes over `context`.
void cpy_tensor_replace(PyObject *tensor, void *context);

// MARK: - DLPack (dlpack.c)

// A capsule of DLPack's with a tensor's memory, new: read-only, or a copy that the consumer may write.
// The form without a version cannot say that memory is read-only.
// Not Swift: structs that other libraries read, and a destructor.
PyObject *_Nullable cpy_dlpack(PyObject *tensor, bool is_versioned, bool is_copy);

// Memory of another library.
typedef struct {
  // the first element; NULL where there is none
  void *_Nullable data;
  cpy_dtype dtype;
  // the size of an element, in bytes
  ptrdiff_t item_size;
  int rank;
  ptrdiff_t extents[cpy_max_rank];
  // in elements
  ptrdiff_t strides[cpy_max_rank];
  bool is_contiguous;
  // whether it was copied for the consumer, so that nobody else has it
  bool is_copied;
  // what keeps the memory alive where it is a tensor's, borrowed; NULL otherwise
  void *_Nullable context;
} cpy_dlpack_view;

// Takes the memory out of a capsule, which is used up then. The object that is returned, new, lets go of
// it when it is dropped. NULL: exception set (TypeError, BufferError), and the capsule is as it was.
// Not Swift: as cpy_dlpack.
PyObject *_Nullable cpy_dlpack_take(PyObject *capsule, cpy_dlpack_view *view);

// Copies the elements, in C order, to memory that has room for them. Never fails. No GIL needed.
void cpy_dlpack_copy(const cpy_dlpack_view *view, void *target);

// MARK: - The module (importer.c)

// Fills the module that is being imported; false: exception set.
typedef bool (*cpy_load_function)(PyObject *module);

// Has `import numpyfn` make a module that `load` fills, if `is_there` says that there is one, which is
// asked only then; harmless when it has been done. false: exception set.
// Not Swift: a type, called at each import.
bool cpy_install_importer(bool (*is_there)(void), cpy_load_function load);

#pragma clang assume_nonnull end

#endif
