"""The installable page of a station and what it asks the server: a key for a code, a snapshot, and to take scans.

The key travels in a header of its own, which no form of another site can send: these routes need no token. The page is
the same for every station and holds nothing about anybody, so that it may lie in the browser's cache.
"""

import datetime as dt
import gzip
import json
from collections.abc import Mapping

from flask import Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from eventops import clock, words
from eventops.accounts.permissions import public
from eventops.checkin import (
    conflicts,
    knocking,
    monitor,
    offline_files,
    presenting,
    queries,
    snapshots,
    stations,
    syncing,
)
from eventops.checkin import words as door_words
from eventops.checkin.blueprint import bp
from eventops.checkin.forms import BadScan, SubstituteForm, WalkInForm, read_former_keys
from eventops.checkin.keyed import count_guess, in_each_language, key_given, station_key, who_asks
from eventops.checkin.outcomes import Outcome
from eventops.checkin.overruling import BadSupervisorCode
from eventops.checkin.stations import Keyed, StationRefused
from eventops.checkin.syncing import Batch, TicketHeld
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.languages import LANGUAGES
from eventops.limits import limiter
from eventops.turns import Queue

WORKER_POLICY = "default-src 'none'; connect-src 'self'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'"
_AT_WORK = Queue(places=4)


@in_each_language(bp, "/", endpoint="door")
@public
def door(*, lang: str) -> ResponseReturnValue:
    """Forms stand on it without tokens and parts: what is chosen there comes from the device's own book."""
    return render_template(
        "checkin/door.html",
        lang=lang,
        tone_words={str(tone): word for tone, word in door_words.TONE_WORDS.items()},
        walk_in=WalkInForm(formdata=None, meta={"csrf": False}),
        substitute=SubstituteForm(formdata=None, meta={"csrf": False}, prefix="substitute-"),
    )


@in_each_language(bp, "/enrol", endpoint="door_enrol_page")
@public
def enrol_page(*, lang: str) -> ResponseReturnValue:
    return render_template("checkin/door_enrol.html", lang=lang, code=stations.as_typed(request.args.get("code", "")))


@bp.get("/D/<code>")
@public
def enrol_link(code: str) -> ResponseReturnValue:
    """What the QR code of a new station opens: short, and in the letters that make the symbol small."""
    return redirect(url_for(".door_enrol_page", lang=LANGUAGES[0], code=stations.as_typed(code)))


@bp.post("/door/enrol")
@public
@limiter.limit("10/minute")
def door_enrol() -> ResponseReturnValue:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadScan
    now = clock.now()
    with transaction() as session:
        enrolled = stations.enrol(
            session, code=str(body.get("code", ""))[:40], former_keys=read_former_keys(body.get("former")), now=now
        )
        station = enrolled.station
        return jsonify(
            key=enrolled.key,
            salt=station.salt,
            name=station.name,
            part=station.part_id,
            event={"id": station.event_id, "title": station.event.title},
            expires_at=_ms(stations.expires_at(station)),
            now=_ms(now),
        )


@in_each_language(bp, "/snapshot", endpoint="door_snapshot")
@station_key
def door_snapshot(*, lang: str) -> ResponseReturnValue:
    session, now = read_session(), clock.now()
    station = stations.of_key(session, key_given(), now=now)
    event = queries.event(session, station.event_id)
    made = snapshots.make(session, event, salt=station.salt, key=current_app.config["TICKET_KEY"], now=now)
    return _packed(made.as_json() | {"name": station.name, "now": _ms(now)})


