"""Staff's page of one registration: everything about it, and every change that staff may make."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound as NoSuchPage

from eventops import clock, words
from eventops.accounts.permissions import Permission, require, user_may
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.events import queries as event_queries
from eventops.events.models import PriceCategory
from eventops.questions import queries as question_queries
from eventops.registration import (
    agreements,
    changes,
    host_consents,
    host_words,
    labels,
    queries,
    rules,
    service,
    tickets,
    timeline,
)
from eventops.registration.answers import pages as answer_pages
from eventops.registration.applying import joint
from eventops.registration.applying.forms_event import form_for
from eventops.registration.applying.routes_apply import RoomWords, blame
from eventops.registration.blueprint import bp
from eventops.registration.desk import Desk, open_desk
from eventops.registration.forms_changes import NoteForm, PersonPageForm, PriceForm, parts_form_for, substitute_form
from eventops.registration.models import Attendee, Registration, RegistrationState
from eventops.registration.seats import part_changes
from eventops.registration.writing import addresses, letters_people

_ONE = "/staff/registrations/<int:registration_id>"


@bp.get(_ONE)
@require(Permission.VIEW)
def staff_one(registration_id: int) -> ResponseReturnValue:
    registration = queries.registration(read_session(), registration_id)
    note = NoteForm(obj=registration)
    return _page(registration, note, PriceForm(category=registration.price_category))


@bp.post(f"{_ONE}/note")
@require(Permission.MANAGE_REGISTRATIONS)
def staff_note(registration_id: int) -> ResponseReturnValue:
    form = NoteForm()
    if not form.validate_on_submit():
        registration = queries.registration(read_session(), registration_id)
        return _page(registration, form, PriceForm(formdata=None)), 422
    note = form.staff_note.data or ""
    _change(registration_id, lambda desk: changes.write_note(desk, note=note))
    flash(_("メモを保存しました。"), "ok")
    return _back(registration_id)


@bp.post(f"{_ONE}/price")
@require(Permission.MANAGE_REGISTRATIONS)
def staff_price(registration_id: int) -> ResponseReturnValue:
    form = PriceForm()
    registration = queries.registration(read_session(), registration_id)
    chosen = request.form.getlist("people", type=int)
    ids = [person.id for person in _active(registration) if person.id in chosen]
    if not form.validate_on_submit() or not ids:
        if not ids:
            form.category.errors = [*form.category.errors, _("変更する参加者を選んでください。")]
        return _page(registration, NoteForm(formdata=None, obj=registration), form), 422
    category, reason = PriceCategory(form.category.data), form.reason.data or ""
    _change(
        registration_id,
        lambda desk: changes.set_price_category(desk, attendee_ids=ids, category=category, reason=reason),
    )
    flash(_("料金区分を変更しました。"), "ok")
    return _back(registration_id)


@bp.post(f"{_ONE}/link")
@require(Permission.MANAGE_REGISTRATIONS)
def staff_new_link(registration_id: int) -> ResponseReturnValue:
    _change(registration_id, changes.replace_link)
    flash(_("新しい専用リンクのメールを用意しました。以前のリンクは使えません。"), "ok")
    return _back(registration_id)


@bp.post(f"{_ONE}/telling")
@require(Permission.MANAGE_REGISTRATIONS)
def staff_telling(registration_id: int) -> ResponseReturnValue:
    tells = request.form.get("tells") == "yes"
    _change(registration_id, lambda desk: changes.tell_attendees(desk, tells=tells))
    flash(_("参加者にもメールを送ります。") if tells else _("参加者にはメールを送りません。"), "ok")
    return _back(registration_id)


@bp.route(f"{_ONE}/people/<int:attendee_id>", methods=["GET", "POST"])
@require(Permission.MANAGE_REGISTRATIONS)
def staff_person(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    registration, person = _person(registration_id, attendee_id)
    form = PersonPageForm(obj=person)
    if form.validate_on_submit():
        details = form.details()
        _change(registration_id, lambda desk: changes.change_details(desk, attendee_id=attendee_id, details=details))
        flash(_("参加者の情報を変更しました。"), "ok")
        return _back(registration_id)
    return _person_page(registration, person, form, is_substitute=False)


@bp.route(f"{_ONE}/people/<int:attendee_id>/substitute", methods=["GET", "POST"])
@require(Permission.MANAGE_REGISTRATIONS)
def staff_substitute(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    registration, person = _person(registration_id, attendee_id)
    form = substitute_form(host_consents.asked(read_session(), registration.event))
    if form.validate_on_submit():
        details, shares = form.details(), form.shares()
        _change(
            registration_id,
            lambda desk: changes.substitute(desk, attendee_id=attendee_id, details=details, shares=shares),
        )
        flash(_("代理の方に変更しました。以前の参加証は使えません。"), "ok")
        return _back(registration_id)
    return _person_page(registration, person, form, is_substitute=True)


@bp.post(f"{_ONE}/people/<int:attendee_id>/share")
@require(Permission.MANAGE_REGISTRATIONS)
def staff_share(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    """As somebody told the secretariat."""
    host_id, agrees = request.form.get("host", 0, type=int), request.form.get("agrees") == "yes"
    told = request.form.get("told", "")
    _change(
        registration_id,
        lambda desk: host_consents.change(desk, attendee_id=attendee_id, host_id=host_id, agrees=agrees, told=told),
    )
    flash(_("保存しました。"), "ok")
    return _back(registration_id)


@bp.route(f"{_ONE}/people/<int:attendee_id>/parts", methods=["GET", "POST"])
@require(Permission.MANAGE_REGISTRATIONS)
def staff_parts(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    registration, person = _person(registration_id, attendee_id)
    form = parts_form_for(registration.event, part_changes.standing_in(person), by_staff=True)
    if form.validate_on_submit():
        wanted, if_full = form.wanted(), form.choice()
        try:
            _change(
                registration_id,
                lambda desk: part_changes.change_parts(desk, attendee_id=attendee_id, wanted=wanted, if_full=if_full),
            )
            flash(_("参加区分を変更しました。"), "ok")
            return _back(registration_id)
        except DomainError as refusal:
            form.form_errors.append(words.sentence(refusal))
    page = render_template(
        "registration/parts.html",
        layout="layout/staff.html",
        event=registration.event,
        back_url=url_for(".staff_one", registration_id=registration_id),
        person=person,
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


@bp.route(f"{_ONE}/cancel", methods=["GET", "POST"])
@require(Permission.MANAGE_REGISTRATIONS)
def staff_cancel(registration_id: int) -> ResponseReturnValue:
    registration = queries.registration(read_session(), registration_id)
    chosen = request.form.getlist("people", type=int)
    ids = [person.id for person in _active(registration) if person.id in chosen]
    if request.method == "POST" and ids:
        keeps_fee = request.form.get("keeps_fee") == "yes"
        _change(registration_id, lambda desk: changes.cancel(desk, attendee_ids=ids, keeps_fee=keeps_fee))
        flash(_("%(count)s名を取り消しました。", count=len(ids)), "ok")
        return _back(registration_id)
    page = render_template(
        "registration/staff_cancel.html",
        event=registration.event,
        registration=registration,
        people=_active(registration),
        keeps_fee=rules.keeps_fee(queries.deadlines(registration.event), now=clock.now()),
        nobody_chosen=request.method == "POST",
    )
    return page, 422 if request.method == "POST" else 200


@bp.route("/staff/events/<int:event_id>/registrations/new", methods=["GET", "POST"])
@require(Permission.MANAGE_REGISTRATIONS)
def staff_new(event_id: int) -> ResponseReturnValue:
    event = event_queries.event(read_session(), event_id)
    questions = question_queries.asked(read_session(), event.id)
    hosts = host_consents.asked(read_session(), event)
    form = form_for(event, rooms=RoomWords(event), by_staff=True, questions=questions, hosts=hosts)
    is_edit = form.edits_rows(request.form)
    if request.method == "POST" and not is_edit and form.validate():
        try:
            with transaction() as session:
                command = form.command(language="ja")
                made = service.register(session, command, now=clock.now(), actor_id=current_user.id).id
            flash(_("登録しました。"), "ok")
            return _back(made)
        except DomainError as refusal:
            blame(form, refusal)
    status = 422 if request.method == "POST" and not is_edit else 200
    frame = answer_pages.frame(event, questions)
    return render_template("registration/staff_new.html", event=event, form=form, **frame), status


def _page(registration: Registration, note: NoteForm, price: PriceForm) -> str:
    session = read_session()
    return render_template(
        "registration/staff_one.html",
        event=registration.event,
        registration=registration,
        parts={part.id: part for part in registration.event.parts},
        positions=queries.positions(session, registration.id),
        happenings=timeline.happenings(session, registration.id),
        guest_url=addresses.my_page(registration),
        joined=joint.others(session, registration),
        said_to_hosts=host_consents.standings(session, registration, host_consents.asked(session, registration.event)),
        told=host_words.told,
        agreed=agreements.of_registration(session, registration.id),
        others_told=len(letters_people.readers(registration)),
        ticket_number=tickets.number,
        labels=labels,
        note=note,
        price=price,
        **answer_pages.of_registration(session, registration, sensitive=user_may(Permission.SEE_SENSITIVE)),
    )


def _person(registration_id: int, attendee_id: int) -> tuple[Registration, Attendee]:
    registration = queries.registration(read_session(), registration_id)
    for person in registration.attendees:
        if person.id == attendee_id:
            return registration, person
    raise NoSuchPage


def _active(registration: Registration) -> list[Attendee]:
    return [person for person in registration.attendees if person.state == RegistrationState.ACTIVE]


def _change(registration_id: int, act: Callable[[Desk], None]) -> None:
    actor_id = current_user.id
    with transaction() as session:
        act(open_desk(session, registration_id, now=clock.now(), actor_id=actor_id))


def _back(registration_id: int) -> ResponseReturnValue:
    return redirect(url_for(".staff_one", registration_id=registration_id))


def _person_page(
    registration: Registration, person: Attendee, form: PersonPageForm, *, is_substitute: bool
) -> ResponseReturnValue:
    page = render_template(
        "registration/person.html",
        layout="layout/staff.html",
        event=registration.event,
        back_url=url_for(".staff_one", registration_id=registration.id),
        person=person,
        form=form,
        is_substitute=is_substitute,
    )
    return page, 422 if form.is_submitted() else 200
