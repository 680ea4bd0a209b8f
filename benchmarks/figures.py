"""Figures with their bars, and the command that prints those of both databases."""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure with its bar, both in words."""

    name: str
    value: str
    bar: str = ""
    is_met: bool = True


def machine_row() -> Row:
    """How fast one processor is now, and how much of it there is for us: the clock beside the processor time."""
    clock_began, cpu_began, total = time.perf_counter(), time.process_time(), 0
    for number in range(5_000_000):
        total += number
    spent, passed = time.process_time() - cpu_began, time.perf_counter() - clock_began
    return Row("this machine: five million additions", f"{spent:.2f} s of processor time in {passed:.2f} s")


def main(measure: Callable[..., list[Row]], about: str, *, each: int, what: str) -> int:
    """Print what `measure(name, url, each=)` says of each database; the exit code says whether every bar is kept."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--postgres", action="store_true", help="measure on PostgreSQL as well")
    parser.add_argument("--each", type=int, default=each, help=what)
    asked = parser.parse_args()
    rows = [machine_row(), *measure("SQLite", None, each=asked.each)]
    if asked.postgres:
        from tests import postgres

        with postgres.running() as server:
            rows += measure("PostgreSQL", server.url(server.create()), each=asked.each)
    return report(rows)


def report(rows: list[Row]) -> int:
    """Print every row beside its bar; 0 when all of them are met."""
    for row in rows:
        verdict = ("met   " if row.is_met else "MISSED") if row.bar else "      "
        print(f"{verdict} {row.name:<48} {row.value:<60} {row.bar}")
    return 0 if all(row.is_met for row in rows) else 1
