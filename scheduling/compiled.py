"""The chains compiled to machine code, where numba is installed; the same text, the same answers, only faster."""

import importlib
import importlib.util
import sys
from functools import cache
from types import ModuleType
from typing import Any

from scheduling import chains
from scheduling.chains import Net, State

FUNCTIONS = (
    "draw",
    "unit_cost",
    "clash",
    "pair_cost",
    "put",
    "take",
    "join",
    "forget",
    "pushed",
    "tables_suffice",
    "build",
    "apply",
    "undo",
    "difference",
    "settle",
    "attempt",
    "insert",
    "total_cost",
    "anneal",
)


def is_there() -> bool:
    return importlib.util.find_spec("numba") is not None


@cache
def compiled_chains() -> ModuleType:
    """A second copy of the module `chains` in which every function is compiled at its first call."""
    numba = importlib.import_module("numba")  # half a second and a hundred megabytes: only when needed
    spec = importlib.util.spec_from_file_location("scheduling._compiled_chains", chains.__file__)
    if spec is None or spec.loader is None:
        raise ImportError(chains.__file__)
    copy = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = copy  # where the compiler's cache looks for it in the next process
    spec.loader.exec_module(copy)
    for name in FUNCTIONS:
        setattr(copy, name, numba.njit(cache=True, nogil=True)(getattr(copy, name)))
    return copy


def as_arrays(net: Net, state: State) -> tuple[Any, Any]:
    """The same numbers as arrays, which compiled code reads at full speed."""
    return Net(*map(_array, net)), State(*map(_array, state))


def _array(value: Any) -> Any:
    import numpy

    return value if isinstance(value, int) else numpy.array(value, dtype=numpy.int64)
