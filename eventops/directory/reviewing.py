"""Names that mean some organisation: those of a sheet, and those that features above could not place by themselves.

What is certain is decided at once; everything else waits for a person, and is an act that can be taken back.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventops.accounts import audit
from eventops.database import Base
from eventops.directory import acts, kana, lookup, names
from eventops.directory.models import (
    ActKind,
    CaseState,
    NameCase,
    Organisation,
    OrganisationCategory,
    OrganisationSize,
)
from eventops.directory.names import Decision, Match, Reason
from eventops.errors import DomainError, NotFound, Stale
from eventops.spreadsheets import values
from eventops.spreadsheets.columns import Column, Fault, parse_rows
from eventops.spreadsheets.plan import ImportRefused
from eventops.spreadsheets.reading import read_table
from eventops.spreadsheets.table import Cell
from eventops.uploads import Upload

LONGEST: Final = 160


def _as_typed(cell: Cell) -> str:
    """Checked like any text, but kept with the blanks that somebody typed."""
    values.text(max_length=LONGEST)(cell)
    return values.plain(cell).strip()[:LONGEST]


COLUMNS: Final = (Column("raw", ("社名", "会社名", "団体名", "企業名", "名称"), _as_typed, required=True),)
PAGE: Final = 50


class NotACandidate(DomainError):
    """An organisation that is not there, or was merged into another."""

    code = "not_a_candidate"


@dataclass(frozen=True, slots=True)
class Judged:
    """A line of a sheet with what its name means."""

    line: int
    raw: str
    match: Match[int]

    @property
    def is_bank(self) -> bool:
        return self.match.reason is Reason.BANK_READING


@dataclass(frozen=True, slots=True)
class NamesPlan:
    """A whole sheet of names."""

    rows: Sequence[Judged]
    faults: Sequence[Fault]

    def count(self, decision: Decision, *, bank: bool = False) -> int:
        return sum(row.match.decision is decision and row.is_bank is bank for row in self.rows)


def plan(session: Session, upload: Upload) -> NamesPlan:
    """What every name of the sheet means; raises `UnreadableTable` when it is no table at all."""
    table = read_table(upload.data, filename=upload.filename)
    parsed = parse_rows(table, COLUMNS, ignored=table.headings)  # only the names are of interest
    register = lookup.read(session).register
    if parsed.faults:
        return NamesPlan((), parsed.faults)
    rows = [Judged(row.line, row["raw"], register.match(row["raw"])) for row in parsed.rows]
    return NamesPlan(rows, ())


def carry_out(session: Session, upload: Upload, *, actor_id: int | None, now: dt.datetime) -> NamesPlan:
    """Keep the names: certain ones with their organisation, the others to be looked at."""
    planned = plan(session, upload)
    if planned.faults:
        raise ImportRefused(count=len(planned.faults))
    summary = {"kind": "names", "file": upload.filename[:200], "new": len(planned.rows)}
    with acts.recorded(session, ActKind.NAMES, summary=summary, actor_id=actor_id, now=now):
        session.add_all(_case(row, now) for row in planned.rows)
    subject = ("directory", None)
    audit.record(session, actor_id=actor_id, action="sheet_imported", subject=subject, now=now, after=summary)
    return planned


def _case(row: Judged, now: dt.datetime) -> NameCase:
    found = row.match.id
    return NameCase(
        line=row.line,
        raw=row.raw,
        state=CaseState.OPEN if found is None else CaseState.AUTO,
        reason=row.match.reason,
        organisation_id=found,
        decided_at=None if found is None else now,
    )


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A company name that a feature above has rows for, without an organisation."""

    raw: str
    kana: str
    rows: int
    url: str


@dataclass(frozen=True, slots=True)
class NameSource:
    """A table of a feature above whose rows name a company.

    `moves` are the rows of a name that are still without an organisation, and what each is given with it.
    """

    table: str
    unplaced: Callable[[Session], Sequence[Unplaced]]
    moves: Callable[[Session, str, Organisation], Mapping[int, Mapping[str, Any]]]
    note: Callable[[Session, Collection[int], int, dt.datetime], None]
    """Told which rows were given an organisation, by whom and when, for their own history."""


SOURCES: Final[dict[str, NameSource]] = {}


@dataclass(frozen=True, slots=True)
class Question:
    """A name to decide, with the organisations that it may mean, the closest first. `key` names it in forms."""

    key: str
    raw: str
    kana: str
    rows: int
    url: str
    reason: Reason
    candidates: Sequence[Organisation]


