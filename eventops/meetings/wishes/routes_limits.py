"""Staff's pages of what participants stated, of those to be kept apart, and of those a need does not want."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventops.accounts.permissions import Permission, require
from eventops.clock import tokyo
from eventops.database import read_session, transaction
from eventops.directory import queries as directory_queries
from eventops.errors import NotFound
from eventops.meetings import queries, rules
from eventops.meetings import words as meeting_words
from eventops.meetings.applying import times
from eventops.meetings.blueprint import bp
from eventops.meetings.models import CompetitorPair, MatchingRound, ParticipantLimit
from eventops.meetings.routes_desk import act_on, open_round
from eventops.meetings.sheets import taking_back
from eventops.meetings.wishes import service, typed
from eventops.meetings.wishes.forms import ExclusionForm, LimitForm, PairForm
from eventops.meetings.wishes.service import LimitValues, PairValues
from eventops.wareki import japan_time


@bp.get("/staff/events/<int:event_id>/matching/limits")
@require(Permission.VIEW)
def limits(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    rows = queries.limits(read_session(), found.id)
    return render_template(
        "meetings/limits.html",
        event=found.event,
        rows=rows,
        kind_words=meeting_words.LIMIT_KINDS,
        waiting=times.waiting(read_session(), found.id),
        stated=times.stated,
        taken=taking_back.latest(read_session(), found.id, "limits"),
    )


@bp.route("/staff/events/<int:event_id>/matching/limits/new", methods=["GET", "POST"])
@bp.route("/staff/events/<int:event_id>/matching/limits/<int:limit_id>", methods=["GET", "POST"])
@require(Permission.MANAGE_MATCHING)
def edit_limit(event_id: int, limit_id: int | None = None) -> ResponseReturnValue:
    found = open_round(event_id)
    limit = _own(queries.limits(read_session(), found.id), limit_id)
    form = LimitForm(data=_limit_data(limit) if limit else None)
    if not form.is_submitted():
        return _form_page(found, form, _("都合"), "meetings.limits", limit, ".delete_limit")
    form.validate()
    organisation_id = typed.organisation_id(read_session(), form.organisation)
    if not _limit_fits(form) or form.errors or organisation_id is None:
        return _form_page(found, form, _("都合"), "meetings.limits", limit, ".delete_limit"), 422
    day = japan_time(found.starts_at).date()
    values = LimitValues(
        organisation_id=organisation_id,
        kind=form.kind.data,
        value=form.value.data,
        time_from=tokyo(day, form.time_from.data) if form.time_from.data else None,
        time_to=tokyo(day, form.time_to.data) if form.time_to.data else None,
        is_hard=form.is_hard.data,
        in_use=form.in_use.data,
        note=form.note.data,
    )
    with transaction() as session:
        service.save_limit(session, act_on(found.id), limit_id=limit_id, values=values)
    return _done(".limits", event_id)


def _limit_data(limit: ParticipantLimit) -> dict[str, Any]:
    return {
        "organisation": typed.organisation_text(limit.organisation),
        "kind": limit.kind,
        "value": limit.value,
        "time_from": japan_time(limit.time_from).time() if limit.time_from else None,
        "time_to": japan_time(limit.time_to).time() if limit.time_to else None,
        "is_hard": limit.is_hard,
        "in_use": limit.in_use,
        "note": limit.note,
    }


def _limit_fits(form: LimitForm) -> bool:
    fits = True
    for name in rules.LIMIT_NEEDS.get(form.kind.data, ()):
        field = getattr(form, name)
        if field.data is None and not field.errors:
            field.errors = [_("この種類では入力が必要です。")]
            fits = False
    if form.time_from.data and form.time_to.data and form.time_to.data <= form.time_from.data:
        form.time_to.errors = [_("終わりは始まりより後の時刻にしてください。")]
        fits = False
    return fits


@bp.post("/staff/events/<int:event_id>/matching/limits/<int:row_id>/delete")
@require(Permission.MANAGE_MATCHING)
def delete_limit(event_id: int, row_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    with transaction() as session:
        service.drop(session, act_on(found.id), row=_must(_own(queries.limits(session, found.id), row_id)))
    return _done(".limits", event_id)


@bp.get("/staff/events/<int:event_id>/matching/pairs")
@require(Permission.MANAGE_MATCHING)
def pairs(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    return render_template(
        "meetings/pairs.html",
        event=found.event,
        pairs=queries.pairs(read_session(), found.id),
        exclusions=queries.exclusions(read_session(), found.id),
        taken=taking_back.latest(read_session(), found.id, "pairs", "exclusions"),
        scope_words=meeting_words.PAIR_SCOPES,
    )


@bp.route("/staff/events/<int:event_id>/matching/pairs/new", methods=["GET", "POST"])
@bp.route("/staff/events/<int:event_id>/matching/pairs/<int:pair_id>", methods=["GET", "POST"])
@require(Permission.MANAGE_MATCHING)
def edit_pair(event_id: int, pair_id: int | None = None) -> ResponseReturnValue:
    found = open_round(event_id)
    pair = _own(queries.pairs(read_session(), found.id), pair_id)
    form = PairForm(data=_pair_data(pair) if pair else None)
    form.need_id.choices = [(0, _("(どの大手でも)")), *_need_choices(found.id)]
    if not form.is_submitted():
        return _form_page(found, form, _("競合の組"), "meetings.pairs", pair, ".delete_pair")
    form.validate()
    ids = [typed.organisation_id(read_session(), field) for field in (form.first, form.second)]
    if ids[0] is not None and ids[0] == ids[1]:
        form.second.errors = [_("同じ団体どうしは組にできません。")]
    if form.errors or ids[0] is None or ids[1] is None:
        return _form_page(found, form, _("競合の組"), "meetings.pairs", pair, ".delete_pair"), 422
    values = PairValues(ids[0], ids[1], form.need_id.data or None, form.scope.data, form.is_hard.data, form.note.data)
    with transaction() as session:
        service.save_pair(session, act_on(found.id), pair_id=pair_id, values=values)
    return _done(".pairs", event_id)


def _pair_data(pair: CompetitorPair) -> dict[str, Any]:
    return {
        "first": typed.organisation_text(pair.first),
        "second": typed.organisation_text(pair.second),
        "scope": pair.scope,
        "need_id": pair.need_id or 0,
        "is_hard": pair.is_hard,
        "note": pair.note,
    }


@bp.post("/staff/events/<int:event_id>/matching/pairs/<int:row_id>/delete")
@require(Permission.MANAGE_MATCHING)
def delete_pair(event_id: int, row_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    with transaction() as session:
        service.drop(session, act_on(found.id), row=_must(_own(queries.pairs(session, found.id), row_id)))
    return _done(".pairs", event_id)


@bp.route("/staff/events/<int:event_id>/matching/exclusions/new", methods=["GET", "POST"])
@require(Permission.MANAGE_MATCHING)
def new_exclusion(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    form = ExclusionForm()
    form.need_id.choices = _need_choices(found.id)
    if not form.is_submitted():
        return _form_page(found, form, _("対象外の団体"), "meetings.pairs", None, "")
    form.validate()
    organisation_id = typed.organisation_id(read_session(), form.organisation)
    if form.errors or organisation_id is None:
        return _form_page(found, form, _("対象外の団体"), "meetings.pairs", None, ""), 422
    with transaction() as session:
        service.exclude(
            session,
            act_on(found.id),
            need_id=form.need_id.data,
            organisation_id=organisation_id,
            reason=form.said,
        )
    return _done(".pairs", event_id)


@bp.post("/staff/events/<int:event_id>/matching/exclusions/<int:row_id>/delete")
@require(Permission.MANAGE_MATCHING)
def delete_exclusion(event_id: int, row_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    with transaction() as session:
        service.drop(session, act_on(found.id), row=_must(_own(queries.exclusions(session, found.id), row_id)))
    return _done(".pairs", event_id)


def _need_choices(round_id: int) -> list[tuple[int, str]]:
    return [(need.id, f"{need.code} {need.title}") for need in queries.needs(read_session(), round_id)]


def _own(rows: Sequence[Any], row_id: int | None) -> Any:
    """The row of this round with the id; None for a new one."""
    return None if row_id is None else _must(next((row for row in rows if row.id == row_id), None))


def _must(row: Any) -> Any:
    if row is None:
        raise NotFound
    return row


def _form_page(found: MatchingRound, form: Any, title: str, back: str, row: Any, delete_endpoint: str) -> str:
    event_id = found.event_id
    return render_template(
        "meetings/simple_form.html",
        event=queries.event(read_session(), event_id),
        form=form,
        title=title,
        is_new=row is None,
        back_url=url_for(back, event_id=event_id),
        delete_url=url_for(delete_endpoint, event_id=event_id, row_id=row.id) if row is not None else "",
        organisation_choices=directory_queries.organisation_choices(read_session()),
    )


def _done(endpoint: str, event_id: int) -> ResponseReturnValue:
    flash(_("保存しました。"), "ok")
    return redirect(url_for(endpoint, event_id=event_id))
