"""From 150 meetings to the year's report: records, cases, reminders, stages, figures, co-hosts and the newsletter."""

import datetime as dt
import io
import re

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, func, select

from eventops.accounts.models import AuditEntry, Role
from eventops.cases import reminders, service
from eventops.cases.models import Case, Coordinator, Origin, Stage
from eventops.cases.records import service as records
from eventops.cases.records.models import MeetingRecord, Side
from eventops.cases.records.service import Answers
from eventops.clock import tokyo
from eventops.database import db, transaction
from eventops.directory.models import Consent, ConsentPurpose, Person
from eventops.events.models import Event
from eventops.mail.models import Letter
from eventops.meetings.models import Application
from eventops.meetings.timetable.models import TimetableMeeting
from tests.cases.arrange import MEETING_DAY, THAT_EVENING, link, make_case, publish_all
from tests.conftest import sign_in_to

FUNDS = ("自主事業", "ロボット特区")
KISTEC = "地方独立行政法人神奈川県立産業技術総合研究所(KISTEC)"
KIP = "公益財団法人神奈川産業振興センター(KIP)"
HOSTS = (KISTEC, KIP)
DUE = {"month": dt.date(2027, 2, 15), "quarter": dt.date(2027, 4, 15)}


@pytest.fixture
def event_id(demonstration) -> int:
    """The event of the 150 meetings, published; the demonstration's own cases would only disturb the counting."""
    with demonstration.app_context(), transaction() as session:
        session.execute(delete(Case))
        event = session.scalars(select(Event).where(Event.code == "M08")).one()
        assert len(publish_all(session, event.id)) == 150
        return event.id


def meetings(app) -> list[int]:
    with app.app_context():
        query = select(MeetingRecord.application_id).where(MeetingRecord.side == Side.HOST)
        return sorted(db.session.scalars(query))


def record_both_sides(app, event_id) -> None:
    """Every third pair both want to meet again; in every other third only one side does."""
    with app.app_context(), transaction() as session:
        ids = session.scalars(select(TimetableMeeting.application_id).order_by(TimetableMeeting.application_id))
        for place, application_id in enumerate(ids.all()):
            for side in Side:
                wants = place % 3 == 0 or (place % 3 == 1 and side is Side.HOST)
                records.save(
                    session,
                    application_id=application_id,
                    side=side,
                    answers=Answers(4, "yes" if wants else "maybe", wants_second=wants, comment=f"内密{place}"),
                    now=THAT_EVENING,
                )


def people(app) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(Coordinator.id).order_by(Coordinator.id)))


def open_cases(app, client, application_ids) -> list[int]:
    """Two through the page, where a missing deputy is said and what was typed is kept; the others as the page does."""
    team = people(app)
    with app.app_context(), transaction() as session:
        for place, application_id in enumerate(application_ids[2:]):
            one, event_id = service.frame_of_meeting(session, application_id)
            pair = {"organisation_id": one.organisation_id, "partner_id": one.need.organisation_id}
            meeting = {"application_id": application_id, "event_id": event_id, "origin": Origin.MEETING}
            coordinators = [session.get_one(Coordinator, team[(place + step) % 24]) for step in range(2)]
            make_case(session, team=coordinators, funding_source=FUNDS[place % 2], **pair, **meeting)
    for place, application_id in enumerate(application_ids[:2]):
        url = f"/staff/cases/new?application={application_id}"
        with app.app_context():
            one = db.session.get_one(Application, application_id)
            form = {
                "title": one.need.title,
                "organisation": f"{one.organisation.code} {one.organisation.name}",
                "partner": f"{one.need.organisation.code}",
                "lead_id": team[place % 24],
                "started_on": MEETING_DAY.isoformat(),
                "funding_source": FUNDS[place % 2],
                "outcome": "",
                "amount_band": "",
            }
        if place == 0:
            refused = client.post(url, data=form)
            assert (refused.status_code, "副担当を1名以上選んでください" in refused.text) == (422, True)
            assert one.need.title in refused.text
        made = client.post(url, data=form | {"deputy_ids": [team[(place + 1) % 24]]})
        assert made.status_code == 302
    with app.app_context():
        return list(db.session.scalars(select(Case.id).order_by(Case.id)))


