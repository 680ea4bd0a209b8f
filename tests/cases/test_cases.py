"""Cases: who carries them, what may follow what, who sees which words, and what is late."""

import datetime as dt
from itertools import product

import pytest
from sqlalchemy import select

from eventops.accounts.models import AuditEntry, Role, StaffUser
from eventops.cases import plans, registry, rules, service, statistics
from eventops.cases.models import Case, Coordinator, NoteKind, OneOffRequest, Origin, ReminderKind, RequestState, Stage
from eventops.cases.plans import PastValues, PlanValues
from eventops.cases.registry import RequestValues
from eventops.database import db, transaction
from eventops.directory.models import Organisation
from eventops.errors import Stale
from tests.cases.arrange import MEETING_DAY, THAT_EVENING, make_case, make_coordinators
from tests.conftest import sign_in_to
from tests.factories import make_organisation, make_person

LATER = {"actor_id": None, "now": THAT_EVENING + dt.timedelta(days=3)}
SECRET = "値引きの条件は社外秘"


@pytest.fixture
def team(session) -> list[Coordinator]:
    return make_coordinators(session)


@pytest.fixture
def case(session, team) -> Case:
    return make_case(session, make_organisation(session).id, team[:2])


def step(session, case, stage, day, note="") -> None:
    service.move(session, case_id=case.id, stage=stage, happened_on=day, note=note, **LATER)


def test_a_case_has_a_lead_and_a_deputy_who_is_somebody_else(session, team):
    organisation = make_organisation(session)
    with pytest.raises(rules.DeputyMissing):
        make_case(session, organisation.id, team[:1])
    with pytest.raises(rules.LeadIsDeputy):
        make_case(session, organisation.id, [team[0], team[0]])
    assert session.scalars(select(Case)).all() == []


def test_every_pair_of_stages_is_allowed_or_refused():
    letters = dict(zip(Stage, "mtpjcbx", strict=True))  # b: business, x: closed
    allowed = {"mt", "mp", "mj", "mc", "tp", "tj", "tc", "pj", "pc", "jc", "cb", "xt"} | {f"{one}x" for one in "mtpjcb"}
    found = {letters[one] + letters[other] for one, other in product(Stage, Stage) if is_allowed(one, other)}
    assert found == allowed


def is_allowed(present, wanted) -> bool:
    try:
        rules.check_move(present, wanted, "理由")
    except rules.MoveRefused:
        return False
    return True


def test_business_follows_a_collaboration_alone_and_an_end_needs_its_reason():
    assert [stage for stage in Stage if Stage.COMMERCIALISED in rules.MOVES[stage]] == [Stage.COLLABORATING]
    with pytest.raises(rules.ReasonMissing):
        rules.check_move(Stage.TALKING, Stage.CLOSED, "  ")


def test_reminders_stand_a_month_later_and_then_by_quarters_for_a_year():
    days = rules.reminder_days(dt.date(2026, 11, 30))
    assert [day.isoformat() for _kind, day in days] == [
        "2026-12-30",
        "2027-02-28",
        "2027-05-30",
        "2027-08-30",
        "2027-11-30",
    ]
    assert [kind for kind, _day in days] == [ReminderKind.MONTH, *[ReminderKind.QUARTER] * 4]


def test_a_stage_taken_back_counts_for_nothing_and_years_begin_in_april(session, case):
    step(session, case, Stage.COLLABORATING, dt.date(2027, 3, 31))
    step(session, case, Stage.COMMERCIALISED, dt.date(2027, 4, 1))
    found = statistics.counted(session)
    assert [(one.stage, one.year) for one in found] == [("collaborating", 2026), ("commercialised", 2027)]
    service.take_back(session, case_id=case.id, step_id=case.steps[-1].id, **LATER)
    assert (case.stage, len(statistics.counted(session))) == (Stage.COLLABORATING, 1)
    step(session, case, Stage.CLOSED, dt.date(2027, 5, 1), "先方の方針が変わった")
    step(session, case, Stage.TALKING, dt.date(2027, 6, 1))
    step(session, case, Stage.COLLABORATING, dt.date(2027, 7, 1))
    assert [one.year for one in statistics.counted(session)] == [2026]
    assert (case.next_action, case.due_on) == ("", None)


def test_taking_the_last_stage_back_twice_takes_back_one(app, noted):
    staff, url = sign_in_to(app, Role.EVENT_MANAGER), f"/staff/cases/{noted}"
    with app.app_context(), transaction() as session:
        step(session, session.get_one(Case, noted), Stage.JOINT_DEVELOPMENT, MEETING_DAY)
        session.flush()
        last = session.get_one(Case, noted).steps[-1].id
    assert f'name="step" value="{last}"' in staff.get(url).text
    answers = [staff.post(f"{url}/take-back", data=sent).status_code for sent in ({"step": last}, {"step": last}, {})]
    with app.app_context():
        assert (answers, db.session.get_one(Case, noted).stage) == ([302, 409, 409], Stage.PROTOTYPE)


