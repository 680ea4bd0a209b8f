"""The proposal that a case came from, for the coordinators of that case and nobody else beside staff in charge."""

from flask import render_template
from flask.typing import ResponseReturnValue

from eventops.accounts.permissions import Permission, require
from eventops.cases import access
from eventops.cases.blueprint import bp
from eventops.database import read_session
from eventops.errors import NotFound
from eventops.meetings.applying import papers
from eventops.meetings.models import Application, ProposalFile


@bp.get("/staff/cases/<int:case_id>/proposal")
@require(Permission.FOLLOW_CASES)
def proposal(case_id: int) -> ResponseReturnValue:
    session = read_session()
    case = access.reach(session, case_id, access.viewer(session))
    application = _application(case.application)
    return render_template(
        "cases/proposal.html",
        case=case,
        application=application,
        people=papers.people(session, [application])[application.id],
        size_words=papers.size_words,
    )


@bp.get("/staff/cases/<int:case_id>/proposal/<int:file_id>")
@require(Permission.FOLLOW_CASES)
def proposal_file(case_id: int, file_id: int) -> ResponseReturnValue:
    session = read_session()
    application = _application(access.reach(session, case_id, access.viewer(session)).application)
    found = session.get(ProposalFile, file_id)
    if found is None or found.application_id != application.id:
        raise NotFound
    return papers.send(found)


def _application(application: Application | None) -> Application:
    if application is None:
        raise NotFound
    return application
