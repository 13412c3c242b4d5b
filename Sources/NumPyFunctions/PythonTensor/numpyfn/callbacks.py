# Python functions as nodes of a graph.


def numpy_function(func=None, inp=None, Tout=None, stateful=True, name=None):
    """Calls a Python function with tensors as NumPy arrays: in a graph each time it runs.

    `Tout` is a dtype, a TensorSpec, or a list of them: then a list comes back. With `stateful=False`
    the call may be left out, merged with an equal one, or made once for all. Without `func` it is a
    decorator: @numpyfn.numpy_function(Tout=numpyfn.float32).
    """
    if func is None:
        def decorate(func):
            @_functools.wraps(func)
            def call(*inputs):
                return numpy_function(func, inputs, Tout, stateful, name)

            return call

        return decorate
    if inp is None:
        raise TypeError("numpy_function needs inp, the list of the function's arguments")
    if not isinstance(inp, (list, tuple)):
        inp = [inp]
    inputs = [convert_to_tensor(value) for value in inp]
    is_list = isinstance(Tout, (list, tuple))
    if Tout is None:
        raise TypeError("numpy_function needs Tout, the dtypes of what the function returns")
    specs = [_spec(spec) for spec in (Tout if is_list else [Tout])]
    results = _swift.numpy_function(func, inputs, specs, _b.bool(stateful), name)
    return results if is_list else results[0]


def py_function(func=None, inp=None, Tout=None, name=None, *, rematerialize=False):
    """Calls a Python function with tensors as they are: in a graph each time it runs.

    What the function does to them is differentiated: any number of times, and to any order. With
    `rematerialize=True` a gradient calls it again, instead of keeping what it did until then. Without
    `func` it is a decorator: @numpyfn.py_function(Tout=numpyfn.float32).
    """
    if func is None:
        def decorate(func):
            @_functools.wraps(func)
            def call(*inputs):
                return py_function(func, inputs, Tout, name, rematerialize=rematerialize)

            return call

        return decorate
    if inp is None or Tout is None:
        raise TypeError(
            "py_function needs inp, the list of the function's arguments, and Tout, the dtypes of what "
            "it returns")
    if not isinstance(inp, (list, tuple)):
        inp = [inp]
    inputs = [convert_to_tensor(value) for value in inp]
    is_list = isinstance(Tout, (list, tuple))
    specs = [_spec(spec) for spec in (Tout if is_list else [Tout])]
    results = _swift.py_function(func, inputs, specs, rematerialize, name)
    return results if is_list else results[0]