def test_who_saves_on_an_older_page_is_told(session, case, team):
    frame = service.Frame(case.title, case.organisation_id, team[2].id, [team[0].id], origin=Origin.OTHER)
    service.change(session, case_id=case.id, frame=frame, revision=0, **LATER)
    session.flush()
    session.expire_all()
    assert [one.name for one in case.team] == [team[2].name, team[0].name]
    with pytest.raises(Stale):
        service.change(session, case_id=case.id, frame=frame, revision=0, **LATER)


def test_handing_over_makes_deputies_leads(session, case, team):
    assert service.hand_over(session, from_id=team[0].id, to_id=team[1].id, **LATER) == [case]
    assert [one.name for one in case.team] == [team[1].name, team[0].name]


def test_a_request_to_meet_follows_what_is_known_of_it(session, team):
    organisation = make_organisation(session)
    values = {"organisation_id": organisation.id, "wishes_to_meet": "表面処理の会社", "received_on": MEETING_DAY}
    states = []
    request_id = None
    for more in ({}, {"coordinator_id": team[0].id}, {"result": "試料を送る"}, {"is_declined": True}):
        values |= more
        made = registry.save_request(session, request_id=request_id, values=RequestValues(**values), **LATER)
        request_id = made.id
        states.append(made.state)
    assert states == [RequestState.RECEIVED, RequestState.ASSIGNED, RequestState.MET, RequestState.DECLINED]


def test_a_request_becomes_one_case_and_a_declined_one_none(app, noted):
    staff = sign_in_to(app, Role.EVENT_MANAGER)
    with app.app_context(), transaction() as session:
        company = session.get_one(Case, noted).organisation
        team = session.scalars(select(Coordinator.id).order_by(Coordinator.id)).all()
        asked, declined = (
            registry.save_request(
                session,
                request_id=None,
                values=RequestValues(company.id, "表面処理の会社", MEETING_DAY, is_declined=is_declined),
                **LATER,
            ).id
            for is_declined in (False, True)
        )
        form = {"title": "試料の評価", "organisation": company.name, "lead_id": team[0], "deputy_ids": [team[1]]}
    form |= {"started_on": MEETING_DAY.isoformat(), "outcome": "", "amount_band": ""}
    urls = [f"/staff/cases/new?request={one}" for one in (asked, asked, declined, declined + 1)]
    assert [staff.post(url, data=form).status_code for url in urls] == [302, 422, 422, 404]
    with app.app_context():
        made = db.session.scalars(select(Case).where(Case.title == "試料の評価")).one()
        one = db.session.get_one(OneOffRequest, asked)
        assert (one.case_id, one.state) == (made.id, RequestState.MET)
        noted_down = select(AuditEntry).where(AuditEntry.action == "one_off_request_saved")
        entry = db.session.scalars(noted_down.order_by(AuditEntry.id.desc())).first()
        assert (entry.subject_id, entry.after) == (asked, {"state": "met", "case": made.id})


def test_earlier_numbers_stand_beside_the_plan_and_never_in_it(session, case):
    step(session, case, Stage.COLLABORATING, dt.date(2027, 3, 1))
    plans.save_plan(session, plan_id=None, values=PlanValues("第七期", 2024, 2026, 4, 2), **LATER)
    past = PastValues(2008, 2012, 689, 105, "報告書")
    plans.save_past(session, past_id=None, values=past, **LATER)
    with pytest.raises(plans.YearsTaken):
        plans.save_past(session, past_id=None, values=past, **LATER)
    line = statistics.plans(session, statistics.counted(session))[0]
    assert (line.collaborations, line.commercialisations, len(line.years)) == (1, 0, 3)
    assert [(one.collaborations, one.commercialisations) for one in statistics.past(session)] == [(689, 105)]


def begin(session) -> Case:
    return make_case(
        session,
        make_organisation(session).id,
        make_coordinators(session)[:2],
        next_action="見積を送る",
        due_on=MEETING_DAY,
    )


@pytest.fixture
def noted(app) -> int:
    """A case with words that are not for everybody."""
    with app.app_context(), transaction() as session:
        case_id = begin(session).id
        told = {"kind": NoteKind.VISIT, "happened_on": MEETING_DAY, "text": SECRET}
        service.add_note(session, case_id=case_id, **told, **LATER)
        one = session.get_one(Case, case_id)
        step(session, one, Stage.PROTOTYPE, MEETING_DAY, SECRET)
    return case_id


