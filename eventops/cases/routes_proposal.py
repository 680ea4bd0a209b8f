"""The proposal that a case came from, for the coordinators of that case and nobody else beside staff in charge; and
what its coordinators recommend."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.cases import access, recommending
from eventops.cases.blueprint import bp
from eventops.cases.forms import RecommendForm
from eventops.cases.models import Case
from eventops.cases.routes_cases import mark_menu
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.meetings.applying import papers
from eventops.meetings.models import Application, ProposalFile
from eventops.meetings.wishes.service import Act

_PROPOSAL = "/staff/cases/<int:case_id>/proposal"


@bp.get("/staff/cases/recommendations")
@require(Permission.FOLLOW_CASES)
def recommendations() -> ResponseReturnValue:
    """The proposals that somebody may recommend, and those that were."""
    mark_menu()
    session = read_session()
    found = recommending.cases(session, access.viewer(session))
    is_open = recommending.open_ones(session, [_application(one.application) for one in found])
    return render_template("cases/recommendations.html", cases=found, is_open=is_open)


@bp.get(_PROPOSAL)
@require(Permission.FOLLOW_CASES)
def proposal(case_id: int) -> ResponseReturnValue:
    return _page(_case(case_id), RecommendForm(formdata=None))


def _page(case: Case, form: RecommendForm) -> str:
    mark_menu()
    session, application = read_session(), _application(case.application)
    return render_template(
        "cases/proposal.html",
        case=case,
        application=application,
        people=papers.people(session, [application])[application.id],
        size_words=papers.size_words,
        form=form,
        coordinator=recommending.coordinator_of(case, current_user.id),
        is_open=bool(recommending.open_ones(session, [application])),
    )


@bp.post(f"{_PROPOSAL}/recommend")
@require(Permission.FOLLOW_CASES)
def recommend_proposal(case_id: int) -> ResponseReturnValue:
    """Whoever is not on the case's team has nobody's name to recommend in."""
    case, form = _case(case_id), RecommendForm()
    application, coordinator = _application(case.application), recommending.coordinator_of(case, current_user.id)
    if coordinator is None:
        raise NotFound
    if not form.validate_on_submit():
        return _page(case, form), 422
    act, application_id, reason = _act(application), application.id, form.reason.data or ""
    with transaction() as session:
        recommending.recommend(session, act, application_id=application_id, coordinator=coordinator, reason=reason)
    flash(_("推薦しました。大手企業の選考のページに、お名前と理由が出ます。"), "ok")
    return redirect(url_for(".proposal", case_id=case_id))


@bp.post(f"{_PROPOSAL}/recommendations/<int:recommendation_id>/take-back")
@require(Permission.FOLLOW_CASES)
def take_back_own_recommendation(case_id: int, recommendation_id: int) -> ResponseReturnValue:
    application = _application(_case(case_id).application)
    act, application_id = _act(application), application.id
    with transaction() as session:
        recommending.take_back(session, act, application_id=application_id, recommendation_id=recommendation_id)
    flash(_("推薦を取り消しました。"), "ok")
    return redirect(url_for(".proposal", case_id=case_id))


def _act(application: Application) -> Act:
    return Act(application.round_id, current_user.id, clock.now())


@bp.get(f"{_PROPOSAL}/<int:file_id>")
@require(Permission.FOLLOW_CASES)
def proposal_file(case_id: int, file_id: int) -> ResponseReturnValue:
    application = _application(_case(case_id).application)
    found = read_session().get(ProposalFile, file_id)
    if found is None or found.application_id != application.id:
        raise NotFound
    return papers.send(found)


def _case(case_id: int) -> Case:
    session = read_session()
    return access.reach(session, case_id, access.viewer(session))


def _application(application: Application | None) -> Application:
    if application is None:
        raise NotFound
    return application
