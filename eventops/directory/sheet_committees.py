"""Sheets of committees: a line for each time that somebody belongs to one, or for a committee without people."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from eventops.directory import kana
from eventops.directory.bodies import Committee, CommitteeKind, CommitteeRole, CommitteeTerm
from eventops.directory.lookup import Lookup
from eventops.directory.models import Person
from eventops.directory.rules import membership_on, overlapping
from eventops.directory.sheets import Given, Sheet
from eventops.spreadsheets import dates, values
from eventops.spreadsheets.columns import Column, Fault, ParsedRow
from eventops.spreadsheets.plan import Change, PlannedRow
from eventops.spreadsheets.values import FaultCode

KINDS: Final = {
    "分科会": CommitteeKind.WORKING_GROUP,
    "委員会": CommitteeKind.COMMITTEE,
    "その他": CommitteeKind.CIRCLE,
}
ROLES: Final = {
    "代表": CommitteeRole.LEAD,
    "座長": CommitteeRole.LEAD,
    "委員長": CommitteeRole.LEAD,
    "副代表": CommitteeRole.DEPUTY,
    "副座長": CommitteeRole.DEPUTY,
    "副委員長": CommitteeRole.DEPUTY,
    "担当理事": CommitteeRole.DIRECTOR,
    "コアメンバー": CommitteeRole.CORE,
    "メンバー": CommitteeRole.MEMBER,
    "委員": CommitteeRole.MEMBER,
}
SHOWN_ONLY: Final = ("所属",)
"""Column of the export that is there for readers; the number or the address says who is meant, never a name."""
_OF_SOMEBODY: Final = ("name", "role", "starts_on", "ends_on")
"""Columns that make a line one about somebody, not about the committee alone."""


def _columns(known: Lookup) -> tuple[Column, ...]:
    return (
        Column("committee", ("名称", "分科会", "委員会"), values.text(max_length=120), required=True),
        Column("committee_kana", ("フリガナ", "カナ"), values.text(max_length=120), empty=""),
        Column("kind", ("種類",), values.choice(KINDS), empty=CommitteeKind.WORKING_GROUP),
        Column("person_id", ("人の番号",), known.person),
        Column("email", ("メールアドレス", "メール"), values.email(), empty=""),
        Column("role", ("役割",), values.choice(ROLES)),
        Column("starts_on", ("就任日",), dates.date()),
        Column("ends_on", ("退任日",), dates.date()),
        Column("name", ("氏名",), values.text(max_length=80)),
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """A time that is known already, or that an earlier line of the file says."""

    starts_on: dt.date
    ends_on: dt.date | None
    term: CommitteeTerm | None = None


@dataclass(slots=True)
class _Reading:
    """What is known while the lines are gone through."""

    given: Given
    committees: Mapping[str, Committee]
    by_email: Mapping[str, int]
    names: Mapping[int, str]
    spans: dict[tuple[str, int], list[_Span]]
    named: set[str]


def _plan(session: Session, rows: tuple[ParsedRow, ...], given: Given) -> tuple[list[PlannedRow], list[Fault]]:
    found = session.scalars(select(Committee).options(selectinload(Committee.terms)))
    committees = {one.name: one for one in found}
    spans: dict[tuple[str, int], list[_Span]] = {}
    for committee in committees.values():
        for term in committee.terms:
            span = _Span(term.starts_on, term.ends_on, term)
            spans.setdefault((committee.name, term.person_id), []).append(span)
    reading = _Reading(given, committees, *_people(session), spans, set(committees))
    planned: list[PlannedRow] = []
    faults: list[Fault] = []
    for row in rows:
        mine, person_id = list(_faults(row, reading)), _person(row, reading)
        faults += mine
        planned.append(_planned(row, person_id, reading))
    return planned, faults


def _people(session: Session) -> tuple[dict[str, int], dict[int, str]]:
    """Who is meant by an address that one person alone has, and what people are called."""
    query = select(Person.id, func.lower(Person.email), Person.family_name, Person.given_name)
    rows = session.execute(query.where(Person.merged_into_id.is_(None))).all()
    times = Counter(email for _id, email, *_name in rows)
    by_email = {email: person_id for person_id, email, *_name in rows if email and times[email] == 1}
    return by_email, {person_id: f"{family} {given}" for person_id, _email, family, given in rows}


def _person(row: ParsedRow, reading: _Reading) -> int | None:
    return row["person_id"] or reading.by_email.get(row["email"].lower())


def _faults(row: ParsedRow, reading: _Reading) -> Iterator[Fault]:
    headings, name = reading.given.headings, row["committee"]
    if name not in reading.named and not row["committee_kana"]:
        yield Fault(row.line, headings.get("committee_kana", "フリガナ"), FaultCode.REQUIRED)
    reading.named.add(name)
    person_id = _person(row, reading)
    if row["email"] and person_id is None:
        yield Fault(row.line, headings["email"], FaultCode.UNKNOWN_PERSON, row["email"])
    elif person_id is None and any(row[name] for name in _OF_SOMEBODY):
        yield Fault(row.line, headings.get("person_id", "人の番号"), FaultCode.NOBODY_MEANT)
    wanted = _Span(row["starts_on"] or reading.given.today, row["ends_on"])
    if wanted.ends_on is not None and wanted.ends_on <= wanted.starts_on:
        yield Fault(row.line, headings["ends_on"], FaultCode.ENDS_BEFORE_START, wanted.ends_on.isoformat())
    elif person_id is not None:
        meant = _meant(row, person_id, reading)
        known = [one for one in reading.spans.get((name, person_id), ()) if one is not meant]
        other = overlapping(known, wanted)
        if other is not None:
            details = {"other": gettext("%(day)sからの期間", day=other.starts_on.isoformat())}
            heading = headings.get("starts_on", "就任日")
            yield Fault(row.line, heading, FaultCode.OVERLAPS, wanted.starts_on.isoformat(), details)


def _meant(row: ParsedRow, person_id: int, reading: _Reading) -> _Span | None:
    """The stored time that the line is about: it begins on the same day, or holds on that day."""
    known = [one for one in reading.spans.get((row["committee"], person_id), ()) if one.term is not None]
    day = row["starts_on"] or reading.given.today
    return next((one for one in known if one.starts_on == day), None) or membership_on(known, day)


def _planned(row: ParsedRow, person_id: int | None, reading: _Reading) -> PlannedRow:
    committee = reading.committees.get(row["committee"])
    also = _committee_changes(row, committee, reading.given)
    if person_id is None:
        return PlannedRow(row.line, row["committee"], committee, {}, also, row)
    meant = _meant(row, person_id, reading)
    found: dict[str, Any] = {"person_id": person_id}
    if meant is None or "role" in reading.given:
        found["role"] = row["role"] or CommitteeRole.MEMBER
    if meant is None or row["starts_on"]:
        found["starts_on"] = row["starts_on"] or reading.given.today
    if meant is None or "ends_on" in reading.given:
        found["ends_on"] = row["ends_on"]
    _remember(row, person_id, meant, found, reading)
    label = f"{row['committee']} {reading.names.get(person_id, '')}"
    return PlannedRow(row.line, label, meant.term if meant else None, found, also, row)


def _remember(row: ParsedRow, person_id: int, meant: _Span | None, found: Mapping[str, Any], reading: _Reading) -> None:
    """Later lines are held against what this one says."""
    mine = reading.spans.setdefault((row["committee"], person_id), [])
    if meant is not None:
        mine.remove(meant)
    starts_on = found.get("starts_on") or (meant.starts_on if meant else reading.given.today)
    mine.append(_Span(starts_on, found.get("ends_on", meant.ends_on if meant else None)))


def _committee_changes(row: ParsedRow, committee: Committee | None, given: Given) -> tuple[Change, ...]:
    if committee is None:
        return ()
    stated = (
        ("committee_kana", committee.kana, kana.katakana(row["committee_kana"]) or committee.kana),
        ("kind", committee.kind, str(row["kind"]) if "kind" in given else committee.kind),
    )
    return tuple(Change(name, old, new) for name, old, new in stated if old != new)


def _write(session: Session, row: PlannedRow, _today: dt.date) -> None:
    source = row.source
    if source is None:
        return
    committee = session.scalar(select(Committee).where(Committee.name == source["committee"]))
    if committee is None:
        committee = Committee(name=source["committee"], kind=source["kind"], kana="", sort_key="", terms=[])
        session.add(committee)
    if source["committee_kana"]:
        committee.kana = kana.katakana(source["committee_kana"])
        committee.sort_key = kana.sort_key(source["committee_kana"])
    if any(change.name == "kind" for change in row.also):
        committee.kind = source["kind"]
    if row.values:
        _write_term(session, committee, row)


def _write_term(session: Session, committee: Committee, row: PlannedRow) -> None:
    term = row.existing or CommitteeTerm(committee=committee)
    for name, value in row.values.items():
        setattr(term, name, value)
    session.add(term)
    session.flush()  # the next line may be about the same committee


COMMITTEES: Final = Sheet(
    kind="committees",
    title=_("分科会・委員会"),
    columns=_columns,
    attributes={},
    plan=_plan,
    write=_write,
    ignored=frozenset(SHOWN_ONLY),
)