def test_private_words_are_for_those_who_work_on_the_case(app, noted):
    texts = {role: sign_in_to(app, role).get(f"/staff/cases/{noted}") for role in Role}
    assert {role for role, answer in texts.items() if SECRET in answer.text} == {
        Role.ADMINISTRATOR,
        Role.EVENT_MANAGER,
    }
    assert {role for role, answer in texts.items() if answer.status_code == 404} == {Role.COORDINATOR}
    assert "見積・試作" in texts[Role.READ_ONLY].text


def test_a_coordinator_sees_their_own_cases_and_goes_on_with_them(app, noted):
    client = sign_in_to(app, Role.COORDINATOR)
    with app.app_context(), transaction() as session:
        user = session.scalars(select(StaffUser).where(StaffUser.role == Role.COORDINATOR)).one()
        team = session.scalars(select(Coordinator).order_by(Coordinator.code)).all()
        team[1].staff_user_id = user.id
        other = make_case(
            session, make_organisation(session, "有限会社隣").id, [team[0], team[2]], title="よその案件"
        ).id
        for wish, place in (("医療機器の会社", 1), ("大学の研究室", 2)):
            asks = session.get_one(Case, noted).organisation_id
            values = RequestValues(asks, wish, MEETING_DAY, coordinator_id=team[place].id)
            registry.save_request(session, request_id=None, values=values, **LATER)
    asked = client.get("/staff/cases/requests").text
    assert ("医療機器の会社" in asked, "大学の研究室" in asked) == (True, False)
    page = client.get("/staff/cases").text
    assert ("放熱部品の異材接合" in page, "よその案件" in page) == (True, False)
    assert SECRET in client.get(f"/staff/cases/{noted}").text
    form = {"kind": "call", "happened_on": MEETING_DAY.isoformat(), "text": "電話で確認"}
    answers = [client.post(f"/staff/cases/{case_id}/notes", data=form).status_code for case_id in (noted, other)]
    assert answers == [302, 404]
    for path in (
        "/staff/",
        "/staff/cases/new",
        "/staff/cases/statistics",
        "/staff/directory",
        f"/staff/cases/{noted}/edit",
    ):
        assert client.get(path).status_code == 403
    assert client.post("/staff/cases/export").status_code == 403
    assert client.get("/staff/password").status_code == 200


def test_what_is_late_is_listed_until_somebody_has_asked(app, time_machine):
    with app.app_context(), transaction() as session:
        case_id = begin(session).id
    time_machine.move_to(THAT_EVENING + dt.timedelta(days=2), tick=False)
    staff = sign_in_to(app, Role.EVENT_MANAGER)
    late = "/staff/cases?show=overdue"
    assert "放熱部品の異材接合" in staff.get(late).text
    plan = {"next_action": "試料を送る", "due_on": "2027-05-01"}
    assert staff.post(f"/staff/cases/{case_id}/next", data=plan).status_code == 302
    assert "放熱部品の異材接合" not in staff.get(late).text
    time_machine.move_to(THAT_EVENING + dt.timedelta(days=32), tick=False)
    staff = sign_in_to(app, Role.EVENT_MANAGER)
    assert "1か月後の確認" in staff.get(late).text
    note = {"kind": "call", "happened_on": "2027-02-16", "text": "順調"}
    assert staff.post(f"/staff/cases/{case_id}/notes", data=note).status_code == 302
    assert "放熱部品の異材接合" not in staff.get(late).text
    ahead = {"stage": "collaborating", "happened_on": "2027-02-20", "note": "", "outcome": ""}
    refused = staff.post(f"/staff/cases/{case_id}/stage", data=ahead)
    assert (refused.status_code, "これからの日付は入れられません" in refused.text) == (422, True)
    with app.app_context():
        assert db.session.get_one(Case, case_id).stage == Stage.MET


@pytest.mark.parametrize("path", ["/staff/cases", "/staff/directory", "/staff/directory/people"])
def test_what_an_address_says_stays_in_the_query_of_the_export(app, noted, path):
    with app.app_context(), transaction() as session:
        make_person(session, session.scalars(select(Organisation)).first())
    staff = sign_in_to(app, Role.EVENT_MANAGER)
    for said in ("endpoint=x", "_external=1&_scheme=javascript", "_anchor=x&_method=GET"):
        page = staff.get(f"{path}?{said}")
        assert (page.status_code, f'action="{path}/export?{said.replace("&", "&amp;")}"' in page.text) == (200, True)
