"""The sheet of those whom companies do not meet: existing suppliers, affiliates, trading firms, competitors."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.meetings import words
from eventops.meetings.models import Exclusion, Need
from eventops.meetings.sheets import taking_back
from eventops.meetings.sheets.scope import Planned, Rows, Scope, Sheet
from eventops.meetings.timetable.edits import Edit, Kind
from eventops.spreadsheets import values
from eventops.spreadsheets.columns import Column, Fault, ParsedRow
from eventops.spreadsheets.plan import Plan, PlannedRow
from eventops.spreadsheets.values import FaultCode

_Pair = tuple[int, int]
_ORGANISATION: Final = ("会わない団体", "団体番号", "企業番号", "団体名", "企業名")


def _columns(scope: Scope) -> tuple[Column, ...]:
    return (
        Column("need_id", ("ニーズ番号",), scope.need, required=True),
        Column("org_id", _ORGANISATION, scope.lookup.organisation, required=True),
        Column("kind", ("区分", "種類"), values.choice(words.READ_EXCLUSIONS), required=True),
        Column("note", ("備考", "理由"), values.text(max_length=180), empty=""),
    )


def _plan(session: Session, scope: Scope, rows: Rows) -> Planned:
    query = select(Exclusion).join(Exclusion.need).where(Need.round_id == scope.round_id)
    known = {(one.need_id, one.organisation_id): one for one in session.scalars(query)}
    owners = {
        one.id: one.organisation_id for one in session.scalars(select(Need).where(Need.round_id == scope.round_id))
    }
    planned = [_planned(scope, rows, row, known.get(_pair(row))) for row in rows.rows]
    return Planned(planned, [*_repeated(scope, rows), *_own(scope, rows, owners)])


def _pair(row: ParsedRow) -> _Pair:
    return row["need_id"], row["org_id"]


def _planned(scope: Scope, rows: Rows, row: ParsedRow, existing: Exclusion | None) -> PlannedRow:
    picked = {"need_id": row["need_id"], "organisation_id": row["org_id"], "reason": _reason(rows, row, existing)}
    return PlannedRow(row.line, f"{_need(scope, row)} × {_who(scope, row)}", existing, picked)


def _reason(rows: Rows, row: ParsedRow, existing: Exclusion | None) -> str:
    """The kind first, as the form keeps it; a sheet without remarks leaves those that are known."""
    said = row["note"]
    if existing is not None and "note" not in rows.present:
        said = existing.reason.partition(": ")[2]
    return f"{row['kind']}: {said}" if said else row["kind"]


def _need(scope: Scope, row: ParsedRow) -> str:
    return next(code for code, need_id in scope.needs.items() if need_id == row["need_id"]).upper()


def _who(scope: Scope, row: ParsedRow) -> str:
    return scope.lookup.organisation_words.get(row["org_id"], "")


def _repeated(scope: Scope, rows: Rows) -> Iterator[Fault]:
    first: dict[_Pair, int] = {}
    for row in rows.rows:
        line = first.setdefault(_pair(row), row.line)
        if line != row.line:
            details = {"first": line}
            yield Fault(row.line, rows.present["org_id"], FaultCode.DUPLICATE_VALUE, _who(scope, row), details)


def _own(scope: Scope, rows: Rows, owners: Mapping[int, int]) -> Iterator[Fault]:
    for row in rows.rows:
        if owners.get(row["need_id"]) == row["org_id"]:
            yield Fault(row.line, rows.present["org_id"], FaultCode.OWN_COMPANY, _who(scope, row))


def _write(session: Session, scope: Scope, plan: Plan, now: dt.datetime) -> Sequence[Edit]:
    return taking_back.write(session, plan, Kind.EXCLUSION)


EXCLUSIONS: Final = Sheet(
    kind="exclusions",
    title=_("対象外の団体"),
    columns=_columns,
    attributes={"need_id": "need_id", "org_id": "organisation_id", "note": "reason"},
    plan=_plan,
    write=_write,
)
