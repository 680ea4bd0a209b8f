"""The letters' lane of the worker: one letter after the other, and now and then one while guests wait in line."""

import time
from collections.abc import Callable

from flask import Flask

from eventops.mail import delivery
from eventops.rush import Line

AT_LEAST_EVERY_SECONDS = 3.0
"""Making a letter with its ticket takes as long as some applications, and nobody misses it for a moment."""


class LettersLane:
    """The lane of one worker."""

    def __init__(self, app: Flask, line: Line, now: Callable[[], float] = time.monotonic) -> None:
        self._app, self._line, self._now = app, line, now
        self._next_in_a_rush = 0.0

    def __call__(self, worker: str) -> bool:
        if self._line.is_there and self._now() < self._next_in_a_rush:
            return False
        found = delivery.deliver_next(self._app, worker)
        self._next_in_a_rush = self._now() + AT_LEAST_EVERY_SECONDS
        return found
