"""Imports of a round: reading a file as one kind of sheet, planning what it would do, doing all of it or nothing."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from flask_babel.speaklater import LazyString
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.directory import lookup
from eventops.errors import NotFound
from eventops.meetings import queries, words
from eventops.meetings.models import Need
from eventops.meetings.sheets import taking_back
from eventops.meetings.sheets.exclusions import EXCLUSIONS
from eventops.meetings.sheets.limits import LIMITS, PAIRS
from eventops.meetings.sheets.places import ROOMS, SLOTS
from eventops.meetings.sheets.scope import Rows, Scope, Sheet
from eventops.meetings.sheets.wishes import APPLICATIONS, NEEDS
from eventops.spreadsheets.columns import Parsed, ParsedRow, parse_rows, present
from eventops.spreadsheets.headings import kind_of_sheet, under_headings
from eventops.spreadsheets.plan import Plan, RowState
from eventops.spreadsheets.reading import read_table
from eventops.spreadsheets.table import Table
from eventops.spreadsheets.values import folded
from eventops.uploads import Upload
from eventops.wareki import japan_time

SHEETS: Final[Mapping[str, Sheet]] = {
    sheet.kind: sheet for sheet in (ROOMS, SLOTS, NEEDS, APPLICATIONS, LIMITS, PAIRS, EXCLUSIONS)
}
"""In the order in which a round is filled."""


def sheet(kind: str) -> Sheet:
    """The kind of sheet by the name it has in addresses."""
    if kind not in SHEETS:
        raise NotFound
    return SHEETS[kind]


def headings(kind: str) -> tuple[str, ...]:
    """The headings that people are told, for an empty file to fill in."""
    return tuple(column.heading for column in sheet(kind).columns(Scope()))


def read(upload: Upload) -> Table:
    """The file as a table; it may take long, so not while others wait to write. Raises `UnreadableTable`."""
    return read_table(upload.data, filename=upload.filename)


def rather(kind: str, upload: Upload) -> Sheet | None:
    """Another kind of sheet that the file is, if it is not one of this kind."""
    found = kind_of_sheet(read(upload), {one.kind: one.columns(Scope()) for one in SHEETS.values() if one.kind != kind})
    return SHEETS[found] if found else None


def plan(session: Session, *, round_id: int, kind: str, upload: Upload) -> Plan:
    """What the file would do, with every fault in it; raises `UnreadableTable` when it is no table at all."""
    return _plan(session, _scope(session, round_id), sheet(kind), read(upload))


def carry_out(
    session: Session, *, round_id: int, kind: str, upload: Upload, actor_id: int | None, now: dt.datetime
) -> Plan:
    """The file read and written; for where nobody waits for their turn to write meanwhile."""
    return carry_out_table(session, round_id=round_id, kind=kind, table=read(upload), actor_id=actor_id, now=now)


def carry_out_table(
    session: Session, *, round_id: int, kind: str, table: Table, actor_id: int | None, now: dt.datetime
) -> Plan:
    """Judge the rows again on those that are there now, and write all of them; raises `ImportRefused` on any fault."""
    wanted, scope = sheet(kind), _scope(session, round_id)
    planned = _plan(session, scope, wanted, table)
    planned.require_clean()
    done = wanted.write(session, scope, planned, now)
    session.flush()
    taking_back.remember(session, round_id=round_id, kind=kind, done=done or (), actor_id=actor_id, now=now)
    audit.record(
        session,
        actor_id=actor_id,
        action="sheet_imported",
        subject=("matching_round", round_id),
        now=now,
        event_id=scope.round.event_id if scope.round else None,
        after={"kind": kind, **{str(state): planned.count(state) for state in RowState}},
    )
    return planned


def _scope(session: Session, round_id: int) -> Scope:
    found = queries.whole_round(session, round_id)
    needs = session.execute(select(Need.code, Need.id).where(Need.round_id == round_id))
    return Scope(
        round=found,
        held_on=japan_time(found.starts_at).date(),
        lookup=lookup.read(session),
        needs={folded(code): id_ for code, id_ in needs},
    )


def _plan(session: Session, scope: Scope, wanted: Sheet, table: Table) -> Plan:
    columns = wanted.columns(scope)
    table = under_headings(table, columns)
    parsed = parse_rows(table, columns, ignored=wanted.ignored)
    given = present(table, columns)
    planned = wanted.plan(session, scope, Rows(_readable(parsed, table.heading_line), given))
    faults = sorted((*parsed.faults, *planned.faults), key=lambda fault: fault.line)
    names = {wanted.attributes[one.field]: one.heading for one in columns if one.field in wanted.attributes}
    return Plan(tuple(planned.rows), tuple(faults), names, tuple(planned.removed))


def _readable(parsed: Parsed, heading_line: int) -> tuple[ParsedRow, ...]:
    """Rows without a fault; none at all when the headings are at fault."""
    faulty = {fault.line for fault in parsed.faults}
    if heading_line in faulty:
        return ()
    return tuple(row for row in parsed.rows if row.line not in faulty)


def shown_words() -> dict[str, LazyString]:
    """Stored values as the preview names them."""
    tables = (words.NEED_STATES, words.APPLICATION_STATES, words.RATINGS, words.LIMIT_KINDS, words.PAIR_SCOPES)
    return {str(value): word for table in tables for value, word in table.items()}
