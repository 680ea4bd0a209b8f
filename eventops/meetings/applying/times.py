"""Times that applicants stated in the form: staff look at them and take them over as limits of the timetable."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from eventops.accounts import audit
from eventops.meetings.models import Application, ApplicationState, LimitKind, MatchingRound, ParticipantLimit
from eventops.meetings.wishes.service import Act

KINDS = (LimitKind.ARRIVES_FROM, LimitKind.LEAVES_BY, LimitKind.UNAVAILABLE)


@dataclass(frozen=True, slots=True)
class Stated:
    """One limit as an applicant stated it."""

    kind: LimitKind
    time_from: dt.datetime | None
    time_to: dt.datetime | None


def waiting(session: Session, round_id: int) -> Sequence[Application]:
    """Applications whose times nobody has settled yet; among them those that state none any more."""
    columns = (Application.arrives_from, Application.leaves_by, Application.away_from)
    taken_over = exists().where(
        ParticipantLimit.round_id == Application.round_id,
        ParticipantLimit.organisation_id == Application.organisation_id,
        ParticipantLimit.note == Application.code,
        ParticipantLimit.kind.in_(KINDS),
    )
    query = (
        select(Application)
        .options(joinedload(Application.organisation), joinedload(Application.need))
        .where(
            Application.round_id == round_id,
            Application.state == ApplicationState.RECEIVED,
            Application.times_settled.is_(False),
            or_(*(column.is_not(None) for column in columns), taken_over),
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
    """Take the times over as hard limits in place of the earlier ones, or put them aside; how many limits are new."""
    session.execute(select(MatchingRound.id).where(MatchingRound.id == act.round_id).with_for_update())
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
    """The note ties a limit to the application that stated it: another application's stays as it is."""
    query = select(ParticipantLimit).where(
        ParticipantLimit.round_id == application.round_id,
        ParticipantLimit.organisation_id == application.organisation_id,
        ParticipantLimit.kind.in_(KINDS),
    )
    limits = session.scalars(query).all()
    wanted = set(stated(application))
    own = [one for one in limits if one.note == application.code]
    for limit in own:
        if _as_stated(limit) not in wanted:
            session.delete(limit)
    codes = session.scalars(select(Application.code).where(Application.round_id == application.round_id)).all()
    known = {_as_stated(one) for one in limits if one in own or one.note not in codes}
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
        if one not in known
    ]
    session.add_all(made)
    session.flush()  # the next application of the company knows them
    return made


def _as_stated(limit: ParticipantLimit) -> Stated:
    return Stated(LimitKind(limit.kind), limit.time_from, limit.time_to)
