"""What a guest changes by the private link: names, substitutes, parts, the queue, cancelling."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound as NoSuchPage

from eventops import clock, words
from eventops.accounts.permissions import private_link
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.limits import limiter
from eventops.registration import changes, host_consents, labels, providers
from eventops.registration.blueprint import bp
from eventops.registration.desk import Desk, open_desk
from eventops.registration.forms_changes import PersonPageForm, parts_form_for, substitute_form
from eventops.registration.models import Attendee, Registration
from eventops.registration.own import views
from eventops.registration.refusals import TooManyAddresses
from eventops.registration.seats import part_changes

CHANGES_A_MINUTE = "30/minute"


@bp.route("/r/<token>/people/<int:attendee_id>", methods=["GET", "POST"])
@private_link
@limiter.limit(CHANGES_A_MINUTE, methods=["POST"])
def edit_person(token: str, attendee_id: int) -> ResponseReturnValue:
    registration, person = _mine(token, attendee_id)
    form = PersonPageForm(obj=person)
    if form.validate_on_submit():
        details = form.details()

        def act(desk: Desk) -> None:
            changes.change_details(desk, attendee_id=attendee_id, details=details)

        if _has_changed_person(registration.id, form, act):
            flash(_("参加者の情報を変更しました。"), "ok")
            return redirect(url_for(".my_page", token=token))
    return _person_page(token, person, form, is_substitute=False)


@bp.route("/r/<token>/people/<int:attendee_id>/substitute", methods=["GET", "POST"])
@private_link
@limiter.limit(CHANGES_A_MINUTE, methods=["POST"])
def substitute(token: str, attendee_id: int) -> ResponseReturnValue:
    registration, person = _mine(token, attendee_id)
    form = substitute_form(host_consents.asked(read_session(), registration.event))
    if form.validate_on_submit():
        details, shares = form.details(), form.shares()

        def act(desk: Desk) -> None:
            changes.substitute(desk, attendee_id=attendee_id, details=details, shares=shares)

        if _has_changed_person(registration.id, form, act):
            flash(_("代理の方に変更しました。以前の参加証は使えません。"), "ok")
            return redirect(url_for(".my_page", token=token))
    return _person_page(token, person, form, is_substitute=True)


@bp.post("/r/<token>/people/<int:attendee_id>/share")
@private_link
@limiter.limit(CHANGES_A_MINUTE)
def share(token: str, attendee_id: int) -> ResponseReturnValue:
    """Agree to be named to a host, or take that back."""
    registration, _person = _mine(token, attendee_id)
    host_id, agrees = request.form.get("host", 0, type=int), request.form.get("agrees") == "yes"
    told = request.form.get("told", "")
    _change(
        registration.id,
        lambda desk: host_consents.change(desk, attendee_id=attendee_id, host_id=host_id, agrees=agrees, told=told),
    )
    flash(_("提供に同意しました。") if agrees else _("提供の同意を取り消しました。これからは渡しません。"), "ok")
    return redirect(url_for(".my_page", token=token))


@bp.route("/r/<token>/people/<int:attendee_id>/parts", methods=["GET", "POST"])
@private_link
@limiter.limit(CHANGES_A_MINUTE, methods=["POST"])
def edit_parts(token: str, attendee_id: int) -> ResponseReturnValue:
    registration, person = _mine(token, attendee_id)
    inviting = providers.parts_inviting(read_session(), registration.event_id, registration.organisation_id)
    form = parts_form_for(registration.event, part_changes.standing_in(person), inviting=inviting)
    status = 200
    if form.validate_on_submit():
        wanted, if_full = form.wanted(), form.choice()
        try:
            _change(
                registration.id,
                lambda desk: part_changes.change_parts(desk, attendee_id=attendee_id, wanted=wanted, if_full=if_full),
            )
        except DomainError as refusal:
            form.form_errors.append(words.sentence(refusal))
        else:
            flash(_("参加区分を変更しました。内容をメールでもお送りします。"), "ok")
            return redirect(url_for(".my_page", token=token))
    if form.is_submitted():
        status = 422
    back_url = url_for(".my_page", token=token)
    return render_template("registration/parts.html", back_url=back_url, person=person, form=form), status


@bp.route("/r/<token>/cancel", methods=["GET", "POST"])
@private_link
@limiter.limit(CHANGES_A_MINUTE, methods=["POST"])
def cancel(token: str) -> ResponseReturnValue:
    page = views.my_page(read_session(), token)
    if request.method == "GET" and not page.may_change_people:
        flash(_("画面から変更できる期限を過ぎました。お手数ですが、事務局までご連絡ください。"), "warn")
        return redirect(url_for(".my_page", token=token))
    only = request.values.get("person", type=int)
    chosen = [ticket.attendee for ticket in page.active if only in (None, ticket.attendee.id)]
    if request.method == "GET" or not chosen:
        return render_template("registration/cancel.html", page=page, chosen=chosen, only=only, labels=labels)
    ids = [person.id for person in chosen]
    _change(page.registration.id, lambda desk: changes.cancel(desk, attendee_ids=ids))
    flash(_("取り消しました。確認のメールをお送りします。"), "ok")
    return redirect(url_for(".my_page", token=token))


@bp.post("/r/<token>/telling")
@private_link
@limiter.limit(CHANGES_A_MINUTE)
def tell_attendees(token: str) -> ResponseReturnValue:
    """Whether the people themselves get letters too."""
    registration, tells = views.read_link(read_session(), token), request.form.get("tells") == "yes"
    _change(registration.id, lambda desk: changes.tell_attendees(desk, tells=tells))
    flash(_("参加者にもメールを送ります。") if tells else _("参加者にはメールを送りません。"), "ok")
    return redirect(url_for(".my_page", token=token))


def _mine(token: str, attendee_id: int) -> tuple[Registration, Attendee]:
    registration = views.read_link(read_session(), token)
    for person in registration.attendees:
        if person.id == attendee_id:
            return registration, person
    raise NoSuchPage


def _change(registration_id: int, act: Callable[[Desk], None]) -> None:
    with transaction() as session:
        act(open_desk(session, registration_id, now=clock.now()))


def _has_changed_person(registration_id: int, form: PersonPageForm, act: Callable[[Desk], None]) -> bool:
    """False where the address is refused; the words stand beside it then."""
    try:
        _change(registration_id, act)
    except TooManyAddresses as refusal:
        form.email.errors = [words.sentence(refusal)]
        return False
    return True


def _person_page(token: str, person: Attendee, form: PersonPageForm, *, is_substitute: bool) -> ResponseReturnValue:
    page = render_template(
        "registration/person.html",
        back_url=url_for(".my_page", token=token),
        person=person,
        form=form,
        is_substitute=is_substitute,
    )
    return page, 422 if form.is_submitted() else 200
