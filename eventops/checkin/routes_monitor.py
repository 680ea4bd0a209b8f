"""The monitor: live counters of the door and who is missing."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.checkin import conflicts, queries, stations, words
from eventops.checkin import monitor as counts
from eventops.checkin.blueprint import bp
from eventops.checkin.rules import ADMITTED, TONES, Verdict, is_practice
from eventops.database import read_session
from eventops.events.models import Event, Part
from eventops.registration import labels


@bp.get("/staff/events/<int:event_id>/reception")
@require(Permission.RECEIVE)
def monitor(event_id: int) -> ResponseReturnValue:
    event = queries.event(read_session(), event_id)
    if not event.parts:
        return render_template("checkin/monitor_empty.html", event=event)
    return render_template("checkin/monitor.html", **_figures(event))


@bp.get("/staff/events/<int:event_id>/reception/live")
@require(Permission.RECEIVE)
def live(event_id: int) -> ResponseReturnValue:
    """The figures alone, for the page to read again every few seconds."""
    event = queries.event(read_session(), event_id)
    return render_template("checkin/live.html", **_figures(event)) if event.parts else ""


def _figures(event: Event) -> dict[str, object]:
    session, now = read_session(), clock.now()
    part = _part(event)
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
        "admitted": ADMITTED,
    }


def _part(event: Event) -> Part:
    asked = request.args.get("part", type=int)
    return next((part for part in event.parts if part.id == asked), event.parts[0])
