"""What staff do with mailings: write a draft, send it to exactly those they saw, stop it. Never commits."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.errors import DomainError, NotFound
from eventops.events import queries as event_queries
from eventops.mail import service as mail_service
from eventops.mailings import audience as audiences
from eventops.mailings.audience import Audience
from eventops.mailings.models import (
    Mailing,
    MailingKind,
    MailingReader,
    MailingState,
    ReaderState,
    ReminderPause,
)
from eventops.mailings.rules import Candidate, LeftOut, Selection


class NotADraft(DomainError):
    """The mailing was sent already."""

    code = "mailing_not_draft"


class NotUnderWay(DomainError):
    """There is nothing to stop."""

    code = "mailing_not_under_way"


class ReadersChanged(DomainError):
    """Somebody applied or cancelled since staff looked."""

    code = "mailing_readers_changed"


class NobodyToWriteTo(DomainError):
    """The filter finds nobody who may be written to."""

    code = "mailing_nobody"


@dataclass(frozen=True, slots=True)
class Words:
    """What a mailing says in both languages; empty English means Japanese for all."""

    subject: str
    body: str
    subject_en: str = ""
    body_en: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A mailing as staff type it."""

    kind: MailingKind
    words: Words
    audience: Audience
    with_calendar: bool = False


def draft(session: Session, plan: Plan, *, event_id: int, actor_id: int, now: dt.datetime) -> Mailing:
    """Keep what staff typed; nothing is sent."""
    mailing = Mailing(event_id=event_id, created_at=now, created_by_id=actor_id, state=MailingState.DRAFT)
    _write(mailing, plan, now)
    session.add(mailing)
    _note(session, mailing, "mailing_saved", actor_id=actor_id, now=now)
    return mailing


def change(session: Session, plan: Plan, *, mailing_id: int, actor_id: int, now: dt.datetime) -> Mailing:
    mailing = for_update(session, mailing_id, MailingState.DRAFT)
    _write(mailing, plan, now)
    _note(session, mailing, "mailing_saved", actor_id=actor_id, now=now)
    return mailing


def delete(session: Session, *, mailing_id: int, actor_id: int, now: dt.datetime) -> None:
    """Forget a draft."""
    mailing = for_update(session, mailing_id, MailingState.DRAFT)
    _note(session, mailing, "mailing_deleted", actor_id=actor_id, now=now)
    session.delete(mailing)


def seen(selection: Selection) -> str:
    """What stands for the readers that staff saw: it changes with every one of them."""
    keys = sorted(f"{one.subject_kind}:{one.subject_id}" for one in selection.chosen)
    return hashlib.sha256(",".join(keys).encode()).hexdigest()[:16]


def send(session: Session, *, mailing_id: int, seen_readers: str, actor_id: int, now: dt.datetime) -> int:
    """Begin sending to those whom staff saw. The readers are rows from here on; the worker writes their letters."""
    mailing = for_update(session, mailing_id, MailingState.DRAFT)
    event = event_queries.event(session, mailing.event_id)
    audience = audiences.from_json(mailing.audience)
    selection = audiences.selection(session, event, audience, kind=MailingKind(mailing.kind), now=now)
    if not selection.chosen:
        raise NobodyToWriteTo
    if seen(selection) != seen_readers:
        raise ReadersChanged(count=len(selection.chosen))
    begin(session, mailing, selection, now=now)
    mailing.sent_by_id = actor_id
    _note(session, mailing, "mailing_sent", actor_id=actor_id, now=now, count=len(selection.chosen))
    return len(selection.chosen)


def begin(session: Session, mailing: Mailing, selection: Selection, *, now: dt.datetime) -> None:
    """Write down who is to get a letter, and who not and why."""
    mailing.state = MailingState.WRITING
    mailing.sent_at = mailing.sent_at or now
    session.flush()
    add_readers(session, mailing, selection)


def add_readers(session: Session, mailing: Mailing, selection: Selection) -> None:
    session.add_all(_reader(mailing, one, ReaderState.WAITING) for one in selection.chosen)
    session.add_all(_reader(mailing, one, ReaderState.LEFT_OUT, reason) for one, reason in selection.left_out)


def stop(session: Session, *, mailing_id: int, actor_id: int, now: dt.datetime) -> int:
    """Stop what has not gone out; the number of letters that stay here."""
    mailing = for_update(session, mailing_id, MailingState.WRITING, MailingState.WRITTEN)
    waiting = update(MailingReader).where(
        MailingReader.mailing_id == mailing_id, MailingReader.state == ReaderState.WAITING
    )
    unwritten = session.execute(waiting.values(state=ReaderState.LEFT_OUT, reason=LeftOut.STOPPED))
    number = int(unwritten.rowcount) + mail_service.cancel_mailing(session, mailing_id=mailing_id)  # type: ignore[attr-defined]
    if not number:
        raise NotUnderWay
    mailing.state = MailingState.STOPPED
    _note(session, mailing, "mailing_stopped", actor_id=actor_id, now=now, count=number)
    return number


def pause_reminder(
    session: Session, *, event_id: int, kind: MailingKind, paused: bool, actor_id: int, now: dt.datetime
) -> None:
    """Switch an automatic reminder off for an event, or on again."""
    event_queries.event_for_update(session, event_id)
    known = session.get(ReminderPause, (event_id, str(kind)))
    if (known is not None) == paused:
        return
    if known is None:
        session.add(ReminderPause(event_id=event_id, kind=kind))
    else:
        session.delete(known)
    audit.record(
        session,
        actor_id=actor_id,
        action="reminder_paused" if paused else "reminder_resumed",
        subject=("event", event_id),
        event_id=event_id,
        now=now,
        after={"kind": str(kind)},
    )


def for_update(session: Session, mailing_id: int, *states: MailingState) -> Mailing:
    """The mailing, locked, if it is in one of these states."""
    mailing = session.scalar(
        select(Mailing).where(Mailing.id == mailing_id).with_for_update().execution_options(populate_existing=True)
    )
    if mailing is None:
        raise NotFound
    if mailing.state not in states:
        raise NotADraft if MailingState.DRAFT in states else NotUnderWay
    return mailing


def _write(mailing: Mailing, plan: Plan, now: dt.datetime) -> None:
    words = plan.words
    mailing.kind, mailing.audience = plan.kind, audiences.to_json(plan.audience)
    mailing.subject, mailing.body = words.subject, words.body
    mailing.subject_en, mailing.body_en = words.subject_en, words.body_en
    mailing.with_calendar, mailing.changed_at = plan.with_calendar, now


def _reader(mailing: Mailing, one: Candidate, state: ReaderState, reason: str = "") -> MailingReader:
    return MailingReader(
        mailing_id=mailing.id, subject_kind=one.subject_kind, subject_id=one.subject_id, state=state, reason=reason
    )


def _note(
    session: Session, mailing: Mailing, action: str, *, actor_id: int | None, now: dt.datetime, count: int | None = None
) -> None:
    session.flush()  # the entry names the row
    after: dict[str, object] = {"kind": mailing.kind, "subject": mailing.subject}
    if count is not None:
        after["count"] = count
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=("mailing", mailing.id),
        event_id=mailing.event_id,
        now=now,
        after=after,
    )
