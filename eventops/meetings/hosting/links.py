"""The private address of a need's company: the key, the need behind it, the whole address for letters."""

import datetime as dt
from typing import Final

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventops import clock, links
from eventops.errors import BadLink
from eventops.events.models import Event
from eventops.links import LinkRef, Purpose
from eventops.meetings.models import MatchingRound, Need, NeedAttendee
from eventops.urls import absolute

LAST_DAYS: Final = 90
"""After the event: whoever finds an old letter reads no proposals in it."""


def token_of(need: Need) -> str:
    return links.issue(LinkRef(need.id, need.link_issue), Purpose.NEED, key=current_app.config["SECRET_KEY"])


def address_of(need: Need) -> str:
    return absolute("meetings.host_page", token=token_of(need))


def screening_address(need: Need) -> str:
    return absolute("meetings.host_screening", token=token_of(need))


def need_of(session: Session, token: str) -> Need:
    """The need of the link, with its company and event; raises `BadLink` for links that were replaced or are old."""
    ref = links.read(token, Purpose.NEED, key=current_app.config["SECRET_KEY"])
    need = session.scalar(
        select(Need)
        .options(
            joinedload(Need.organisation),
            joinedload(Need.round).joinedload(MatchingRound.event),
            selectinload(Need.attendees).joinedload(NeedAttendee.person),
        )
        .where(Need.id == ref.id)
    )
    if need is None or need.link_issue != ref.issue or is_old(need.round.event, clock.today()):
        raise BadLink
    return need


def is_old(event: Event, today: dt.date) -> bool:
    return today > event.held_on + dt.timedelta(days=LAST_DAYS)