def questions(session: Session) -> list[Question]:
    """Everything that waits for a person: sheets first, in their order, then names from the features above."""
    register = lookup.read(session).register
    cases = session.scalars(select(NameCase).where(NameCase.state == CaseState.OPEN).order_by(NameCase.id)).all()
    asked = [(f"case:{case.id}", Unplaced(case.raw, "", 1, ""), register.match(case.raw)) for case in cases]
    aside = set(session.scalars(select(NameCase.raw).where(NameCase.state == CaseState.ASIDE)))
    for name, source in SOURCES.items():
        for one in source.unplaced(session):
            if one.raw not in aside:
                asked.append((f"{name}:{one.raw}", one, register.match(one.raw)))
    ids = {found for _, _, match in asked for found in match.ids}
    query = select(Organisation).where(Organisation.id.in_(ids)).options(selectinload(Organisation.memberships))
    known = {one.id: one for one in session.scalars(query)}
    return [
        Question(key, one.raw, one.kana, one.rows, one.url, match.reason, [known[found] for found in match.ids])
        for key, one, match in asked
    ]


def open_count(session: Session) -> int:
    """How many names of sheets wait."""
    return session.scalar(select(func.count(NameCase.id)).where(NameCase.state == CaseState.OPEN)) or 0


def decided(session: Session, *, limit: int = PAGE) -> Sequence[NameCase]:
    """What was decided about names of sheets, the latest first."""
    query = select(NameCase).where(NameCase.state.in_((CaseState.SETTLED, CaseState.AUTO)))
    loading = (joinedload(NameCase.organisation), joinedload(NameCase.decided_by))
    return session.scalars(query.options(*loading).order_by(NameCase.id.desc()).limit(limit)).all()


def settle(session: Session, *, key: str, organisation_id: int, actor_id: int, now: dt.datetime) -> int:
    """Somebody has said which organisation the name means; the id of the act."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None or organisation.merged_into_id is not None:
        raise NotACandidate
    summary = {"raw": _raw(session, key), "organisation": organisation.name}
    with acts.recorded(session, ActKind.SETTLE, summary=summary, actor_id=actor_id, now=now) as recording:
        _place(session, recording, key, organisation_id, actor_id, now)
    _note(session, organisation_id, summary, actor_id, now)
    return recording.act.id


def make_new(session: Session, *, key: str, kana_name: str, actor_id: int, now: dt.datetime) -> int:
    """The name is that of an organisation that is not in the directory yet; the id of the act."""
    raw = _raw(session, key)
    reading = kana.katakana(kana_name)
    made = Organisation(
        name=raw,
        kana=reading,
        sort_key=kana.sort_key(reading),
        match_core=names.parse(raw).core,
        category=OrganisationCategory.CORPORATION,
        size=OrganisationSize.OTHER,
    )
    summary = {"raw": raw, "organisation": raw, "is_new": True}
    with acts.recorded(session, ActKind.SETTLE, summary=summary, actor_id=actor_id, now=now) as recording:
        session.add(made)
        session.flush()  # the rows refer to its id
        _place(session, recording, key, made.id, actor_id, now)
    _note(session, made.id, summary, actor_id, now)
    return recording.act.id


def put_aside(session: Session, *, key: str, actor_id: int, now: dt.datetime) -> int:
    """The name need not be placed: a private person, a test, a mistake; the id of the act."""
    raw = _raw(session, key)
    with acts.recorded(session, ActKind.SETTLE, summary={"raw": raw}, actor_id=actor_id, now=now) as recording:
        kind, _, rest = key.partition(":")
        case = _case_of(session, rest) if kind == "case" else NameCase(raw=raw, state=CaseState.ASIDE)
        case.state, case.decided_by_id, case.decided_at = CaseState.ASIDE, actor_id, now
        session.add(case)
    return recording.act.id


def _place(
    session: Session, recording: acts.Recording, key: str, organisation_id: int, actor_id: int, now: dt.datetime
) -> None:
    kind, _, rest = key.partition(":")
    if kind == "case":
        case = _case_of(session, rest)
        case.state, case.organisation_id = CaseState.SETTLED, organisation_id
        case.decided_by_id, case.decided_at = actor_id, now
        return
    source = _source(kind)
    moves = source.moves(session, rest, session.get_one(Organisation, organisation_id))
    if not moves:
        raise Stale
    for row_id, given in moves.items():
        recording.move(session, Base.metadata.tables[source.table], row_id, given)
    source.note(session, moves, actor_id, now)


def _raw(session: Session, key: str) -> str:
    kind, _, rest = key.partition(":")
    if kind != "case":
        _source(kind)  # a made-up kind is not found
        return rest[:LONGEST]
    return _case_of(session, rest).raw


def _source(kind: str) -> NameSource:
    if kind not in SOURCES:
        raise NotFound
    return SOURCES[kind]


def _case_of(session: Session, text: str) -> NameCase:
    if not text.isdecimal() or len(text) > 9:
        raise NotFound
    case = session.scalar(select(NameCase).where(NameCase.id == int(text)).with_for_update())
    if case is None:
        raise NotFound
    if case.state != CaseState.OPEN:
        raise Stale
    return case


def _note(
    session: Session, organisation_id: int, summary: Mapping[str, object], actor_id: int, now: dt.datetime
) -> None:
    subject = ("organisation", organisation_id)
    audit.record(session, actor_id=actor_id, action="name_settled", subject=subject, now=now, after=summary)
