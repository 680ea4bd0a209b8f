"""Times that applicants stated in the form: staff look at them and take them over as limits of the timetable."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from eventops.accounts import audit
from eventops.meetings.models import Application, ApplicationState, LimitKind, MatchingRound, ParticipantLimit
from eventops.meetings.service import Act


@dataclass(frozen=True, slots=True)
class Stated:
    """One limit as an applicant stated it."""

    kind: LimitKind
    time_from: dt.datetime | None
    time_to: dt.datetime | None


def waiting(session: Session, round_id: int) -> Sequence[Application]:
    """Applications whose times nobody has settled yet."""
    stated = (Application.arrives_from, Application.leaves_by, Application.away_from)
    query = (
        select(Application)
        .options(joinedload(Application.organisation), joinedload(Application.need))
        .where(
            Application.round_id == round_id,
            Application.state == ApplicationState.RECEIVED,
            Application.times_settled.is_(False),
            or_(*(column.is_not(None) for column in stated)),
        )
    )
    return session.scalars(query.order_by(Application.code)).all()


def stated(application: Application) -> Iterator[Stated]:
    if application.arrives_from:
        yield Stated(LimitKind.ARRIVES_FROM, application.arrives_from, None)
    if application.leaves_by:
        yield Stated(LimitKind.LEAVES_BY, None, application.leaves_by)
    if application.away_from:
        yield Stated(LimitKind.UNAVAILABLE, application.away_from, application.away_until)


def settle(session: Session, act: Act, *, application_ids: Sequence[int], take: bool) -> int:
    """Take the times over as hard limits, or put them aside; how many limits are new."""
    chosen = [one for one in waiting(session, act.round_id) if one.id in application_ids]
    made = [limit for one in chosen if take for limit in _limits(session, one)]
    for one in chosen:
        one.times_settled = True
    event_id = session.scalar(select(MatchingRound.event_id).where(MatchingRound.id == act.round_id))
    audit.record(
        session,
        actor_id=act.actor_id,
        action="times_settled",
        subject=("matching_round", act.round_id),
        now=act.now,
        event_id=event_id,
        after={"applications": [one.code for one in chosen], "limits": len(made)},
    )
    return len(made)


def _limits(session: Session, application: Application) -> list[ParticipantLimit]:
    own = (
        ParticipantLimit.round_id == application.round_id,
        ParticipantLimit.organisation_id == application.organisation_id,
    )
    known = {(one.kind, one.time_from, one.time_to) for one in session.scalars(select(ParticipantLimit).where(*own))}
    made = [
        ParticipantLimit(
            round_id=application.round_id,
            organisation_id=application.organisation_id,
            kind=one.kind,
            time_from=one.time_from,
            time_to=one.time_to,
            note=application.code,
        )
        for one in stated(application)
        if (one.kind, one.time_from, one.time_to) not in known
    ]
    session.add_all(made)
    session.flush()  # the next application of the company knows them
    return made
