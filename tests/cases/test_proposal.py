"""The proposal behind a case: for the coordinators of that case and staff in charge, for nobody else."""

import pytest
from flask import Flask
from sqlalchemy import event, select

from eventops.accounts.models import Role, StaffUser
from eventops.cases.models import Case, Coordinator
from eventops.database import db, transaction
from eventops.meetings.models import Application, ApplicationState, ProposalFile
from eventops.meetings.timetable.models import Timetable
from eventops.questions import files
from tests.cases.arrange import make_case, make_coordinators
from tests.conftest import sign_in_to
from tests.factories import NOW, make_organisation
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


def recommended(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        application = db.session.scalars(select(Application)).one()
        assert application.is_recommended == bool(application.recommendations)
        return [(one.recommender, one.reason) for one in application.recommendations]


@pytest.mark.both_databases
def test_a_coordinator_of_the_case_recommends_in_their_own_name_and_takes_it_back(app: Flask, case_id: int) -> None:
    page = f"/staff/cases/{case_id}/proposal"
    deputy = coordinator(app, 1)
    assert "放熱部品" not in deputy.get("/staff/cases/recommendations").text
    assert f'href="{page}"' in deputy.get("/staff/cases/recommendations").text
    empty = deputy.post(f"{page}/recommend", data={"reason": " "})
    assert (empty.status_code, recommended(app)) == (422, [])

    told = deputy.post(f"{page}/recommend", data={"reason": "現場を見ました。"}, follow_redirects=True).text
    assert "推薦しました。" in told
    assert recommended(app) == [("担当1", "現場を見ました。")]
    staff = sign_in_to(app, Role.EVENT_MANAGER)
    with app.app_context():
        application = db.session.scalars(select(Application)).one()
        desk = f"/staff/events/{application.need.round.event_id}/matching"
        need_id, application_id = application.need_id, application.id
        number = application.recommendations[0].id
    for shown in (f"{desk}/needs/{need_id}/screening", f"{desk}/applications/{application_id}"):
        text = staff.get(shown).text
        assert ("担当1" in text, "現場を見ました。" in text) == (True, True)

    lead = coordinator(app, 0)
    assert "現場を見ました。" in lead.get(page).text
    assert "取り消す</button>" not in lead.get(page).text
    assert lead.post(f"{page}/recommendations/{number}/take-back").status_code == 404
    deputy.post(f"{page}/recommendations/{number}/take-back")
    assert recommended(app) == []


def test_nobody_recommends_what_is_not_of_their_cases_nor_in_another_s_name(app: Flask, case_id: int) -> None:
    page = f"/staff/cases/{case_id}/proposal"
    said = {"reason": "よい会社です。"}
    stranger = coordinator(app, 2)
    assert stranger.post(f"{page}/recommend", data=said).status_code == 404
    assert "推薦できる応募はありません" in stranger.get("/staff/cases/recommendations").text
    manager = sign_in_to(app, Role.EVENT_MANAGER)
    assert manager.post(f"{page}/recommend", data=said).status_code == 404
    assert "事務局として推薦する" in manager.get(page).text
    for role in (Role.READ_ONLY, Role.RECEPTION):
        assert sign_in_to(app, role).post(f"{page}/recommend", data=said).status_code == 403
        assert sign_in_to(app, role).get("/staff/cases/recommendations").status_code == 403
    assert recommended(app) == []


@pytest.mark.parametrize("why", ["withdrawn", "published"])
def test_recommending_ends_with_the_request_and_with_the_timetable(app: Flask, case_id: int, why: str) -> None:
    page = f"/staff/cases/{case_id}/proposal"
    lead = coordinator(app, 0)
    lead.post(f"{page}/recommend", data={"reason": "よい会社です。"})
    with app.app_context(), transaction() as session:
        application = session.scalars(select(Application)).one()
        number = application.recommendations[0].id
        if why == "withdrawn":
            application.state = ApplicationState.WITHDRAWN
        else:
            session.add(Timetable(round_id=application.round_id, version=1, state="published", created_at=NOW))
    assert "推薦は締め切られています" in lead.get(page).text
    for act in ("recommend", f"recommendations/{number}/take-back"):
        assert lead.post(f"{page}/{act}", data={"reason": "もう一度。"}).status_code == 422
    assert recommended(app) == [("担当0", "よい会社です。")]


def test_the_list_of_proposals_asks_the_same_however_long_it_is(app: Flask, case_id: int) -> None:
    lead, seen = coordinator(app, 0), []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    lead.get("/staff/cases/recommendations")
    one = len(seen)
    with app.app_context(), transaction() as session:
        need = session.get_one(Case, case_id).application.need
        team = session.scalars(select(Coordinator).order_by(Coordinator.code)).all()[:2]
        for place in range(3):
            company = make_organisation(session, f"株式会社{place}", "カイシャ")
            other = apply(session, need, f"A01{place}", company)
            make_case(session, company.id, team).application_id = other.id
    seen.clear()
    assert "株式会社2" in lead.get("/staff/cases/recommendations").text
    assert len(seen) == one
