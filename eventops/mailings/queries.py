"""Reads about mailings: the list of an event, and what became of one mailing's readers and letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventops.errors import NotFound
from eventops.events.models import Event
from eventops.mail.models import Letter, LetterState
from eventops.mailings.models import Mailing, MailingReader, ReaderState, ReminderPause

OTHER_EVENTS = 30


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a mailing has come, in readers and letters."""

    waiting: int
    left_out: int
    letters: Mapping[str, int]

    @property
    def readers(self) -> int:
        """Everybody who gets, got or should have got a letter."""
        return self.waiting + sum(self.letters.values())

    @property
    def under_way(self) -> int:
        return self.waiting + sum(self.letters.get(state, 0) for state in (LetterState.QUEUED, LetterState.SENDING))

    @property
    def sent(self) -> int:
        return self.letters.get(LetterState.SENT, 0)

    @property
    def kept(self) -> int:
        """Written to a file, because there was no mail server."""
        return self.letters.get(LetterState.KEPT, 0)

    @property
    def lost(self) -> int:
        return self.letters.get(LetterState.FAILED, 0) + self.letters.get(LetterState.BOUNCED, 0)


def mailing(session: Session, mailing_id: int) -> Mailing:
    found = session.get(Mailing, mailing_id)
    if found is None:
        raise NotFound
    return found


def of_event(session: Session, event_id: int) -> Sequence[Mailing]:
    """The newest first."""
    return session.scalars(select(Mailing).where(Mailing.event_id == event_id).order_by(Mailing.id.desc())).all()


def progress(session: Session, mailing_ids: Sequence[int]) -> dict[int, Progress]:
    """Of all these, in two statements."""
    readers = session.execute(
        select(MailingReader.mailing_id, MailingReader.state, func.count())
        .where(MailingReader.mailing_id.in_(mailing_ids))
        .group_by(MailingReader.mailing_id, MailingReader.state)
    )
    counts = {(number, state): int(count) for number, state, count in readers}
    letters = session.execute(
        select(Letter.mailing_id, Letter.state, func.count())
        .where(Letter.mailing_id.in_(mailing_ids))
        .group_by(Letter.mailing_id, Letter.state)
    )
    states: dict[int, dict[str, int]] = {number: {} for number in mailing_ids}
    for number, state, count in letters:
        states[number or 0][state] = int(count)
    return {
        number: Progress(
            counts.get((number, ReaderState.WAITING), 0), counts.get((number, ReaderState.LEFT_OUT), 0), states[number]
        )
        for number in mailing_ids
    }


def left_out(session: Session, mailing_id: int) -> dict[str, int]:
    """How many readers were left out, by reason."""
    rows = session.execute(
        select(MailingReader.reason, func.count())
        .where(MailingReader.mailing_id == mailing_id, MailingReader.state == ReaderState.LEFT_OUT)
        .group_by(MailingReader.reason)
    )
    return {reason: int(count) for reason, count in rows}


def lost_letters(session: Session, mailing_id: int) -> Sequence[Letter]:
    """Those that reached nobody."""
    lost = Letter.state.in_((LetterState.FAILED, LetterState.BOUNCED))
    return session.scalars(select(Letter).where(Letter.mailing_id == mailing_id, lost).order_by(Letter.id)).all()


def paused_reminders(session: Session, event_id: int) -> set[str]:
    return set(session.scalars(select(ReminderPause.kind).where(ReminderPause.event_id == event_id)))


def other_events(session: Session, event_id: int) -> dict[int, str]:
    """Events whose people may be invited to this one, the latest first."""
    others = select(Event.id, Event.title).where(Event.id != event_id, Event.published_at.is_not(None))
    rows = session.execute(others.order_by(Event.held_on.desc()).limit(OTHER_EVENTS))
    return {row.id: row.title for row in rows}


def latest_events(session: Session) -> Sequence[int]:
    """Events whose people can stand for readers of a text for all events."""
    return session.scalars(select(Event.id).order_by(Event.held_on.desc()).limit(OTHER_EVENTS)).all()
