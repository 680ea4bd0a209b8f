"""The applicant's own page, by the link in the letter: reading, correcting, the order of wishes, withdrawing."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventops import clock
from eventops.accounts.permissions import private_link
from eventops.database import read_session, transaction
from eventops.directory.models import Person
from eventops.errors import NotFound
from eventops.limits import limiter
from eventops.meetings import words
from eventops.meetings.applying import own, papers, proposals
from eventops.meetings.applying.forms import MOST_FILES, ProposalForm
from eventops.meetings.blueprint import bp
from eventops.meetings.models import Application, ProposalFile


@bp.get("/a/<token>")
@private_link
def my_application(token: str) -> ResponseReturnValue:
    session = read_session()
    application = own.application_of(session, token)
    return render_template(
        "meetings/own/application.html",
        **_frame(token, application),
        people=papers.people(session, [application])[application.id],
        siblings=own.siblings(session, application),
        public_host=words.public_host,
        is_placed=own.is_placed(session, application),
    )


def _frame(token: str, application: Application) -> dict[str, Any]:
    return {
        "token": token,
        "application": application,
        "event": application.need.round.event,
        "host": own.host_name(read_session(), application),
        "may_change": own.may_change(application, clock.now()),
        "size_words": papers.size_words,
        "state_words": words.APPLICATION_STATES,
    }


@bp.route("/a/<token>/edit", methods=["GET", "POST"])
@private_link
@limiter.limit("30/minute", methods=["POST"])
def edit_my_application(token: str) -> ResponseReturnValue:
    application = own.application_of(read_session(), token)
    if not own.may_change(application, clock.now()):
        return redirect(url_for(".my_application", token=token))
    form = ProposalForm(data=_stored(application))
    if not form.is_submitted():
        return _edit_page(token, application, form)
    dropped = request.form.getlist("drop", type=int)
    if not _fits(form, application, dropped):
        return _edit_page(token, application, form), 422
    application_id, proposal = application.id, form.proposal()
    with transaction() as session:
        own.change(session, application_id=application_id, proposal=proposal, dropped=dropped, now=clock.now())
    flash(_("応募の内容を直しました。"), "ok")
    return redirect(url_for(".my_application", token=token))


def _fits(form: ProposalForm, application: Application, dropped: list[int]) -> bool:
    if not form.validate():
        return False
    kept = sum(one.id not in dropped for one in application.files)
    if kept + sum(bool(field.data) for field in form.files) <= MOST_FILES:
        return True
    form.file_1.errors = [_("添付は%(n)sつまでです。いまの添付を外してから加えてください。", n=MOST_FILES)]
    return False


def _stored(application: Application) -> dict[str, Any]:
    times = proposals.times_of(application)
    people = [read_session().get(Person, one) for one in application.companion_ids]
    return {
        "proposal_title": application.proposal_title,
        "proposal_text": application.proposal_text,
        "tags": "、".join(application.technology_tags),
        "priority": application.priority,
        "introducer": application.introducer,
        "companions": [_named(one) for one in people if one is not None],
        "arrives_from": times.arrives_from,
        "leaves_by": times.leaves_by,
        "away_from": times.away_from,
        "away_until": times.away_until,
    }


def _named(person: Person) -> dict[str, str]:
    names = ("family_name", "given_name", "family_kana", "given_kana", "job_title")
    return {name: getattr(person, name) for name in names}


def _edit_page(token: str, application: Application, form: ProposalForm) -> str:
    return render_template("meetings/own/edit.html", **_frame(token, application), form=form)


@bp.post("/a/<token>/order")
@private_link
@limiter.limit("30/minute")
def order_my_wishes(token: str) -> ResponseReturnValue:
    application = own.application_of(read_session(), token)
    asked = {
        one.id: request.form.get(f"priority-{one.id}", 0, type=int) for one in own.siblings(read_session(), application)
    }
    application_id = application.id
    with transaction() as session:
        wanted = {one: number for one, number in asked.items() if 1 <= number <= 20}
        own.order(session, application_id=application_id, priorities=wanted)
    flash(_("希望の順番を保存しました。"), "ok")
    return redirect(url_for(".my_application", token=token))


@bp.post("/a/<token>/withdraw")
@private_link
@limiter.limit("10/minute")
def withdraw_my_application(token: str) -> ResponseReturnValue:
    application_id = own.application_of(read_session(), token).id
    with transaction() as session:
        own.withdraw(session, application_id=application_id, now=clock.now())
    flash(_("応募を取り下げました。戻したいときは、事務局にご連絡ください。"), "ok")
    return redirect(url_for(".my_application", token=token))


@bp.get("/a/<token>/files/<int:file_id>")
@private_link
def my_file(token: str, file_id: int) -> ResponseReturnValue:
    session = read_session()
    application = own.application_of(session, token)
    found = session.get(ProposalFile, file_id)
    if found is None or found.application_id != application.id:
        raise NotFound
    return papers.send(found)
