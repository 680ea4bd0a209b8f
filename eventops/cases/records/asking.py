"""Asking companies for the records that are missing: whom, with which words, and the letters themselves."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask
from flask_babel import force_locale, lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops import wareki
from eventops.accounts import audit
from eventops.cases.records import queries
from eventops.cases.records.models import Side
from eventops.cases.records.queries import Line
from eventops.directory.models import Organisation, Person
from eventops.errors import DomainError
from eventops.events import queries as event_queries
from eventops.events.models import Event
from eventops.mail import kinds, outbox, texts
from eventops.mail.kinds import Kind, Placeholder, Sample
from eventops.mail.models import Letter
from eventops.mail.outbox import Draft
from eventops.mail.texts import Worded
from eventops.meetings.models import MatchingRound, NeedAttendee
from eventops.meetings.timetable import letters as timetable_letters
from eventops.meetings.timetable.models import ParticipantPage
from eventops.meetings.timetable.publication import page_of
from eventops.registration.writing import wording
from eventops.settings import queries as settings_queries
from eventops.urls import absolute

LANGUAGE = "ja"
"""Readers have not said what they read, as with the timetable."""


class NobodyToAsk(DomainError):
    """Everybody has written, or nobody has met yet."""

    code = "nobody_to_ask"


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody of a company, and the meetings of which it has not written yet."""

    organisation: Organisation
    name: str
    email: str
    lines: Sequence[tuple[Side, Line]]


def init_letters(app: Flask) -> None:
    """Let staff word this letter."""
    kinds.register(app, KIND)


def whom(session: Session, event_id: int, *, now: dt.datetime) -> Sequence[Asked]:
    """Each address of a company once, in the order of names; meetings that lie ahead are not asked about."""
    missing: defaultdict[int, list[tuple[Side, Line]]] = defaultdict(list)
    lines = [one for one in queries.of_event(session, event_id) if one.meeting.starts_at <= now]
    for line in lines:
        for side in Side:
            if side not in line.records:
                missing[_organisation(side, line).id].append((side, line))
    attendees = _attendees(session, lines)
    found = [one for mine in missing.values() for one in _of_company(mine, attendees)]
    return sorted(found, key=lambda one: (one.organisation.sort_key, one.email))


def _organisation(side: Side, line: Line) -> Organisation:
    return line.application.need.organisation if side is Side.HOST else line.application.organisation


def _attendees(session: Session, lines: Sequence[Line]) -> Mapping[int, Sequence[Person]]:
    need_ids = {line.application.need_id for line in lines}
    query = select(NeedAttendee.need_id, Person).join(NeedAttendee.person).where(NeedAttendee.need_id.in_(need_ids))
    found: defaultdict[int, list[Person]] = defaultdict(list)
    for need_id, person in session.execute(query.order_by(NeedAttendee.id)):
        found[need_id].append(person)
    return found


def _of_company(mine: Sequence[tuple[Side, Line]], attendees: Mapping[int, Sequence[Person]]) -> Sequence[Asked]:
    named: dict[str, str] = {}
    for side, line in mine:
        guest = [line.application.person] if line.application.person else []
        for person in attendees.get(line.application.need_id, ()) if side is Side.HOST else guest:
            if person.email:
                named.setdefault(person.email.lower(), person.full_name)
    organisation = _organisation(*mine[0])
    return [Asked(organisation, name, email, mine) for email, name in named.items()]


def ask(session: Session, *, event_id: int, actor_id: int | None, now: dt.datetime) -> int:
    """A letter to everybody who is missing; to nobody twice on one day. How many are new."""
    found = whom(session, event_id, now=now)
    if not found:
        raise NobodyToAsk
    event = event_queries.event_for_update(session, event_id)
    day = wareki.japan_time(now).date().isoformat()
    keys = {f"record_request:{event_id}:{one.organisation.id}:{day}:{one.email}": one for one in found}
    known = set(session.scalars(select(Letter.key).where(Letter.key.in_(list(keys)))))
    new = {key: one for key, one in keys.items() if key not in known}
    for key, one in new.items():
        _put(session, event, one, one.email, key=key, now=now)
    if new:
        _note(session, event_id, len(new), actor_id, now)
    return len(new)


