"""Staff's pages of applications: the list, one application, the requests with what is in doubt about them."""

from collections.abc import Sequence
from dataclasses import fields
from types import SimpleNamespace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventops import searching, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.directory import kana
from eventops.directory import queries as directory_queries
from eventops.errors import NotFound
from eventops.meetings import queries, rules
from eventops.meetings import words as meeting_words
from eventops.meetings.applying import own, papers
from eventops.meetings.blueprint import bp
from eventops.meetings.models import Application, ApplicationState, MatchingRound
from eventops.meetings.routes_desk import act_on, open_round
from eventops.meetings.rules import Standing
from eventops.meetings.wishes import requests, service, typed
from eventops.meetings.wishes.forms import ApplicationForm
from eventops.meetings.wishes.service import ApplicationValues

_SAME_NAMED = {one.name for one in fields(ApplicationValues)} - {
    "organisation_id",
    "person_id",
    "rating",
    "technology_tags",
}


@bp.get("/staff/events/<int:event_id>/matching/applications")
@require(Permission.VIEW)
def applications(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    every = requests.applications_of(read_session(), Application.round_id == found.id)
    wanted, text = request.args.get("standing", ""), searching.text()
    return render_template(
        "meetings/applications.html",
        event=found.event,
        rows=[one for one in every if _is_wanted(one, wanted, text)],
        chips=_chips(event_id, every, wanted),
        total=len(every),
        text=text,
        **_words(),
    )


def _is_wanted(application: Application, wanted: str, text: str) -> bool:
    if wanted and rules.standing(application.state, application.rating) != wanted:
        return False
    organisation = application.organisation
    return (
        not text
        or text.upper() in (application.code, application.need.code)
        or text in organisation.name
        or text in application.proposal_title
        or (bool(kana.sort_key(text)) and kana.sort_key(text) in organisation.sort_key)
    )


def _chips(event_id: int, every: Sequence[Application], wanted: str) -> list[SimpleNamespace]:
    standings = [rules.standing(one.state, one.rating) for one in every]
    kinds: list[tuple[str, Any, int]] = [("", _("すべて"), len(every))]
    kinds += [(kind, meeting_words.STANDINGS[kind], standings.count(kind)) for kind in Standing]
    return [
        SimpleNamespace(
            label=label,
            count=count,
            url=url_for(".applications", event_id=event_id, standing=kind or None),
            active=wanted == kind,
        )
        for kind, label, count in kinds
        if count or not kind
    ]


def _words() -> dict[str, Any]:
    return {
        "standing": rules.standing,
        "standing_words": meeting_words.STANDINGS,
        "standing_tones": meeting_words.STANDING_TONES,
        "rating_words": meeting_words.RATINGS,
    }


@bp.route("/staff/events/<int:event_id>/matching/applications/new", methods=["GET", "POST"])
@require(Permission.MANAGE_MATCHING)
def new_application(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    codes = [one.code for one in requests.applications_of(read_session(), Application.round_id == found.id)]
    form = ApplicationForm(data={"code": rules.next_code(codes, prefix="A", digits=3)})
    return _edit(found, None, form)


@bp.route("/staff/events/<int:event_id>/matching/applications/<int:application_id>", methods=["GET", "POST"])
@require(Permission.MANAGE_MATCHING)
def edit_application(event_id: int, application_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    application = _application(found.id, application_id)
    stored = {name: getattr(application, name) for name in _SAME_NAMED} | {
        "organisation": typed.organisation_text(application.organisation),
        "contact": application.person.full_name if application.person else "",
        "rating": application.rating or "",
        "tags": "、".join(application.technology_tags),
    }
    return _edit(found, application, ApplicationForm(data=stored))


def _application(round_id: int, application_id: int) -> Application:
    found = requests.applications_of(read_session(), Application.id == application_id, Application.round_id == round_id)
    if not found:
        raise NotFound
    return found[0]


def _edit(found: MatchingRound, application: Application | None, form: ApplicationForm) -> ResponseReturnValue:
    needs = queries.needs(read_session(), found.id)
    form.need_id.choices = [(need.id, f"{need.code} {need.title}") for need in needs]
    if not form.is_submitted():
        return _page(found, application, form)
    form.validate()
    if form.errors or not _saved(found, application, form):
        return _page(open_round(found.event_id), application, form), 422
    flash(_("保存しました。"), "ok")
    return redirect(url_for(".applications", event_id=found.event_id))


def _saved(found: MatchingRound, application: Application | None, form: ApplicationForm) -> bool:
    organisation_id = typed.organisation_id(read_session(), form.organisation)
    if organisation_id is None:
        return False
    person_id = typed.person_id(read_session(), form.contact, organisation_id)
    if form.contact.errors:
        return False
    values = ApplicationValues(
        **{name: getattr(form, name).data for name in _SAME_NAMED},
        organisation_id=organisation_id,
        person_id=person_id,
        rating=form.rating.data or None,
        technology_tags=typed.tags(form.tags.data),
    )
    try:
        with transaction() as session:
            service.save_application(
                session, act_on(found.id), application_id=application.id if application else None, values=values
            )
    except service.NumberTaken as error:
        form.code.errors = [words.sentence(error)]
        return False
    return True


def _page(found: MatchingRound, application: Application | None, form: ApplicationForm) -> str:
    return render_template(
        "meetings/application.html",
        event=found.event,
        application=application,
        form=form,
        people=papers.people(read_session(), [application])[application.id] if application else (),
        size_words=papers.size_words,
        own_url=own.address_of(application) if application else "",
        organisation_choices=directory_queries.organisation_choices(read_session()),
        **_words(),
    )


@bp.post("/staff/events/<int:event_id>/matching/applications/<int:application_id>/move")
@require(Permission.MANAGE_MATCHING)
def move_application(event_id: int, application_id: int) -> ResponseReturnValue:
    target = request.form.get("target", "")
    if target not in tuple(ApplicationState):
        raise service.NotInTheseStates
    round_id = open_round(event_id).id
    with transaction() as session:
        moved = service.move(session, act_on(round_id), application_id=application_id, target=ApplicationState(target))
    word = meeting_words.APPLICATION_STATES[ApplicationState(target)]
    flash(_("%(code)s を「%(state)s」にしました。", code=moved.code, state=word), "ok")
    return redirect(url_for(".request_list", event_id=event_id))


@bp.get("/staff/events/<int:event_id>/matching/requests")
@require(Permission.VIEW)
def request_list(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    listed = requests.request_list(read_session(), found.id)
    return render_template("meetings/requests.html", event=found.event, listed=listed, **_words())


@bp.post("/staff/events/<int:event_id>/matching/requests/merge")
@require(Permission.MANAGE_MATCHING)
def merge_applications(event_id: int) -> ResponseReturnValue:
    first_id, later_id = request.form.get("first", 0, type=int), request.form.get("later", 0, type=int)
    round_id = open_round(event_id).id
    with transaction() as session:
        service.merge(session, act_on(round_id), first_id=first_id, later_id=later_id)
    flash(_("後の応募を先の応募にまとめました。"), "ok")
    return redirect(url_for(".request_list", event_id=event_id))
