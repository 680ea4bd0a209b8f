"""What can be done with staff users."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from eventops.accounts import audit, passwords, queries
from eventops.accounts.models import Role, StaffUser
from eventops.errors import DomainError, NotFound


class SetUpAlready(DomainError):
    """The first administrator exists."""

    code = "set_up_already"


class EmailTaken(DomainError):
    """Another staff user has this address."""

    code = "email_taken"


class LastAdministrator(DomainError):
    """Somebody has to be able to administer."""

    code = "last_administrator"


def create_first_administrator(
    session: Session, *, email: str, name: str, password: str, now: dt.datetime
) -> StaffUser:
    """The first user of an installation; only while there is none."""
    if queries.user_count(session):
        raise SetUpAlready
    return create_user(
        session,
        email=email,
        name=name,
        office="",
        role=Role.ADMINISTRATOR,
        password=password,
        actor_id=None,
        now=now,
    )


def create_user(
    session: Session,
    *,
    email: str,
    name: str,
    office: str,
    role: Role,
    password: str,
    actor_id: int | None,
    now: dt.datetime,
) -> StaffUser:
    email = email.strip().lower()
    if queries.user_by_email(session, email):
        raise EmailTaken(email=email)
    user = StaffUser(
        email=email,
        name=name,
        office=office,
        role=role,
        password_hash=passwords.hash_password(password),
        created_at=now,
    )
    session.add(user)
    session.flush()  # the audit entry names the user's id
    audit.record(
        session,
        actor_id=actor_id,
        action="user_created",
        subject=("staff_user", user.id),
        now=now,
        after={"role": role},
    )
    return user


def change_user(
    session: Session,
    *,
    user_id: int,
    name: str,
    office: str,
    role: Role,
    enabled: bool,
    actor_id: int,
    now: dt.datetime,
) -> None:
    """Change role or standing; a change of either ends the user's open sessions."""
    queries.lock_administrators(session)
    user = session.get(StaffUser, user_id)
    if user is None:
        raise NotFound
    before = {"role": user.role, "enabled": user.enabled}
    after = {"role": role, "enabled": enabled}
    user.name, user.office, user.role, user.enabled = name, office, role, enabled
    session.flush()
    if queries.enabled_administrators(session) == 0:
        raise LastAdministrator
    if before != after:
        user.session_issue += 1
    audit.record(
        session,
        actor_id=actor_id,
        action="user_changed",
        subject=("staff_user", user_id),
        now=now,
        before=before,
        after=after,
    )


def change_password(session: Session, *, user_id: int, password: str, actor_id: int, now: dt.datetime) -> None:
    """A new password ends the user's open sessions, and a link to set one that nobody used."""
    user = session.get(StaffUser, user_id)
    if user is None:
        raise NotFound
    user.password_hash = passwords.hash_password(password)
    user.reset_digest = user.reset_until = None
    user.session_issue += 1
    audit.record(session, actor_id=actor_id, action="password_changed", subject=("staff_user", user_id), now=now)


def remember(session: Session, *, user_id: int, name: str, value: Sequence[str]) -> None:
    """How this user likes to see something, until the next choice."""
    user = session.get_one(StaffUser, user_id)
    user.choices = {**user.choices, name: list(value)}


def note_sign_in(session: Session, *, user_id: int, now: dt.datetime) -> None:
    user = session.get(StaffUser, user_id)
    if user is not None:
        user.last_sign_in_at = now
        audit.record(session, actor_id=user_id, action="signed_in", subject=("staff_user", user_id), now=now)
