"""What can happen to a letter: claimed, settled, tried again or taken back by staff."""

import datetime as dt
from typing import Any, cast

from sqlalchemy import CursorResult, Update, or_, update
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.errors import DomainError
from eventops.mail import rules
from eventops.mail.models import Letter, LetterState


class NotWaiting(DomainError):
    """The letter is not in a state that allows this."""

    code = "letter_not_waiting"


def claim(session: Session, *, letter_id: int, worker: str, now: dt.datetime) -> bool:
    """Take a waiting or orphaned letter; False when another worker was faster."""
    free = or_(Letter.state == LetterState.QUEUED, Letter.lease_until < now)
    statement = update(Letter).where(
        Letter.id == letter_id, Letter.state.in_((LetterState.QUEUED, LetterState.SENDING)), free
    )
    return _changed(
        session,
        statement.values(
            state=LetterState.SENDING, worker=worker, lease_until=now + rules.LEASE, attempts=Letter.attempts + 1
        ),
    )


def settle_sent(session: Session, *, letter_id: int, worker: str, now: dt.datetime) -> None:
    """Note that a letter went out."""
    _settle(session, letter_id, worker, state=LetterState.SENT, sent_at=now, error=None)


def settle_refused(session: Session, *, letter_id: int, worker: str, error: str, final: bool, now: dt.datetime) -> None:
    """Note a refusal: tried again on the ladder, or given up."""
    letter = session.get_one(Letter, letter_id)
    due_at = None if final else rules.next_try(letter.attempts, now=now)
    if due_at is None:
        _settle(session, letter_id, worker, state=LetterState.FAILED, error=error[:200])
    else:
        _settle(session, letter_id, worker, state=LetterState.QUEUED, error=error[:200], due_at=due_at)


def send_again(session: Session, *, letter_id: int, actor_id: int, now: dt.datetime) -> None:
    """Staff put a failed or cancelled letter back into the queue."""
    wanted = update(Letter).where(Letter.id == letter_id, Letter.state.in_((LetterState.FAILED, LetterState.CANCELLED)))
    if not _changed(session, wanted.values(state=LetterState.QUEUED, attempts=0, due_at=now, error=None)):
        raise NotWaiting
    audit.record(session, actor_id=actor_id, action="letter_sent_again", subject=("letter", letter_id), now=now)


def cancel(session: Session, *, letter_id: int, actor_id: int, now: dt.datetime) -> None:
    """Staff take back a letter that has not gone out."""
    wanted = update(Letter).where(Letter.id == letter_id, Letter.state == LetterState.QUEUED)
    if not _changed(session, wanted.values(state=LetterState.CANCELLED)):
        raise NotWaiting
    audit.record(session, actor_id=actor_id, action="letter_cancelled", subject=("letter", letter_id), now=now)


def _settle(session: Session, letter_id: int, worker: str, **values: Any) -> None:
    held = update(Letter).where(Letter.id == letter_id, Letter.worker == worker, Letter.state == LetterState.SENDING)
    _changed(session, held.values(lease_until=None, **values))


def _changed(session: Session, statement: Update) -> bool:
    options = {"synchronize_session": "fetch"}
    return cast("CursorResult[Any]", session.execute(statement, execution_options=options)).rowcount == 1
