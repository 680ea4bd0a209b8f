"""What open boards are told: who did what, which cards lie elsewhere, and nothing while nothing happens."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as database_event
from sqlalchemy import select

from eventops import clock
from eventops.accounts.models import Role, StaffUser
from eventops.database import db, transaction
from eventops.meetings.models import Application, MeetingTable, Slot
from eventops.meetings.timetable import drafts, history, news, publication, queries, solving
from eventops.meetings.timetable.models import TimetableAct
from eventops.meetings.timetable.same_answer import LASTS_SECONDS, SameAnswer
from tests.conftest import sign_in_to
from tests.factories import NOW
from tests.meetings.placing import place_by_hand
from tests.meetings.tiny import GUESTS, HOST, Tiny, make_tiny, spots

Visitor = Callable[[Role], FlaskClient]
JSON = {"Accept": "application/json"}
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def tiny(app: Flask) -> Tiny:
    """Two meetings on the board, and three requests that wait."""
    with app.app_context(), transaction() as session:
        found = make_tiny(session)
        place_by_hand(session, found.round_id, 2)
        return found


@pytest.fixture
def sato(app: Flask, sign_in: Visitor) -> FlaskClient:
    """Somebody with a name who may work on the board."""
    client = sign_in(Role.EVENT_MANAGER)
    with app.app_context(), transaction() as session:
        session.scalars(select(StaffUser).order_by(StaffUser.id.desc())).first().name = "佐藤"
    return client


def stamp(app: Flask, tiny: Tiny) -> str:
    with app.app_context():
        return str(news.stamp_of(db.session(), tiny.event_id))


def ask(client: FlaskClient, tiny: Tiny, since: str):
    return client.get(f"{tiny.board}/news?since={since}", headers=JSON)


def act(app: Flask, client: FlaskClient, tiny: Tiny, name: str, **fields: object):
    """A step as the script of the board takes it."""
    with app.app_context():
        revision = queries.draft_of(db.session(), tiny.round_id).revision
    known = {"revision": revision, "since": stamp(app, tiny)}
    answer = client.post(f"{tiny.board}/{name}", data={**fields, **known}, headers=JSON)
    assert answer.status_code == 200
    return answer.get_json()["news"]


def cell(app: Flask, code: str, number: int) -> dict[str, int]:
    with app.app_context():
        slot = db.session.scalars(select(Slot.id).where(Slot.code == code)).one()
        table = db.session.scalars(select(MeetingTable.id).where(MeetingTable.number == number)).one()
        return {"slot_id": slot, "table_id": table}


def slot_codes(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Slot.code).order_by(Slot.starts_at)))


@pytest.mark.both_databases
def test_another_web_process_tells_who_moved_what_where(
    app: Flask, tiny: Tiny, sato: FlaskClient, make_app: Callable[..., Flask]
) -> None:
    known = stamp(app, tiny)
    elsewhere = make_app()
    reader = sign_in_to(elsewhere, Role.READ_ONLY)
    assert ask(reader, tiny, known).status_code == 204

    mover = min(spots(app, tiny))
    spot = cell(app, slot_codes(app)[-1], 2)
    mine = act(app, sato, tiny, "put", application_id=mover, **spot)

    told = ask(reader, tiny, known).get_json()
    assert told["told"] == [f"佐藤さんが、{GUESTS[0]} × {HOST}を13:50 卓2へ動かしました。"]
    assert (told["whole"], told["gone"]) == (False, [])
    assert [(one["id"], one["slot"], one["table"]) for one in told["cells"]] == [
        (mover, spot["slot_id"], spot["table_id"])
    ]
    assert f'data-meeting="{mover}"' in told["cells"][0]["card"]
    assert mine == told
    assert told["stamp"] == stamp(app, tiny) != known
    assert ask(reader, tiny, told["stamp"]).status_code == 204


def test_every_kind_of_step_is_told_in_its_own_words(app: Flask, tiny: Tiny, sato: FlaskClient) -> None:
    mover = min(spots(app, tiny))
    waiting = max(spots(app, tiny)) + 1
    pair = f"{GUESTS[0]} × {HOST}"
    assert act(app, sato, tiny, "lock", application_id=mover, locked=1)["told"] == [
        f"佐藤さんが、{pair}を固定しました。"
    ]
    unlocked = act(app, sato, tiny, "lock", application_id=mover, locked=0)
    assert unlocked["told"] == [f"佐藤さんが、{pair}の固定を外しました。"]
    out = act(app, sato, tiny, "take-out", application_id=mover)
    assert (out["told"], out["gone"], out["cells"]) == ([f"佐藤さんが、{pair}を未成立へ移しました。"], [mover], [])
    back = act(app, sato, tiny, "undo")
    assert back["told"] == ["佐藤さんが、ひとつ前に戻しました。"]
    assert [one["id"] for one in back["cells"]] == [mover]
    assert act(app, sato, tiny, "redo")["told"] == ["佐藤さんが、戻した変更をやり直しました。"]
    placed = act(app, sato, tiny, "put", application_id=waiting, **cell(app, slot_codes(app)[-1], 1))
    assert placed["told"] == [f"佐藤さんが、{GUESTS[2]} × {HOST}を13:50 卓1に置きました。"]


def test_a_new_version_a_run_and_a_new_layout_are_read_as_a_whole(app: Flask, tiny: Tiny, sato: FlaskClient) -> None:
    known = stamp(app, tiny)
    with app.app_context(), transaction() as session:
        draft = drafts.draft_for_round(session, round_id=tiny.round_id, now=NOW)
        drafts.replace_all(session, draft, layout=drafts.layout_of(draft), actor_id=None, now=NOW)
    laid = ask(sato, tiny, known).get_json()
    assert (laid["whole"], laid["told"]) == (False, ["自動処理が、時間割を作り直しました。"])

    with app.app_context(), transaction() as session:
        solving.request_timetable(session, round_id=tiny.round_id, actor_id=None, now=clock.now())
    assert ask(sato, tiny, laid["stamp"]).get_json()["whole"]

    with app.app_context(), transaction() as session:
        revision = queries.draft_of(session, tiny.round_id).revision
        actor = session.scalars(select(StaffUser.id)).first()
        publication.publish(session, round_id=tiny.round_id, revision=revision, actor_id=actor, now=NOW)
    assert ask(sato, tiny, laid["stamp"]).get_json()["whole"]


def test_many_changes_at_once_are_read_as_a_whole(app: Flask, tiny: Tiny, sato: FlaskClient, monkeypatch) -> None:
    monkeypatch.setattr(news, "MOST_CELLS", 1)
    known = stamp(app, tiny)
    for mover in sorted(spots(app, tiny)):
        act(app, sato, tiny, "take-out", application_id=mover)
    told = ask(sato, tiny, known).get_json()
    assert (told["whole"], told["cells"], len(told["told"])) == (True, [], 2)


@pytest.mark.parametrize("known", ["", "nonsense", "1-2-draft-x-", "9-9-9", "123456-1-draft-0-"])
def test_whoever_knows_nothing_reads_the_whole_board(tiny: Tiny, sato: FlaskClient, known: str) -> None:
    told = ask(sato, tiny, known).get_json()
    assert (told["whole"], told["told"]) == (True, [])


@pytest.mark.both_databases
def test_nothing_new_costs_one_question_with_the_sign_in(app: Flask, tiny: Tiny, sato: FlaskClient) -> None:
    known, asked = stamp(app, tiny), []
    with app.app_context():
        database_event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]), named=False)
    assert ask(sato, tiny, known).status_code == 204
    assert len([one for one in asked if one.startswith("SELECT")]) == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [({"enabled": False}, 401), ({"session_issue": 2}, 401), ({"role": Role.COORDINATOR}, 403), ({}, 204)],
)
def test_who_may_no_longer_look_hears_nothing_more(
    app: Flask, tiny: Tiny, sato: FlaskClient, change: dict[str, object], status: int
) -> None:
    known = stamp(app, tiny)
    assert ask(sato, tiny, known).status_code == 204
    with app.app_context(), transaction() as session:
        user = session.scalars(select(StaffUser)).one()
        for name, value in change.items():
            setattr(user, name, value)
    assert ask(sato, tiny, known).status_code == status


def test_a_cookie_of_ones_own_making_hears_nothing(app: Flask, tiny: Tiny, client: FlaskClient) -> None:
    for cookie in ("", "e30.x.y", '{"_user_id": "1.1"}'):
        client.set_cookie("session", cookie)
        assert ask(client, tiny, stamp(app, tiny)).status_code == 401


def test_what_changed_is_read_once_for_all_who_know_the_same(
    app: Flask, tiny: Tiny, sato: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, read, since = stamp(app, tiny), [], news.since
    act(app, sato, tiny, "take-out", application_id=min(spots(app, tiny)))
    monkeypatch.setattr(news, "since", lambda *asked: read.append(asked) or since(*asked))
    reader = sign_in_to(app, Role.READ_ONLY)
    first, second = ask(sato, tiny, known), ask(reader, tiny, known)
    assert first.get_json() == second.get_json()
    assert len(read) == 1
    assert ask(reader, tiny, "").get_json()["whole"]


def test_an_event_without_meetings_has_no_news(tiny: Tiny, sato: FlaskClient) -> None:
    for path in ("news", "sides"):
        assert sato.get(f"/staff/events/{tiny.event_id + 99}/timetable/{path}", headers=JSON).status_code == 404


def test_strangers_hear_nothing(client: FlaskClient, tiny: Tiny, sato: FlaskClient) -> None:
    """The board says so to who was signed in when it was opened."""
    for path in ("news?since=", "sides"):
        assert client.get(f"{tiny.board}/{path}", headers=JSON).status_code == 401
    assert 'data-says-signed-out="サインインの期限が切れました。' in sato.get(tiny.board).text


def test_what_stands_around_the_cells_comes_without_them(app: Flask, tiny: Tiny, sato: FlaskClient) -> None:
    sides = sato.get(f"{tiny.board}/sides").text
    assert 'class="cell"' not in sides
    assert sides.count('button type="button" class="meeting"') == 3
    act(app, sato, tiny, "take-out", application_id=min(spots(app, tiny)))
    assert sato.get(f"{tiny.board}/sides").text.count('button type="button" class="meeting"') == 4


def test_the_same_answer_is_made_once_for_all_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    answers, now = SameAnswer(), [0.0]
    monkeypatch.setattr("eventops.meetings.timetable.same_answer.time.monotonic", lambda: now[0])

    def look(stands: str) -> str:
        return answers.get("board", stands, lambda: made.append(stands) or f"{stands} {len(made)}")

    assert [look("a"), look("a"), look("b"), look("b")] == ["a 1", "a 1", "b 2", "b 2"]
    now[0] = LASTS_SECONDS + 1
    assert look("b") == "b 3"


def test_who_comes_while_it_is_made_does_not_wait() -> None:
    answers = SameAnswer()

    def make() -> str:
        assert answers.get_unless_in_the_making("board", "a", lambda: "twice") is None
        return "once"

    assert answers.get_unless_in_the_making("board", "a", make) == "once"
    assert answers.get_unless_in_the_making("board", "a", lambda: "again") == "once"


def test_the_history_keeps_who_moved_what_where_and_why(app: Flask, tiny: Tiny, sato: FlaskClient, sign_in: Visitor):
    first, last = min(spots(app, tiny)), slot_codes(app)[-1]
    act(app, sato, tiny, "put", application_id=first, **cell(app, last, 1), reason=" 電車の都合 ")
    act(app, sato, tiny, "put", application_id=first, **cell(app, last, 2))
    act(app, sato, tiny, "undo")

    page = sato.get(f"{tiny.board}/history").text
    told = ["ひとつ前に戻しました。", "を13:50 卓2へ動かしました。", "を13:50 卓1へ動かしました。"]
    assert [page.index(one) for one in told] == sorted(page.index(one) for one in told)
    assert page.count("電車の都合") == 1
    assert "電車の都合" not in sign_in(Role.READ_ONLY).get(f"{tiny.board}/history").text


def test_no_publication_is_lost_between_two_pages_of_the_history(app: Flask, tiny: Tiny, monkeypatch) -> None:
    monkeypatch.setattr(history, "PAGE", 1)
    with app.test_request_context(), transaction() as session:
        draft = queries.draft_of(session, tiny.round_id)
        draft.version, draft.published_at = 1, NOW + HOUR
        for revision, at in ((101, NOW), (102, NOW + 2 * HOUR)):
            act = TimetableAct(timetable_id=draft.id, revision=revision, kind="made", at=at, application_ids=[])
            session.add(act)
            session.flush()
        newest = history.history(session, tiny.round_id)
        older = history.history(session, tiny.round_id, before=newest.older)
        assert [one.at for one in (*newest.entries, *older.entries)] == [NOW + 2 * HOUR, NOW + HOUR, NOW]


def test_the_history_tells_a_move_of_what_is_deleted_by_now_as_a_move(
    app: Flask, tiny: Tiny, sato: FlaskClient
) -> None:
    waiting = max(spots(app, tiny)) + 1
    act(app, sato, tiny, "put", application_id=waiting, **cell(app, slot_codes(app)[-1], 1))
    act(app, sato, tiny, "take-out", application_id=waiting)
    with app.app_context(), transaction() as session:
        session.delete(session.get_one(Application, waiting))
    page = sato.get(f"{tiny.board}/history").text
    assert page.count("いまは削除されている応募を動かしました") == 2


def test_a_held_meeting_is_told_what_gets_worse_and_that_there_is_nothing_to_make_again(
    app: Flask, tiny: Tiny, sato: FlaskClient
):
    cells = sato.get(f"{tiny.board}/options/{max(spots(app, tiny))}").get_json()["cells"]
    assert {one["why"] for one in cells if one["verdict"] == "worse"} == {"大手の空き(枠) +1"}
    with app.app_context():
        revision = queries.draft_of(db.session(), tiny.round_id).revision
    refused = sato.post(f"{tiny.board}/redo", data={"revision": revision}, headers=JSON)
    assert (refused.status_code, refused.get_json()["message"]) == (422, "やり直す変更はありません。")
