"""Sheets of what participants stated about time and tables, and of those to be kept apart."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.meetings import rules, words
from eventops.meetings.models import CompetitorPair, LimitKind, ParticipantLimit
from eventops.meetings.sheets import taking_back
from eventops.meetings.sheets.scope import Planned, Rows, Scope, Sheet
from eventops.meetings.timetable.edits import Edit, Kind
from eventops.spreadsheets import dates, values
from eventops.spreadsheets.columns import Column, Fault, ParsedRow
from eventops.spreadsheets.plan import Plan, PlannedRow
from eventops.spreadsheets.values import FaultCode

_WITHOUT_COLUMN: Final = {"value": "数", "time_from": "開始", "time_to": "終了"}


def _limit_columns(scope: Scope) -> tuple[Column, ...]:
    return (
        Column("org_id", ("団体番号", "企業番号", "団体名", "企業名"), scope.lookup.organisation, required=True),
        Column("kind", ("種類",), values.choice(words.SHEET_LIMITS), required=True),
        Column("value", ("数", "値"), values.integer(minimum=1, maximum=99)),
        Column("time_from", ("開始", "から"), dates.time()),
        Column("time_to", ("終了", "まで"), dates.time()),
        Column("hard", ("必須", "必ず"), values.yes_no(), empty=True),
        Column("note", ("備考", "理由"), values.text(max_length=300), empty=""),
    )


_LIMIT_ATTRIBUTES: Final = {
    "org_id": "organisation_id",
    "kind": "kind",
    "value": "value",
    "time_from": "time_from",
    "time_to": "time_to",
    "hard": "is_hard",
    "note": "note",
}


def _plan_limits(session: Session, scope: Scope, rows: Rows) -> Planned:
    known: defaultdict[tuple[int, str], list[ParticipantLimit]] = defaultdict(list)
    query = select(ParticipantLimit).where(ParticipantLimit.round_id == scope.round_id).order_by(ParticipantLimit.id)
    for limit in session.scalars(query):
        known[limit.organisation_id, limit.kind].append(limit)
    planned = []
    faults: list[Fault] = []
    seen: Counter[tuple[int, str]] = Counter()
    for row in rows.rows:
        key = (row["org_id"], row["kind"])
        existing = known[key][seen[key]] if seen[key] < len(known[key]) else None
        seen[key] += 1
        planned.append(_planned_limit(scope, rows, row, existing))
        faults += _limit_faults(rows, row)
    return Planned(planned, faults)


def _planned_limit(scope: Scope, rows: Rows, row: ParsedRow, existing: ParticipantLimit | None) -> PlannedRow:
    picked = rows.picked(row, _LIMIT_ATTRIBUTES)
    for name in {"time_from", "time_to"} & picked.keys():
        picked[name] = scope.moment(picked[name])
    who = scope.lookup.organisation_words.get(row["org_id"], "")
    return PlannedRow(row.line, f"{who} {words.LIMIT_KINDS[row['kind']]}", existing, picked)


def _limit_faults(rows: Rows, row: ParsedRow) -> Iterator[Fault]:
    kind: LimitKind = row["kind"]
    for name in rules.LIMIT_NEEDS[kind]:
        if row[name] is None:
            details = {"kind": str(words.LIMIT_KINDS[kind])}
            yield Fault(row.line, rows.present.get(name, _WITHOUT_COLUMN[name]), FaultCode.NEEDS_VALUE, details=details)
    start, end = row["time_from"], row["time_to"]
    if start is not None and end is not None and end <= start:
        yield Fault(row.line, rows.present["time_to"], FaultCode.ENDS_BEFORE_START, f"{start:%H:%M}–{end:%H:%M}")


def _write_limits(session: Session, scope: Scope, plan: Plan, now: dt.datetime) -> Sequence[Edit]:
    return taking_back.write(session, plan, Kind.LIMIT, round_id=scope.round_id, is_hard=True, in_use=True, note="")


def _pair_columns(scope: Scope) -> tuple[Column, ...]:
    return (
        Column("org_id_a", ("団体番号A", "企業A"), scope.lookup.organisation, required=True),
        Column("org_id_b", ("団体番号B", "企業B"), scope.lookup.organisation, required=True),
        Column("scope", ("避けること", "範囲"), values.choice(words.SHEET_SCOPES), required=True),
        Column("need_id", ("ニーズ番号",), scope.need),
        Column("hard", ("必須", "必ず"), values.yes_no(), empty=False),
        Column("note", ("備考", "理由"), values.text(max_length=300), empty=""),
    )


_PAIR_ATTRIBUTES: Final = {
    "org_id_a": "first_id",
    "org_id_b": "second_id",
    "scope": "scope",
    "need_id": "need_id",
    "hard": "is_hard",
    "note": "note",
}

PairKey = tuple[frozenset[int], str, int | None]


def _plan_pairs(session: Session, scope: Scope, rows: Rows) -> Planned:
    query = select(CompetitorPair).where(CompetitorPair.round_id == scope.round_id)
    known: dict[PairKey, CompetitorPair] = {
        (frozenset((pair.first_id, pair.second_id)), pair.scope, pair.need_id): pair for pair in session.scalars(query)
    }
    planned = [_planned_pair(scope, rows, row, known) for row in rows.rows]
    found = [fault for row in rows.rows for fault in _pair_faults(scope, rows, row)]
    return Planned(planned, [*_repeated_pairs(scope, rows), *found])


def _key(row: ParsedRow) -> PairKey:
    """The same whichever of the two comes first."""
    return frozenset((row["org_id_a"], row["org_id_b"])), row["scope"], row["need_id"]


def _planned_pair(scope: Scope, rows: Rows, row: ParsedRow, known: dict[PairKey, CompetitorPair]) -> PlannedRow:
    existing = known.get(_key(row))
    picked = rows.picked(row, _PAIR_ATTRIBUTES)
    if existing is not None:
        picked |= {"first_id": existing.first_id, "second_id": existing.second_id}
    return PlannedRow(row.line, _both(scope, row), existing, picked)


def _both(scope: Scope, row: ParsedRow) -> str:
    return " × ".join(scope.lookup.organisation_words.get(row[name], "") for name in ("org_id_a", "org_id_b"))


def _repeated_pairs(scope: Scope, rows: Rows) -> Iterator[Fault]:
    first: dict[PairKey, int] = {}
    for row in rows.rows:
        line = first.setdefault(_key(row), row.line)
        if line != row.line:
            details = {"first": line}
            yield Fault(row.line, rows.present["org_id_b"], FaultCode.DUPLICATE_VALUE, _both(scope, row), details)


def _pair_faults(scope: Scope, rows: Rows, row: ParsedRow) -> Iterator[Fault]:
    if row["org_id_a"] == row["org_id_b"]:
        who = scope.lookup.organisation_words.get(row["org_id_a"], "")
        yield Fault(row.line, rows.present["org_id_b"], FaultCode.SAME_TWICE, who)


def _write_pairs(session: Session, scope: Scope, plan: Plan, now: dt.datetime) -> Sequence[Edit]:
    return taking_back.write(session, plan, Kind.PAIR, round_id=scope.round_id, need_id=None, is_hard=False, note="")


LIMITS: Final = Sheet(
    kind="limits",
    title=_("都合"),
    columns=_limit_columns,
    attributes=_LIMIT_ATTRIBUTES,
    plan=_plan_limits,
    write=_write_limits,
)
PAIRS: Final = Sheet(
    kind="pairs",
    title=_("競合"),
    columns=_pair_columns,
    attributes=_PAIR_ATTRIBUTES,
    plan=_plan_pairs,
    write=_write_pairs,
)
