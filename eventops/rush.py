"""Whether guests wait in line, known to all processes of an installation: what can wait leaves them the machine."""

import mmap
import struct
import time
from collections.abc import Callable

from flask import Flask, current_app

LINGERS_SECONDS = 0.5
"""How long a rush is believed to go on after the last guest who had to wait."""
_MOMENT = struct.Struct("d")


class Line:
    """The moment at which somebody last waited, in memory that processes share with those they are forked from.

    One process writes while another reads: a moment is eight bytes in one place, and a wrong one costs half a second.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._memory = mmap.mmap(-1, _MOMENT.size)

    def somebody_waits(self) -> None:
        _MOMENT.pack_into(self._memory, 0, self._now())

    @property
    def is_there(self) -> bool:
        (last,) = _MOMENT.unpack_from(self._memory, 0)
        return bool(last) and self._now() - last < LINGERS_SECONDS


def init_rush(app: Flask) -> None:
    app.extensions["line"] = Line()


def line() -> Line:
    """The line of this application's guests."""
    known: Line = current_app.extensions["line"]
    return known
