"""The CSV files of the demonstration."""

import csv
from pathlib import Path

from eventops.uploads import Upload

DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    """The lines of one file as dictionaries."""
    with (DATA / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def upload(name: str) -> Upload:
    """One file as if somebody had sent it in."""
    return Upload(filename=f"{name}.csv", data=(DATA / f"{name}.csv").read_bytes())
