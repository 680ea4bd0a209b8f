"""Window and breaks, slots, rooms and tables of a round, with the arithmetic that follows the typing."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.meetings.blueprint import bp
from eventops.meetings.frame import capacity, loads, rounds
from eventops.meetings.frame.capacity import Interval
from eventops.meetings.frame.forms import FrameForm, RoomsForm, SlotsForm, frame_data, rooms_data, slots_data
from eventops.meetings.frame.rounds import TableSwitches
from eventops.meetings.models import MatchingRound
from eventops.meetings.routes_desk import open_round
from eventops.meetings.timetable import routes_publication
from eventops.several_forms import apart
from eventops.wareki import japan_time

SWITCHES = ("in_use", "online_ready", "accessible")


@bp.route("/staff/events/<int:event_id>/matching/round", methods=["GET", "POST"])
@require(Permission.MANAGE_MATCHING)
def round_frame(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    form = FrameForm(data=frame_data(found))
    if not form.is_submitted():
        return _page(found)
    if not form.validate():
        return _page(found, frame_form=form), 422
    frame = form.frame(japan_time(found.starts_at).date())
    try:
        with transaction() as session:
            rounds.save_frame(
                session,
                round_id=found.id,
                frame=frame,
                sme_max_meetings=form.sme_max_meetings.data or 0,
                solve_seconds=form.solve_seconds.data or 0,
                actor_id=current_user.id,
                now=clock.now(),
            )
    except DomainError as error:
        form.form_errors = [words.sentence(error)]
        return _page(open_round(event_id), frame_form=form), 422
    return _saved(event_id, "frame")


@bp.post("/staff/events/<int:event_id>/matching/round/slots")
@require(Permission.MANAGE_MATCHING)
def save_slots(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    form = SlotsForm()
    if not form.validate():
        return _page(found, slots_form=form), 422
    rows = form.slot_rows(japan_time(found.starts_at).date())
    try:
        with transaction() as session:
            rounds.save_slots(session, round_id=found.id, rows=rows, actor_id=current_user.id, now=clock.now())
    except DomainError as error:
        form.form_errors = [words.sentence(error)]
        return _page(open_round(event_id), slots_form=form), 422
    return _saved(event_id, "slots")


@bp.post("/staff/events/<int:event_id>/matching/round/rooms")
@require(Permission.MANAGE_MATCHING)
def save_rooms(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    form = RoomsForm()
    if not form.validate():
        return _page(found, rooms_form=form), 422
    try:
        with transaction() as session:
            rounds.save_rooms(
                session, round_id=found.id, rows=form.room_rows(), actor_id=current_user.id, now=clock.now()
            )
    except DomainError as error:
        form.form_errors = [words.sentence(error)]
        return _page(open_round(event_id), rooms_form=form), 422
    return _saved(event_id, "rooms")


@bp.post("/staff/events/<int:event_id>/matching/round/tables")
@require(Permission.MANAGE_MATCHING)
def save_tables(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    ticked = {name: set(request.form.getlist(name, type=int)) for name in SWITCHES}
    switches = {
        table.id: TableSwitches(**{name: table.id in ticked[name] for name in SWITCHES})
        for room in found.rooms
        for table in room.tables
    }
    with transaction() as session:
        rounds.save_tables(session, round_id=found.id, switches=switches, actor_id=current_user.id, now=clock.now())
    return _saved(event_id, "tables")


@bp.get("/staff/events/<int:event_id>/matching/round/arithmetic")
@require(Permission.MANAGE_MATCHING)
def round_arithmetic(event_id: int) -> ResponseReturnValue:
    """The arithmetic of what stands in the form now, stored or not."""
    found = open_round(event_id)
    form = FrameForm(request.args, meta={"csrf": False})
    if not form.validate():
        return render_template("meetings/round_arithmetic.html", numbers=None, times=())
    times = capacity.slot_times(form.frame(japan_time(found.starts_at).date()))
    slots = [Interval(time.starts_at, time.ends_at) for time in times]
    numbers = loads.arithmetic(read_session(), found, slots=slots, sme_max=form.sme_max_meetings.data)
    return render_template("meetings/round_arithmetic.html", numbers=numbers, times=times)


def _page(found: MatchingRound, **forms: Any) -> str:
    """The page with the form that was refused as it was typed, the others as stored."""
    given = {
        "frame_form": FrameForm(formdata=None, data=frame_data(found)),
        "slots_form": SlotsForm(formdata=None, data=slots_data(found)),
        "rooms_form": RoomsForm(formdata=None, data=rooms_data(found)),
    } | forms
    apart(given["rooms_form"], "rooms")
    return render_template(
        "meetings/round.html",
        event=found.event,
        round=found,
        numbers=loads.arithmetic(read_session(), found),
        times=[slot for slot in found.slots if slot.in_use],
        **given,
    )


def _saved(event_id: int, anchor: str) -> ResponseReturnValue:
    """Back to where it was typed, unless the head of the page says that what was told is another timetable now."""
    flash(_("保存しました。"), "ok")
    if routes_publication.untold_of(event_id) is not None:
        return redirect(url_for(".round_frame", event_id=event_id))
    return redirect(url_for(".round_frame", event_id=event_id, _anchor=anchor))
