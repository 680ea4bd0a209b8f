"""選考表: the Excel sheet of a need that goes out to its company, and what of it may come back."""

import datetime as dt
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter
from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from eventops.meetings import words
from eventops.meetings.hosting import answering
from eventops.meetings.hosting.answering import Given, Outcome, Trouble
from eventops.meetings.models import Application, Need
from eventops.spreadsheets import values
from eventops.spreadsheets.columns import Column, Fault, ParsedRow, parse_rows, present
from eventops.spreadsheets.plan import ImportRefused
from eventops.spreadsheets.reading import read_table
from eventops.spreadsheets.sheet_names import sheet_name
from eventops.spreadsheets.table import Cell, Table
from eventops.spreadsheets.values import BadValue, FaultCode, plain
from eventops.uploads import Upload

RATING, COMMENT, CHECK = "評価", "コメント", "照合"
_TEXTS: Final[Mapping[str, Any]] = {
    "応募番号": lambda one: one.code,
    "応募企業": lambda one: one.organisation.name,
    "希望順": lambda one: str(one.priority or ""),
    "提案の題名": lambda one: one.proposal_title,
    "提案の内容": lambda one: one.proposal_text,
    "技術分野": lambda one: "、".join(one.technology_tags),
    "推薦": lambda one: "\n".join(f"{said.recommender}: {said.reason}" for said in one.recommendations),
}
_LOOSE: Final = frozenset({"希望順"})
"""What may have changed since the sheet was written: it is no part of what the company judges."""
_WIDTHS: Final = (9, 26, 7, 30, 60, 20, 30, 8, 36, 12)
_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True, slots=True)
class Returned:
    """What a sheet that came back did, or every fault in it."""

    outcome: Outcome
    faults: tuple[Fault, ...]
    rows: int


def write(need: Need, applications: Sequence[Application]) -> bytes:
    """One row per application; all but answer and comment is locked against slips of the hand."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        sheet = book.add_worksheet(sheet_name(f"選考表_{need.code}"))
        _arrange(book, sheet, len(applications))
        shown = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        typed = book.add_format(
            {"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#FFF8DC", "locked": False}
        )
        for line, one in enumerate(applications, start=1):
            texts = [said(one) for said in _TEXTS.values()]
            sheet.write_row(line, 0, texts, shown)
            answer = next((word for word, rating in words.SHEET_RATINGS.items() if rating == one.rating), "")
            sheet.write_row(line, len(texts), [answer, one.screening_comment], typed)
            sheet.write_string(line, len(texts) + 2, _check(need, one), shown)
    return target.getvalue()


def _arrange(book: Any, sheet: Any, rows: int) -> None:
    headings = [*_TEXTS, RATING, COMMENT, CHECK]
    sheet.write_row(0, 0, headings, book.add_format({"bold": True, "bg_color": "#DFEFF0", "border": 1}))
    for index, width in enumerate(_WIDTHS):
        sheet.set_column(index, index, width)
    column = len(_TEXTS)
    if rows:
        sheet.data_validation(1, column, rows, column, {"validate": "list", "source": list(words.SHEET_RATINGS)})
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True})
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def read(upload: Upload) -> Table:
    """The file as a table, outside of any transaction: it may take long; raises `UnreadableTable`."""
    return read_table(upload.data, filename=upload.filename)


def take(session: Session, need: Need, table: Table, *, now: dt.datetime) -> Returned:
    """Store the sheet's answers, or nothing and every cell that is at fault."""
    applications = {one.id: one for one in answering.asked_of(session, need.id)}
    columns = _columns(need)
    parsed = parse_rows(table, columns)
    faults = [*parsed.faults, *_missing(table, columns)]
    if not any(fault.code is FaultCode.MISSING_HEADING for fault in faults):
        faulty = {fault.line for fault in faults}
        rows = [row for row in parsed.rows if row.line not in faulty]
        faults += [fault for row in rows for fault in _faults_of(row, applications)]
    if faults:
        return Returned(Outcome(0, {}), tuple(sorted(faults, key=lambda fault: fault.line)), len(parsed.rows))
    given = {row[CHECK].application_id: _given(row) for row in parsed.rows}
    outcome = answering.answer(session, need_id=need.id, given=given, now=now)
    lines = {row[CHECK].application_id: row.line for row in parsed.rows}
    late = tuple(_late(lines[one], why) for one, why in outcome.troubles.items())
    return Returned(outcome, late, len(parsed.rows))


def _missing(table: Table, columns: Sequence[Column]) -> list[Fault]:
    """Cells of the answers may be empty, their columns may not be missing: that would wipe every answer."""
    there = present(table, columns)
    return [
        Fault(table.heading_line, heading, FaultCode.MISSING_HEADING)
        for heading in (RATING, COMMENT)
        if heading not in there
    ]


def require_clean(returned: Returned) -> Returned:
    if returned.faults:
        raise ImportRefused(count=len(returned.faults))
    return returned


@dataclass(frozen=True, slots=True)
class _Row:
    """What the check of a row says: which application, its texts and its answer when the sheet was written."""

    application_id: int
    texts: str
    seen: str

    def __str__(self) -> str:
        return "…"


def _columns(need: Need) -> tuple[Column, ...]:
    def check(cell: Cell) -> _Row:
        try:
            need_id, application_id, texts, seen = _signer().loads(plain(cell).strip())
        except (BadData, ValueError, TypeError) as error:
            raise BadValue(FaultCode.FOREIGN_ROW) from error
        if need_id != need.id:
            raise BadValue(FaultCode.FOREIGN_ROW)
        return _Row(application_id, texts, seen)

    return (
        *(Column(heading, (), _squeezed, empty="") for heading in _TEXTS),
        Column(RATING, (), values.choice(words.SHEET_RATINGS)),
        Column(COMMENT, (), values.text(max_length=300), empty=""),
        Column(CHECK, (), check, required=True, unique=True),
    )


def _faults_of(row: ParsedRow, applications: Mapping[int, Application]) -> list[Fault]:
    check: _Row = row[CHECK]
    application = applications.get(check.application_id)
    if application is None or check.texts != _digest(application):
        return [Fault(row.line, CHECK, FaultCode.STALE_ROW)]
    altered = [
        Fault(row.line, heading, FaultCode.ALTERED_CELL, row[heading][:40])
        for heading, said in _TEXTS.items()
        if heading not in _LOOSE and row[heading] != _squeezed(said(application))
    ]
    if row[RATING] == words.SHEET_RATINGS["見送り"] and not row[COMMENT]:
        altered.append(Fault(row.line, COMMENT, FaultCode.NEEDS_VALUE, "", {"kind": words.RATINGS[row[RATING]]}))
    return altered


def _given(row: ParsedRow) -> Given:
    return Given(row[RATING], row[COMMENT], row[CHECK].seen)


def _late(line: int, why: Trouble) -> Fault:
    if why is Trouble.REASON_MISSING:
        return Fault(line, COMMENT, FaultCode.REQUIRED)
    return Fault(line, RATING, FaultCode.STALE_ROW)


def _squeezed(cell: Cell) -> str:
    """Text as it is compared: programs change breaks and blanks as they save."""
    return "".join(plain(cell).split())


def _check(need: Need, application: Application) -> str:
    row = [need.id, application.id, _digest(application), answering.stamp(application)]
    return str(_signer().dumps(row))


def _digest(application: Application) -> str:
    texts = "\n".join(said(application) for heading, said in _TEXTS.items() if heading not in _LOOSE)
    return hashlib.sha256(texts.encode()).hexdigest()[:12]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="screening-sheet")
