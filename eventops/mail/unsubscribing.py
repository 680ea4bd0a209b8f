"""Who wants no announcements: by the link in a letter, or because staff were told. Never commits."""

import datetime as dt
from collections.abc import Collection, Sequence
from enum import StrEnum

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops import links
from eventops.accounts import audit
from eventops.errors import BadLink
from eventops.links import LinkRef, Purpose
from eventops.mail.models import Letter, Refusal
from eventops.urls import absolute

ISSUE = 1
AT_ONCE = 500
"""How many addresses one statement asks for."""


class How(StrEnum):
    """How the association was told."""

    LINK = "link"
    ONE_CLICK = "one_click"
    STAFF = "staff"


def token(letter: Letter) -> str:
    """The key to the page; it names the letter, so that no address stands in any URL."""
    return links.issue(LinkRef(letter.id, ISSUE), Purpose.ANNOUNCEMENTS, key=current_app.config["SECRET_KEY"])


def address(letter: Letter) -> str:
    return absolute("mail.unsubscribe", token=token(letter))


def letter_of(session: Session, token: str) -> Letter:
    """The letter behind the link; only announcements have one."""
    ref = links.read(token, Purpose.ANNOUNCEMENTS, key=current_app.config["SECRET_KEY"])
    letter = session.get(Letter, ref.id)
    if letter is None or not letter.is_announcement:
        raise BadLink
    return letter


def plain(email: str) -> str:
    """An address as it is compared."""
    return email.strip().lower()


def refuse(session: Session, *, email: str, how: How, now: dt.datetime, actor_id: int | None = None) -> None:
    """No announcements to this address from now on; telling us twice is no error."""
    known = _known(session, email)
    if known is not None:
        return
    refusal = Refusal(email=plain(email), how=how, at=now)
    session.add(refusal)
    if how is How.STAFF:
        session.flush()  # the entry names the row
        audit.record(session, actor_id=actor_id, action="refusal_noted", subject=("refusal", refusal.id), now=now)


def welcome_back(session: Session, *, email: str, now: dt.datetime, actor_id: int | None = None) -> None:
    """Announcements again."""
    known = _known(session, email)
    if known is None:
        return
    if actor_id is not None:
        audit.record(session, actor_id=actor_id, action="refusal_lifted", subject=("refusal", known.id), now=now)
    session.delete(known)


def refused_at(session: Session, emails: Collection[str]) -> dict[str, dt.datetime]:
    """Those of the addresses that want no announcements, with the moment at which they said so."""
    wanted = sorted({plain(email) for email in emails})
    found: dict[str, dt.datetime] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = select(Refusal.email, Refusal.at).where(Refusal.email.in_(wanted[start : start + AT_ONCE]))
        found |= {row.email: row.at for row in session.execute(some)}
    return found


def is_refused(session: Session, email: str) -> bool:
    return _known(session, email) is not None


def refusals(session: Session, *, search: str, page: int, size: int) -> Sequence[Refusal]:
    """One page of them, the newest first."""
    query = select(Refusal).order_by(Refusal.id.desc()).limit(size).offset((page - 1) * size)
    if search:
        query = query.where(Refusal.email.contains(plain(search), autoescape=True))
    return session.scalars(query).all()


def _known(session: Session, email: str) -> Refusal | None:
    return session.scalar(select(Refusal).where(Refusal.email == plain(email)))
