"""Plain text about events for the newsletter: one event, and everything that lies ahead."""

from flask import g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session
from eventops.events import announcement, pages, providers, queries
from eventops.events.blueprint import bp
from eventops.events.models import Event, EventState
from eventops.events.pages import GuestEvent
from eventops.events.routes_public import public_url


@bp.get("/staff/events/<int:event_id>/announcement")
@require(Permission.VIEW)
def announce(event_id: int) -> ResponseReturnValue:
    session = read_session()
    event = queries.event(session, event_id)
    page = _page(session, event)
    g.nav_endpoint = "events.overview"
    return render_template(
        "events/announcement.html",
        event=event,
        text=announcement.blocks([(page, public_url(event))]),
        report=announcement.report(page, _figures(session, event)),
    )


@bp.get("/staff/announcements")
@require(Permission.VIEW)
def announce_all() -> ResponseReturnValue:
    """Everything that guests can still come to, in the order of the days."""
    session = read_session()
    events = queries.announced_events(session, today=clock.today())
    entries = [(_page(session, event), public_url(event)) for event in events if event.state != EventState.CANCELLED]
    return render_template("events/announcements.html", text=announcement.blocks(entries) if entries else "")


def _page(session: Session, event: Event) -> GuestEvent:
    return pages.guest_event(event, queries.public_figures(session, event), now=clock.now(), lang="ja")


def _figures(session: Session, event: Event) -> list[tuple[str, str]]:
    found = providers.figures(session, [event.id])[event.id]
    return [(one.label, f"{one.value}{one.unit}") for one in found]
