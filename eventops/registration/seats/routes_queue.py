"""Staff's page of the waiting list: seating by hand, answers taken by telephone, letting a reserve go."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.events import pages
from eventops.events.models import Promotion
from eventops.events.vocabulary import PROMOTION_WORDS
from eventops.registration import labels, queries
from eventops.registration.blueprint import bp
from eventops.registration.desk import open_desk
from eventops.registration.seats import offers, queue_acts, waiting_list

_QUEUE = "/staff/events/<int:event_id>/queue"


@bp.get(_QUEUE)
@require(Permission.VIEW)
def staff_queue(event_id: int) -> ResponseReturnValue:
    event = queries.event(read_session(), event_id)
    queues = waiting_list.pool_queues(read_session(), event, now=clock.now())
    return render_template(
        "registration/queue.html",
        event=event,
        queues=queues,
        rule=PROMOTION_WORDS[Promotion(event.promotion)],
        labels=labels,
    )


@bp.route(f"{_QUEUE}/<int:place_id>", methods=["GET", "POST"])
@require(Permission.MANAGE_REGISTRATIONS)
def staff_seat(event_id: int, place_id: int) -> ResponseReturnValue:
    """The page says where the seat comes from, whom it reaches, and asks."""
    error = ""
    if request.method == "POST":
        try:
            with transaction() as session:
                gained = queue_acts.seat(
                    session,
                    event_id=event_id,
                    place_id=place_id,
                    at_once=request.form.get("how") != "offer",
                    beyond="beyond" in request.form,
                    actor_id=current_user.id,
                    now=clock.now(),
                )
            flash(_("%(count)s件の申込を繰り上げ、メールを用意しました。", count=len(gained)), "ok")
            return redirect(url_for(".staff_queue", event_id=event_id))
        except DomainError as refusal:
            error = words.sentence(refusal)
    event = queries.event(read_session(), event_id)
    unit, pool, source = queue_acts.asked_for(read_session(), event, place_id, now=clock.now())
    page = render_template(
        "registration/queue_seat.html",
        event=event,
        unit=unit,
        registration=unit[0].attendee.registration,
        pool=pool,
        part_title=pages.plain_title(pool.part, "ja"),
        source=source,
        labels=labels,
        error=error,
    )
    return page, 422 if error else 200


@bp.post(f"{_QUEUE}/answer/<int:registration_id>/<int:attendee_id>")
@require(Permission.MANAGE_REGISTRATIONS)
def staff_answer(event_id: int, registration_id: int, attendee_id: int) -> ResponseReturnValue:
    """Somebody answered by telephone."""
    accepts = request.form.get("answer") == "accept"
    with transaction() as session:
        desk = open_desk(session, registration_id, now=clock.now(), actor_id=current_user.id)
        (offers.accept if accepts else offers.decline)(desk, attendee_ids=[attendee_id])
    flash(_("席を確定しました。") if accepts else _("辞退として受け付け、次の方へ回しました。"), "ok")
    return redirect(url_for(".staff_queue", event_id=event_id))


@bp.post(f"{_QUEUE}/release/<int:pool_id>")
@require(Permission.MANAGE_REGISTRATIONS)
def staff_release(event_id: int, pool_id: int) -> ResponseReturnValue:
    with transaction() as session:
        seats, gained = queue_acts.release(
            session, event_id=event_id, pool_id=pool_id, actor_id=current_user.id, now=clock.now()
        )
    said = _("取置%(seats)s席を開放し、%(count)s件の申込を繰り上げました。", seats=seats, count=len(gained))
    flash(said, "ok")
    return redirect(url_for(".staff_queue", event_id=event_id))
