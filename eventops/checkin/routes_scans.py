"""Scans as requests: from the station's script, from a plain form, and what is done about one afterwards."""

from collections.abc import Mapping

from flask import current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.checkin import knocking, presenting, service, station
from eventops.checkin.blueprint import bp
from eventops.checkin.commands import Look
from eventops.checkin.forms import BadScan, read_look
from eventops.checkin.outcomes import Outcome
from eventops.database import transaction


@bp.post("/staff/events/<int:event_id>/reception/scans")
@require(Permission.RECEIVE)
def scan(event_id: int) -> ResponseReturnValue:
    """One scan as JSON: {"nonce", "part", "method", "code" or "attendee"}; answers with the verdict in words."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadScan
    return jsonify(presenting.as_json(presenting.answer(_record(_look(event_id, body)))))


@bp.post("/staff/events/<int:event_id>/reception/scan")
@require(Permission.RECEIVE)
def scan_by_form(event_id: int) -> ResponseReturnValue:
    """The same without scripts: the page comes back with the verdict on it."""
    outcome = _record(_look(event_id, request.form))
    return redirect(_shown_at(event_id, request.form.get("part", ""), outcome), 303)


@bp.post("/staff/events/<int:event_id>/reception/scans/<int:scan_id>/undo")
@require(Permission.RECEIVE)
def undo(event_id: int, scan_id: int) -> ResponseReturnValue:
    user_id = current_user.id
    with transaction() as session:
        outcome = service.undo(session, event_id=event_id, scan_id=scan_id, user_id=user_id, now=clock.now())
    return _changed(event_id, outcome)


@bp.post("/staff/events/<int:event_id>/reception/scans/<int:scan_id>/fee")
@require(Permission.RECEIVE)
def receive_fee(event_id: int, scan_id: int) -> ResponseReturnValue:
    user_id = current_user.id
    with transaction() as session:
        outcome = service.receive_fee(session, event_id=event_id, scan_id=scan_id, user_id=user_id, now=clock.now())
    return _changed(event_id, outcome)


def _look(event_id: int, values: Mapping[str, object]) -> Look:
    sent = read_look(values)
    return Look(
        nonce=sent.nonce,
        event_id=event_id,
        part_id=sent.part_id,
        method=sent.method,
        station=station.name(),
        user_id=current_user.id,
        code=sent.code,
        attendee_id=sent.attendee_id,
        direction=sent.direction,
    )


def _record(look: Look) -> Outcome:
    """Twice when the same scan of an unknown code arrives twice at once: the second time finds the row of the first."""
    who = f"user:{look.user_id}"  # the name of the desk is whatever they type
    knocking.slow_down(who)
    try:
        outcome = _record_once(look)
    except IntegrityError:
        outcome = _record_once(look)
    knocking.count(who, outcome.verdict)
    return outcome


def _record_once(look: Look) -> Outcome:
    with transaction() as session:
        return service.scan(session, look, key=current_app.config["TICKET_KEY"], now=clock.now())


def _changed(event_id: int, outcome: Outcome) -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json":
        return jsonify(presenting.as_json(presenting.answer(outcome)))
    if request.form.get("back") == "monitor":
        return redirect(url_for(".monitor", event_id=event_id, part=outcome.part_id), 303)
    return redirect(_shown_at(event_id, str(outcome.part_id), outcome), 303)


def _shown_at(event_id: int, part_id: str, outcome: Outcome) -> str:
    return url_for(".station", event_id=event_id, part=part_id, gate=outcome.direction, shown=outcome.scan_id)
