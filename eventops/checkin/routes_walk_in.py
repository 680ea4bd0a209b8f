"""当日参加: the form of five fields, with clear words when the part is full."""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.checkin import queries, station, walk_in
from eventops.checkin.blueprint import bp
from eventops.checkin.forms import WalkInForm, new_nonce
from eventops.checkin.walk_in import NoRoom, WalkIn
from eventops.database import read_session, transaction
from eventops.events.models import Event, Mode, Part
from eventops.registration.commands import Claim


@bp.route("/staff/events/<int:event_id>/reception/walk-in", methods=["GET", "POST"], endpoint="walk_in")
@require(Permission.RECEIVE)
def walk_in_page(event_id: int) -> ResponseReturnValue:
    event = queries.event(read_session(), event_id)
    part = station.part_here(event.parts)
    if part is None or not station.name():
        return redirect(url_for(".station", event_id=event_id))
    form = WalkInForm().offer(event)
    if not form.is_submitted():
        form.parts.data, form.nonce.data = [part.id], new_nonce()
        return _page(event, part, form)
    if not form.validate():
        return _page(event, part, form), 422
    guest = asked_for(event, part, form, station=station.name(), user_id=current_user.id)
    try:
        with transaction() as session:
            outcome = walk_in.admit(session, guest, key=current_app.config["TICKET_KEY"], now=clock.now())
    except NoRoom as refusal:
        event = queries.event(read_session(), event_id)
        ask = str(_("責任者の了承を得たら、下の欄に印を付けて押してください。"))
        form.parts.errors = [full_words(event, refusal.part_ids), ask]
        return _page(event, part, form, is_full=True), 422
    return redirect(url_for(".station", event_id=event_id, part=part.id, shown=outcome.scan_id), 303)


def _page(event: Event, part: Part, form: WalkInForm, *, is_full: bool = False) -> str:
    return render_template(
        "checkin/walk_in.html",
        event=event,
        part=part,
        form=form,
        ask_go_ahead=is_full or bool(form.go_ahead.data),
    )


def asked_for(
    event: Event, part: Part, form: WalkInForm, *, station: str, user_id: int | None, station_id: int | None = None
) -> WalkIn:
    """The desk's own part is the one that is entered now, if it was ticked; otherwise the first ticked one.

    At a station, `user_id` is whoever let one more in although it was full: nobody else is known there.
    """
    chosen = [other.id for other in event.parts if other.id in (form.parts.data or [])]
    return WalkIn(
        nonce=form.nonce.data or "",
        event_id=event.id,
        part_id=part.id if part.id in chosen else chosen[0],
        also_part_ids=tuple(chosen),
        company=(form.company.data or "").strip(),
        name=form.name.data or "",
        name_kana=form.name_kana.data or "",
        claim=Claim(form.claim.data),
        contact=form.contact.data or "",
        go_ahead=bool(form.go_ahead.data) or (station_id is not None and user_id is not None),
        station=station,
        user_id=user_id,
        station_id=station_id,
    )


def full_words(event: Event, part_ids: tuple[int, ...]) -> str:
    full = "、".join(f"「{part.title}」{_capacity(part)}" for part in event.parts if part.id in part_ids)
    return str(_("%(parts)sは満席のため、登録していません。", parts=full))


def _capacity(part: Part) -> str:
    limits = [pool.capacity for pool in part.pools if pool.mode == Mode.ONSITE and pool.capacity is not None]
    return str(_("（定員%(n)s名）", n=limits[0])) if limits else ""
