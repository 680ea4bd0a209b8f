"""Progress of a search on standard error: a bar on a terminal, plain lines elsewhere."""

import shutil
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from scheduling.solution import Progress

BAR_SECONDS = 0.1
LINE_SECONDS = 1.0
CELLS = 24
CLEAR = "\r\x1b[K"

Show = Callable[[Progress], None]


def figures(progress: Progress) -> str:
    """What is known in one line: placed, the most that can be placed, waiting, the goal in work, seconds."""
    bound = "?" if progress.goal_bound is None else progress.goal_bound
    return (
        f"placed {progress.placed}/{progress.wanted} (at most {progress.bound})  waiting {progress.waiting}  "
        f"{progress.goal} {progress.value} (at least {bound})  {progress.seconds:.1f} s"
    )


def bar(progress: Progress, columns: int) -> str:
    """The same beside a bar of what is placed, cut to the width of the terminal."""
    done = CELLS * progress.placed // max(1, progress.wanted)
    return f"[{'#' * done}{'-' * (CELLS - done)}] {figures(progress)}"[: max(1, columns - 1)]


class Showing:
    """Called with each progress; `end` leaves the last one on the screen."""

    def __init__(self, screen: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.screen, self.clock = screen or sys.stderr, clock
        self.is_terminal = self.screen.isatty()
        self.shown_at = -LINE_SECONDS
        self.last: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Draw it, unless something was drawn a moment ago."""
        self.last = progress
        if self.clock() - self.shown_at >= (BAR_SECONDS if self.is_terminal else LINE_SECONDS):
            self.shown_at = self.clock()
            self._draw(progress)
            self.last = None

    def _draw(self, progress: Progress) -> None:
        width = shutil.get_terminal_size().columns
        self._write(CLEAR + bar(progress, width) if self.is_terminal else figures(progress) + "\n")

    def _write(self, text: str) -> None:
        with suppress(OSError):  # the result is not lost because nobody watches
            self.screen.write(text)
            self.screen.flush()

    def end(self) -> None:
        """Show what came too soon after the one before; the next word starts on a line of its own."""
        if self.last is not None:
            self._draw(self.last)
        if self.is_terminal:
            self._write("\n")