def _note(session: Session, event_id: int, letters: int, actor_id: int | None, now: dt.datetime) -> None:
    audit.record(
        session,
        actor_id=actor_id,
        action="records_asked",
        subject=("event", event_id),
        event_id=event_id,
        now=now,
        after={"letters": letters},
    )


def try_out(session: Session, *, event_id: int, email: str, now: dt.datetime) -> None:
    """The first of the letters, to whoever is about to send them."""
    found = whom(session, event_id, now=now)
    if not found:
        raise NobodyToAsk
    event = event_queries.event(session, event_id)
    _put(session, event, found[0], email, key=f"record_request:{event_id}:trial:{now.isoformat()}:{email}", now=now)


def _put(session: Session, event: Event, one: Asked, email: str, *, key: str, now: dt.datetime) -> None:
    said = example(session, event, one)
    draft = Draft(
        key=key,
        kind=KIND.code,
        to_name=f"{one.organisation.name} {one.name}",
        to_email=email,
        subject=said.subject,
        body=said.body,
        language=LANGUAGE,
        event_id=event.id,
        subject_kind="organisation",
        subject_id=one.organisation.id,
        is_bulk=True,
    )
    outbox.put(session, draft, now=now)


def example(session: Session, event: Event, one: Asked) -> Worded:
    """The letter as this reader gets it."""
    page = page_of(session, round_id=one.lines[0][1].application.round_id, organisation_id=one.organisation.id)
    values = _values(session, event, page, one.organisation, one.name, [_line(side, line) for side, line in one.lines])
    return texts.written(session, KIND, event_id=event.id, language=LANGUAGE, values=values)


def _line(side: Side, line: Line) -> str:
    other = line.application.organisation if side is Side.HOST else line.application.need.organisation
    return f"・{wareki.clock(line.meeting.starts_at)} {other.name}"


def _values(
    session: Session, event: Event, page: ParticipantPage, organisation: Organisation, name: str, lines: Sequence[str]
) -> dict[str, str]:
    with force_locale(LANGUAGE):
        about = wording.about_event(event, settings_queries.organiser(session), language=LANGUAGE)
    url = absolute("cases.my_records", token=timetable_letters.token_of(page))
    return {**about, "name": name, "company": organisation.name, "missing": "\n".join(lines), "records_page": url}


def _sample(session: Session, page_id: int, _language: str | None) -> Sample:
    """The letter as somebody of this company would get it if it had written nothing yet."""
    page = session.get_one(ParticipantPage, page_id)
    organisation = session.get_one(Organisation, page.organisation_id)
    event = session.get_one(MatchingRound, page.round_id).event
    lines = [_line(side, line) for side, line in queries.of_company(session, page.round_id, organisation.id)]
    person = session.scalars(
        select(Person).where(Person.organisation_id == organisation.id).order_by(Person.id)
    ).first()
    name, email = (person.full_name, person.email) if person else ("", "")
    values = _values(session, event, page, organisation, name, lines)
    return Sample(f"{organisation.name} {name}", email, LANGUAGE, values)


KIND = Kind(
    "record_request",
    lazy_gettext("面談の記録とアンケートのお願い"),
    lazy_gettext("面談のあと、職員が「記録」の画面から送ったとき"),
    "cases/letters/record_request.txt",
    (
        *wording.ABOUT_READERS,
        *wording.ABOUT_EVENTS,
        Placeholder("未記入の面談", "missing", lazy_gettext("まだ記録のない面談の時刻と相手")),
        Placeholder("記録のページ", "records_page", lazy_gettext("会社ごとの記録のページのアドレス")),
    ),
    timetable_letters.readers,
    _sample,
    (LANGUAGE,),
)
