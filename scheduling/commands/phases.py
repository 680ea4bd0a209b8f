"""Where the time of a run goes: every few milliseconds a look at what each thread is doing, counted by phase.

Looking from outside costs the run nothing, sees compiled code (by who called it) and every thread; the shares are
those of a sample. While several threads work, the time between two looks is divided among them, so that all phases
together make up the time of the run.
"""

import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

LOOK_SECONDS = 0.005
OTHER = "other"
PHASES: tuple[tuple[str, frozenset[str]], ...] = (
    ("explaining", frozenset({"explain", "remedies", "contradictions"})),
    ("seating", frozenset({"seating", "walking"})),
    ("local search", frozenset({"annealing", "chains", "compiled", "net", "_compiled_chains"})),
    ("proof", frozenset({"cpsat"})),
    ("reading", frozenset({"format", "reading", "faults", "references", "published", "facts"})),
)
"""Modules of `scheduling` by what they do; the first phase that is found anywhere on a stack counts."""


class Phases:
    """Seconds by phase."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    def add(self, stacks: list[frozenset[str]], seconds: float) -> None:
        """`seconds` went by while threads were in these modules."""
        working = [one for stack in stacks if (one := phase_of(stack)) != OTHER] or [OTHER]
        for one in working:
            self.seconds[one] += seconds / len(working)  # type: ignore[assignment]

    def table(self) -> str:
        """One line per phase: seconds and share, the longest first."""
        total, ranked = sum(self.seconds.values()) or 1, self.seconds.most_common()
        return "".join(f"{name:<14}{took:8.2f} s {100 * took / total:5.1f} %\n" for name, took in ranked)


def phase_of(modules: frozenset[str]) -> str:
    """The phase of a stack that goes through these modules of `scheduling`."""
    return next((name for name, known in PHASES if not known.isdisjoint(modules)), OTHER)


@contextmanager
def sampled() -> Iterator[Phases]:
    """Meanwhile count where the time goes."""
    phases, over = Phases(), threading.Event()
    looking = threading.Thread(target=_look, args=(phases, over), daemon=True)
    looking.start()
    try:
        yield phases
    finally:
        over.set()
        looking.join()


def _look(phases: Phases, over: threading.Event) -> None:
    before = time.monotonic()
    while not over.wait(LOOK_SECONDS):
        now = time.monotonic()
        phases.add([_modules(frame) for frame in sys._current_frames().values()], now - before)
        before = now


def _modules(frame: FrameType | None) -> frozenset[str]:
    """The parts of `scheduling` on a stack, by the second word of the module's name."""
    found = set()
    while frame is not None:
        package, _, rest = str(frame.f_globals.get("__name__", "")).partition(".")
        if package == "scheduling":
            found.add(rest.partition(".")[0])
        frame = frame.f_back
    return frozenset(found)
