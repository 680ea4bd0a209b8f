"""What meetings tell the features below: how far the screening is, where the needs are, who is invited to meet."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from eventops.events import providers
from eventops.events.checklist import StepCode, StepReport
from eventops.events.models import Event
from eventops.events.providers import Figure, PublicLink
from eventops.mail import queries as mail_queries
from eventops.meetings import queries, rules
from eventops.meetings.frame import dates
from eventops.meetings.hosting.rules import SECRET
from eventops.meetings.models import Application, ApplicationState, MatchingRound, Need
from eventops.meetings.rules import Standing
from eventops.meetings.timetable import letters
from eventops.meetings.timetable import queries as timetable_queries
from eventops.meetings.timetable.models import ParticipantPage, Timetable, TimetableMeeting
from eventops.registration import providers as registration_providers
from eventops.registration.models import Registration

NAME = "meetings"


def register() -> None:
    providers.registry.steps[NAME] = screening_steps
    providers.registry.figures[NAME] = wish_figures
    providers.registry.parts_in_use[NAME] = parts_with_needs
    providers.registry.public_links[NAME] = needs_link
    providers.registry.followers[NAME] = dates.follow
    registration_providers.registry.invitations[NAME] = invited_companies
    registration_providers.registry.my_page_links[NAME] = meetings_link


def screening_steps(
    session: Session, event_ids: Sequence[int], _now: dt.datetime
) -> Mapping[int, Mapping[StepCode, StepReport]]:
    """Screening is done when applications are there and every one received has an answer."""
    return {event_id: {StepCode.SCREENING: _screening(counts)} for event_id, counts in _counts(session, event_ids)}


def _screening(counts: Mapping[Standing, int]) -> StepReport:
    waiting = counts.get(Standing.WAITING, 0)
    note = _("未定 %(n)s件", n=waiting) if waiting else _("応募 %(n)s件に回答済み", n=sum(counts.values()))
    return StepReport(done=waiting == 0, note=note)


def wish_figures(session: Session, event_ids: Sequence[int]) -> Mapping[int, Sequence[Figure]]:
    return {
        event_id: (
            Figure(
                _("面談の希望"),
                counts.get(Standing.ACCEPTED, 0),
                _("件"),
                _("応募 %(n)s件", n=sum(counts.values())),
            ),
        )
        for event_id, counts in _counts(session, event_ids)
    }


def _counts(session: Session, event_ids: Sequence[int]) -> list[tuple[int, Mapping[Standing, int]]]:
    """Applications by event and standing, of events that have any; one query."""
    query = (
        select(MatchingRound.event_id, Application.state, Application.rating, func.count())
        .join(Application, Application.round_id == MatchingRound.id)
        .where(MatchingRound.event_id.in_(event_ids))
        .group_by(MatchingRound.event_id, Application.state, Application.rating)
    )
    found: defaultdict[int, defaultdict[Standing, int]] = defaultdict(lambda: defaultdict(int))
    for event_id, state, rating, count in session.execute(query):
        found[event_id][rules.standing(state, rating)] += count
    return list(found.items())


def parts_with_needs(session: Session, part_ids: Collection[int]) -> Collection[int]:
    """Parts whose round holds needs: deleting the part would delete them."""
    query = select(MatchingRound.part_id).join(Need).where(MatchingRound.part_id.in_(part_ids)).distinct()
    return session.scalars(query).all()


def needs_link(session: Session, event_id: int) -> PublicLink | None:
    """The page of needs, once one is public."""
    public = (MatchingRound.event_id == event_id, Need.state.not_in(SECRET))
    count = session.scalar(select(func.count(Need.id)).join(MatchingRound).where(*public)) or 0
    slug = session.scalar(select(Event.slug).where(Event.id == event_id))
    if not count:
        return None
    return PublicLink(_("大手企業のニーズ一覧"), url_for("meetings.public_needs", slug=slug), _("%(n)s件", n=count))


def invited_companies(session: Session, event_id: int) -> Mapping[int, Collection[int]]:
    """By part: the companies with a need, and those whose application was accepted."""
    of_event = (MatchingRound.event_id == event_id,)
    hosts = select(MatchingRound.part_id, Need.organisation_id).join(Need).where(*of_event)
    accepted = (Application.state == ApplicationState.RECEIVED, Application.rating.in_(rules.ACCEPTING))
    guests = (
        select(MatchingRound.part_id, Application.organisation_id)
        .join(Application, Application.round_id == MatchingRound.id)
        .where(*of_event, *accepted)
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for part_id, organisation_id in session.execute(hosts.union(guests)):
        found[part_id].add(organisation_id)
    return found


def meetings_link(session: Session, registration: Registration) -> PublicLink | None:
    """The company's own meetings, for whom the timetable was sent to: anybody can type a company's name."""
    found = queries.round_of_event(session, registration.event_id)
    published = timetable_queries.published(session, found.id) if found else None
    if published is None or registration.organisation_id is None:
        return None
    page = _page_with_meetings(session, published, registration.organisation_id)
    if page is None or not _was_told(session, page, registration.email):
        return None
    return PublicLink(_("面談の時間割"), url_for("meetings.personal_page", token=letters.token_of(page)))


def _page_with_meetings(session: Session, timetable: Timetable, organisation_id: int) -> ParticipantPage | None:
    is_theirs = or_(Application.organisation_id == organisation_id, Need.organisation_id == organisation_id)
    meets = (
        select(TimetableMeeting.id)
        .join(TimetableMeeting.application)
        .join(Application.need)
        .where(TimetableMeeting.timetable_id == timetable.id, is_theirs)
    )
    of_company = (
        ParticipantPage.round_id == timetable.round_id,
        ParticipantPage.organisation_id == organisation_id,
    )
    return session.scalar(select(ParticipantPage).where(*of_company, meets.exists()))


def _was_told(session: Session, page: ParticipantPage, email: str) -> bool:
    sent = mail_queries.letters_about(session, subject_kind=letters.SUBJECT_KIND, subject_id=page.id)
    return email in {letter.to_email for letter in sent}
