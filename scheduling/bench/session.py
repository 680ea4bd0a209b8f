"""A whole measurement: every run that was chosen, one after the other."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from scheduling.bench.planning import Wanted, over_constrained, tasks, with_baselines
from scheduling.bench.rows import Row, Task
from scheduling.bench.running import environment, load_once, run
from scheduling.bench.starting import START_UP, start_up


def rows(wanted: Wanted) -> Iterator[Row]:
    """Each row as soon as it is measured."""
    if wanted.start_up and wanted.names(START_UP):
        yield start_up()
    load_once()
    for task in tasks(wanted):
        yield run(task)
    with tempfile.TemporaryDirectory() as folder:
        for number, task in enumerate(over_constrained(wanted)):
            yield from _over_constrained(task, wanted, number, Path(folder) / f"{number}.json")


def _over_constrained(task: Task, wanted: Wanted, number: int, target: Path) -> Iterator[Row]:
    """The problem is made in a process of its own too: the engine's has to load its solvers by itself."""
    command = [sys.executable, "-m", "scheduling.bench.tight", json.dumps(asdict(task)), str(number), str(target)]
    made = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if made.returncode:
        yield Row(task.name, task.kind, task.engine, "failed", 0.0, note=made.stderr.strip().rpartition("\n")[2])
        return
    for one in with_baselines(replace(task, file=str(target)), wanted):
        yield run(one)
