"""What a guest decides about seats by the private link: how to take part, answers to offers, together or one by one."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound as NoSuchPage

from eventops import clock, words
from eventops.accounts.permissions import private_link
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.events import pages
from eventops.events.models import Part
from eventops.languages import language
from eventops.limits import limiter
from eventops.registration import queries
from eventops.registration.blueprint import bp
from eventops.registration.desk import Desk, open_desk
from eventops.registration.models import Attendee, Registration
from eventops.registration.own import views
from eventops.registration.seats import moves_words, offers, switching
from eventops.registration.seats.stands import Stand
from eventops.registration.seats.switching import Way

_OFTEN = "30/minute"


@bp.route("/r/<token>/people/<int:attendee_id>/parts/<int:part_id>/seat", methods=["GET", "POST"])
@private_link
@limiter.limit(_OFTEN, methods=["POST"])
def switch_seat(token: str, attendee_id: int, part_id: int) -> ResponseReturnValue:
    """Every way open to this person in this part, each said with what it means; one is pressed."""
    registration, person, part = _mine(token, attendee_id, part_id)
    if request.method == "GET":
        return _seat_page(token, registration, person, part)
    chosen = request.form.get("target", "")
    if chosen not in set(Stand):
        return _seat_page(token, registration, person, part, _("どれか一つを選んでください。")), 422
    try:
        _change(
            registration.id,
            lambda desk: switching.switch(desk, attendee_id=attendee_id, part_id=part_id, target=Stand(chosen)),
        )
    except DomainError as refusal:
        registration, person, part = _mine(token, attendee_id, part_id)
        return _seat_page(token, registration, person, part, words.sentence(refusal)), 422
    flash(_("参加のしかたを変更しました。内容をメールでもお送りします。"), "ok")
    return redirect(url_for(".my_page", token=token))


@bp.route("/r/<token>/offer", methods=["GET", "POST"])
@private_link
@limiter.limit(_OFTEN, methods=["POST"])
def answer_offer(token: str) -> ResponseReturnValue:
    """The page asks before the seats are let go."""
    page = views.my_page(read_session(), token)
    if request.method == "GET":
        return render_template("registration/offer.html", page=page)
    accepts = request.form.get("answer") == "accept"
    act = offers.accept if accepts else offers.decline
    _change(page.registration.id, lambda desk: act(desk))
    flash(_("お席が決まりました。参加証をご確認ください。") if accepts else _("お席を辞退しました。"), "ok")
    return redirect(url_for(".my_page", token=token))


@bp.post("/r/<token>/together")
@private_link
@limiter.limit(_OFTEN)
def change_group(token: str) -> ResponseReturnValue:
    registration = views.read_link(read_session(), token)
    together = request.form.get("together") == "yes"
    _change(registration.id, lambda desk: switching.stay_together(desk, together=together))
    flash(_("順番の待ち方を変更しました。"), "ok")
    return redirect(url_for(".my_page", token=token))


def _seat_page(token: str, registration: Registration, person: Attendee, part: Part, error: str = "") -> str:
    session = read_session()
    states = queries.pool_states(session, registration.event_id, queries.pools_of(registration.event))
    here = switching.stand(person, part.id)

    def word(way: Way) -> str:
        return moves_words.way(here, way.target)

    return render_template(
        "registration/seat.html",
        back_url=url_for(".my_page", token=token),
        registration=registration,
        person=person,
        part_title=pages.plain_title(part, language()),
        part_times=pages.part_when(registration.event, part, language()),
        here=moves_words.STANDS[here],
        ways=switching.ways(person, part, states),
        word=word,
        has_fees=any(fee.yen for fee in registration.event.fees),
        error=error,
    )


def _mine(token: str, attendee_id: int, part_id: int) -> tuple[Registration, Attendee, Part]:
    registration = views.read_link(read_session(), token)
    people = [person for person in registration.attendees if person.id == attendee_id]
    parts = [part for part in registration.event.parts if part.id == part_id]
    if not people or not parts:
        raise NoSuchPage
    return registration, people[0], parts[0]


def _change(registration_id: int, act: Callable[[Desk], None]) -> None:
    with transaction() as session:
        act(open_desk(session, registration_id, now=clock.now()))
