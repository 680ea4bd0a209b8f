"""Tables from Excel and OpenDocument files, parsed in a process that may break without harm."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from eventops.spreadsheets import archive
from eventops.spreadsheets.table import Cell, Kind, Limits, Problem, Row, Table, UnreadableTable

_PROCESS: Final = Path(__file__).with_name("workbook_process.py")
_MAX_SECONDS: Final = 30


def read_workbook(data: bytes, *, kind: Kind, limits: Limits) -> Table:
    """The first visible sheet with anything in it."""
    if kind is not Kind.XLS:
        archive.require_modest(data, max_bytes_inside=limits.max_bytes_inside)
    if kind is Kind.ODS:
        archive.require_open_ods(data)
    answer = _parsed_elsewhere(data, limits)
    if "problem" in answer:
        raise UnreadableTable(Problem(answer.pop("problem")), **answer)
    return _table(answer, kind)


def _parsed_elsewhere(data: bytes, limits: Limits) -> dict[str, Any]:
    numbers = (limits.max_rows, limits.max_columns, limits.max_bytes_inside)
    command = [sys.executable, "-I", "-X", "utf8", str(_PROCESS), *map(str, numbers)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_MAX_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise UnreadableTable(Problem.TOO_LARGE_INSIDE) from error
    if done.returncode != 0:
        raise UnreadableTable(_why_it_died(done.returncode))
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _why_it_died(return_code: int) -> Problem:
    """A signal means that the process hit its limit of memory or time."""
    return Problem.TOO_LARGE_INSIDE if return_code < 0 else Problem.DAMAGED


def _table(answer: dict[str, Any], kind: Kind) -> Table:
    (heading_line, headings), *rows = [(line, [_cell(cell) for cell in cells]) for line, cells in answer["rows"]]
    return Table(
        kind=kind,
        heading_line=heading_line,
        headings=tuple(str(heading).strip() for heading in headings),
        rows=tuple(Row(line, tuple(cells)) for line, cells in rows),
        sheet=answer["sheet"],
    )


def _cell(cell: Any) -> Cell:
    match cell:
        case {"date": str(text)}:
            return dt.date.fromisoformat(text)
        case {"datetime": str(text)}:
            return dt.datetime.fromisoformat(text)
        case {"time": str(text)}:
            return dt.time.fromisoformat(text)
        case {"timedelta": int(seconds) | float(seconds)}:
            return dt.timedelta(seconds=seconds)
        case _:
            plain: Cell = cell
            return plain
