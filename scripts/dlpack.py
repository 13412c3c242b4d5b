"""Passes tensors to PyTorch and JAX and back by DLPack, without copies, and drops either side first.

Run by scripts/compare with `numpyfn python`, in the environment that has them. `copy=False` is the
word of the caller that nobody writes to the memory: without it a tensor has a copy of what others can
write to.
"""

import gc
import importlib

import numpy as np

import numpyfn

COUNT = 100_000


def address(array):
    """Where the first element is."""
    if hasattr(array, "data_ptr"):
        return array.data_ptr()
    if hasattr(array, "unsafe_buffer_pointer"):
        return array.unsafe_buffer_pointer()
    return np.asarray(array).__array_interface__["data"][0]


def churn():
    """Memory that was given back is used again by something else."""
    gc.collect()
    for _ in range(20):
        np.full(COUNT, 255.0, np.float32), numpyfn.constant(np.full(COUNT, 254.0, np.float32))


def round_trips(name, take, make, aliases=True):
    wanted = np.arange(COUNT, dtype=np.float32)

    # Out: ours is dropped first, then theirs.
    for ours_first in (True, False):
        ours = numpyfn.constant(wanted.copy())
        place = address(ours.numpy())
        theirs = take(ours)
        assert address(theirs) == place or not aliases, f"{name} has copied a tensor"
        if ours_first:
            del ours
            churn()
            assert np.array_equal(np.asarray(theirs), wanted), f"{name}: a tensor's memory is gone"
        else:
            del theirs
            churn()
            assert np.array_equal(ours.numpy(), wanted), f"{name} has freed a tensor's memory"

    # In: theirs is dropped first, then ours.
    for theirs_first in (True, False):
        theirs = make(wanted)
        place = address(theirs)
        ours = numpyfn.from_dlpack(theirs, copy=False)
        assert address(ours.numpy()) == place, f"an array of {name} was copied"
        if theirs_first:
            del theirs
            churn()
            assert np.array_equal(ours.numpy(), wanted), f"the memory of {name} is gone"
        else:
            del ours
            churn()
            assert np.array_equal(np.asarray(theirs), wanted), f"the memory of {name} was freed"

    # There and back: the same memory still.
    ours = numpyfn.constant(wanted)
    again = numpyfn.from_dlpack(take(ours), copy=False)
    same = address(again.numpy()) == address(ours.numpy())
    assert same or not aliases, f"{name} has copied on the way back"
    assert np.array_equal((again * 2).numpy(), wanted * 2)


def peers():
    def there(name):
        try:
            return importlib.import_module(name)
        except Exception as error:
            print(f"{name} is left out: {type(error).__name__}: {error}")

    yield "NumPy", np.from_dlpack if np.__version__[0] != "1" else np.asarray, np.array
    if torch := there("torch"):
        yield "PyTorch", torch.from_dlpack, lambda x: torch.from_numpy(x.copy())
    if there("jax"):
        import jax.numpy as jnp
        # It decides by itself whether to take memory as it is, or a copy.
        yield "JAX", jnp.from_dlpack, jnp.asarray, False


for name, take, make, *aliases in peers():
    round_trips(name, take, make, *aliases)
    print(f"DLPack: {name} and numpyfn share memory {'one way' if aliases else 'both ways'}")
