"""What would be if: computed beside the timetable by the real solver, compared, taken over once, taken back."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventops import clock
from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.jobs import service as job_service
from eventops.jobs.models import Job, JobState
from eventops.meetings.models import (
    Application,
    ApplicationState,
    LimitKind,
    MeetingTable,
    Need,
    ParticipantLimit,
    Room,
    Slot,
)
from eventops.meetings.timetable import drafts, problems, publication, queries, solving, what_if
from tests.factories import NOW
from tests.meetings.placing import place_by_hand
from tests.meetings.tiny import GUESTS, HOST, Tiny, add_need, look, make, make_tiny, problem_of, run, spots

Visitor = Callable[[Role], FlaskClient]


@pytest.fixture(autouse=True)
def little_comfort(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three slots need no time for comfort."""
    monkeypatch.setattr(solving, "COMFORT_SECONDS", 0.5)


@pytest.fixture
def tiny(app: Flask) -> Tiny:
    with app.app_context(), transaction() as session:
        return make_tiny(session)


@pytest.fixture
def manager(sign_in: Visitor) -> FlaskClient:
    return sign_in(Role.EVENT_MANAGER)


def facts(app: Flask, tiny: Tiny) -> object:
    with app.app_context():
        return problem_of(db.session(), tiny)


def is_as_made(app: Flask, tiny: Tiny) -> bool:
    """Whether what the last run said is said about the draft as it lies."""
    with app.app_context():
        draft = queries.draft_of(db.session(), tiny.round_id)
        now = problems.fingerprint(problems.build(db.session(), tiny.round_id))
        return (draft.quality["revision"], draft.fingerprint) == (draft.revision, now)


FIELDS: dict[str, Callable[[int], dict[str, object]]] = {
    "table": lambda row_id: {"tables": 1, "room_id": row_id},
    "slot": lambda row_id: {"slot": row_id},
    "away": lambda row_id: {"away": row_id},
    "host_team": lambda row_id: {"team": f"host_team-{row_id}"},
    "guest_team": lambda row_id: {"team": f"guest_team-{row_id}"},
}


def suppose(manager: FlaskClient, tiny: Tiny, supposed: str, row_id: int) -> str:
    """The address of the page on which the answer will be."""
    return suppose_all(manager, tiny, FIELDS[supposed](row_id))


def suppose_all(manager: FlaskClient, tiny: Tiny, sent: dict[str, object]) -> str:
    answer = manager.post(f"{tiny.board}/what-if", data=sent)
    assert answer.status_code == 302
    return str(answer.location)


def last_slot(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(Slot.id).order_by(Slot.starts_at.desc())).first()


@pytest.mark.both_databases
def test_one_slot_less_is_shown_beside_today_taken_over_and_taken_back(
    app: Flask, tiny: Tiny, manager: FlaskClient
) -> None:
    make(app, tiny)
    before, layout = facts(app, tiny), spots(app, tiny)
    assert len(layout) == 3
    assert is_as_made(app, tiny)
    address = suppose(manager, tiny, "slot", last_slot(app))
    assert "もしもの時間割を作成中" in manager.get(address).text
    assert not manager.get(f"{address}/progress").get_json()["done"]
    assert run(app).state == JobState.DONE
    assert manager.get(f"{address}/progress").get_json()["done"]

    page = manager.get(address).text
    assert "13:50の枠がなかったら" in page
    assert "3 → 2" in page
    assert "なくなる" in page
    assert "いまの時間割は変わっていません。" in page
    assert (facts(app, tiny), spots(app, tiny)) == (before, layout)

    taken = manager.post(f"{address}/take-over", follow_redirects=True).text
    assert "もしもの時間割を、いまの案にしました。まだだれにも知らせていません。" in taken
    assert len(spots(app, tiny)) == 2
    assert len(facts(app, tiny).slots) == 2
    assert manager.post(f"{address}/take-over", headers={"Accept": "application/json"}).status_code == 409

    back = manager.post(f"{address}/take-back", follow_redirects=True).text
    assert "変更を取り消し、時間割も元に戻しました。" in back
    assert (facts(app, tiny), spots(app, tiny)) == (before, layout)
    assert is_as_made(app, tiny)
    assert "取り消されています。" in manager.get(address).text
    assert manager.post(f"{address}/take-back", headers={"Accept": "application/json"}).status_code == 409
    listed = manager.get(f"{tiny.board}/what-if").text
    assert re.search("13:50の枠がなかったら</a> 成立2件 \\(取り消し済み\\)", listed)


