"""The kernel compiled to machine code, where numba is installed; the same text, the same answers, only faster."""

import hashlib
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.machinery import SourceFileLoader
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

from scheduling import books, chains, cooling, paths, waiting
from scheduling.books import Net, State

ENTRIES = frozenset({"anneal", "insert", "total_cost", "guests_wait"})
KERNEL = (books, waiting, chains, paths, cooling)  # each only uses those before it


def is_there() -> bool:
    """Whether this installation has the compiler; without it the same search runs as plain Python."""
    return importlib.util.find_spec("numba") is not None


def is_kept() -> bool:
    """Whether machine code of this very text lies ready from an earlier time."""
    anneal: Any = compiled_kernel().anneal
    return bool(anneal.signatures) or any(Path(anneal._cache.cache_path).glob(f"*.{anneal.py_func.__qualname__}-*.nbi"))


@cache
def compiled_kernel() -> ModuleType:
    """A second copy of `cooling` and all it rests on, in which every function is compiled at its first call.

    Functions are named after a digest of the whole text: the compiler keeps its work by file and name from one process
    to the next, and would not see that another file has changed.
    """
    numba = importlib.import_module("numba")  # half a second and a hundred megabytes: only when needed

    texts = b"".join(Path(str(one)).read_bytes() for one in (__file__, *(module.__file__ for module in KERNEL)))
    digest = hashlib.sha256(texts).hexdigest()[:12]
    done: dict[str, Any] = instructions()
    for module in KERNEL:
        copy = _copy(module)
        own = [one for one in vars(copy).values() if inspect.isfunction(one) and one.__module__ == copy.__name__]
        for function in [one for one in own if one.__name__ not in done]:
            function.__qualname__ = f"{function.__name__}_{digest}"
            done[function.__name__] = numba.njit(
                cache=True,
                nogil=True,
                _nrt=False,
                no_cfunc_wrapper=True,
                no_cpython_wrapper=function.__name__ not in ENTRIES,
            )(function)
        vars(copy).update((name, one) for name, one in done.items() if name in vars(copy))
    return copy


def _copy(module: ModuleType) -> ModuleType:
    copy = ModuleType(module.__name__.replace(".", "._compiled_"))
    sys.modules[copy.__name__] = copy  # where the compiler's cache looks for it in the next process
    SourceFileLoader(copy.__name__, str(module.__file__)).exec_module(copy)
    return copy


def instructions() -> dict[str, Any]:
    """`ones` and `width_of` as the processor does them."""
    ir: Any = importlib.import_module("llvmlite.ir")
    types: Any = importlib.import_module("numba.types")
    intrinsic: Any = importlib.import_module("numba.extending").intrinsic

    def ones(_typing: Any, word: Any) -> Any:
        def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
            return builder.ctpop(values[0])

        return types.int64(types.int64), generate

    def width_of(_typing: Any, word: Any) -> Any:
        def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
            zeros = builder.ctlz(values[0], ir.Constant(ir.IntType(1), 0))
            return builder.sub(ir.Constant(ir.IntType(64), 64), zeros)

        return types.int64(types.int64), generate

    return {"ones": intrinsic(ones), "width_of": intrinsic(width_of)}


def as_arrays(net: Net, state: State, requests: list[int]) -> tuple[Any, Any, Any]:
    """The same numbers as arrays, which compiled code reads at full speed; rows become records of the same names."""
    import numpy

    return Net(*_arrays(net)), State(*_arrays(state)), numpy.array(requests, dtype=numpy.int64)


def times(state: State) -> list[int]:
    """Where every request lies, from lists or from arrays."""
    rows: Any = state.request
    if isinstance(rows, list):
        return [row.time for row in rows]
    found: list[int] = rows["time"].tolist()
    return found


def _arrays(books: tuple[Any, ...]) -> Iterator[Any]:
    import numpy

    for kind, value in zip(get_type_hints(type(books)).values(), books, strict=True):
        row = next(iter(get_args(kind)), None)
        if row is None:
            yield value
        elif is_dataclass(row):
            names = [field.name for field in fields(row)]
            record = numpy.dtype([(name, numpy.int64) for name in names], align=True)
            yield numpy.array(list(map(attrgetter(*names), value)), dtype=record)
        else:
            yield numpy.array(value, dtype=numpy.int64)
