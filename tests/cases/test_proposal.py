"""The proposal behind a case: for the coordinators of that case and staff in charge, for nobody else."""

import pytest
from flask import Flask
from sqlalchemy import select

from eventops.accounts.models import Role, StaffUser
from eventops.cases.models import Case, Coordinator
from eventops.database import db, transaction
from eventops.meetings.models import Application, ProposalFile
from eventops.questions import files
from tests.cases.arrange import make_case, make_coordinators
from tests.conftest import sign_in_to
from tests.factories import make_organisation
from tests.meetings.sheets import make_round
from tests.meetings.test_service import apply, make_need

TEXT = "φ0.3mmの実績があります。"
PDF = b"%PDF-1.7 a drawing"


@pytest.fixture
def case_id(app: Flask) -> int:
    """A case that came from an application with a file; the first coordinator leads it, the third has nothing to do."""
    with app.app_context(), transaction() as session:
        need, company = make_need(session, make_round(session)), make_organisation(session)
        application = apply(session, need, "A001", company, proposal_text=TEXT)
        waiting = files.wait(app.config["HOME"], "図面.pdf", PDF)
        files.keep(app.config["HOME"], waiting.stored, room="proposals")
        application.files.append(ProposalFile(name=waiting.name, size=waiting.size, stored=waiting.stored))
        case = make_case(session, company.id, make_coordinators(session)[:2])
        case.application_id = application.id
        session.flush()
        return case.id


def coordinator(app: Flask, place: int):
    """A client whose user is the coordinator at that place of the registry."""
    client = sign_in_to(app, Role.COORDINATOR)
    with app.app_context(), transaction() as session:
        user = session.scalars(select(StaffUser).order_by(StaffUser.id.desc())).first()
        session.scalars(select(Coordinator).order_by(Coordinator.code)).all()[place].staff_user_id = user.id
    return client


def test_the_team_of_the_case_reads_it_and_no_other_coordinator(app: Flask, case_id: int) -> None:
    with app.app_context():
        number = db.session.scalars(select(ProposalFile.id)).one()
    page, file = f"/staff/cases/{case_id}/proposal", f"/staff/cases/{case_id}/proposal/{number}"

    for place, status in ((0, 200), (1, 200), (2, 404)):
        client = coordinator(app, place)
        assert [client.get(one).status_code for one in (page, file)] == [status, status]
    assert TEXT in coordinator_page(app, page)
    for role, status in ((Role.EVENT_MANAGER, 200), (Role.READ_ONLY, 403), (Role.RECEPTION, 403)):
        client = sign_in_to(app, role)
        assert [client.get(one).status_code for one in (page, file)] == [status, status]


def coordinator_page(app: Flask, page: str) -> str:
    return sign_in_to(app, Role.EVENT_MANAGER).get(page).text


def test_a_file_of_another_application_is_not_reached_through_the_case(app: Flask, case_id: int) -> None:
    with app.app_context(), transaction() as session:
        known = session.scalars(select(Application)).one()
        other = apply(session, known.need, "A002", make_organisation(session, "株式会社ほか", "ホカ"))
        other.files.append(ProposalFile(name="x.pdf", size=1, stored="x" * 32))
        session.flush()
        number = other.files[0].id
        assert session.get_one(Case, case_id).application_id == known.id

    assert sign_in_to(app, Role.EVENT_MANAGER).get(f"/staff/cases/{case_id}/proposal/{number}").status_code == 404
