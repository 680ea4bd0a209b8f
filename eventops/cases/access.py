"""Who sees which cases: staff all, a coordinator those of their own; private words only who works on them."""

from dataclasses import dataclass

from flask_login import current_user
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from eventops.accounts.permissions import Permission, user_may
from eventops.cases.models import Case, CaseDeputy, Coordinator
from eventops.errors import NotFound


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks. `only_of` is the coordinator whose cases alone they see; 0 is nobody."""

    only_of: int | None
    reads_private: bool


def viewer(session: Session) -> Viewer:
    """The signed-in user of this request."""
    reads_private = user_may(Permission.FOLLOW_CASES)
    if user_may(Permission.VIEW):
        return Viewer(None, reads_private)
    mine = session.scalar(select(Coordinator.id).where(Coordinator.staff_user_id == current_user.id))
    return Viewer(mine or 0, reads_private)


def reachable(one: Viewer) -> ColumnElement[bool] | None:
    """The cases that somebody sees, as a condition; None is all."""
    if one.only_of is None:
        return None
    as_deputy = select(CaseDeputy.case_id).where(CaseDeputy.coordinator_id == one.only_of)
    return or_(Case.lead_id == one.only_of, Case.id.in_(as_deputy))


def reach(session: Session, case_id: int, one: Viewer) -> Case:
    """The case, if this viewer may see it; for others it does not exist."""
    wanted = [Case.id == case_id]
    if (mine := reachable(one)) is not None:
        wanted.append(mine)
    found = session.scalar(select(Case).where(*wanted))
    if found is None:
        raise NotFound
    return found
