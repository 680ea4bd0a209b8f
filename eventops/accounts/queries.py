"""Reads about staff users and the audit trail."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from eventops.accounts.models import AuditEntry, Role, StaffUser


def user_count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(StaffUser)) or 0


def user_by_email(session: Session, email: str) -> StaffUser | None:
    return session.scalar(select(StaffUser).where(StaffUser.email == email.strip().lower()))


def users(session: Session) -> Sequence[StaffUser]:
    return session.scalars(select(StaffUser).order_by(StaffUser.enabled.desc(), StaffUser.id)).all()


def enabled_administrators(session: Session) -> int:
    wanted = (StaffUser.role == Role.ADMINISTRATOR, StaffUser.enabled.is_(True))
    return session.scalar(select(func.count()).select_from(StaffUser).where(*wanted)) or 0


def lock_administrators(session: Session) -> None:
    """Hold all administrators: of two who take away each other's role at the same time, the second one waits."""
    wanted = select(StaffUser.id).where(StaffUser.role == Role.ADMINISTRATOR).order_by(StaffUser.id)
    session.execute(wanted.with_for_update()).all()


def audit_entries(
    session: Session,
    *,
    event_id: int | None = None,
    subject_kinds: Sequence[str] | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> Sequence[AuditEntry]:
    query = select(AuditEntry).options(joinedload(AuditEntry.actor)).order_by(AuditEntry.id.desc()).limit(limit)
    if event_id is not None:
        query = query.where(AuditEntry.event_id == event_id)
    if subject_kinds is not None:
        query = query.where(AuditEntry.subject_kind.in_(subject_kinds))
    if before_id is not None:
        query = query.where(AuditEntry.id < before_id)
    return session.scalars(query).all()
