"""要確認: people whom a desk let in although the book says otherwise, for somebody in charge."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.checkin import conflicts, overruling, queries, service, stations, words
from eventops.checkin.blueprint import bp
from eventops.database import read_session, transaction


@bp.get("/staff/events/<int:event_id>/reception/conflicts", endpoint="conflicts")
@require(Permission.RECEIVE)
def conflicts_page(event_id: int) -> ResponseReturnValue:
    session = read_session()
    event = queries.event(session, event_id)
    return render_template(
        "checkin/conflicts.html",
        event=event,
        conflicts=conflicts.listed(session, event, now=clock.now()),
        overruled=overruling.listed(session, event),
        unsent=stations.unsent_scans(session, event_id),
        reasons=words.CONFLICTS,
    )


@bp.post("/staff/events/<int:event_id>/reception/conflicts/<int:scan_id>/settle")
@require(Permission.MANAGE_REGISTRATIONS)
def settle_conflict(event_id: int, scan_id: int) -> ResponseReturnValue:
    user_id, now = current_user.id, clock.now()
    with transaction() as session:
        conflicts.settle(session, event_id=event_id, scan_id=scan_id, user_id=user_id, now=now)
    return redirect(url_for(".conflicts", event_id=event_id), 303)


@bp.post("/staff/events/<int:event_id>/reception/conflicts/<int:scan_id>/undo")
@require(Permission.MANAGE_REGISTRATIONS)
def undo_conflict(event_id: int, scan_id: int) -> ResponseReturnValue:
    """The person did not stay: the look counts no more."""
    user_id, now = current_user.id, clock.now()
    with transaction() as session:
        service.undo(session, event_id=event_id, scan_id=scan_id, user_id=user_id, now=now)
    return redirect(url_for(".conflicts", event_id=event_id), 303)
