"""推薦 by coordinators: of the proposals that their own cases are about, as long as the companies still choose."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from eventops.cases import access, rules
from eventops.cases.access import Viewer
from eventops.cases.models import Case, Coordinator
from eventops.errors import DomainError, NotFound
from eventops.meetings.applying import recommending
from eventops.meetings.models import Application, ApplicationState, Need, Recommendation
from eventops.meetings.timetable import queries as timetables
from eventops.meetings.timetable.models import Timetable, TimetableState
from eventops.meetings.wishes.service import Act


class TooLateToRecommend(DomainError):
    """The application is no request any more, or the timetable is published."""

    code = "too_late_to_recommend"


def cases(session: Session, viewer: Viewer) -> Sequence[Case]:
    """The open cases of this coordinator that are about a proposal, the latest first."""
    wanted: list[ColumnElement[bool]] = [Case.application_id.is_not(None), Case.stage.in_(rules.OPEN)]
    if (mine := access.reachable(viewer)) is not None:
        wanted.append(mine)
    about = joinedload(Case.application)
    query = (
        select(Case)
        .where(*wanted)
        .options(
            about.joinedload(Application.organisation),
            about.joinedload(Application.need).joinedload(Need.organisation),
            about.selectinload(Application.recommendations),
        )
    )
    return session.scalars(query.order_by(Case.id.desc())).all()


def coordinator_of(case: Case, user_id: int) -> Coordinator | None:
    """Who on the case's team this user is."""
    return next((one for one in case.team if one.staff_user_id == user_id), None)


def open_ones(session: Session, applications: Iterable[Application]) -> frozenset[int]:
    """Those whose companies still choose, by id; one query for all."""
    received = [one for one in applications if one.state == ApplicationState.RECEIVED]
    rounds = {one.round_id for one in received}
    query = select(Timetable.round_id).where(
        Timetable.round_id.in_(rounds), Timetable.state == TimetableState.PUBLISHED
    )
    closed = set(session.scalars(query))
    return frozenset(one.id for one in received if one.round_id not in closed)


def recommend(session: Session, act: Act, *, application_id: int, coordinator: Coordinator, reason: str) -> None:
    """In the coordinator's own name; the company and the secretariat read it with the reason."""
    _refuse_late(session, act, application_id)
    recommending.recommend(session, act, application_id=application_id, recommender=coordinator.name, reason=reason)


def take_back(session: Session, act: Act, *, application_id: int, recommendation_id: int) -> None:
    """Only what the same user has entered."""
    _refuse_late(session, act, application_id)
    found = session.get(Recommendation, recommendation_id)
    if found is None or found.created_by_id != act.actor_id:
        raise NotFound
    recommending.take_back(session, act, application_id=application_id, recommendation_id=recommendation_id)


def _refuse_late(session: Session, act: Act, application_id: int) -> None:
    timetables.lock_round(session, act.round_id)
    if not open_ones(session, [session.get_one(Application, application_id, populate_existing=True)]):
        raise TooLateToRecommend
