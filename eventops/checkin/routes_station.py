"""The station's page: choosing the desk once, then scanning; searching; and counting beside it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.checkin import honours, monitor, outcomes, presenting, queries, station, words
from eventops.checkin.blueprint import bp
from eventops.checkin.forms import DeskForm, new_nonce
from eventops.checkin.rules import first_admission, is_practice
from eventops.database import read_session
from eventops.events.models import Event, Part
from eventops.registration import labels, tickets
from eventops.registration.models import Attendee


@bp.get("/staff/events/<int:event_id>/reception/scan", endpoint="station")
@require(Permission.RECEIVE)
def station_page(event_id: int) -> ResponseReturnValue:
    session = read_session()
    event = queries.event(session, event_id)
    part = station.part_here(event.parts)
    if part is None or not station.name() or "choose" in request.args:
        return _choose(event, part)
    return _station(session, event, part)


def _station(session: Session, event: Event, part: Part, *, q: str = "") -> str:
    now = clock.now()
    page: str = render_template(
        "checkin/station.html",
        event=event,
        part=part,
        station=station.name(),
        gate=station.gate_here(part),
        practice=is_practice(part.starts_at, at=now),
        count=monitor.part_counts(session, [part], now=now)[part.id],
        arrived=honours.unseen(session, event, user_id=current_user.id, now=now),
        shown=_shown(session, event.id),
        tone_words={str(tone): word for tone, word in words.TONE_WORDS.items()},
        new_nonce=new_nonce,
        **_found(session, event, part, q),
    )
    return page


def _choose(event: Event, part: Part | None, form: DeskForm | None = None) -> str:
    if form is None:
        form = DeskForm(formdata=None).offer(event.parts)
        form.station.data = station.name()
        form.part.data = part.id if part else None
    page: str = render_template("checkin/choose.html", event=event, form=form)
    return page


@bp.post("/staff/events/<int:event_id>/reception/desk")
@require(Permission.RECEIVE)
def choose_desk(event_id: int) -> ResponseReturnValue:
    event = queries.event(read_session(), event_id)
    form = DeskForm().offer(event.parts)
    if not form.validate():
        return _choose(event, None, form), 422
    station.remember(station=(form.station.data or "").strip(), part_id=form.part.data)
    return redirect(url_for(".station", event_id=event_id, part=form.part.data))


@bp.post("/staff/events/<int:event_id>/reception/search")
@require(Permission.RECEIVE)
def search(event_id: int) -> ResponseReturnValue:
    """The people found: a part of the page for the script, the whole page without one. Names stay out of addresses."""
    session = read_session()
    event = queries.event(session, event_id)
    part = station.part_here(event.parts)
    if part is None:
        return redirect(url_for(".station", event_id=event_id))
    q = request.form.get("q", "")[:100].strip()
    if "HX-Request" not in request.headers:
        return _station(session, event, part, q=q)
    found = _found(session, event, part, q)
    gate = station.gate_here(part)
    return render_template("checkin/found.html", event=event, part=part, gate=gate, new_nonce=new_nonce, **found)


@bp.get("/staff/events/<int:event_id>/reception/count")
@require(Permission.RECEIVE)
def count(event_id: int) -> ResponseReturnValue:
    """The station's counter, as a part of its page."""
    session = read_session()
    event = queries.event(session, event_id)
    part = station.part_here(event.parts)
    if part is None:
        return redirect(url_for(".station", event_id=event_id))
    now = clock.now()
    return render_template(
        "checkin/count.html",
        event=event,
        part=part,
        count=monitor.part_counts(session, [part], now=now)[part.id],
        arrived=honours.unseen(session, event, user_id=current_user.id, now=now),
    )


def _shown(session: Session, event_id: int) -> presenting.Answer | None:
    """The verdict to show when the page was opened by a form instead of a script."""
    scan_id = request.args.get("shown", type=int)
    if scan_id is None:
        return None
    return presenting.answer(outcomes.of_scan(session, queries.scan(session, event_id=event_id, scan_id=scan_id)))


def _found(session: Session, event: Event, part: Part, text: str) -> dict[str, object]:
    people = queries.search(session, event_id=event.id, text=text) if text else []
    shown = people[: queries.FOUND_SHOWN]
    scans = queries.passages(session, part_id=part.id, attendee_ids=[person.id for person in shown])
    now = clock.now()
    entered = {
        person.id: first_admission(
            outcomes.passages_of(scan for scan in scans if scan.attendee_id == person.id),
            part=outcomes.door(part),
            at=now,
        )
        for person in shown
    }
    return {
        "q": text,
        "found": shown,
        "has_more": len(people) > len(shown),
        "entered": entered,
        "seat_word": lambda person: _seat_word(person, part),
        "ticket_number": lambda person: tickets.number(person.registration.number, person.position),
        "badges": labels.BADGES,
    }


def _seat_word(person: Attendee, part: Part) -> str:
    """How the person stands in this part: a seat at the venue is said first."""
    places = sorted((place for place in person.places if place.part_id == part.id), key=lambda place: place.mode)
    return str(labels.place(places[-1].state, places[-1].mode)) if places else ""
