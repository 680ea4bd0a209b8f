"""How long `python -m scheduling --help` takes, and that it loads neither solver nor compiled kernel."""

import statistics
import subprocess
import sys
import time

from scheduling.bench.rows import Engine, Kind, Row
from scheduling.bench.running import environment

START_UP = "--help"
TIMES = 7
HEAVY = frozenset({"ortools", "numba", "numpy", "scheduling.engine", "scheduling.compiled"})
_COMMAND = ("-m", "scheduling", START_UP)


def start_up() -> Row:
    """The median of TIMES starts; `note` names what is loaded and should not be, which makes the outcome `failed`."""
    times = tuple(_seconds() for _ in range(TIMES))
    loaded = sorted(HEAVY & _loaded())
    return Row(
        START_UP,
        Kind.START_UP,
        Engine.NONE,
        "failed" if loaded else "shown",
        statistics.median(times),
        times=times,
        note=f"loads {', '.join(loaded)}" if loaded else "loads no solver",
    )


def _seconds() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *_COMMAND], env=environment(), stdout=subprocess.DEVNULL, check=True)
    return round(time.perf_counter() - began, 3)


def _loaded() -> set[str]:
    """Every module that is imported on the way, as `-X importtime` lists them."""
    command = [sys.executable, "-X", "importtime", *_COMMAND]
    said = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True).stderr
    return {line.rpartition("|")[2].strip() for line in said.splitlines()}
