"""Imports of the directory: what a file would do to it, and doing all of it or nothing, as an act to take back."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from eventops import clock
from eventops.accounts import audit
from eventops.directory import acts, lookup, vocabulary
from eventops.directory.lookup import Lookup
from eventops.directory.models import ActKind
from eventops.directory.sheet_committees import COMMITTEES
from eventops.directory.sheet_organisations import ORGANISATIONS
from eventops.directory.sheet_partners import PARTNERS
from eventops.directory.sheet_people import PEOPLE
from eventops.directory.sheets import Given, Sheet
from eventops.errors import NotFound
from eventops.spreadsheets.columns import parse_rows, present
from eventops.spreadsheets.headings import kind_of_sheet, under_headings
from eventops.spreadsheets.plan import Plan, RowState
from eventops.spreadsheets.reading import read_table
from eventops.spreadsheets.table import Table
from eventops.uploads import Upload

SHEETS: Final[Mapping[str, Sheet]] = {sheet.kind: sheet for sheet in (ORGANISATIONS, PEOPLE, COMMITTEES, PARTNERS)}


def sheet(kind: str) -> Sheet:
    if kind not in SHEETS:
        raise NotFound
    return SHEETS[kind]


def headings(kind: str) -> tuple[str, ...]:
    """The headings that people are told, for an empty file to fill in."""
    return tuple(column.heading for column in sheet(kind).columns(Lookup()))


def read(upload: Upload) -> Table:
    """The file as a table; it may take long, so not while others wait to write. Raises `UnreadableTable`."""
    return read_table(upload.data, filename=upload.filename)


def plan(session: Session, *, kind: str, upload: Upload, today: dt.date) -> Plan:
    """What the file would do, with every fault in it; raises `UnreadableTable` when it is no table at all."""
    return _plan(session, kind, read(upload), today)


def _plan(session: Session, kind: str, whole: Table, today: dt.date) -> Plan:
    wanted = sheet(kind)
    columns = wanted.columns(lookup.read(session))
    table = under_headings(whole, columns)
    parsed = parse_rows(table, columns, ignored=wanted.ignored)
    given = present(table, columns)
    faulty = {fault.line for fault in parsed.faults}
    readable = () if table.heading_line in faulty else tuple(row for row in parsed.rows if row.line not in faulty)
    shown = {wanted.attributes.get(column.field, column.field): column.heading for column in columns}
    planned, faults = wanted.plan(session, readable, Given(given, today))
    return Plan(tuple(planned), tuple(sorted((*parsed.faults, *faults), key=lambda fault: fault.line)), shown)


def rather(kind: str, upload: Upload) -> Sheet | None:
    """Another kind of sheet that the file is, if it is not one of this kind."""
    found = kind_of_sheet(
        read(upload), {one.kind: one.columns(Lookup()) for one in SHEETS.values() if one.kind != kind}
    )
    return SHEETS[found] if found else None


def carry_out(session: Session, *, kind: str, upload: Upload, actor_id: int | None, now: dt.datetime) -> Plan:
    """The file read and written; for where nobody waits for their turn to write meanwhile."""
    return carry_out_table(session, kind=kind, table=read(upload), filename=upload.filename, actor_id=actor_id, now=now)


def carry_out_table(
    session: Session, *, kind: str, table: Table, filename: str, actor_id: int | None, now: dt.datetime
) -> Plan:
    """Judge the rows again on those that are there now, and write all of them; raises `ImportRefused` on any fault."""
    today = now.astimezone(clock.TOKYO).date()
    planned = _plan(session, kind, table, today)
    planned.require_clean()
    counts = {str(state): planned.count(state) for state in RowState}
    summary = {"kind": kind, "file": filename[:200], **counts}
    with acts.recorded(session, ActKind.IMPORT, summary=summary, actor_id=actor_id, now=now):
        for row in planned.rows:
            sheet(kind).write(session, row, today)
    audit.record(
        session,
        actor_id=actor_id,
        action="sheet_imported",
        subject=("directory", None),
        now=now,
        after={"kind": kind, **counts},
    )
    return planned


def shown_words() -> dict[str, LazyString]:
    """Stored values as the preview names them."""
    tables = (
        vocabulary.CATEGORIES,
        vocabulary.SIZES,
        vocabulary.COMMITTEE_KINDS,
        vocabulary.COMMITTEE_ROLES,
        vocabulary.PARTNER_ROLES,
    )
    return {str(value): word for table in tables for value, word in table.items()}
