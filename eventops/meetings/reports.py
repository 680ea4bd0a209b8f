"""What meetings tell the events' pages: how far the screening is, how many wishes there are, where the needs are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventops.events import providers
from eventops.events.checklist import StepCode, StepReport
from eventops.events.models import Event
from eventops.events.providers import Figure, PublicLink
from eventops.meetings import rules
from eventops.meetings.models import Application, MatchingRound, Need, NeedState
from eventops.meetings.rules import Standing

NAME = "meetings"


def register() -> None:
    providers.registry.steps[NAME] = screening_steps
    providers.registry.figures[NAME] = wish_figures
    providers.registry.parts_in_use[NAME] = parts_with_needs
    providers.registry.public_links[NAME] = needs_link


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
    public = (MatchingRound.event_id == event_id, Need.state != NeedState.DRAFT)
    count = session.scalar(select(func.count(Need.id)).join(MatchingRound).where(*public)) or 0
    slug = session.scalar(select(Event.slug).where(Event.id == event_id))
    if not count:
        return None
    return PublicLink(_("大手企業のニーズ一覧"), url_for("meetings.public_needs", slug=slug), _("%(n)s件", n=count))