def letters(app) -> int:
    """Let the worker write what is due; how many letters to teams there are now."""
    while reminders.remind_next(app):
        pass
    with app.app_context():
        return db.session.scalar(select(func.count(Letter.id)).where(Letter.kind == "case_reminder")) or 0


def move(app, case_id, *stages) -> None:
    with app.app_context(), transaction() as session:
        for stage, day in stages:
            service.move(
                session, case_id=case_id, stage=stage, happened_on=day, note="契約書", actor_id=None, now=THAT_EVENING
            )


def sheet(response) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(response.data)).get_sheet_by_index(0).to_python()


@pytest.mark.both_databases
def test_from_150_meetings_to_the_report_of_the_year(demonstration, event_id, time_machine):
    app = demonstration
    time_machine.move_to(THAT_EVENING, tick=False)
    staff = sign_in_to(app, Role.EVENT_MANAGER)
    record_both_sides(app, event_id)
    answered = meetings(app)
    assert len(answered) == 150
    page = staff.get(f"/staff/events/{event_id}/records").text
    assert page.count("2回目へ") == 50

    cases = open_cases(app, staff, answered[:30])
    assert len(cases) == 30

    time_machine.move_to(tokyo(DUE["month"] - dt.timedelta(days=1), dt.time(12)), tick=False)
    assert letters(app) == 0
    time_machine.move_to(tokyo(DUE["month"], dt.time(12)), tick=False)
    assert letters(app) == 60
    staff = sign_in_to(app, Role.EVENT_MANAGER)  # a month later the older session is over
    assert staff.get("/staff/cases?show=overdue").text.count("1か月後の確認") == 30
    for case_id in cases[:12]:
        move(app, case_id, (Stage.COLLABORATING, dt.date(2027, 3, 1)))
    for case_id in cases[:2]:
        move(app, case_id, (Stage.COMMERCIALISED, dt.date(2027, 3, 31)))
    time_machine.move_to(tokyo(DUE["quarter"], dt.time(12)), tick=False)
    assert letters(app) == 60 + 2 * 28
    staff = sign_in_to(app, Role.EVENT_MANAGER)
    _check_report(staff)
    _check_sharing(app, staff, event_id)
    text = staff.get(f"/staff/cases/newsletter?year=2026&event={event_id}").text
    assert all(words in text for words in ("連携成立: 12件", "事業化: 2件", "個別面談: 150件（参加95社）"))
    assert "連携成立 12件（目標24件）" in text


def _check_report(staff) -> None:
    rows = sheet(staff.post("/staff/cases/statistics/export?year=2026"))
    found = {(row[0], row[1]): row[2:4] for row in rows}
    assert found["年度", "令和8年度"] == [12, 2]
    assert found["中期計画", "第七期中期計画「地域力の向上」(目標はデモ)"] == [12, 2]
    assert found["入力した実績", "平成20年度〜平成24年度"] == [689, 105]
    assert found["令和8年度 事業・財源", "自主事業"] == [6, 1]
    page = staff.get("/staff/cases/statistics?year=2026").text
    assert "目標 24件の50％" in page
    behind = "/staff/cases?counted=collaborating&from=2026&to=2026"
    assert behind.replace("&", "&amp;") in page
    assert len(sheet(staff.post(behind.replace("/cases?", "/cases/export?")))) == 13
    assert len(sheet(staff.post("/staff/cases/export?counted=commercialised&from=2024&to=2026"))) == 3


def _check_sharing(app, staff, event_id) -> None:
    url = f"/staff/events/{event_id}/sharing"
    assert staff.post(f"{url}/file", data={"host": "株式会社どこか"}).status_code == 404
    given = [sheet(staff.post(f"{url}/file", data={"host": host})) for host in HOSTS]
    assert [table[0] for table in given] == [["氏名", "会社・団体", "役職"]] * 2
    assert 0 < len(given[0]) - 1 < 150
    for host, table in zip(HOSTS, given, strict=True):
        assert {row[0] for row in table[1:]} <= agreed(app, event_id, host)
    page = staff.get(url).text
    assert page.count(f"<td>{KISTEC}</td>") == 1
    assert page.count(f"<td>{KIP}</td>") == 1
    assert "試験 event_manager" in page


