"""Staff's side of entry sheets: files, recommendations, and the times that applicants stated."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.meetings.applying import own, papers, recommending, times
from eventops.meetings.blueprint import bp
from eventops.meetings.models import Application, ProposalFile
from eventops.meetings.routes_desk import act_on, open_round

_APPLICATION = "/staff/events/<int:event_id>/matching/applications/<int:application_id>"


@bp.get("/staff/events/<int:event_id>/matching/files/<int:file_id>")
@require(Permission.MANAGE_MATCHING)
def proposal_file(event_id: int, file_id: int) -> ResponseReturnValue:
    found = read_session().get(ProposalFile, file_id)
    owner = read_session().get(Application, found.application_id) if found else None
    if found is None or owner is None or owner.round_id != open_round(event_id).id:
        raise NotFound
    return papers.send(found)


@bp.post(f"{_APPLICATION}/link")
@require(Permission.MANAGE_MATCHING)
def renew_application_link(event_id: int, application_id: int) -> ResponseReturnValue:
    act = act_on(open_round(event_id).id)
    with transaction() as session:
        own.renew_link(session, act, application_id=application_id)
    flash(_("応募した方専用のアドレスを新しくしました。前のアドレスはもう使えません。"), "ok")
    return redirect(url_for(".edit_application", event_id=event_id, application_id=application_id))


@bp.post(f"{_APPLICATION}/recommend")
@require(Permission.MANAGE_MATCHING)
def recommend(event_id: int, application_id: int) -> ResponseReturnValue:
    recommender, reason = request.form.get("recommender", "").strip()[:80], request.form.get("reason", "").strip()[:300]
    back = redirect(url_for(".edit_application", event_id=event_id, application_id=application_id, _anchor="recommend"))
    if not recommender or not reason:
        flash(_("推薦する人と理由を入力してください。"), "bad")
        return back
    act = act_on(open_round(event_id).id)
    with transaction() as session:
        recommending.recommend(session, act, application_id=application_id, recommender=recommender, reason=reason)
    flash(_("推薦を加えました。大手企業の選考のページに出ます。"), "ok")
    return back


@bp.post(f"{_APPLICATION}/recommend/<int:recommendation_id>/take-back")
@require(Permission.MANAGE_MATCHING)
def take_back_recommendation(event_id: int, application_id: int, recommendation_id: int) -> ResponseReturnValue:
    act = act_on(open_round(event_id).id)
    with transaction() as session:
        recommending.take_back(session, act, application_id=application_id, recommendation_id=recommendation_id)
    flash(_("推薦を取り消しました。"), "ok")
    return redirect(url_for(".edit_application", event_id=event_id, application_id=application_id, _anchor="recommend"))


@bp.post("/staff/events/<int:event_id>/matching/limits/stated")
@require(Permission.MANAGE_MATCHING)
def settle_times(event_id: int) -> ResponseReturnValue:
    act, take = act_on(open_round(event_id).id), request.form.get("act") == "take"
    chosen = request.form.getlist("application", type=int)
    with transaction() as session:
        number = times.settle(session, act, application_ids=chosen, take=take)
    flash(_("都合に%(n)s件を加えました。", n=number) if take else _("時間の希望を都合に加えずに済ませました。"), "ok")
    return redirect(url_for(".limits", event_id=event_id))
