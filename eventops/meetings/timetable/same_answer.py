"""What many browsers ask for at the same moment is made once in each process, not once for each of them."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Hashable

LASTS_SECONDS = 3.0
"""Facts may change without the timetable: whoever asks later than this gets a fresh answer."""


class SameAnswer:
    """The newest answer about each thing, given again while it is fresh and the thing stands as it did."""

    def __init__(self) -> None:
        self._turns: defaultdict[Hashable, threading.Lock] = defaultdict(threading.Lock)
        self._known: dict[Hashable, tuple[str, float, str]] = {}

    def get(self, thing: Hashable, stands: str, make: Callable[[], str]) -> str:
        """Those who come while it is made wait for it."""
        with self._turns[thing]:
            return self._fresh(thing, stands) or self._made(thing, stands, make)

    def get_unless_in_the_making(self, thing: Hashable, stands: str, make: Callable[[], str]) -> str | None:
        """Those who come while it is made get None and do not hold a thread of the server: they come again."""
        known = self._fresh(thing, stands)
        if known is not None:
            return known
        if not self._turns[thing].acquire(blocking=False):
            return None
        try:
            return self._made(thing, stands, make)
        finally:
            self._turns[thing].release()

    def _fresh(self, thing: Hashable, stands: str) -> str | None:
        known, made_at, answer = self._known.get(thing, ("", 0.0, ""))
        return answer if known == stands and time.monotonic() - made_at <= LASTS_SECONDS else None

    def _made(self, thing: Hashable, stands: str, make: Callable[[], str]) -> str:
        answer = make()
        self._known[thing] = (stands, time.monotonic(), answer)
        return answer
