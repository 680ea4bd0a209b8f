"""All events by month and as a list, and as feeds for calendars: one for everybody, one for each member of staff."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, links, urls, wareki
from eventops.accounts import audit
from eventops.accounts.models import StaffUser
from eventops.accounts.permissions import Permission, may, private_link, public, require
from eventops.database import read_session, transaction
from eventops.errors import BadLink
from eventops.events import calendar, month, pages, queries, types
from eventops.events.blueprint import bp
from eventops.events.models import Event, EventState, Part
from eventops.events.routes_public import calendar_words, public_url
from eventops.events.vocabulary import STATE_TONES, STATE_WORDS
from eventops.languages import language
from eventops.settings import queries as settings_queries

PAST, AHEAD = dt.timedelta(days=366), dt.timedelta(days=3 * 366)
"""How far feeds reach: calendars keep what they had, so that the past need not be complete."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event on one of its days."""

    event: Event
    title: str
    times: str
    type_word: str
    url: str
    is_off: bool


@bp.get("/calendar")
@public
def public_calendar_page() -> ResponseReturnValue:
    first = month.read(request.args.get("month", ""), today=clock.today())
    events = queries.announced_between(read_session(), *month.span(first))
    shown = {event.id: url_for(".public_page", slug=event.slug) for event in events}
    return render_template(
        "events/public_calendar.html",
        month=_month(first, events, shown, language()),
        feed_url=urls.absolute("events.public_feed"),
        **_words(),
    )


@bp.get("/calendar.ics")
@public
def public_feed() -> ResponseReturnValue:
    today, lang = clock.today(), language()
    events = queries.announced_between(read_session(), today - PAST, today + AHEAD)
    entries = [(event, calendar_words(event, lang, public_url(event))) for event in events]
    organiser = settings_queries.organiser(read_session())
    return _ics(entries, name=organiser.alias or organiser.name or _("行事一覧"))


@bp.get("/staff/calendar")
@require(Permission.VIEW)
def staff_calendar() -> ResponseReturnValue:
    session = read_session()
    first = month.read(request.args.get("month", ""), today=clock.today())
    events = queries.staff_between(session, *month.span(first))
    shown = {event.id: url_for(".overview", event_id=event.id) for event in events}
    user = session.get_one(StaffUser, current_user.id)
    return render_template(
        "events/staff_calendar.html",
        month=_month(first, events, shown, language()),
        feed_url=urls.absolute("events.staff_feed", token=_token(user)),
        state_words=STATE_WORDS,
        state_tones=STATE_TONES,
        **_words(),
    )


@bp.post("/staff/calendar/renew")
@require(Permission.VIEW)
def renew_staff_feed() -> ResponseReturnValue:
    """A new secret address; the old one opens nothing any more."""
    user_id, now = current_user.id, clock.now()
    with transaction() as session:
        session.get_one(StaffUser, user_id).calendar_issue += 1
        audit.record(session, actor_id=user_id, action="calendar_renewed", subject=("staff_user", user_id), now=now)
    flash(_("予定表のアドレスを新しくしました。カレンダーのアプリに登録し直してください。"), "ok")
    return redirect(url_for(".staff_calendar"))


@bp.get("/calendar/<token>.ics")
@private_link
def staff_feed(token: str) -> ResponseReturnValue:
    """Everything, drafts too, for whoever holds the secret address of a member of staff who is still one."""
    session, today = read_session(), clock.today()
    ref = links.read(token, links.Purpose.CALENDAR, key=current_app.config["SECRET_KEY"])
    user = session.get(StaffUser, ref.id)
    if user is None or not user.enabled or user.calendar_issue != ref.issue or not may(user.role, Permission.VIEW):
        raise BadLink
    events = queries.staff_between(session, today - PAST, today + AHEAD)
    entries = [(event, _staff_words(event)) for event in events]
    return _ics(entries, name=_("行事(職員用)"))


def _words() -> dict[str, Callable[[dt.date], str]]:
    """The names of months and weekdays in the reader's language."""
    if language() == "ja":
        return {"month_words": wareki.month_ja, "weekday_words": wareki.weekday}
    return {"month_words": wareki.month_en, "weekday_words": wareki.weekday_en}


def _staff_words(event: Event) -> calendar.Words:
    words = calendar_words(event, "ja", urls.absolute("events.overview", event_id=event.id))
    if event.state != EventState.DRAFT:
        return words
    return calendar.Words(_("【下書き】%(title)s", title=words.title), words.description, words.url)


def _token(user: StaffUser) -> str:
    ref = links.LinkRef(user.id, user.calendar_issue)
    return links.issue(ref, links.Purpose.CALENDAR, key=current_app.config["SECRET_KEY"])


def _ics(entries: list[tuple[Event, calendar.Words]], *, name: str) -> Response:
    host = urlsplit(urls.absolute("events.public_list")).hostname or "localhost"
    content = calendar.feed(entries, name=name, host=host, now=clock.now())
    return Response(content, mimetype="text/calendar")


def _month(first: dt.date, events: Sequence[Event], shown: dict[int, str], lang: str) -> month.Month[Entry]:
    entries = [
        (
            date,
            Entry(
                event,
                pages.title_words(event, lang),
                _times(parts),
                types.word(event, lang),
                shown[event.id],
                event.state == EventState.CANCELLED,
            ),
        )
        for event in events
        for date, parts in calendar.days(event).items()
    ]
    return month.month(first, entries, today=clock.today())


def _times(parts: Sequence[Part]) -> str:
    if not parts:
        return ""
    return wareki.time_range(min(part.starts_at for part in parts), max(part.ends_at for part in parts))
