"""Answers behind the private link: reading them, and changing them until the day that the event sets."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventops import clock
from eventops.accounts.permissions import private_link
from eventops.database import read_session, transaction
from eventops.limits import limiter
from eventops.questions import queries as question_queries
from eventops.registration.answers import pages, queries, rules, service
from eventops.registration.answers.forms import AnswersForm, form_for
from eventops.registration.blueprint import bp
from eventops.registration.desk import open_desk
from eventops.registration.models import Registration
from eventops.registration.own import views
from eventops.registration.refusals import TooLate


@bp.route("/r/<token>/answers", methods=["GET", "POST"])
@private_link
@limiter.limit("30/minute", methods=["POST"])
def my_answers(token: str) -> ResponseReturnValue:
    session = read_session()
    registration = views.read_link(session, token)
    form = _form(registration)
    is_open = rules.may_answer(registration.event, now=clock.now())
    if form.is_submitted() and not is_open:
        raise TooLate
    if not form.validate_on_submit():
        page = render_template(
            "registration/answers/my_answers.html",
            token=token,
            registration=registration,
            event=registration.event,
            form=form,
            is_open=is_open,
            closes_at=rules.closes_at(registration.event),
            **pages.frame(registration.event, form.questions),
        )
        return page, 422 if form.is_submitted() else 200
    given, registration_id = form.given(), registration.id
    with transaction() as writing:
        desk = open_desk(writing, registration_id, now=clock.now())
        if not rules.may_answer(desk.event, now=desk.now):
            raise TooLate
        service.replace(desk, questions=form.questions, given=given)
    flash(_("回答を保存しました。"), "ok")
    return redirect(url_for(".my_page", token=token))


def _form(registration: Registration) -> AnswersForm:
    session = read_session()
    questions = question_queries.asked(session, registration.event_id)
    return form_for(registration, questions, queries.of_registration(session, registration.id))
