"""責任者の判断で通す: the form at the desk; who is not in charge needs the number of somebody who is."""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock, words
from eventops.accounts.permissions import Permission, require, user_may
from eventops.checkin import knocking, outcomes, overruling, presenting, queries, station
from eventops.checkin.blueprint import bp
from eventops.checkin.commands import Overruling
from eventops.checkin.forms import OverruleForm, new_nonce
from eventops.checkin.outcomes import Outcome
from eventops.checkin.overruling import MAY_OVERRULE, BadSupervisorCode, SupervisorCodesLocked
from eventops.database import read_session, transaction


@bp.route("/staff/events/<int:event_id>/reception/scans/<int:scan_id>/overrule", methods=["GET", "POST"])
@require(Permission.RECEIVE)
def overrule(event_id: int, scan_id: int) -> ResponseReturnValue:
    form = OverruleForm()
    if not form.is_submitted():
        form.nonce.data = new_nonce()
        return _page(event_id, scan_id, form)
    if not form.validate():
        return _page(event_id, scan_id, form), 422
    try:
        outcome = _overruled(event_id, scan_id, form)
    except (BadSupervisorCode, SupervisorCodesLocked) as refusal:
        form.code.errors = [words.sentence(refusal)]
        return _page(event_id, scan_id, form), 422
    return redirect(url_for(".station", event_id=event_id, part=outcome.part_id, shown=outcome.scan_id), 303)


def _overruled(event_id: int, scan_id: int, form: OverruleForm) -> Outcome:
    who, user_id = f"user:{current_user.id}", current_user.id
    in_charge = user_id if user_may(MAY_OVERRULE) else None
    knocking.slow_down_guesses(who)
    try:
        with transaction() as session:
            approved_by = in_charge or _supervisor(session, event_id, form.code.data or "")
            act = Overruling(form.nonce.data or "", scan_id, form.reason.data or "", approved_by, user_id)
            return overruling.overrule(session, act, event_id=event_id, now=clock.now())
    except BadSupervisorCode:
        knocking.count_guess(who)
        with transaction() as session:
            overruling.note_wrong(session, event_id=event_id, station=station.name(), user_id=user_id, now=clock.now())
        raise


def _supervisor(session: Session, event_id: int, code: str) -> int:
    key = current_app.config["TICKET_KEY"]
    return overruling.supervisor(session, event_id=event_id, code=code, key=key, now=clock.now())


def _page(event_id: int, scan_id: int, form: OverruleForm) -> str:
    session = read_session()
    event = queries.event(session, event_id)
    look = queries.scan(session, event_id=event_id, scan_id=scan_id)
    page: str = render_template(
        "checkin/overrule.html",
        event=event,
        part_id=look.part_id,
        shown=presenting.answer(outcomes.of_scan(session, look)),
        form=form,
        asks_code=not user_may(MAY_OVERRULE),
    )
    return page