def _packed(content: Mapping[str, object]) -> Response:
    """As JSON, compressed here: in front of a small server at a venue stands nobody who would do it."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(text, mimetype="application/json")
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(gzip.compress(text, 6))
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


@in_each_language(bp, "/sync", endpoint="door_sync", methods=("POST",))
@station_key
def door_sync(*, lang: str) -> ResponseReturnValue:
    """Take a batch in order, each item in a transaction of its own: a crash in the middle loses none that was answered.

    Without items it is the station's sign of life, and the answer tells the station what others have scanned.
    """
    body = request.get_json(silent=True, force=True)  # read first: what is too large is refused before the key
    key, now = key_given(), clock.now()
    batch = syncing.read_batch(body)
    who = who_asks(key)
    knocking.slow_down(who)
    ahead = batch.clock_ahead(now)
    if not batch.items:
        return jsonify(_pulse(key, batch, ahead, now) | {"now": _ms(clock.now())})
    results = [_in_turn(values, key, batch, ahead, who) for values in batch.items]
    return jsonify(results=results, now=_ms(clock.now()))


def _in_turn(values: Mapping[str, object], key: str, batch: Batch, ahead: dt.timedelta, who: str) -> dict[str, object]:
    """Whoever waits longest is next, also between the items of a desk that reports many.

    Threads that all judge at once take the interpreter from each other, and from the one for which the others wait. A
    place is for work: whoever finds a ticket locked leaves it to other tickets, and waits outside.
    """
    try:
        with _AT_WORK.turn():
            return _result(values, key, batch, ahead, who, waits=False)
    except TicketHeld:
        return _result(values, key, batch, ahead, who, waits=True)


def _result(
    values: Mapping[str, object], key: str, batch: Batch, ahead: dt.timedelta, who: str, *, waits: bool
) -> dict[str, object]:
    if values.get("kind") == "overrule":
        knocking.slow_down_guesses(who)
    try:
        outcome = _taken(values, key, ahead, waits=waits)
    except StationRefused:
        raise
    except BadSupervisorCode as refusal:
        count_guess(key, who)
        return {"nonce": values.get("nonce"), "refused": words.sentence(refusal)}
    except DomainError as refusal:
        return {"nonce": values.get("nonce"), "refused": words.sentence(refusal)}
    knocking.count(who, outcome.verdict)
    return {"nonce": values.get("nonce"), "answer": presenting.as_json(presenting.answer(outcome))}


def _taken(values: Mapping[str, object], key: str, ahead: dt.timedelta, *, waits: bool) -> Outcome:
    """Twice when the same scan of an unknown code arrives twice at once: the second time finds the row of the first."""
    try:
        return _taken_once(values, key, ahead, waits=waits)
    except IntegrityError:
        return _taken_once(values, key, ahead, waits=waits)


def _taken_once(values: Mapping[str, object], key: str, ahead: dt.timedelta, *, waits: bool) -> Outcome:
    now = clock.now()
    with transaction() as session:
        return syncing.carry_out(
            session,
            values,
            station_key=key,
            key=current_app.config["TICKET_KEY"],
            clock_ahead=ahead,
            now=now,
            waits=waits,
        )


def _pulse(key: str, batch: Batch, ahead: dt.timedelta, now: dt.datetime) -> dict[str, object]:
    with transaction() as session:
        station = stations.of_key(session, key, now=now)
        stations.seen(session, station, unsent=batch.unsent, clock_ahead=ahead, now=now)
    return _news(station, batch.since, now)  # after the writer's turn: the desks' scans wait for it


def _news(station: Keyed, since: int, now: dt.datetime) -> dict[str, object]:
    session = read_session()
    event = queries.event(session, station.event_id)
    counts = monitor.part_counts(session, event.parts, now=now)
    scans = queries.passages_since(session, event, since=since, now=now)
    return {
        "name": station.name,
        "counts": {part_id: [count.inside, count.expected, count.present] for part_id, count in counts.items()},
        "inside": [
            [scan.attendee_id, scan.part_id, _ms(scan.scanned_at), scan.station, scan.direction] for scan in scans
        ],
        "last_scan": max([since, *(scan.id for scan in scans)]),
        "conflicts": conflicts.count(session, event, now=now),
    }


@in_each_language(bp, "/manifest.webmanifest", endpoint="door_manifest")
@public
def door_manifest(*, lang: str) -> ResponseReturnValue:
    return Response(render_template("checkin/manifest.json", lang=lang), mimetype="application/manifest+json")


@bp.get("/door/worker.js")
@public
def door_worker() -> ResponseReturnValue:
    """The service worker, with the files of this version; a browser that finds other files fetches them all anew."""
    files = offline_files.files()
    text = render_template("checkin/worker.js", files=files, version=offline_files.version())
    response = Response(text, mimetype="text/javascript")
    response.headers["Content-Security-Policy"] = WORKER_POLICY
    return response


def _ms(moment: dt.datetime) -> int:
    return round(moment.timestamp() * 1000)
