"""A bound on memory that does not kill: once the process takes more, the search is asked to end."""

import resource
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from scheduling.commands.stopping import Stop

LOOK_SECONDS = 0.2
_KIB = 1024 if sys.platform == "darwin" else 1  # of the unit in which the system counts


def taken() -> int:
    """The most memory that the process has had at once, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB // 1024


@contextmanager
def bounded(most: int | None, stop: Stop) -> Iterator[None]:
    """Meanwhile ask for an end as soon as more than `most` MiB are taken; None is no bound.

    A limit of the system would make the compiled parts abort, and nothing would be kept.
    """
    if most is None:
        yield
        return
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(most, stop, over), daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()


def _watch(most: int, stop: Stop, over: threading.Event) -> None:
    while True:
        if taken() > most:
            sys.stderr.write(f"\nMore than {most} MiB are taken; stopping with the best so far.\n")
            return stop.ask("memory")
        if over.wait(LOOK_SECONDS):
            return None
