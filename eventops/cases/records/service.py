"""Writing down what a side says of a meeting; by its own link or by staff for it. Never commits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.cases.records import queries
from eventops.cases.records.models import MeetingRecord, Side
from eventops.directory import consents
from eventops.directory.consents import Word
from eventops.directory.models import ConsentPurpose, ConsentSource, Person
from eventops.errors import DomainError
from eventops.meetings.models import Application
from eventops.registration import host_words


class NotMetYet(DomainError):
    """The meeting lies ahead."""

    code = "not_met_yet"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a side says."""

    satisfaction: int
    continuation: str
    wants_second: bool = False
    comment: str = ""
    talked: str = ""
    next_step: str = ""
    next_on: dt.date | None = None
    fit: int | None = None
    length: str = ""
    person_id: int | None = None


def save(
    session: Session,
    *,
    application_id: int,
    side: Side,
    answers: Answers,
    now: dt.datetime,
    staff_id: int | None = None,
) -> MeetingRecord:
    """The side's record as it says now; once the meeting has begun."""
    meeting = queries.meeting(session, application_id)
    if now < meeting.starts_at:
        raise NotMetYet
    session.execute(select(Application.id).where(Application.id == application_id).with_for_update())
    record = queries.of_meeting(session, application_id).get(side)
    if record is None:
        record = MeetingRecord(application_id=application_id, side=side, entered_at=now, entered_by_id=staff_id)
        session.add(record)
    for name, value in asdict(answers).items():
        setattr(record, name, value)
    record.changed_at = now
    session.flush()  # whoever counts next sees it
    _note(session, record, meeting.timetable.round.event_id, staff_id, now)
    return record


def _note(session: Session, record: MeetingRecord, event_id: int, staff_id: int | None, now: dt.datetime) -> None:
    """That somebody wrote, never what: the words are for few."""
    audit.record(
        session,
        actor_id=staff_id,
        action="meeting_recorded",
        subject=("application", record.application_id),
        event_id=event_id,
        now=now,
        after={"side": record.side},
    )


def agree_to_share(
    session: Session,
    *,
    person_id: int,
    event_id: int,
    hosts: Sequence[str],
    day: dt.date,
    text: str = "",
    language: str = "",
    staff_id: int | None = None,
) -> None:
    """Somebody says in the questionnaire that these hosts may be given their name; an empty box says nothing."""
    person = session.get_one(Person, person_id, with_for_update=True)
    source = ConsentSource.PAPER if staff_id else ConsentSource.FORM
    for host in hosts:
        word = Word(
            source,
            day,
            recorded_by_id=staff_id,
            event_id=event_id,
            host_name=host,
            text=text,
            language=language,
            version=host_words.mark_of(text) if text else "",
        )
        consents.give(person, ConsentPurpose.SHARE, word)
