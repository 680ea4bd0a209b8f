"""A password set anew by a link that an administrator hands over: good once and for an hour, kept as a digest alone."""

import datetime as dt
import hashlib
import secrets

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from eventops.accounts import audit, service
from eventops.accounts.models import StaffUser
from eventops.errors import DomainError, NotFound

LASTS = dt.timedelta(hours=1)


class ResetLinkOver(DomainError):
    """The link was used, has grown old, was replaced by a newer one, or never was."""

    code = "reset_link_over"


def give(session: Session, *, user_id: int, actor_id: int | None, now: dt.datetime) -> str:
    """The secret of a new link; an older one of the same user ends with it. The old password holds until it is used."""
    user = session.scalar(select(StaffUser).where(StaffUser.id == user_id, StaffUser.enabled).with_for_update())
    if user is None:
        raise NotFound
    secret = secrets.token_urlsafe(32)
    user.reset_digest, user.reset_until = _digest(secret), now + LASTS
    audit.record(session, actor_id=actor_id, action="password_link_given", subject=("staff_user", user_id), now=now)
    return secret


def owner(session: Session, secret: str, *, now: dt.datetime) -> StaffUser:
    """Whose password the link sets, while it is good."""
    return _owner(session, _fitting(secret, now))


def use(session: Session, secret: str, *, password: str, now: dt.datetime) -> None:
    """Set the password; the link and every open session of this user end. Of two who use it at once, one is late."""
    user = _owner(session, _fitting(secret, now).with_for_update())
    service.change_password(session, user_id=user.id, password=password, actor_id=user.id, now=now)


def _fitting(secret: str, now: dt.datetime) -> Select[StaffUser]:
    fitting = (StaffUser.reset_digest == _digest(secret), StaffUser.reset_until > now, StaffUser.enabled)
    return select(StaffUser).where(*fitting)


def _owner(session: Session, wanted: Select[StaffUser]) -> StaffUser:
    user = session.scalars(wanted).one_or_none()
    if user is None:
        raise ResetLinkOver
    return user


def _digest(secret: str) -> str:
    """Nobody can go through 256 random bits, so a plain digest keeps the secret as well as a slow one."""
    return hashlib.sha256(secret.encode()).hexdigest()
