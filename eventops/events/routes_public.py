"""What guests open: the list of events, an event's page, its calendar entry."""

from urllib.parse import urlsplit

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventops import clock, wareki
from eventops.accounts import queries as accounts
from eventops.accounts.permissions import public
from eventops.database import read_session
from eventops.events import notices, pages, providers, queries, zones
from eventops.events.blueprint import bp
from eventops.events.calendar import Words, calendar_of
from eventops.events.english import said
from eventops.events.models import Event
from eventops.languages import language
from eventops.settings import queries as settings_queries


@bp.get("/")
@public
def public_list() -> ResponseReturnValue:
    session, now = read_session(), clock.now()
    today = wareki.japan_date(now)
    events = queries.announced_events(session, today=today)
    if not events and not accounts.user_count(session):
        return redirect(url_for("accounts.first_start"))
    counts = providers.place_counts(session, [event.id for event in events])
    return render_template(
        "events/public_list.html",
        lines=[pages.guest_event(event, queries.rooms(event, counts), now=now, lang=language()) for event in events],
        past=queries.past_announced_events(session, today=today),
    )


@bp.get("/e/<slug>/")
@public
def public_page(slug: str) -> ResponseReturnValue:
    return render_page(queries.public_event(read_session(), slug), is_preview=False)


@bp.get("/e/<slug>/calendar.ics")
@public
def public_calendar(slug: str) -> ResponseReturnValue:
    event = queries.public_event(read_session(), slug)
    words = calendar_words(event, language(), public_url(event))
    content = calendar_of(event, words, host=urlsplit(words.url).hostname or "localhost", now=clock.now())
    name = {"Content-Disposition": f'attachment; filename="{event.slug}.ics"'}
    return Response(content, mimetype="text/calendar", headers=name)


def calendar_words(event: Event, lang: str, url: str) -> Words:
    """What an entry for calendars says, in one language."""
    lines = [f"{pages.plain_title(part, lang)} {pages.part_when(event, part, lang)}" for part in event.parts]
    return Words(pages.title_words(event, lang), "\n".join(lines), url)


def public_url(event: Event) -> str:
    """The stable address that letters, calendars and paper carry."""
    path = url_for("events.public_page", slug=event.slug)
    base = current_app.config["PUBLIC_URL"] or request.url_root
    return str(base).rstrip("/") + path


def render_page(event: Event, *, is_preview: bool) -> str:
    """The page as guests see it; staff see the same page of a draft."""
    session = read_session()
    organiser = settings_queries.organiser(session)
    return render_template(
        "events/public_page.html",
        page=pages.guest_event(event, queries.public_figures(session, event), now=clock.now(), lang=language()),
        links=providers.public_links(session, event.id),
        contact=said(event, "contact", language()) or pages.contact_words(organiser.phone, organiser.email),
        apply_url=url_for("registration.apply", slug=event.slug),
        notices=notices.since(session, event, None),
        zones=zones.of_event(session, event.id),
        is_preview=is_preview,
    )
