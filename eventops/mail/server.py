"""How the mail server does, shared by all workers: the pace of bulk letters, and rest after the server's failures."""

import datetime as dt
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventops.mail import rules
from eventops.mail.models import MailServer

ONLY = 1


def known(session: Session) -> MailServer | None:
    """The row; nothing before the first letter in bulk and the first failure."""
    return session.scalar(select(MailServer).where(MailServer.id == ONLY).execution_options(populate_existing=True))


def is_quiet(row: MailServer | None, *, now: dt.datetime) -> bool:
    """Whether the server is left alone at present."""
    return row is not None and row.quiet_until is not None and row.quiet_until > now


def is_free_for_bulk(row: MailServer | None, *, now: dt.datetime) -> bool:
    return row is None or row.bulk_due_at <= now


def take_turn(session: Session, *, per_minute: int, now: dt.datetime) -> bool:
    """Take the turn of the next bulk letter, by compare-and-set; False when another worker was faster."""
    row = _row(session, now)
    if row.bulk_due_at > now:
        return False
    following = rules.next_bulk(row.bulk_due_at, per_minute=per_minute, now=now)
    taken = update(MailServer).where(MailServer.id == ONLY, MailServer.bulk_due_at == row.bulk_due_at)
    result = cast("CursorResult[Any]", session.execute(taken.values(bulk_due_at=following)))
    return result.rowcount == 1


def failed(session: Session, *, reason: str, now: dt.datetime) -> None:
    """The server failed, and no letter is to blame: nobody knocks for a while."""
    row = _row(session, now)
    row.failures += 1
    row.error = reason[:200]
    row.failing_since = row.failing_since or now
    row.quiet_until = rules.quiet_until(row.failures, now=now)


def worked(session: Session) -> None:
    """A letter came to its turn; what was wrong is over."""
    row = known(session)
    if row is not None and row.failures:
        row.failures, row.error, row.failing_since, row.quiet_until = 0, "", None, None


def knock_now(session: Session) -> None:
    """Staff have mended something and do not want to wait."""
    row = known(session)
    if row is not None:
        row.quiet_until = None


def _row(session: Session, now: dt.datetime) -> MailServer:
    """The row, locked; made where there is none."""
    locked = select(MailServer).where(MailServer.id == ONLY).with_for_update()
    row = session.scalar(locked.execution_options(populate_existing=True))
    if row is not None:
        return row
    try:
        with session.begin_nested():
            session.add(MailServer(id=ONLY, bulk_due_at=now))
    except IntegrityError:  # another worker was faster
        pass
    return session.scalars(locked.execution_options(populate_existing=True)).one()
