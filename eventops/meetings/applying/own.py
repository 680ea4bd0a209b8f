"""An applicant's own page: the key, what it may still change, withdrawing, and who the company turned out to be."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventops import clock, links
from eventops.accounts import audit
from eventops.errors import BadLink, DomainError, NotFound
from eventops.links import LinkRef, Purpose
from eventops.meetings import words
from eventops.meetings.applying import entries, proposals
from eventops.meetings.applying.proposals import Proposal
from eventops.meetings.hosting.links import is_old
from eventops.meetings.models import Application, ApplicationState, MatchingRound, Need
from eventops.meetings.timetable import queries
from eventops.meetings.timetable.models import Timetable, TimetableMeeting, TimetableState
from eventops.meetings.wishes import service
from eventops.meetings.wishes.service import Act
from eventops.urls import absolute


class TooLateToWithdraw(DomainError):
    """The meeting stands in the published timetable: somebody has to talk to the other side."""

    code = "too_late_to_withdraw"


class WishesNotInOrder(DomainError):
    """Two applications with the same number."""

    code = "wishes_not_in_order"


def token_of(application: Application) -> str:
    ref = LinkRef(application.id, application.link_issue)
    return links.issue(ref, Purpose.APPLICATION, key=current_app.config["SECRET_KEY"])


def address_of(application: Application) -> str:
    return absolute("meetings.my_application", token=token_of(application))


def application_of(session: Session, token: str) -> Application:
    """The application of the link; raises `BadLink` for links that were replaced."""
    ref = links.read(token, Purpose.APPLICATION, key=current_app.config["SECRET_KEY"])
    application = session.scalar(
        select(Application)
        .options(
            joinedload(Application.need).joinedload(Need.organisation),
            joinedload(Application.need).joinedload(Need.round).joinedload(MatchingRound.event),
            joinedload(Application.organisation),
            selectinload(Application.files),
        )
        .where(Application.id == ref.id)
    )
    if application is None or application.link_issue != ref.issue:
        raise BadLink
    if is_old(application.need.round.event, clock.today()):
        raise BadLink
    return application


def renew_link(session: Session, act: Act, *, application_id: int) -> Application:
    """The applicant's older addresses stop working."""
    query = select(Application).where(Application.id == application_id, Application.round_id == act.round_id)
    application = session.scalar(query.with_for_update(of=Application))
    if application is None:
        raise NotFound
    application.link_issue += 1
    _note(session, application, "link_replaced", {}, {}, act.now, actor_id=act.actor_id)
    return application


def may_change(application: Application, now: dt.datetime) -> bool:
    """As long as the need takes applications, and before the company has answered."""
    need = application.need
    is_undecided = application.state == ApplicationState.RECEIVED and application.rating is None
    return is_undecided and entries.is_open(need.round.event, need, now)


def is_placed(session: Session, application: Application) -> bool:
    """Whether the published timetable holds the meeting."""
    query = (
        select(TimetableMeeting.id)
        .join(TimetableMeeting.timetable)
        .where(TimetableMeeting.application_id == application.id, Timetable.state == TimetableState.PUBLISHED)
    )
    return session.scalar(query.limit(1)) is not None


def host_name(session: Session, application: Application) -> str:
    """The company's name; of an anonymous one only once the meeting with it is published."""
    need = application.need
    if need.is_anonymous and is_placed(session, application):
        return need.organisation.name
    return words.public_host(need)


def change(
    session: Session,
    *,
    application_id: int,
    proposal: Proposal,
    dropped: Sequence[int],
    now: dt.datetime,
) -> Application:
    """A new version of the proposal; files that are no longer wanted are swept later."""
    application = _locked(session, application_id)
    if not may_change(application, now):
        raise entries.EntriesClosed
    before = proposals.as_recorded(application)
    application.files = [one for one in application.files if one.id not in dropped]
    proposals.write(session, application, proposal, now=now)
    after = proposals.as_recorded(application)
    changed = {name for name in after if after[name] != before[name]}
    _note(session, application, "application_changed", _only(before, changed), _only(after, changed), now)
    return application


def _only(said: Mapping[str, object], names: Collection[str]) -> dict[str, object]:
    return {name: value for name, value in said.items() if name in names}


def withdraw(session: Session, *, application_id: int, now: dt.datetime) -> Application:
    """辞退 until the timetable is published; after that only the secretariat can."""
    application = _locked(session, application_id)
    if is_placed(session, application):
        raise TooLateToWithdraw
    act = Act(application.round_id, None, now)
    return service.move(session, act, application_id=application_id, target=ApplicationState.WITHDRAWN)


def siblings(session: Session, application: Application) -> Sequence[Application]:
    """The same person's applications to other needs of the round, this one among them, in the order of wishes."""
    query = (
        select(Application)
        .options(joinedload(Application.need).joinedload(Need.organisation))
        .where(
            Application.round_id == application.round_id,
            Application.organisation_id == application.organisation_id,
            Application.person_id == application.person_id,
            Application.state == ApplicationState.RECEIVED,
        )
    )
    found = session.scalars(query).all() if application.person_id is not None else [application]
    return sorted(found, key=lambda one: (one.priority or 99, one.code))


def may_order(session: Session, application: Application, now: dt.datetime) -> bool:
    """As long as one of the wishes may be changed or added, and no timetable has been made of them."""
    event = application.need.round.event
    is_taken = any(entries.is_open(event, one.need, now) for one in siblings(session, application))
    return is_taken and queries.published(session, application.round_id) is None


def order(session: Session, *, application_id: int, priorities: Mapping[int, int], now: dt.datetime) -> int:
    """Give the wishes their numbers; two of them cannot be the first."""
    application = _locked(session, application_id)
    if not may_order(session, application, now):
        raise entries.EntriesClosed
    own = {one.id: one for one in siblings(session, application)}
    wanted = {one: number for one, number in priorities.items() if one in own}
    if len(set(wanted.values())) != len(wanted):
        raise WishesNotInOrder
    changed = {one: number for one, number in wanted.items() if own[one].priority != number}
    before = {own[one].code: own[one].priority for one in changed}
    for one, number in changed.items():
        own[one].priority = number
    if changed:
        after = {own[one].code: number for one, number in changed.items()}
        _note(session, application, "wishes_ordered", before, after, now)
    return len(changed)


def _note(
    session: Session,
    application: Application,
    action: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
    now: dt.datetime,
    actor_id: int | None = None,
) -> None:
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=("application", application.id),
        event_id=application.need.round.event_id,
        now=now,
        before=before,
        after={**after, "code": application.code},
    )


def _locked(session: Session, application_id: int) -> Application:
    """The round first, as everybody locks it who judges answers or publishes a timetable."""
    round_id = session.scalar(select(Application.round_id).where(Application.id == application_id))
    session.execute(select(MatchingRound.id).where(MatchingRound.id == round_id).with_for_update())
    session.expire_all()
    return session.get_one(Application, application_id, with_for_update={"of": Application})
