"""Runs that are measured, each in a process of its own and one after the other: times and memory are then its own."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path

from scheduling.bench.rows import Kind, Row, Task, read_row

ROOT = str(Path(__file__).resolve().parents[2])
GRACE = 120.0  # seconds beyond the limit of a run for reading, making, checking and explaining
LOOK_EVERY = 0.02  # seconds
KIB_PER_MIB = 1024
_READ_KERNEL = "scheduling.compiled.is_there() and scheduling.compiled.is_kept()"


def run(task: Task) -> Row:
    """The row of one task; a run that dies or does not end in time is a row as well."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        command = [sys.executable, "-m", "scheduling.bench.measured", json.dumps(asdict(task))]
        began = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=err, env=environment(), start_new_session=True)
        peak = _wait(child, _deadline(task))
        seconds = time.perf_counter() - began
        out.seek(0)
        err.seek(0)
        lines, said = out.read().splitlines(), err.read().splitlines()
    if child.returncode == 0 and lines:
        return replace(read_row(json.loads(lines[-1])), peak_mib=peak)
    note = said[-1][:200] if said else f"ended by signal {-(child.returncode or 0)}"
    return Row(task.name, task.kind, task.engine, "failed", round(seconds, 3), peak_mib=peak, note=note)


def environment() -> dict[str, str]:
    """That of this process, with this package to be found from anywhere.

    Bytecode is kept as Python does where nothing is set: else each run would spend seconds on compiling the solvers'.
    """
    paths = [ROOT, *filter(None, [os.environ.get("PYTHONPATH")])]
    others = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**others, "PYTHONPATH": os.pathsep.join(paths)}


def load_once() -> None:
    """Load all that runs load, so that the first of them finds bytecode as every later one does."""
    modules = ("scheduling.engine", "scheduling.cpsat.search", "scheduling.compiled", "scheduling.bench.measured")
    command = [sys.executable, "-c", f"import {', '.join(modules)}; {_READ_KERNEL}"]
    subprocess.run(command, env=environment(), check=True)


def _deadline(task: Task) -> float:
    answers = task.disturbances * task.seconds if task.kind is Kind.REPLAN else 0
    return time.monotonic() + task.seconds + answers + GRACE


def _wait(child: "subprocess.Popen[bytes]", deadline: float) -> int:
    """The largest resident set, in MiB, of the process or of one that it started. At the deadline it is killed."""
    try:
        while True:
            pid, status, used = os.wait4(child.pid, os.WNOHANG)
            if pid:
                child.returncode = os.waitstatus_to_exitcode(status)
                return round(used.ru_maxrss / KIB_PER_MIB)
            if time.monotonic() > deadline:
                os.killpg(child.pid, signal.SIGKILL)
            time.sleep(LOOK_EVERY)
    finally:
        if child.returncode is None:
            os.killpg(child.pid, signal.SIGKILL)
