"""Staff's pages of an event's figures and of who changed what in it."""

from collections.abc import Mapping

from flask import render_template, request
from flask.typing import ResponseReturnValue

from eventops import clock, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session
from eventops.events import queries as event_queries
from eventops.events.models import PriceCategory
from eventops.registration import labels, timeline
from eventops.registration.blueprint import bp
from eventops.registration.counting import charts, event_history, statistics
from eventops.registration.counting.event_history import Filter
from eventops.registration.listing.roster_asking import page as asked_page

GUESTS = "guests"


@bp.get("/staff/events/<int:event_id>/registrations/figures")
@require(Permission.VIEW)
def staff_figures(event_id: int) -> ResponseReturnValue:
    session = read_session()
    event = event_queries.event(session, event_id)
    series = [str(category) for category in PriceCategory]
    by_day = statistics.people_by_day(session, event)
    return render_template(
        "registration/figures.html",
        event=event,
        lines=statistics.parts(session, event),
        badge_rows=_badge_rows(statistics.badges(session, event)),
        parties=statistics.parties(session, event, today=clock.today()),
        chart=charts.day_chart(by_day, series),
        series=series,
        people=sum(by_day.values()),
        labels=labels,
    )


def _badge_rows(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(str(word), counts[code]) for code, word in labels.BADGES.items() if counts.get(code)]


@bp.get("/staff/events/<int:event_id>/history", endpoint="event_history")
@require(Permission.MANAGE_REGISTRATIONS)
def event_history_page(event_id: int) -> ResponseReturnValue:
    session = read_session()
    event, wanted = event_queries.event(session, event_id), _wanted()
    number = event_history.count(session, event_id, wanted)
    pages = max(1, -(-number // event_history.PAGE))
    page = min(asked_page(), pages)
    found = event_history.entries(session, event_id, wanted, page=page)
    return render_template(
        "registration/event_history.html",
        event=event,
        lines=[(one, timeline.act(one.entry, source=one.source)) for one in found],
        actors=event_history.actors(session, event_id),
        actions=[(code, words.ACTIONS.get(code, code)) for code in event_history.actions(session, event_id)],
        wanted=wanted,
        number=number,
        page=page,
        pages=pages,
    )


def _wanted() -> Filter:
    who = request.args.get("who", "")
    return Filter(
        actor_id=int(who) if who.isdecimal() and len(who) < 10 else None,
        by_guests=who == GUESTS,
        action=request.args.get("action", "")[:60],
    )
