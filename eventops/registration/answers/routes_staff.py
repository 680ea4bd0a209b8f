"""Answers as staff see them: of one application, of all people, counted, as a table to take away, and their files."""

import io
from urllib.parse import quote

from flask import Response, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts import audit
from eventops.accounts.permissions import Permission, require, user_may
from eventops.database import read_session, transaction
from eventops.directory import kana
from eventops.errors import NotFound
from eventops.events import queries as event_queries
from eventops.questions import files
from eventops.questions import queries as question_queries
from eventops.questions.models import Answer, Question
from eventops.registration import queries as registration_queries
from eventops.registration import tickets
from eventops.registration.answers import counts, erasing, pages, queries, service, sheet
from eventops.registration.answers.forms import form_for
from eventops.registration.blueprint import bp
from eventops.registration.desk import open_desk
from eventops.spreadsheets.writing import Encoding, write_csv

SHOWN = 200
"""Rows of the list on the page; figures and the table to take away are of everybody."""


@bp.get("/staff/events/<int:event_id>/answers")
@require(Permission.VIEW)
def answers(event_id: int) -> ResponseReturnValue:
    session = read_session()
    event = event_queries.event(session, event_id)
    sensitive = user_may(Permission.SEE_SENSITIVE)
    table = sheet.table(session, event_id, sensitive=sensitive)
    return render_template(
        "registration/answers/answers.html",
        event=event,
        table=table,
        shown=SHOWN,
        counts=counts.of_choices(table),
        food=counts.food(session, event) if sensitive else (),
        erase_on=erasing.erase_on(event),
        erasures=erasing.erasures(session, event_id),
        is_sensitive=sensitive,
        ticket_number=tickets.number,
        row_of=kana.row_of,
    )


@bp.post("/staff/events/<int:event_id>/answers.csv")
@require(Permission.MANAGE_REGISTRATIONS)
def answers_csv(event_id: int) -> ResponseReturnValue:
    """Exactly the columns that this reader may see; taking sensitive ones away is noted."""
    session = read_session()
    event = event_queries.event(session, event_id)
    sensitive = user_may(Permission.SEE_SENSITIVE)
    table = sheet.table(session, event_id, sensitive=sensitive)
    written = write_csv(sheet.headings(table), sheet.lines(table), encoding=Encoding.UTF8)
    name, actor_id = f"{event.code}-answers.csv", current_user.id
    with transaction() as writing:
        audit.record(
            writing,
            actor_id=actor_id,
            action="answers_exported",
            subject=("event", event_id),
            event_id=event_id,
            now=clock.now(),
            after={"people": len(table.rows), "questions": [one.label for one in table.questions]},
        )
    return Response(
        written.data,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )


@bp.route("/staff/registrations/<int:registration_id>/answers", methods=["GET", "POST"])
@require(Permission.MANAGE_REGISTRATIONS)
def staff_answers(registration_id: int) -> ResponseReturnValue:
    """Staff write down what they were told; nothing is required of them."""
    session = read_session()
    registration = registration_queries.registration(session, registration_id)
    may_see = user_may(Permission.SEE_SENSITIVE)
    questions = [
        one for one in question_queries.asked(session, registration.event_id) if may_see or not one.is_sensitive
    ]
    form = form_for(registration, questions, queries.of_registration(session, registration_id), must=False)
    if form.validate_on_submit():
        given, actor_id = form.given(), current_user.id
        with transaction() as writing:
            desk = open_desk(writing, registration_id, now=clock.now(), actor_id=actor_id)
            service.replace(desk, questions=questions, given=given)
        flash(_("回答を保存しました。"), "ok")
        return redirect(url_for(".staff_one", registration_id=registration_id))
    page = render_template(
        "registration/answers/staff_answers.html",
        event=registration.event,
        registration=registration,
        form=form,
        **pages.frame(registration.event, questions),
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/staff/answers/<int:answer_id>/file")
@require(Permission.MANAGE_REGISTRATIONS)
def answer_file(answer_id: int) -> ResponseReturnValue:
    """The file as an attachment, never shown in the browser: what is in it is its sender's."""
    session = read_session()
    answer = session.get(Answer, answer_id)
    if answer is None or answer.file is None:
        raise NotFound
    question = session.get_one(Question, answer.question_id)
    if question.is_sensitive and not user_may(Permission.SEE_SENSITIVE):
        raise NotFound
    data = files.read(current_app.config["HOME"], answer.file.stored)
    if data is None:
        raise NotFound
    return send_file(
        io.BytesIO(data), mimetype="application/octet-stream", as_attachment=True, download_name=answer.file.name
    )
