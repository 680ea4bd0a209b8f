"""Threads that all start at once, each in an application context of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from flask import Flask

Result = TypeVar("Result")


def race(app: Flask, runners: int, run: Callable[[int], Result]) -> list[Result]:
    """The results of `run(0)` … `run(runners - 1)`, in that order; an error in any of them is raised here."""
    start = threading.Barrier(runners)

    def one(number: int) -> Result:
        with app.app_context():
            start.wait(timeout=30)
            return run(number)

    with ThreadPoolExecutor(runners) as pool:
        return list(pool.map(one, range(runners)))
