"""What goes on around a search: progress on the screen, Ctrl-C, the bound on memory, where the time went."""

import argparse
import io
import os
import pstats
import signal
import threading
from pathlib import Path
from typing import NoReturn, cast

import pytest

from scheduling import format as documents
from scheduling.__main__ import main
from scheduling.commands import memory, stopping
from scheduling.commands.phases import Phases, phase_of
from scheduling.commands.progress import CLEAR, Showing, bar, figures
from scheduling.commands.searching import search
from scheduling.commands.stopping import Stop, on_interrupt
from scheduling.solution import Progress
from tests.scheduling.builders import problem

Capture = pytest.CaptureFixture[str]


def progress(placed: int = 3, bound: int | None = 1) -> Progress:
    return Progress(12.34, placed, 4, 7, 4, "guest_idle_slots", 7, bound)


class Screen(io.StringIO):
    """A terminal, or a file."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


def test_progress_in_one_line() -> None:
    assert figures(progress()) == "placed 3/4 (at most 4)  waiting 7  guest_idle_slots 7 (at least 1)  12.3 s"
    assert "(at least ?)" in figures(progress(bound=None))
    assert bar(progress(), 200).startswith("[##################------] placed 3/4")
    assert bar(progress(), 30) == "[##################------] pl"
    assert bar(Progress(0, 0, 0, 0, 0, "", 0, None), 200).startswith("[------------------------] placed 0/0")


def test_a_terminal_has_a_bar_that_is_drawn_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    screen, now = Screen(is_terminal=True), iter([0.0, 0.0, 0.05, 0.2, 0.2, 0.21])
    show = Showing(screen, lambda: next(now))
    for placed in (1, 2, 3, 4):
        show(progress(placed))
    show.end()

    first, *drawn = screen.getvalue().split(CLEAR)
    assert first == ""
    assert [one[27:37] for one in drawn] == ["placed 1/4", "placed 3/4", "placed 4/4"]
    assert drawn[-1].endswith("\n")
    assert all(len(one.rstrip("\n")) < 60 for one in drawn)


def test_a_file_has_a_line_a_second_and_the_last_one() -> None:
    screen, now = Screen(is_terminal=False), iter([0.0, 0.0, 0.9, 1.1, 1.1])
    show = Showing(screen, lambda: next(now))
    for placed in (1, 2, 3):
        show(progress(placed))
    show.end()
    assert [line[:10] for line in screen.getvalue().splitlines()] == ["placed 1/4", "placed 3/4"]


def test_a_screen_that_is_gone_does_not_end_the_search() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", buffering=1) as screen:
        show = Showing(screen)
        show(progress())
        show.end()
        os.dup2(os.open(os.devnull, os.O_WRONLY), writing)


def test_the_first_reason_to_stop_counts() -> None:
    stop = Stop()
    assert not stop.is_asked()
    stop.ask("memory")
    stop.ask("interrupted")
    assert (stop.is_asked(), stop.reason) == (True, "memory")


def test_the_second_ctrl_c_ends_the_process(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def end(code: int) -> NoReturn:
        raise SystemExit(code)

    monkeypatch.setattr(os, "_exit", end)
    stop = Stop()
    stop.press()
    assert stop.reason == "interrupted"
    with pytest.raises(SystemExit) as caught:
        stop.press()
    assert caught.value.code == stopping.INTERRUPTED
    assert capsys.readouterr().err.count("Stopping") == 1


@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_is_heard_whichever_thread_it_reaches_and_no_longer_than_it_is_waited_for(presses: int) -> None:
    before, stop = signal.getsignal(signal.SIGINT), Stop()
    heard, enough = threading.Semaphore(0), threading.Event()
    stop.press = heard.release  # type: ignore[method-assign]
    busy = threading.Thread(target=enough.wait)
    busy.start()
    with on_interrupt(stop):
        for _ in range(presses):
            signal.pthread_kill(cast(int, busy.ident), signal.SIGINT)
            assert heard.acquire(timeout=30)
    enough.set()
    busy.join()
    assert signal.getsignal(signal.SIGINT) is before
    assert signal.set_wakeup_fd(-1) == -1


def test_too_much_memory_asks_for_an_end(capsys: Capture) -> None:
    stop = Stop()
    with memory.bounded(1, stop):
        assert stop._asked.wait(10)
    assert stop.reason == "memory"
    assert "More than 1 MiB are taken" in capsys.readouterr().err


def test_enough_memory_and_no_bound_ask_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "LOOK_SECONDS", 0.001)
    looks, stop = threading.Semaphore(0), Stop()

    def taken() -> int:
        looks.release()
        return 5

    monkeypatch.setattr(memory, "taken", taken)
    with memory.bounded(10, stop):
        assert all(looks.acquire(timeout=10) for _look in range(3))
    with memory.bounded(None, stop):
        assert not stop.is_asked()


def test_quiet_searches_say_nothing(capsys: Capture) -> None:
    for quiet in (True, False):
        with search(argparse.Namespace(quiet=quiet, memory=None)) as searching:
            searching.on_progress(progress())
            assert not searching.should_stop()
        assert capsys.readouterr().err == ("" if quiet else figures(progress()) + "\n")


@pytest.mark.parametrize(
    ("modules", "phase"),
    [
        ({"engine", "cpsat"}, "proof"),
        ({"engine", "cpsat", "annealing"}, "local search"),
        ({"explain", "remedies", "engine", "cpsat"}, "explaining"),
        ({"engine", "seating"}, "seating"),
        ({"format", "faults"}, "reading"),
        ({"engine"}, "other"),
        (set(), "other"),
    ],
)
def test_a_stack_belongs_to_one_phase(modules: set[str], phase: str) -> None:
    assert phase_of(frozenset(modules)) == phase


def test_time_is_divided_among_the_threads_that_work() -> None:
    phases = Phases()
    phases.add([frozenset({"engine"}), frozenset({"cpsat"}), frozenset({"annealing"})], 2.0)
    phases.add([frozenset({"engine"}), frozenset()], 1.0)
    phases.add([frozenset({"cpsat"})], 1.0)
    assert phases.table().splitlines() == [
        "proof             2.00 s  50.0 %",
        "local search      1.00 s  25.0 %",
        "other             1.00 s  25.0 %",
    ]
    assert Phases().table() == ""


def test_a_run_says_where_its_time_went(tmp_path: Path, capsys: Capture) -> None:
    path, stats = tmp_path / "problem.json", tmp_path / "run.prof"
    path.write_text(documents.write(problem()), encoding="utf-8")
    words = ["solve", str(path), "--time", "20", "--workers", "1", "--quiet", "--profile", "--profile-file", str(stats)]
    assert main(words) == 0
    assert " s " in capsys.readouterr().err
    assert pstats.Stats(str(stats)).total_calls > 100  # type: ignore[attr-defined]


def test_a_run_beyond_its_memory_keeps_what_it_has(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "problem.json"
    path.write_text(documents.write(problem()), encoding="utf-8")
    assert main(["solve", str(path), "--memory", "1", "--workers", "1", "--quiet"]) == 0
    captured = capsys.readouterr()
    assert captured.err.startswith("\nMore than 1 MiB are taken")
    assert documents.read_meetings(captured.out) is not None