def test_nothing_is_taken_back_beneath_a_run_nor_once_meetings_have_begun(
    app: Flask, tiny: Tiny, manager: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(app, tiny)
    address = suppose(manager, tiny, "slot", last_slot(app))
    assert run(app).state == JobState.DONE
    manager.post(f"{address}/take-over")
    taken = facts(app, tiny)
    with app.app_context(), transaction() as session:
        solving.request_timetable(session, round_id=tiny.round_id, actor_id=None, now=clock.now())
    refused = manager.post(f"{address}/take-back", headers={"Accept": "application/json"})
    assert (refused.status_code, refused.get_json()["error"]) == (409, "already_running")

    assert run(app).state == JobState.DONE
    with app.app_context(), transaction() as session:
        revision = queries.draft_of(session, tiny.round_id).revision
        publication.publish(session, round_id=tiny.round_id, revision=revision, actor_id=None, now=clock.now())
        begins = min(session.scalars(select(Slot.starts_at)))
    monkeypatch.setattr(clock, "now", lambda: begins)
    refused = manager.post(f"{address}/take-back", headers={"Accept": "application/json"})
    assert (refused.status_code, refused.get_json()["error"]) == (422, "day_has_begun")
    assert "取り消す</button>" not in manager.get(address).text
    assert facts(app, tiny) == taken


@pytest.mark.parametrize(("slots_left", "supposed"), [(0, "away"), (1, "slot")])
def test_what_leaves_nothing_to_schedule_is_refused_in_words(
    app: Flask, tiny: Tiny, manager: FlaskClient, slots_left: int, supposed: str
) -> None:
    with app.app_context(), transaction() as session:
        place_by_hand(session, tiny.round_id, 2)
        slots = session.scalars(select(Slot).order_by(Slot.starts_at)).all()
        for slot in slots[slots_left:]:
            slot.in_use = False
        row_id = tiny.guest_ids[0] if supposed == "away" else slots[0].id
    told = manager.post(f"{tiny.board}/what-if", data=FIELDS[supposed](row_id))
    assert (told.status_code, "時間割を作る材料がありません。" in told.text) == (422, True)
    with app.app_context():
        assert db.session.scalars(select(Job)).all() == []


def test_who_asks_how_far_it_is_does_not_read_the_whole_round(
    app: Flask, tiny: Tiny, manager: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(app, tiny)
    address = suppose(manager, tiny, "slot", last_slot(app))
    built: list[int] = []
    monkeypatch.setattr(problems, "build", lambda _session, round_id: built.append(round_id))
    assert manager.get(f"{address}/progress").status_code == 200
    assert built == []


def test_one_more_table_exists_only_once_it_is_taken_over(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        session.scalars(select(Need)).one().tables = 3
        room_id = session.scalars(select(Room.id)).one()
    make(app, tiny)
    address = suppose(manager, tiny, "table", room_id)
    assert run(app).state == JobState.DONE
    with app.app_context():
        assert db.session.scalars(select(MeetingTable.number).order_by(MeetingTable.number)).all() == [1, 2]
    assert "研修室に卓が1つ多かったら" in manager.get(address).text
    manager.post(f"{address}/take-over")
    with app.app_context():
        tables = db.session.scalars(select(MeetingTable).order_by(MeetingTable.number)).all()
        used = {table for _, table in spots(app, tiny).values()}
    assert [one.number for one in tables] == [1, 2, 3]
    assert used <= {one.id for one in tables}
    assert len(spots(app, tiny)) == 5


def test_somebody_away_loses_their_meetings_locked_or_not(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    make(app, tiny)
    mine = min(spots(app, tiny))
    with app.app_context(), transaction() as session:
        draft = queries.draft_of(session, tiny.round_id)
        drafts.set_lock(
            session,
            round_id=tiny.round_id,
            application_id=mine,
            locked=True,
            revision=draft.revision,
            actor_id=None,
            now=clock.now(),
        )
        guest = next(one.application.organisation for one in draft.meetings if one.application_id == mine)
        guest_id, name = guest.id, guest.name
    address = suppose(manager, tiny, "away", guest_id)
    assert run(app).state == JobState.DONE
    page = manager.get(address).text
    assert f"{name}が参加できなかったら" in page
    assert "3 → 3" in page
    manager.post(f"{address}/take-over")
    assert mine not in spots(app, tiny)
    with app.app_context():
        limit = db.session.scalars(select(ParticipantLimit)).one()
        assert (limit.organisation_id, limit.kind, limit.is_hard) == (guest_id, LimitKind.UNAVAILABLE, True)


def test_what_was_computed_for_another_timetable_is_not_taken_over(
    app: Flask, tiny: Tiny, manager: FlaskClient
) -> None:
    make(app, tiny)
    address = suppose(manager, tiny, "slot", last_slot(app))
    assert run(app).state == JobState.DONE
    with app.app_context(), transaction() as session:
        draft = queries.draft_of(session, tiny.round_id)
        drafts.replace_all(session, draft, layout={}, actor_id=None, now=clock.now())
    page = manager.get(address).text
    assert "これを作ったあとに、時間割か条件が変わりました。" in page
    assert "この案にする</button>" not in page
    assert manager.post(f"{address}/take-over", headers={"Accept": "application/json"}).status_code == 409
    assert len(facts(app, tiny).slots) == 3


@pytest.mark.parametrize("supposed", ["table", "slot", "away", "host_team", "guest_team"])
def test_only_rows_of_this_round_can_be_supposed(app: Flask, tiny: Tiny, manager: FlaskClient, supposed: str) -> None:
    make(app, tiny)
    assert manager.post(f"{tiny.board}/what-if", data=FIELDS[supposed](987_654)).status_code == 404


@pytest.mark.parametrize("sent", [{}, {"tables": "0", "room_id": "1", "away": "", "team": ""}, {"team": "war-1"}])
def test_supposing_nothing_is_said_on_the_form(app: Flask, tiny: Tiny, manager: FlaskClient, sent: dict) -> None:
    told = manager.post(f"{tiny.board}/what-if", data=sent)
    assert (told.status_code, "変えるところを1つ以上選んでください。" in told.text) == (422, True)
    with app.app_context():
        assert db.session.scalars(select(Job)).all() == []


def test_several_changes_are_computed_at_once_with_who_stays_out_of_each(
    app: Flask, tiny: Tiny, manager: FlaskClient
) -> None:
    """A slot less and a table and a team more: two at a time in two slots, so that four of the five meet."""
    with app.app_context(), transaction() as session:
        room_id = session.scalars(select(Room.id)).one()
        session.delete(session.scalars(select(MeetingTable).order_by(MeetingTable.number.desc())).first())
    make(app, tiny)
    before, layout = facts(app, tiny), spots(app, tiny)
    sent = {"tables": 1, "room_id": room_id, "slot": last_slot(app), "team": f"host_team-{tiny.need_id}"}
    address = suppose_all(manager, tiny, sent)
    assert run(app).state == JobState.DONE
    assert (facts(app, tiny), spots(app, tiny)) == (before, layout)

    page = manager.get(address).text
    assert f"研修室に卓が1つ多かったら ＋ 13:50の枠がなかったら ＋ N01 {HOST}の担当が1組多かったら" in page
    assert "3 → 4" in page
    assert [re.search(rf"{label}: 未成立 (\d)件", page)[1] for label in ("いまの時間割", "もしも")] == ["2", "1"]
    assert "もしもでは入る" in page
    assert "これより多くは入らないと証明済みです。" in page

    manager.post(f"{address}/take-over")
    with app.app_context():
        need = db.session.get_one(Need, tiny.need_id)
        assert (need.tables, len(spots(app, tiny))) == (2, 4)
        assert db.session.scalars(select(MeetingTable.number).order_by(MeetingTable.number)).all() == [1, 2]
    assert is_as_made(app, tiny)
    board = look(app, tiny)
    assert (board.quality.is_full, len(board.unplaced), bool(board.unplaced[0].sentence)) == (True, 1, True)
    manager.post(f"{address}/take-back")
    assert (facts(app, tiny), spots(app, tiny)) == (before, layout)
    assert is_as_made(app, tiny)


def test_a_company_that_comes_with_a_second_team_meets_two_at_a_time(
    app: Flask, tiny: Tiny, manager: FlaskClient
) -> None:
    guest = tiny.guest_ids[0]
    with app.app_context(), transaction() as session:
        add_need(session, tiny)
        for slot in session.scalars(select(Slot).order_by(Slot.starts_at).offset(1)):
            slot.in_use = False
        for one in session.scalars(select(Application).where(Application.organisation_id != guest)):
            one.state = ApplicationState.WITHDRAWN
    make(app, tiny)
    assert len(spots(app, tiny)) == 1
    address = suppose(manager, tiny, "guest_team", guest)
    assert run(app).state == JobState.DONE
    manager.post(f"{address}/take-over")
    assert len(spots(app, tiny)) == 2


def test_what_an_older_version_supposed_is_still_listed(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        payload = {"supposed": "slot", "row_id": last_slot(app), "name": "13:50"}
        found = job_service.enqueue(
            session,
            kind=what_if.WHAT_IF,
            subject_id=tiny.round_id,
            payload=payload,
            created_by_id=None,
            now=clock.now(),
        )
        moment = "2036-01-15T13:00:00+09:00"
        meeting = {"request_id": "a1", "slot_id": "s1", "table_id": "t1", "starts_at": moment, "number": 1}
        found.state = JobState.DONE
        said = {"outcome": "cut_short", "quality": {"reasons": [], "bills": []}}
        kept = {"base": {}, "edits": [], "values": [{}, {}], "meetings": [meeting], "said": said}
        found.progress = {"what_if": kept}
        job_id = found.id
    page = manager.get(f"{tiny.board}/what-if/{job_id}").text
    assert "13:50の枠がなかったら" in page
    assert "時間割か条件が変わりました" in page
    assert "もしも: 未成立" not in page
    assert "途中まで: 証明なし" in page


def test_a_run_that_is_no_what_if_is_not_shown_as_one(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    make(app, tiny)
    assert manager.get(f"{tiny.board}/what-if/1").status_code == 404


def test_those_who_only_read_look_but_suppose_nothing(app: Flask, tiny: Tiny, sign_in: Visitor) -> None:
    reader = sign_in(Role.READ_ONLY)
    assert "試す</button>" not in reader.get(f"{tiny.board}/what-if").text
    assert reader.post(f"{tiny.board}/what-if", data={"slot": 1}).status_code == 403


def test_two_versions_are_compared(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    assert "比べる版がまだありません" in manager.get(f"{tiny.board}/compare").text
    with app.app_context(), transaction() as session:
        placed = place_by_hand(session, tiny.round_id, 2)
        draft = queries.draft_of(session, tiny.round_id)
        publication.publish(session, round_id=tiny.round_id, revision=draft.revision, actor_id=None, now=NOW)
        first = draft.id
        fresh = drafts.draft_for_round(session, round_id=tiny.round_id, now=NOW)
        layout = drafts.layout_of(fresh)
        last = session.scalars(select(Slot.id).order_by(Slot.starts_at.desc())).first()
        moved = drafts.Spot(last, layout[placed[0]].table_id)
        wanted = {placed[0]: moved, placed[1] + 1: layout[placed[1]]}
        drafts.replace_all(session, fresh, layout=wanted, actor_id=None, now=NOW)
        second = fresh.id
    page = manager.get(f"{tiny.board}/compare").text
    rows = re.findall(r"<tr><td>(?:(?!</tr>).)*</tr>", page, re.S)
    texts = [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", one)).strip() for one in rows]
    assert texts == [
        f"なくなる {GUESTS[1]} N01 {HOST} 13:25 卓1 ―",
        f"時刻 {GUESTS[0]} N01 {HOST} 13:00 卓1 13:50 卓1",
        f"増える {GUESTS[2]} N01 {HOST} ― 13:25 卓1",
    ]
    same = manager.get(f"{tiny.board}/compare?before={first}&after={first}").text
    assert "面談の時刻と卓に違いはありません。" in same
    assert manager.get(f"{tiny.board}/compare?before={second}&after={first}").status_code == 200
    assert manager.get(f"{tiny.board}/compare?before=987654").status_code == 404
