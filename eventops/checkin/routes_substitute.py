"""代理出席 at the desk of somebody signed in: who comes instead, in four fields."""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from eventops import clock, words
from eventops.accounts.permissions import Permission, require
from eventops.checkin import queries, station, substitutes
from eventops.checkin.blueprint import bp
from eventops.checkin.forms import SubstituteForm, new_nonce
from eventops.checkin.substitutes import HasCome, Substitute
from eventops.database import read_session, transaction
from eventops.events.models import Event, Part
from eventops.registration.models import Attendee
from eventops.registration.refusals import CancelledAlready


@bp.route("/staff/events/<int:event_id>/reception/people/<int:attendee_id>/substitute", methods=["GET", "POST"])
@require(Permission.RECEIVE)
def substitute(event_id: int, attendee_id: int) -> ResponseReturnValue:
    event = queries.event(read_session(), event_id)
    person = queries.attendee(read_session(), event_id=event_id, attendee_id=attendee_id)
    part = station.part_here(event.parts)
    if part is None or not station.name():
        return redirect(url_for(".station", event_id=event_id))
    form = SubstituteForm()
    if not form.is_submitted():
        form.nonce.data = new_nonce()
        return _page(event, part, person, form)
    if not form.validate():
        return _page(event, part, person, form), 422
    act = Substitute(
        nonce=form.nonce.data or "",
        event_id=event_id,
        part_id=part.id,
        attendee_id=attendee_id,
        details=form.details(),
        station=station.name(),
        actor_id=current_user.id,
        user_id=current_user.id,
    )
    try:
        with transaction() as session:
            outcome = substitutes.admit(session, act, key=current_app.config["TICKET_KEY"], now=clock.now())
    except (HasCome, CancelledAlready) as refusal:
        form.form_errors = [words.sentence(refusal)]
        return _page(event, part, person, form), 409
    return redirect(url_for(".station", event_id=event_id, part=part.id, shown=outcome.scan_id), 303)


def _page(event: Event, part: Part, person: Attendee, form: SubstituteForm) -> str:
    return render_template("checkin/substitute.html", event=event, part=part, person=person, form=form)
