# Python functions as nodes of a graph.


def numpy_function(func=None, inp=None, Tout=None, stateful=True, name=None, *, gradient=None):
    """Calls a Python function with tensors as NumPy arrays: in a graph each time it runs.

    `Tout` is a dtype, a TensorSpec, or a list of them: then a list comes back. With `stateful=False`
    the call may be left out, merged with an equal one, or made once for all. Without `func` it is a
    decorator: @numpyfn.numpy_function(Tout=numpyfn.float32).

    No gradient flows through the call, unless there is `gradient`, a function of tensors that is
    called with the gradient of the result (a list, if Tout is one) and the inputs, and returns that of
    the input, or of each of several; None for one that has none.
    """
    if func is None:
        def decorate(func):
            @_functools.wraps(func)
            def call(*inputs):
                return numpy_function(func, inputs, Tout, stateful, name, gradient=gradient)

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
    backward = None
    if gradient is not None:
        def backward(upstreams, inputs, results):
            answer = gradient(upstreams if is_list else upstreams[0], *inputs)
            answers = list(answer) if isinstance(answer, (list, tuple)) else [answer]
            return [None if part is None else convert_to_tensor(part) for part in answers]

    results = _swift.numpy_function(func, inputs, specs, _b.bool(stateful), name, backward)
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
