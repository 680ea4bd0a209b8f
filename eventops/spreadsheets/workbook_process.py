"""Run as a process of its own: workbook on standard input, its first filled sheet as JSON on standard output.

A hostile workbook can make a parser ask for all memory or break down. Here it breaks only this process.
"""

import contextlib
import datetime as dt
import io
import json
import resource
import sys
from typing import Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

Answer = dict[str, object]

_MAX_MEMORY: Final = 1024 * 1024 * 1024
_MAX_SECONDS: Final = 20


def main() -> None:
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, _MAX_MEMORY)
    _limit(resource.RLIMIT_CPU, _MAX_SECONDS)
    max_rows, max_columns, max_letters = map(int, sys.argv[1:])
    answer = _read(sys.stdin.buffer.read(), max_rows=max_rows, max_columns=max_columns)
    written = json.dumps(answer, ensure_ascii=False)
    if len(written) > max_letters:
        written = json.dumps({"problem": "file_too_large_inside", "limit": max_letters})
    sys.stdout.write(written)


def _limit(resource_id: int, value: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # macOS knows some limits without accepting them
        resource.setrlimit(resource_id, (value, value))


def _read(data: bytes, *, max_rows: int, max_columns: int) -> Answer:
    try:
        sheet = _first_filled(CalamineWorkbook.from_object(io.BytesIO(data)))
    except PasswordError:
        return {"problem": "file_encrypted"}
    except CalamineError:
        return {"problem": "file_damaged"}
    if sheet is None or sheet.start is None:
        return {"problem": "file_empty"}
    if sheet.width > max_columns:
        return {"problem": "file_too_many_columns", "limit": max_columns}
    return _rows(sheet, sheet.start, max_rows=max_rows)


def _first_filled(workbook: CalamineWorkbook) -> CalamineSheet | None:
    for meta in workbook.sheets_metadata:
        if meta.typ is SheetTypeEnum.WorkSheet and meta.visible is SheetVisibleEnum.Visible:
            sheet = workbook.get_sheet_by_name(meta.name)
            if sheet.start is not None:
                return sheet
    return None


def _rows(sheet: CalamineSheet, start: tuple[int, int], *, max_rows: int) -> Answer:
    rows: list[tuple[int, list[object]]] = []
    for line, cells in enumerate(sheet.to_python(skip_empty_area=True), start=start[0] + 1):
        if all(cell == "" for cell in cells):
            continue
        rows.append((line, [_portable(cell) for cell in cells]))
        if len(rows) > max_rows + 1:
            return {"problem": "file_too_many_rows", "limit": max_rows}
    return {"sheet": sheet.name, "rows": rows}


def _portable(cell: object) -> object:
    match cell:
        case float():
            return int(cell) if cell.is_integer() else cell
        case dt.datetime() | dt.date() | dt.time():
            return {type(cell).__name__: cell.isoformat()}
        case dt.timedelta():
            return {"timedelta": cell.total_seconds()}
        case _:
            return cell


if __name__ == "__main__":
    main()
