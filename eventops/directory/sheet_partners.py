"""Sheets of partners: a line for each agreement with an organisation."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.directory.bodies import Partnership
from eventops.directory.lookup import Lookup
from eventops.directory.models import Organisation
from eventops.directory.rules import overlapping
from eventops.directory.sheets import Given, Sheet, picked
from eventops.events.models import HostRole
from eventops.spreadsheets import dates, values
from eventops.spreadsheets.columns import Column, Fault, ParsedRow
from eventops.spreadsheets.plan import PlannedRow
from eventops.spreadsheets.values import FaultCode

ROLES: Final = {
    "共催": HostRole.CO_HOST,
    "後援": HostRole.PATRON,
    "協力": HostRole.COOPERATION,
    "協賛": HostRole.SPONSOR,
}
SHOWN_ONLY: Final = ("名称",)
_ATTRIBUTES: Final = {name: name for name in ("organisation_id", "role", "starts_on", "ends_on", "note")}


_Key = tuple[int, str, dt.date]


class _Span(NamedTuple):
    """The days of an agreement."""

    starts_on: dt.date
    ends_on: dt.date | None


def _columns(known: Lookup) -> tuple[Column, ...]:
    return (
        Column("organisation_id", ("団体番号", "企業番号", "団体名"), known.organisation, required=True),
        Column("role", ("役割",), values.choice(ROLES), required=True),
        Column("starts_on", ("協定日", "開始日"), dates.date(), required=True),
        Column("ends_on", ("終了日",), dates.date()),
        Column("note", ("内容", "備考"), values.text(max_length=200), empty=""),
    )


def _plan(session: Session, rows: tuple[ParsedRow, ...], given: Given) -> tuple[list[PlannedRow], list[Fault]]:
    known = {(one.organisation_id, str(one.role), one.starts_on): one for one in session.scalars(select(Partnership))}
    names = {one.id: one.name for one in session.execute(select(Organisation.id, Organisation.name))}
    planned = [_planned(row, known.get(_key(row)), given, names) for row in rows]
    impossible = [fault for row in rows for fault in _faults(row, given)]
    return planned, impossible or [*_twice(rows, given), *_overlaps(rows, known, given)]


def _key(row: ParsedRow) -> _Key:
    return row["organisation_id"], str(row["role"]), row["starts_on"]


def _planned(row: ParsedRow, existing: Partnership | None, given: Given, names: Mapping[int, str]) -> PlannedRow:
    label = f"{names[row['organisation_id']]} {row['starts_on']}"
    return PlannedRow(row.line, label, existing, picked(row, _ATTRIBUTES, given), source=row)


def _faults(row: ParsedRow, given: Given) -> list[Fault]:
    since, until = row["starts_on"], row["ends_on"]
    if until is None or since < until:
        return []
    return [Fault(row.line, given.headings["ends_on"], FaultCode.ENDS_BEFORE_START, until.isoformat())]


def _twice(rows: tuple[ParsedRow, ...], given: Given) -> list[Fault]:
    first: dict[_Key, int] = {}
    heading = given.headings["starts_on"]
    return [
        Fault(row.line, heading, FaultCode.DUPLICATE_VALUE, row["starts_on"].isoformat(), {"first": first[_key(row)]})
        for row in rows
        if first.setdefault(_key(row), row.line) != row.line
    ]


def _overlaps(rows: tuple[ParsedRow, ...], known: Mapping[_Key, Partnership], given: Given) -> Iterator[Fault]:
    """Held against everything that would be there afterwards, whatever the order of the lines."""
    after = {key: _Span(key[2], one.ends_on) for key, one in known.items()}
    said = {_key(row): row["ends_on"] for row in rows if "ends_on" in given or _key(row) not in after}
    after |= {key: _Span(key[2], ends_on) for key, ends_on in said.items()}
    for row in rows:
        key = _key(row)
        others = [span for one, span in after.items() if one[:2] == key[:2] and one != key]
        met = overlapping(others, after[key])
        if met is not None:
            details = {"other": gettext("%(day)sからの期間", day=met.starts_on.isoformat())}
            yield Fault(row.line, given.headings["starts_on"], FaultCode.OVERLAPS, key[2].isoformat(), details)


def _write(session: Session, row: PlannedRow, _today: dt.date) -> None:
    partnership = row.existing or Partnership()
    for name, value in row.values.items():
        setattr(partnership, name, value)
    session.add(partnership)


PARTNERS: Final = Sheet(
    kind="partners",
    title=_("連携先"),
    columns=_columns,
    attributes=_ATTRIBUTES,
    plan=_plan,
    write=_write,
    ignored=frozenset(SHOWN_ONLY),
)
