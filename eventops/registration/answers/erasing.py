"""Notes about health are erased some days after the event: when, what, and that it was done."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from eventops import wareki
from eventops.accounts import audit
from eventops.events.models import Event, Part
from eventops.questions.models import Answer, Erasure, Question
from eventops.registration.models import Attendee, Registration

DIETARY, ACCOMMODATION = "食事の配慮", "配慮のご希望"
_NOTES = {DIETARY: "dietary_need", ACCOMMODATION: "accommodation_request"}


def erase_on(event: Event) -> dt.date:
    """The day from which nothing sensitive is kept."""
    last = max((wareki.japan_date(part.ends_at) for part in event.parts), default=event.held_on)
    return last + dt.timedelta(event.sensitive_days)


def due(session: Session, *, today: dt.date) -> Sequence[int]:
    """Events that are over for long enough and still have something sensitive."""
    events = session.execute(
        select(Event.id, Event.held_on, Event.sensitive_days, func.max(Part.ends_at))
        .outerjoin(Part, Part.event_id == Event.id)
        .where(Event.held_on < today, or_(_has_notes(), _has_answers()))
        .group_by(Event.id)
    )
    return [
        event_id
        for event_id, held_on, days, ends_at in events
        if (wareki.japan_date(ends_at) if ends_at else held_on) + dt.timedelta(days) <= today
    ]


def _has_notes() -> ColumnElement[bool]:
    return (
        select(Attendee.id)
        .join(Registration, Registration.id == Attendee.registration_id)
        .where(Registration.event_id == Event.id, or_(*(getattr(Attendee, name) != "" for name in _NOTES.values())))
        .exists()
    )


def _has_answers() -> ColumnElement[bool]:
    questions = select(Answer.id).join(Question, Question.id == Answer.question_id)
    return questions.where(Question.event_id == Event.id, Question.is_sensitive).exists()


def erase(session: Session, *, event_id: int, now: dt.datetime) -> int:
    """Erase an event's sensitive answers and notes; how many. Kept is only of what, how many and when."""
    counts = _erase_answers(session, event_id) | _erase_notes(session, event_id)
    for subject, count in counts.items():
        session.add(Erasure(event_id=event_id, subject=subject, count=count, erased_at=now))
    if counts:
        audit.record(
            session,
            actor_id=None,
            action="sensitive_erased",
            subject=("event", event_id),
            event_id=event_id,
            now=now,
            after={"counts": counts},
        )
    return sum(counts.values())


def _erase_answers(session: Session, event_id: int) -> dict[str, int]:
    rows = session.execute(
        select(Question.id, Question.label, func.count(Answer.id))
        .join(Answer, Answer.question_id == Question.id)
        .where(Question.event_id == event_id, Question.is_sensitive)
        .group_by(Question.id, Question.label)
        .order_by(Question.position)
    ).all()
    session.execute(delete(Answer).where(Answer.question_id.in_([row.id for row in rows])))
    counts: dict[str, int] = {}
    for _question_id, label, count in rows:
        counts[label] = counts.get(label, 0) + int(count)
    return counts


def _erase_notes(session: Session, event_id: int) -> dict[str, int]:
    of_event = Attendee.registration_id.in_(select(Registration.id).where(Registration.event_id == event_id))
    counts: dict[str, int] = {}
    for subject, name in _NOTES.items():
        column = getattr(Attendee, name)
        where = (of_event, column != "")
        found = session.scalar(select(func.count(Attendee.id)).where(*where)) or 0
        if found:
            session.execute(update(Attendee).where(*where).values({name: ""}))
            counts[subject] = int(found)
    return counts


def erasures(session: Session, event_id: int) -> Sequence[Erasure]:
    """What was erased, the latest first."""
    query = select(Erasure).where(Erasure.event_id == event_id)
    return session.scalars(query.order_by(Erasure.erased_at.desc(), Erasure.id)).all()
