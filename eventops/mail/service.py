"""What can happen to a letter: claimed, settled, tried again or taken back by staff, come back from its reader."""

import datetime as dt
from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import CursorResult, Update, or_, update
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.errors import DomainError
from eventops.mail import outbox, rules
from eventops.mail.models import Letter, LetterState

RESENDABLE = (LetterState.FAILED, LetterState.CANCELLED, LetterState.BOUNCED, LetterState.KEPT)
EXPIRED = "expired"
UNSUBSCRIBED = "unsubscribed"


class NotWaiting(DomainError):
    """The letter is not in a state that allows this."""

    code = "letter_not_waiting"


def claim(session: Session, *, letter_id: int, worker: str, domain: str, now: dt.datetime) -> bool:
    """Take a waiting or orphaned letter; False when another worker was faster.

    The letter's identity becomes whole here, before the first try, and stays.
    """
    free = or_(Letter.state == LetterState.QUEUED, Letter.lease_until < now)
    statement = update(Letter).where(
        Letter.id == letter_id, Letter.state.in_((LetterState.QUEUED, LetterState.SENDING)), free
    )
    values = {
        "state": LetterState.SENDING,
        "worker": worker,
        "lease_until": now + rules.LEASE,
        "attempts": Letter.attempts + 1,
    }
    if not _changed(session, statement.values(**values)):
        return False
    letter = session.get_one(Letter, letter_id)
    if "@" not in letter.message_id:
        letter.message_id = f"{letter.message_id}@{domain}"
    return True


def settle_sent(session: Session, *, letter_id: int, worker: str, now: dt.datetime, is_only_kept: bool = False) -> None:
    """Note that a letter went out, or that without a mail server it was only written down."""
    state = LetterState.KEPT if is_only_kept else LetterState.SENT
    _settle(session, letter_id, worker, state=state, sent_at=now, error=None)


def settle_refused(session: Session, *, letter_id: int, worker: str, error: str, final: bool, now: dt.datetime) -> None:
    """Note a refusal: tried again on the ladder, or given up."""
    letter = session.get_one(Letter, letter_id)
    due_at = None if final else rules.next_try(letter.attempts, now=now)
    if due_at is None:
        _settle(session, letter_id, worker, state=LetterState.FAILED, error=error[:200])
    else:
        _settle(session, letter_id, worker, state=LetterState.QUEUED, error=error[:200], due_at=due_at)


def settle_unsent(session: Session, *, letter_id: int, worker: str, error: str) -> None:
    """The server could not be asked at all: the letter keeps its place and its tries."""
    attempts = Letter.attempts - 1
    _settle(session, letter_id, worker, state=LetterState.QUEUED, error=error[:200], attempts=attempts)


def settle_unwanted(session: Session, *, letter_id: int, worker: str, reason: str) -> None:
    """Nobody needs the letter any more."""
    _settle(session, letter_id, worker, state=LetterState.CANCELLED, error=reason)


def send_again(session: Session, *, letter_id: int, actor_id: int, now: dt.datetime) -> None:
    """Staff put a letter that reached nobody back into the queue."""
    if _requeue(session, [letter_id], now=now) != 1:
        raise NotWaiting
    audit.record(session, actor_id=actor_id, action="letter_sent_again", subject=("letter", letter_id), now=now)


def send_all_again(session: Session, *, letter_ids: Collection[int], actor_id: int, now: dt.datetime) -> int:
    """The same for many; those that cannot be sent again are left as they are."""
    number = _requeue(session, letter_ids, now=now)
    if number:
        after = {"count": number}
        audit.record(
            session, actor_id=actor_id, action="letter_sent_again", subject=("letter", None), now=now, after=after
        )
    return number


def redirect_to(session: Session, *, letter_id: int, email: str, actor_id: int, now: dt.datetime) -> Letter:
    """Staff send a letter's words to a corrected address, as a new letter; the old one stands as it was."""
    letter = session.get_one(Letter, letter_id)
    key = f"{letter.id}:to:{now.timestamp():.3f}"
    if letter.state in (LetterState.QUEUED, LetterState.SENDING):
        raise NotWaiting
    audit.record(session, actor_id=actor_id, action="letter_redirected", subject=("letter", letter_id), now=now)
    return outbox.put_copy(session, letter, key=key, to_email=email, now=now)


def cancel(session: Session, *, letter_id: int, actor_id: int, now: dt.datetime) -> None:
    """Staff take back a letter that has not gone out."""
    wanted = update(Letter).where(Letter.id == letter_id, Letter.state == LetterState.QUEUED)
    if not _changed(session, wanted.values(state=LetterState.CANCELLED, error=None)):
        raise NotWaiting
    audit.record(session, actor_id=actor_id, action="letter_cancelled", subject=("letter", letter_id), now=now)


def cancel_mailing(session: Session, *, mailing_id: int) -> int:
    """Take back what of a mailing has not gone out; the number of letters."""
    waiting = update(Letter).where(Letter.mailing_id == mailing_id, Letter.state == LetterState.QUEUED)
    return _number(session, waiting.values(state=LetterState.CANCELLED, error=None))


def came_back(session: Session, *, letter_id: int, reason: str) -> bool:
    """Note that a letter which was sent came back; False when it was noted before or never went out."""
    sent = update(Letter).where(Letter.id == letter_id, Letter.state == LetterState.SENT)
    return _changed(session, sent.values(state=LetterState.BOUNCED, error=reason[:200]))


def _requeue(session: Session, letter_ids: Collection[int], *, now: dt.datetime) -> int:
    wanted = update(Letter).where(Letter.id.in_(letter_ids), Letter.state.in_(RESENDABLE))
    return _number(session, wanted.values(state=LetterState.QUEUED, attempts=0, due_at=now, error=None))


def _settle(session: Session, letter_id: int, worker: str, **values: Any) -> None:
    held = update(Letter).where(Letter.id == letter_id, Letter.worker == worker, Letter.state == LetterState.SENDING)
    _changed(session, held.values(lease_until=None, **values))


def _changed(session: Session, statement: Update) -> bool:
    return _number(session, statement) == 1


def _number(session: Session, statement: Update) -> int:
    options = {"synchronize_session": "fetch"}
    return cast("CursorResult[Any]", session.execute(statement, execution_options=options)).rowcount
