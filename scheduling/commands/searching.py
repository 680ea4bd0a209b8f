"""What every command that searches does around its search: progress, stopping, memory, where the time went."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from scheduling.commands.memory import bounded
from scheduling.commands.phases import sampled
from scheduling.commands.progress import Showing
from scheduling.commands.stopping import Stop, on_interrupt
from scheduling.solution import Progress


@dataclass(frozen=True, slots=True)
class Search:
    """Handed to an engine: `on_progress` and `should_stop`."""

    stop: Stop
    showing: Showing | None

    def on_progress(self, progress: Progress) -> None:
        """Show it, where something is to be shown."""
        if self.showing is not None:
            self.showing(progress)

    def should_stop(self) -> bool:
        """Whether somebody, or the bound on memory, wants an end."""
        return self.stop.is_asked()


@contextmanager
def search(chosen: argparse.Namespace) -> Iterator[Search]:
    """Meanwhile Ctrl-C and the bound on memory stop the search; progress is shown unless the user is to have quiet."""
    stop, showing = Stop(), None if chosen.quiet else Showing()
    with on_interrupt(stop), bounded(chosen.memory, stop):
        try:
            yield Search(stop, showing)
        finally:
            if showing is not None:
                showing.end()


@contextmanager
def profiled(chosen: argparse.Namespace) -> Iterator[None]:
    """Meanwhile measure, as far as the user asked for it; what was found goes to standard error and into the file."""
    with ExitStack() as measuring:
        phases = measuring.enter_context(sampled()) if chosen.profile else None
        if chosen.profile_file:
            measuring.enter_context(_statistics(chosen.profile_file))
        yield
    if phases is not None:
        sys.stderr.write(phases.table())


@contextmanager
def _statistics(name: str) -> Iterator[None]:
    from cProfile import Profile

    profile = Profile()
    with profile:
        yield
    profile.dump_stats(name)
