"""The applicant's own page, by the link in the letter: reading, correcting, the order of wishes, withdrawing."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventops import clock
from eventops.accounts.permissions import private_link
from eventops.database import read_session, transaction
from eventops.directory.models import Person
from eventops.errors import NotFound
from eventops.events.fields import narrowed
from eventops.limits import limiter
from eventops.meetings import words
from eventops.meetings.applying import own, papers, proposals
from eventops.meetings.applying.entries import EntriesClosed
from eventops.meetings.applying.forms import MOST_FILES, ProposalForm
from eventops.meetings.blueprint import bp
from eventops.meetings.models import Application, ProposalFile
from eventops.words import sentence

LAST_WISH = 20
MOST_DIGITS = 4


@bp.get("/a/<token>")
@private_link
def my_application(token: str) -> ResponseReturnValue:
    return _page(token, own.application_of(read_session(), token))


def _page(token: str, application: Application, typed: Mapping[int, str] | None = None, trouble: str = "") -> str:
    """With what was typed as an order of wishes, where that could not be stored."""
    session = read_session()
    return render_template(
        "meetings/own/application.html",
        **_frame(token, application),
        people=papers.people(session, [application])[application.id],
        siblings=own.siblings(session, application),
        public_host=words.public_host,
        is_placed=own.is_placed(session, application),
        may_order=own.may_order(session, application, clock.now()),
        typed=typed or {},
        trouble=trouble,
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
    form = ProposalForm(data=_stored(application))
    if not form.is_submitted():
        return _edit_page(token, application, form) if own.may_change(application, clock.now()) else _closed(token)
    dropped = request.form.getlist("drop", type=int)
    if not own.may_change(application, clock.now()):
        return _edit_page(token, application, form, dropped, _too_late()), 422
    if not _fits(form, application, dropped):
        return _edit_page(token, application, form, dropped), 422
    application_id, proposal = application.id, form.proposal()
    try:
        with transaction() as session:
            own.change(session, application_id=application_id, proposal=proposal, dropped=dropped, now=clock.now())
    except EntriesClosed:
        return _edit_page(token, own.application_of(read_session(), token), form, dropped, _too_late()), 422
    flash(_("応募の内容を直しました。"), "ok")
    return redirect(url_for(".my_application", token=token))


def _closed(token: str) -> ResponseReturnValue:
    flash(_too_late(), "bad")
    return redirect(url_for(".my_application", token=token))


def _too_late() -> str:
    return str(_("締切を過ぎたか、選考が始まっているため、内容は変わっていません。事務局にご連絡ください。"))


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


def _edit_page(
    token: str, application: Application, form: ProposalForm, dropped: Collection[int] = (), trouble: str = ""
) -> str:
    """What was typed stays on the page, also when it comes too late, so that it can be sent to the secretariat."""
    frame = _frame(token, application)
    return render_template("meetings/own/edit.html", **frame, form=form, dropped=dropped, trouble=trouble)


@bp.post("/a/<token>/order")
@private_link
@limiter.limit("30/minute")
def order_my_wishes(token: str) -> ResponseReturnValue:
    application = own.application_of(read_session(), token)
    typed = {
        one.id: request.form[f"priority-{one.id}"]
        for one in own.siblings(read_session(), application)
        if f"priority-{one.id}" in request.form
    }
    wanted = {one: number for one, text in typed.items() if (number := _number(text)) is not None}
    if len(wanted) < len(typed):
        said = _("希望の順番は、1から%(n)sまでの数字で入力してください。", n=LAST_WISH)
        return _page(token, application, typed, said), 422
    application_id = application.id
    try:
        with transaction() as session:
            own.order(session, application_id=application_id, priorities=wanted, now=clock.now())
    except (own.WishesNotInOrder, EntriesClosed) as error:
        return _page(token, own.application_of(read_session(), token), typed, sentence(error)), 422
    flash(_("希望の順番を保存しました。"), "ok")
    return redirect(url_for(".my_application", token=token))


def _number(text: str) -> int | None:
    plain = narrowed(text).strip()
    return int(plain) if plain.isdecimal() and len(plain) < MOST_DIGITS and 1 <= int(plain) <= LAST_WISH else None


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
