"""What an enrolled station asks for beside scanning: numbers looked up, cash, walk-ins, substitutes. Needs the line.

What is refused is said in words with status 200: to the station, any other status is a line that is lost.
"""

import datetime as dt
from collections.abc import Callable, Mapping

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from eventops import clock, words
from eventops.checkin import knocking, overruling, presenting, queries, service, stations, substitutes, walk_in
from eventops.checkin.blueprint import bp
from eventops.checkin.forms import NONCE, BadScan, SubstituteForm, WalkInForm
from eventops.checkin.keyed import count_guess, in_each_language, key_given, opened, station_key, who_asks
from eventops.checkin.models import Station
from eventops.checkin.outcomes import Outcome
from eventops.checkin.overruling import BadSupervisorCode
from eventops.checkin.routes_walk_in import asked_for, full_words
from eventops.checkin.stations import Keyed, StationRefused
from eventops.checkin.substitutes import Substitute
from eventops.checkin.walk_in import NoRoom
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.events.models import Part

Body = Mapping[str, object]
Act = Callable[[Session, Keyed, dt.datetime], Outcome]
_MOST_LETTERS = 400
_CODE_LENGTH = 12


@in_each_language(bp, "/people", endpoint="door_people", methods=("POST",))
@station_key
def door_people(*, lang: str) -> ResponseReturnValue:
    """Names and companies behind the end of a telephone number or a number on a ticket: neither is on the device."""
    body, key = _opened()
    knocking.slow_down_numbers(who_asks(key))
    session, now = read_session(), clock.now()
    station = stations.of_key(session, key, now=now)
    people = queries.by_number(session, event_id=station.event_id, text=_text(body, "q"))
    found = [
        {"attendee": one.id, "name": one.full_name, "kana": one.full_kana, "org": one.registration.organisation_name}
        for one in people
    ]
    return jsonify(people=found, now=_ms(now))


@in_each_language(bp, "/fee", endpoint="door_fee", methods=("POST",))
@station_key
def door_fee(*, lang: str) -> ResponseReturnValue:
    """Cash for the person of one of the station's own looks."""
    body, key = _opened()
    of = _nonce(body, "of")
    knocking.slow_down_presses(who_asks(key))

    def take(session: Session, station: Keyed, now: dt.datetime) -> Outcome:
        scan_id = overruling.of_nonce(session, nonce=of, station_id=station.id)
        return service.receive_fee(session, event_id=station.event_id, scan_id=scan_id, user_id=None, now=now)

    return _carried_out(take)


@in_each_language(bp, "/walk-in", endpoint="door_walk_in", methods=("POST",))
@station_key
def door_walk_in(*, lang: str) -> ResponseReturnValue:
    """Where a part is full, somebody in charge types a number: at a station nobody is signed in."""
    body, key = _opened()
    knocking.slow_down_acts(who_asks(key))
    session = read_session()
    event = queries.event(session, stations.of_key(session, key, now=clock.now()).event_id)
    form = WalkInForm(_fields(body), meta={"csrf": False}).offer(event)
    if not form.validate():
        return _faulty(form.errors)
    part, code = _part(event.parts, body), _text(body, "code")[:_CODE_LENGTH]
    if code:
        knocking.slow_down_guesses(who_asks(key))

    def admit(session: Session, station: Keyed, now: dt.datetime) -> Outcome:
        approved_by = _supervisor(session, station, code, now) if code else None
        guest = asked_for(event, part, form, station=station.name, user_id=approved_by, station_id=station.id)
        return walk_in.admit(session, guest, key=current_app.config["TICKET_KEY"], now=now)

    try:
        return _carried_out(admit)
    except NoRoom as refusal:
        event = queries.event(read_session(), event.id)
        ask = str(_("責任者の了承を得たら、責任者の番号（6桁）を入力して、もう一度押してください。"))
        return _faulty({"parts": [full_words(event, refusal.part_ids), ask]}, asks_code=True)


@in_each_language(bp, "/substitute", endpoint="door_substitute", methods=("POST",))
@station_key
def door_substitute(*, lang: str) -> ResponseReturnValue:
    """Whoever made the station's code answers for the change of a name."""
    body, key = _opened()
    knocking.slow_down_acts(who_asks(key))
    session = read_session()
    event = queries.event(session, stations.of_key(session, key, now=clock.now()).event_id)
    form = SubstituteForm(_fields(body), meta={"csrf": False})
    if not form.validate():
        return _faulty(form.errors)
    part, attendee_id = _part(event.parts, body), _number(body, "attendee")

    def admit(session: Session, station: Keyed, now: dt.datetime) -> Outcome:
        act = Substitute(
            nonce=form.nonce.data or "",
            event_id=event.id,
            part_id=part.id,
            attendee_id=attendee_id,
            details=form.details(),
            station=station.name,
            station_id=station.id,
            actor_id=session.get_one(Station, station.id).made_by_id,
        )
        return substitutes.admit(session, act, key=current_app.config["TICKET_KEY"], now=now)

    return _carried_out(admit)


def _carried_out(act: Act) -> ResponseReturnValue:
    key, now = key_given(), clock.now()
    try:
        with transaction() as session:
            outcome = act(session, stations.of_key(session, key, now=now), now)
    except (StationRefused, NoRoom):
        raise
    except DomainError as refusal:
        if isinstance(refusal, BadSupervisorCode):
            count_guess(key, who_asks(key))
        return jsonify(refused=words.sentence(refusal), now=_ms(clock.now()))
    return jsonify(answer=presenting.as_json(presenting.answer(outcome)), now=_ms(clock.now()))


def _faulty(errors: Mapping[str | None, object], *, asks_code: bool = False) -> ResponseReturnValue:
    return jsonify(errors=errors, asks_code=asks_code, now=_ms(clock.now()))


def _supervisor(session: Session, station: Keyed, code: str, now: dt.datetime) -> int:
    key = current_app.config["TICKET_KEY"]
    return overruling.supervisor(session, event_id=station.event_id, code=code, key=key, now=now)


def _opened() -> tuple[Body, str]:
    body, key = opened()
    if not isinstance(body, dict):
        raise BadScan
    return body, key


def _fields(body: Body) -> MultiDict[str, str]:
    """As a form sends them. That somebody may come in although it is full is not for a device to say."""
    given: list[tuple[str, str]] = []
    for name, value in body.items():
        values = value if isinstance(value, list) else [value]
        given += [(name, str(one)[:_MOST_LETTERS]) for one in values if name != "go_ahead"]
    return MultiDict(given)


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    return value[:_MOST_LETTERS] if isinstance(value, str) else ""


def _nonce(body: Body, name: str) -> str:
    if not NONCE.fullmatch(_text(body, name)):
        raise BadScan
    return _text(body, name)


def _number(body: Body, name: str) -> int:
    number = body.get(name)
    if not isinstance(number, int) or not 0 < number < 2**31:
        raise BadScan
    return number


def _part(parts: list[Part], body: Body) -> Part:
    """The part that the station stands before."""
    here = _number(body, "part")
    found = next((part for part in parts if part.id == here), None)
    if found is None:
        raise BadScan
    return found


def _ms(moment: dt.datetime) -> int:
    return round(moment.timestamp() * 1000)