def agreed(app, event_id, host) -> set[str]:
    """Those who said that this host of this event may have their names."""
    with app.app_context():
        query = select(Person).join(Person.consents).where(Consent.purpose == ConsentPurpose.SHARE)
        meant = (Consent.event_id == event_id, Consent.host_name == host, Consent.withdrawn_on.is_(None))
        return {one.full_name for one in db.session.scalars(query.where(*meant))}


def test_companies_without_a_record_are_asked_once_a_day(demonstration, event_id, time_machine):
    app, url = demonstration, f"/staff/events/{event_id}/records/ask"
    time_machine.move_to(tokyo(MEETING_DAY, dt.time(9)), tick=False)
    staff = sign_in_to(app, Role.EVENT_MANAGER)
    assert staff.post(url).status_code == 422
    time_machine.move_to(THAT_EVENING, tick=False)
    preview = staff.get(url).text
    assert ("まだ記録のない95社の" in preview, "/records" in preview, asked(app)) == (True, True, 0)
    assert staff.post(f"{url}/trial").status_code == 302
    assert asked(app) == 1
    first = staff.post(url, follow_redirects=True).text
    number = asked(app)
    assert (number - 1 >= 95, f"{number - 1}名へのお願いを送信待ちにしました" in first) == (True, True)
    again = staff.post(url, follow_redirects=True).text
    assert ("新しく送ったものはありません" in again, "送信待ちにしました" in again) == (True, False)
    assert asked(app) == number
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "records_asked")).all()
        assert [one.after for one in entries] == [{"letters": number - 1}]


def asked(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Letter.id)).where(Letter.kind == "record_request")) or 0


def test_each_side_writes_its_own_and_reads_nothing_of_the_other(demonstration, event_id, time_machine):
    app = demonstration
    with app.app_context(), transaction():
        one = db.session.scalars(select(Application).where(Application.rating == "A").order_by(Application.id)).first()
        host, guest = link(db.session(), one.need.organisation_id), link(db.session(), one.organisation_id)
        application_id, person_id = one.id, one.person_id
        other = db.session.scalars(
            select(Application.id).where(
                Application.organisation_id != one.organisation_id, Application.need_id != one.need_id
            )
        ).first()
        db.session.execute(delete(Consent))
    guests = app.test_client()
    said = {"satisfaction": "5", "continuation": "yes", "wants_second": "yes", "comment": "相手には言えない話"}
    said |= dict.fromkeys(("next_step", "fit", "length", "person_id"), "")
    time_machine.move_to(tokyo(MEETING_DAY, dt.time(9)), tick=False)
    assert guests.post(f"{guest}/records/{application_id}", data=said).status_code == 422
    time_machine.move_to(THAT_EVENING, tick=False)
    assert guests.get(f"{guest}/records/{other}").status_code == 404
    assert guests.post(f"{guest}/records/{application_id}", data=said | {"satisfaction": ""}).status_code == 422
    sharing = {"person_id": person_id, "share_consent": "y", "hosts_shown": f"{KISTEC}\r\n{KIP}\r\n別の団体"}
    assert guests.post(f"{guest}/records/{application_id}", data=said | sharing).status_code == 302
    boxes = re.findall(r'<input[^>]*name="share_consent"[^>]*>', guests.get(f"{guest}/records/{application_id}").text)
    assert ["checked" in box for box in boxes] == [False]  # whoever writes next may be a colleague
    page = guests.get(f"{host}/records").text + guests.get(f"{host}/records/{application_id}").text
    assert ("相手には言えない話" in page, "双方が2回目" in page) == (False, False)
    assert guests.post(f"{host}/records/{application_id}", data=said).status_code == 302
    assert ["双方が2回目を希望" in guests.get(f"{side}/records").text for side in (host, guest)] == [True, True]
    with app.app_context():
        person = db.session.get_one(Person, person_id)
        named = [(one.event_id, one.host_name) for one in person.consents]
        assert (person.share_consent, named) == (True, [(event_id, host) for host in HOSTS])
