"""A badge printed on the spot, at an enrolled station: of somebody whom it has just let in, once."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from eventops import clock, words
from eventops.checkin import knocking, stations
from eventops.checkin import queries as door_queries
from eventops.checkin.forms import NONCE, BadScan
from eventops.checkin.keyed import in_each_language, opened, station_key, who_asks
from eventops.checkin.stations import StationRefused
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.events import queries as event_queries
from eventops.printing import designs, hints, runs
from eventops.printing.blueprint import bp
from eventops.printing.files import PDF, sent
from eventops.printing.routes_badges import run_pdf
from eventops.printing.runs import PrintedAlready


@in_each_language(bp, "/badge", endpoint="door_badge", methods=("POST",))
@station_key
def door_badge(*, lang: str) -> ResponseReturnValue:
    """A good ticket stands on it: a station gets it for its own admissions alone, and nothing keeps it on the way."""
    body, key = opened()
    of, again = _asked(body)
    knocking.slow_down_presses(who_asks(key))
    try:
        content = _printed(key, of, again=again)
    except StationRefused:
        raise
    except DomainError as refusal:
        was_printed = isinstance(refusal, PrintedAlready)
        return jsonify(refused=words.sentence(refusal), was_printed=was_printed)
    answer = sent(content, "名札.pdf", PDF)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked(body: object) -> tuple[str, bool]:
    if not isinstance(body, dict) or not NONCE.fullmatch(str(body.get("of"))):
        raise BadScan
    return str(body["of"]), body.get("again") is True


def _printed(key: str, of: str, *, again: bool) -> bytes:
    now = clock.now()
    station = stations.of_key(read_session(), key, now=now)
    told = hints.of_organisations(read_session(), station.event_id)
    with transaction() as session:
        station = stations.of_key(session, key, now=now)
        event = event_queries.event(session, station.event_id)
        run = runs.print_one(
            session,
            event,
            door_queries.let_in_by(session, station_id=station.id, nonce=of),
            told,
            again=again,
            stock=designs.stored(session, event).layout.desk_stock,
            first_label=1,
            actor_id=None,
            now=now,
        )
        event_id, run_id = event.id, run.id
    return run_pdf(event_id, run_id)
