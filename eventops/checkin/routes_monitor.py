"""The monitor: live counters of the door and who is missing."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.checkin import conflicts, honours, queries, stations, words
from eventops.checkin import monitor as counts
from eventops.checkin.blueprint import bp
from eventops.checkin.rules import PASSED, TONES, Verdict, is_practice
from eventops.database import read_session
from eventops.events.models import Event, Part
from eventops.registration import labels

NAMES_ON_THE_WALL = 20


@bp.get("/staff/events/<int:event_id>/reception")
@require(Permission.RECEIVE)
def monitor(event_id: int) -> ResponseReturnValue:
    event = queries.event(read_session(), event_id)
    if not event.parts:
        return render_template("checkin/monitor_empty.html", event=event)
    return render_template("checkin/monitor.html", **_figures(event, _part(event)))


@bp.get("/staff/events/<int:event_id>/reception/live")
@require(Permission.RECEIVE)
def live(event_id: int) -> ResponseReturnValue:
    """The figures alone, for the page to read again every few seconds."""
    event = queries.event(read_session(), event_id)
    return render_template("checkin/live.html", **_figures(event, _part(event))) if event.parts else ""


@bp.get("/staff/events/<int:event_id>/reception/wall", endpoint="wall")
@require(Permission.RECEIVE)
def wall_page(event_id: int) -> ResponseReturnValue:
    """The same for a projector."""
    event = queries.event(read_session(), event_id)
    if not event.parts:
        return render_template("checkin/monitor_empty.html", event=event)
    return render_template("checkin/wall.html", **_on_the_wall(event))


@bp.get("/staff/events/<int:event_id>/reception/wall/live")
@require(Permission.RECEIVE)
def wall_live(event_id: int) -> ResponseReturnValue:
    event = queries.event(read_session(), event_id)
    return render_template("checkin/wall_live.html", **_on_the_wall(event)) if event.parts else ""


def _on_the_wall(event: Event) -> dict[str, object]:
    """Nobody stands by the wall to choose: without a choice it is the part that people come for now."""
    asked = _asked_part(event)
    figures = _figures(event, asked or counts.coming(event.parts, now=clock.now()))
    people = [person for row in figures["missing"] for person in row.people]
    return {
        **figures,
        "asked_part": asked.id if asked else None,
        "with_names": "names" in request.args,
        "missing_shown": people[:NAMES_ON_THE_WALL],
    }


def _figures(event: Event, part: Part) -> dict[str, Any]:
    session, now = read_session(), clock.now()
    missing = counts.missing(session, part, now=now)
    return {
        "event": event,
        "part": part,
        "now": now,
        "practice": is_practice(part.starts_at, at=now),
        "parts": counts.part_counts(session, event.parts, now=now),
        "categories": counts.category_counts(session, part, now=now),
        "desks": counts.desks(session, part, now=now),
        "curve": counts.curve(session, part, now=now),
        "missing": missing,
        "missing_count": sum(len(row.people) for row in missing),
        "recent": counts.recent(session, part),
        "conflict_count": conflicts.count(session, event, now=now),
        "unsent": stations.unsent_scans(session, event.id),
        "badges": labels.BADGES,
        "short": words.SHORT,
        "methods": words.METHODS,
        "tones": {verdict: TONES[verdict] for verdict in Verdict},
        "passed": PASSED,
        "arrived": honours.unseen(session, event, user_id=current_user.id, now=now),
    }


def _part(event: Event) -> Part:
    return _asked_part(event) or event.parts[0]


def _asked_part(event: Event) -> Part | None:
    asked = request.args.get("part", type=int)
    return next((part for part in event.parts if part.id == asked), None)
