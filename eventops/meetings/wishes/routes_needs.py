"""Staff's pages of needs and of the large companies' answers to the applications."""

from dataclasses import fields
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventops import words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.directory import queries as directory_queries
from eventops.directory.models import Organisation
from eventops.errors import DomainError
from eventops.meetings import queries, rules
from eventops.meetings import words as meeting_words
from eventops.meetings.applying import papers
from eventops.meetings.blueprint import bp
from eventops.meetings.hosting import links, names_away
from eventops.meetings.hosting.rules import MOVES, SECRET, confirmation, digest
from eventops.meetings.models import Application, MatchingRound, Need, NeedState, Rating
from eventops.meetings.routes_desk import act_on, open_round
from eventops.meetings.wishes import service, typed
from eventops.meetings.wishes.forms import NeedForm
from eventops.meetings.wishes.requests import applications_of
from eventops.meetings.wishes.screening import sheet_of, summary, unwanted
from eventops.meetings.wishes.service import Answer, NeedValues

_SAME_NAMED = {one.name for one in fields(NeedValues)} - {"organisation_id", "required_tags"}


@bp.get("/staff/events/<int:event_id>/matching/needs")
@require(Permission.VIEW)
def needs(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    return render_template(
        "meetings/needs.html",
        event=found.event,
        needs=queries.needs(read_session(), found.id),
        counts=summary(read_session(), found.id),
        state_words=meeting_words.NEED_STATES,
        confirmation=confirmation,
        confirmation_words=meeting_words.CONFIRMATIONS,
        confirmation_tones=meeting_words.CONFIRMATION_TONES,
        secret=SECRET,
    )


@bp.route("/staff/events/<int:event_id>/matching/needs/new", methods=["GET", "POST"])
@require(Permission.MANAGE_MATCHING)
def new_need(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    codes = [need.code for need in queries.needs(read_session(), found.id)]
    form = NeedForm(data={"code": rules.next_code(codes, prefix="N", digits=2)})
    return _edit(found, None, form)


@bp.route("/staff/events/<int:event_id>/matching/needs/<int:need_id>", methods=["GET", "POST"])
@require(Permission.MANAGE_MATCHING)
def edit_need(event_id: int, need_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    need = queries.need(read_session(), found.id, need_id)
    stored = {name: getattr(need, name) for name in _SAME_NAMED} | {
        "organisation": typed.organisation_text(need.organisation),
        "tags": "、".join(need.required_tags),
        "seen": digest(need),
    }
    form = NeedForm(data=stored)
    del form.state
    return _edit(found, need, form)


@bp.post("/staff/events/<int:event_id>/matching/needs/<int:need_id>/delete")
@require(Permission.MANAGE_MATCHING)
def delete_need(event_id: int, need_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    with transaction() as session:
        service.drop(session, act_on(found.id), row=queries.need(session, found.id, need_id))
    flash(_("ニーズを削除しました。"), "ok")
    return redirect(url_for(".needs", event_id=event_id))


def _edit(found: MatchingRound, need: Need | None, form: NeedForm) -> ResponseReturnValue:
    event_id = found.event_id
    if not form.is_submitted():
        return _need_page(found, need, form)
    form.validate()
    organisation_id = typed.organisation_id(read_session(), form.organisation)
    if form.errors or organisation_id is None or not _is_kept_secret(form, organisation_id):
        return _need_page(open_round(event_id), need, form), 422
    trouble = _trouble_in_saving(found, need, form, organisation_id)
    if trouble is not None:
        return _refused(event_id, need, form, trouble)
    flash(_("保存しました。"), "ok")
    return redirect(url_for(".needs", event_id=event_id))


def _is_kept_secret(form: NeedForm, organisation_id: int) -> bool:
    return names_away.tell(form, read_session().get_one(Organisation, organisation_id))


def _trouble_in_saving(
    found: MatchingRound, need: Need | None, form: NeedForm, organisation_id: int
) -> DomainError | None:
    values: dict[str, Any] = {name: getattr(form, name).data for name in _SAME_NAMED if name in form}
    values["min_meetings"] = values["min_meetings"] or 0
    values.setdefault("state", need.state if need else NeedState.DRAFT)
    tags = typed.tags(form.tags.data)
    act, need_id = act_on(found.id), need.id if need else None
    try:
        with transaction() as session:
            service.save_need(
                session,
                act,
                need_id=need_id,
                values=NeedValues(**values, organisation_id=organisation_id, required_tags=tags),
                seen=form.seen.data or "",
            )
    except (service.NumberTaken, service.NeedRewritten) as error:
        return error
    return None


def _refused(event_id: int, need: Need | None, form: NeedForm, why: DomainError) -> ResponseReturnValue:
    """With what was typed; what somebody else changed meanwhile stands beside it."""
    found = open_round(event_id)
    if isinstance(why, service.NumberTaken):
        form.code.errors = [words.sentence(why)]
        return _need_page(found, need, form), 422
    assert need is not None
    now = queries.need(read_session(), found.id, need.id)
    form.seen.data = digest(now)
    return _need_page(found, now, form, words.sentence(why)), 409


def _need_page(found: MatchingRound, need: Need | None, form: NeedForm, trouble: str = "") -> str:
    return render_template(
        "meetings/need.html",
        event=found.event,
        need=need,
        form=form,
        trouble=trouble,
        organisation_choices=directory_queries.organisation_choices(read_session()),
        host_url=links.address_of(need) if need else "",
        confirmation=confirmation(need) if need else None,
        confirmation_words=meeting_words.CONFIRMATIONS,
        confirmation_tones=meeting_words.CONFIRMATION_TONES,
        moves=sorted(MOVES[NeedState(need.state)] - {NeedState.ASKED}) if need else (),
    )


@bp.get("/staff/events/<int:event_id>/matching/screening")
@require(Permission.VIEW)
def screening(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    applications = applications_of(read_session(), Application.round_id == found.id)
    kept_out = unwanted(read_session(), found.id)
    return render_template(
        "meetings/screening.html",
        event=found.event,
        sheets=[sheet_of(need, applications, kept_out) for need in queries.needs(read_session(), found.id)],
        rating_words=meeting_words.RATINGS,
    )


@bp.route("/staff/events/<int:event_id>/matching/needs/<int:need_id>/screening", methods=["GET", "POST"])
@require(Permission.MANAGE_MATCHING)
def screen_need(event_id: int, need_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    need = queries.need(read_session(), found.id, need_id)
    applications = applications_of(read_session(), Application.need_id == need_id)
    people = papers.people(read_session(), applications)
    if request.method == "POST":
        answers = {one.id: answer for one in applications if (answer := _answer(one.id)) is not None}
        with transaction() as session:
            changed = service.screen(session, act_on(found.id), need_id=need_id, answers=answers)
        flash(_("%(code)s の選考を保存しました(変更 %(n)s件)。", code=need.code, n=changed), "ok")
        return redirect(url_for(".screening", event_id=event_id, _anchor=need.code))
    others = queries.needs(read_session(), found.id)
    return render_template(
        "meetings/screen_need.html",
        event=found.event,
        need=need,
        sheet=sheet_of(need, applications, unwanted(read_session(), found.id)),
        needs=others,
        people=people,
        ratings=meeting_words.RATINGS,
    )


def _answer(application_id: int) -> Answer | None:
    """What the page sent about one application; nothing for an answer that is none."""
    rating = request.form.get(f"rating-{application_id}")
    if rating is None or rating not in ("", *Rating):
        return None
    return Answer(rating or None, request.form.get(f"comment-{application_id}", "").strip()[:300])
