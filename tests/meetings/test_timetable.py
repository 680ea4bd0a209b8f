"""The demonstration's timetable through the program: made by a job, worked on by hand, published, told."""

import datetime as dt
import html
import re
import threading
from email import message_from_bytes
from email.policy import default as default_policy

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select, update

from eventops import clock
from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.directory.models import Organisation, Person
from eventops.events.models import Event
from eventops.jobs import worker
from eventops.jobs.models import Job, JobState
from eventops.mail.models import Letter, LetterState
from eventops.meetings import queries as round_queries
from eventops.meetings.models import Application, LimitKind, MatchingRound, ParticipantLimit, Slot
from eventops.meetings.timetable import board, drafts, publication, solving
from eventops.meetings.timetable import queries as timetable_queries
from eventops.meetings.timetable.letters import token_of
from eventops.meetings.timetable.models import ParticipantPage, Timetable, TimetableMeeting
from tests.conftest import NOW, sign_in_to


@pytest.fixture(autouse=True)
def little_comfort(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comfort goals get their full time only where a test looks at them."""
    if "nine_slots" not in request.node.name:
        monkeypatch.setattr(solving, "COMFORT_SECONDS", 0.5)


def round_id_of(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(MatchingRound.id)).one()


def event_id_of(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(Event.id).where(Event.code == "M08")).one()


def make(app: Flask, *, seconds: int = 60) -> board.Board:
    """Have the timetable made by the real worker and solver; the board afterwards."""
    round_id = round_id_of(app)
    with app.app_context(), transaction() as session:
        session.get_one(MatchingRound, round_id).solve_seconds = seconds
        solving.request_timetable(session, round_id=round_id, actor_id=1, now=clock.now())
    assert worker.run_next_job(app, "worker of the test")
    with app.app_context():
        job = db.session.scalars(select(Job).order_by(Job.id.desc())).first()
        assert (job.state, job.error) == (JobState.DONE, None)
    return look(app)


def look(app: Flask) -> board.Board:
    with app.app_context():
        frame = round_queries.whole_round(db.session(), round_id_of(app))
        return board.load(db.session(), frame, "ja")


@pytest.fixture(scope="module")
def solved() -> dict[int, tuple[int, int]]:
    """Where the first test that wants a made timetable leaves it for the others."""
    return {}


@pytest.fixture
def made(demonstration: Flask, solved: dict[int, tuple[int, int]]) -> Flask:
    """The demonstration with its timetable made; the solver runs once for all tests of this file."""
    if not solved:
        make(demonstration)
        solved.update(spots(demonstration))
        return demonstration
    layout = {application_id: drafts.Spot(*spot) for application_id, spot in solved.items()}
    with demonstration.app_context(), transaction() as session:
        draft = drafts.draft_for_round(session, round_id=session.scalars(select(MatchingRound.id)).one(), now=NOW)
        drafts.replace_all(session, draft, layout=layout, actor_id=1, now=NOW)
    return demonstration


def use_slots(app: Flask, number: int) -> None:
    with app.app_context(), transaction() as session:
        for slot in session.scalars(select(Slot).order_by(Slot.starts_at).offset(number)):
            slot.in_use = False


@pytest.mark.one_database
def test_nine_slots_place_all_150_without_waiting(demonstration, solved):
    found = make(demonstration)
    solved.update(spots(demonstration))
    assert (found.quality.placed, found.quality.wanted, found.unplaced, found.violations) == (150, 150, (), ())
    assert (found.quality.values["guest_idle_slots"], found.quality.values["soft_pair_rules"]) == (0, 0)
    assert found.quality.bounds["weight_unplaced"] == 0


def enough_when_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs end as by the button, once it is proven that no timetable places more."""
    report = worker.Lease.report

    def reported(lease: worker.Lease, progress: dict[str, object] | None = None) -> bool:
        told = progress or {}
        is_proven = "placed" in told and told["placed"] == told["bound"]
        return report(lease, progress) or is_proven

    monkeypatch.setattr(worker.Lease, "report", reported)


@pytest.mark.one_database
@pytest.mark.parametrize(("slots", "placed"), [(8, 149), (7, 140)])
def test_fewer_slots_place_the_known_number_and_say_why(demonstration, monkeypatch, slots, placed):
    enough_when_proven(monkeypatch)
    use_slots(demonstration, slots)
    found = make(demonstration)
    assert (found.quality.placed, len(found.unplaced)) == (placed, 150 - placed)
    assert all(one.sentence for one in found.unplaced)


@pytest.mark.one_database
def test_without_the_extra_tables_147_and_the_reasons_name_both_companies(demonstration):
    with demonstration.app_context(), transaction() as session:
        for limit in session.scalars(select(ParticipantLimit).where(ParticipantLimit.kind == LimitKind.EXTRA_TABLES)):
            limit.in_use = False
        codes = ("O0009", "O0011")
        names = set(session.scalars(select(Organisation.name).where(Organisation.code.in_(codes))))
    found = make(demonstration)
    assert found.quality.placed == 147
    assert {one.application.need.organisation.name for one in found.unplaced} == names
    assert all(any(name in one.sentence for name in names) for one in found.unplaced)
    assert sorted(len(group.applications) for group in found.groups) == [1, 2]
    assert (found.quality.is_full, 3 in {offer.gain for offer in found.offers}) == (True, True)


@pytest.mark.one_database
def test_the_same_seed_gives_the_same_table(made):
    before = spots(made)
    found = make(made)
    assert (len(before), spots(made)) == (150, before)
    assert found.quality.may_differ is False


@pytest.mark.one_database
def test_locks_survive_a_second_run(made):
    app, round_id = made, round_id_of(made)
    with app.app_context(), transaction() as session:
        draft = timetable_queries.draft_of(session, round_id)
        one = draft.meetings[0]
        kept = (one.application_id, one.slot_id, one.table_id)
        drafts.set_lock(
            session,
            round_id=round_id,
            application_id=kept[0],
            locked=True,
            revision=draft.revision,
            actor_id=1,
            now=NOW,
        )
    make(app)
    with app.app_context():
        draft = timetable_queries.draft_of(db.session(), round_id)
        locked = [(one.application_id, one.slot_id, one.table_id) for one in draft.meetings if one.is_locked]
    assert locked == [kept]


def spots(app: Flask) -> dict[int, tuple[int, int]]:
    with app.app_context():
        draft = timetable_queries.draft_of(db.session(), round_id_of(app))
        return {one.application_id: (one.slot_id, one.table_id) for one in draft.meetings}


def revision_of(app: Flask) -> int:
    with app.app_context():
        return timetable_queries.draft_of(db.session(), round_id_of(app)).revision


def test_a_move_is_checked_and_can_be_undone_and_redone(made):
    app, event_id = made, event_id_of(made)
    client = sign_in_to(app, Role.EVENT_MANAGER)
    json = {"Accept": "application/json"}
    before = spots(app)
    mover = min(before)
    cells = client.get(f"/staff/events/{event_id}/timetable/options/{mover}", headers=json).get_json()["cells"]
    by_verdict = {one["verdict"]: one for one in cells}
    assert {"here", "forbidden"} < set(by_verdict)
    assert by_verdict["forbidden"]["why"]
    target = next(one for one in cells if one["verdict"] in ("free", "worse", "better"))

    def put(cell, revision):
        form = {"application_id": mover, "slot_id": cell["slot"], "table_id": cell["table"], "revision": revision}
        return client.post(f"/staff/events/{event_id}/timetable/put", data=form, headers=json)

    refused = put(by_verdict["forbidden"], revision_of(app))
    assert (refused.status_code, spots(app)) == (422, before)
    assert refused.get_json()["message"].startswith("ここには置けません。")

    assert put(target, revision_of(app)).get_json()["ok"] is True
    after = spots(app)
    assert after[mover] == (target["slot"], target["table"])
    assert put(target, revision_of(app) - 1).status_code == 409

    for act, expected in (("undo", before), ("redo", after)):
        form = {"revision": revision_of(app)}
        assert client.post(f"/staff/events/{event_id}/timetable/{act}", data=form, headers=json).status_code == 200
        assert spots(app) == expected


def test_a_whole_run_can_be_undone(made):
    app, event_id = made, event_id_of(made)
    client = sign_in_to(app, Role.EVENT_MANAGER)
    assert len(spots(app)) == 150
    client.post(f"/staff/events/{event_id}/timetable/undo", data={"revision": revision_of(app)})
    assert spots(app) == {}


def publish(app: Flask) -> None:
    with app.app_context(), app.test_request_context(), transaction() as session:
        publication.publish(
            session, round_id=round_id_of(app), revision=revision_of_in(session, app), actor_id=1, now=clock.now()
        )


def revision_of_in(session, app: Flask) -> int:
    return timetable_queries.draft_of(session, session.scalars(select(MatchingRound.id)).one()).revision


def letters(app: Flask) -> list[Letter]:
    with app.app_context():
        return list(db.session.scalars(select(Letter).where(Letter.kind == "timetable").order_by(Letter.id)))


def without_address(body: str) -> list[str]:
    """A letter but for the line that only sending it can fill."""
    return [line for line in body.strip().splitlines() if "/m/" not in line and "専用ページ" not in line]


def test_publication_tells_everybody_first_and_then_only_those_whose_meetings_changed(made):
    app, event_id = made, event_id_of(made)
    client = sign_in_to(app, Role.EVENT_MANAGER)
    page = client.get(f"/staff/events/{event_id}/timetable/publish").text
    assert "面談 150件を第1版として確定します" in page
    example = html.unescape(re.search(r'<pre class="letter-body">(.*?)</pre>', page, re.DOTALL).group(1))
    publish(app)
    first = letters(app)
    assert without_address(example) == without_address(first[0].body)
    assert {one.is_bulk for one in first} == {True}
    with app.app_context():
        organisations = set(db.session.scalars(select(ParticipantPage.organisation_id)))
        told = {db.session.get(ParticipantPage, one.subject_id).organisation_id for one in first}
    assert len(organisations) == 95
    assert told == organisations

    again = client.post(f"/staff/events/{event_id}/timetable/publish", data={"revision": 0}, follow_redirects=True)
    assert (again.status_code, "第1版を確定済みです" in again.text) == (200, True)
    assert len(letters(app)) == len(first)
    with app.app_context(), transaction() as session:
        draft = drafts.draft_for_round(session, round_id=round_id_of(app), now=NOW)
        one = draft.meetings[0]
        application_id, revision = one.application_id, draft.revision
        parties = {one.application.organisation_id, one.application.need.organisation_id}
        drafts.take_out(
            session, round_id=draft.round_id, application_id=application_id, revision=revision, actor_id=1, now=NOW
        )
    publish(app)
    later = letters(app)[len(first) :]
    assert {one.is_bulk for one in later} == {False}
    with app.app_context():
        pages = [db.session.get(ParticipantPage, letter.subject_id) for letter in later]
        assert {page.organisation_id for page in pages} == parties
        states = [(one.version, one.state) for one in db.session.scalars(select(Timetable).order_by(Timetable.id))]
    assert states == [(1, "superseded"), (2, "published")]

    calendar = personal(app, client, parties, "calendar.ics").data
    entries = {str(entry["uid"]): entry for entry in Calendar.from_ical(calendar).walk("VEVENT")}
    gone = entries[f"meeting-{application_id}@eventops.invalid"]
    assert (str(gone["status"]), int(gone["sequence"])) == ("CANCELLED", 2)
    assert {str(entry["status"]) for uid, entry in entries.items() if entry is not gone} <= {"CONFIRMED"}


def personal(app: Flask, client, organisations: set[int], rest: str = ""):
    with app.app_context():
        wanted = select(ParticipantPage).where(ParticipantPage.organisation_id.in_(organisations))
        token = token_of(db.session.scalars(wanted.order_by(ParticipantPage.organisation_id)).first())
    return client.get(f"/m/{token}/{rest}" if rest else f"/m/{token}")


def test_a_company_sees_its_own_meetings_and_nobody_elses(made):
    app = made
    publish(app)
    with app.app_context():
        star = db.session.scalars(select(Organisation).where(Organisation.code == "O0031")).one()
        rows = db.session.scalars(select(TimetableMeeting)).all()
        mine = {one.application.need.organisation.name for one in rows if one.application.organisation_id == star.id}
        others = {one.application.organisation.name for one in rows if one.application.organisation_id != star.id}
        star_id = star.id
    page = personal(app, app.test_client(), {star_id})
    assert page.status_code == 200
    assert len(mine) == 8
    assert all(name in page.text for name in mine)
    assert not [name for name in others if name in page.text]


def test_somebody_who_only_applied_in_a_companys_name_is_not_told_its_meetings(made):
    app = made
    with app.app_context(), transaction() as session:
        known = session.scalars(select(Application).where(Application.rating == "A")).first()
        stranger = Person(
            organisation_id=known.organisation_id,
            family_name="通",
            given_name="利",
            family_kana="トオリ",
            given_kana="リ",
            sort_key="トオリリ",
            email="stranger@elsewhere.example.jp",
        )
        session.add(stranger)
        session.flush()
        for number, rating in enumerate((None, "declined")):
            values = {"code": f"X{number}", "rating": rating, "person_id": stranger.id, "submitted_at": NOW}
            place = {"need_id": known.need_id, "organisation_id": known.organisation_id, "round_id": known.round_id}
            session.add(Application(**values, **place))
    publish(app)
    told = {letter.to_email for letter in letters(app)}
    assert len(told) > 90
    assert "stranger@elsewhere.example.jp" not in told


def test_letters_of_the_timetable_go_out_with_a_calendar(made, tmp_path):
    from eventops.mail.delivery import deliver_next

    app = made
    publish(app)
    wanted = letters(app)[0]
    with app.app_context(), transaction() as session:
        session.execute(update(Letter).where(Letter.id != wanted.id).values(state=LetterState.CANCELLED))
    assert deliver_next(app, "worker")
    message = message_from_bytes(
        (tmp_path / "letters" / f"{wanted.message_id}.eml").read_bytes(), policy=default_policy
    )
    assert [part.get_content_type() for part in message.iter_attachments()] == ["text/calendar"]
    assert "/m/" in message.get_body(("plain",)).get_content()


def test_a_run_whose_facts_changed_meanwhile_is_not_stored(demonstration, monkeypatch):
    app, round_id = demonstration, round_id_of(demonstration)
    converse = solving._converse

    def slow(question, lease):
        with app.app_context(), transaction() as session:
            session.scalars(select(ParticipantLimit)).first().in_use = False
        return converse(question, lease)

    monkeypatch.setattr(solving, "_converse", slow)
    with app.app_context(), transaction() as session:
        session.get_one(MatchingRound, round_id).solve_seconds = 5
        solving.request_timetable(session, round_id=round_id, actor_id=1, now=clock.now())
    worker.run_next_job(app, "worker")
    with app.app_context():
        job = db.session.scalars(select(Job)).one()
        assert (job.state, job.error) == (JobState.FAILED, "stale")
    assert spots(app) == {}


def test_stopping_keeps_the_best_so_far(demonstration):
    app, event_id = demonstration, event_id_of(demonstration)
    client = sign_in_to(app, Role.EVENT_MANAGER)
    assert client.post(f"/staff/events/{event_id}/timetable/make").status_code == 302
    assert client.post(f"/staff/events/{event_id}/timetable/make").status_code == 409
    thread = threading.Thread(target=worker.run_next_job, args=(app, "worker"))
    thread.start()
    deadline = clock.now() + dt.timedelta(seconds=60)
    while clock.now() < deadline:
        seen = client.get(f"/staff/events/{event_id}/timetable/progress").get_json()
        if seen["done"] or any(label == "成立" for label, _ in seen["figures"]):
            break
    assert [label for label, _ in seen["figures"]] == ["経過", "成立", "成立の上限(証明済)", "中小の待ち"]
    client.post(f"/staff/events/{event_id}/timetable/stop")
    thread.join()
    assert len(spots(app)) > 0
    done = client.get(f"/staff/events/{event_id}/timetable/progress").get_json()
    assert (done["done"], done["url"]) == (True, f"/staff/events/{event_id}/timetable")


def test_an_event_without_slots_is_not_sent_to_the_solver(demonstration):
    app, event_id = demonstration, event_id_of(demonstration)
    use_slots(app, 0)
    response = sign_in_to(app, Role.EVENT_MANAGER).post(f"/staff/events/{event_id}/timetable/make")
    assert response.status_code == 422
    assert "時間割を作る材料がありません" in response.text
    with app.app_context():
        assert db.session.scalars(select(Job)).all() == []
