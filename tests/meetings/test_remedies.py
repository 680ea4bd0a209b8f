"""Remedies pressed on the board: confirmed, carried out by the real solver, compared with before, and taken back."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventops import clock
from eventops.accounts.models import AuditEntry, Role
from eventops.database import db, transaction
from eventops.events.models import Event, PartKind
from eventops.jobs import service as jobs
from eventops.jobs.models import Job, JobState
from eventops.meetings.models import LimitKind, MeetingTable, Need, Slot
from eventops.meetings.timetable import drafts, problems, publication, queries, solving, trials
from eventops.meetings.timetable.advice import key_of
from scheduling.problem import Problem
from scheduling.solution import Remedy
from tests.factories import NOW, make_part
from tests.meetings.placing import place_by_hand
from tests.meetings.sheets import make_round
from tests.meetings.tiny import HOST, Tiny, look, make, make_tiny, problem_of, run, spots, state

Visitor = Callable[[Role], FlaskClient]


@pytest.fixture(autouse=True)
def little_comfort(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three slots need no time for comfort."""
    monkeypatch.setattr(solving, "COMFORT_SECONDS", 0.5)


@pytest.fixture
def tiny(app: Flask) -> Tiny:
    """Five requests, places for three of them."""
    with app.app_context(), transaction() as session:
        return make_tiny(session)


@pytest.fixture
def manager(sign_in: Visitor) -> FlaskClient:
    return sign_in(Role.EVENT_MANAGER)


def facts_of(app: Flask, tiny: Tiny) -> Problem:
    with app.app_context():
        return problem_of(db.session(), tiny)


def second_table(tiny: Tiny, problem: Problem, gain: int = 2) -> Remedy:
    return Remedy("second_table", (f"n{tiny.need_id}",), tuple(one.id for one in problem.slots), gain)


def advise(app: Flask, tiny: Tiny, *remedies: Remedy) -> list[str]:
    """Leave a draft about which a run said this; the keys under which a page finds it."""
    with app.app_context(), transaction() as session:
        draft = drafts.draft_for_round(session, round_id=tiny.round_id, now=NOW)
        problem = problem_of(session, tiny)
        reason = {"code": "participant_full", "subjects": [f"n{tiny.need_id}"], "slot_ids": []}
        counts = [["requests", 5], ["places", 3], ["over", 2]]
        stored = [{"code": r.code, "subjects": r.subjects, "slot_ids": r.slot_ids, "gain": r.gain} for r in remedies]
        draft.quality = {
            "revision": draft.revision,
            "reasons": [
                {**reason, "request_id": one.id, "counts": counts, "remedies": stored} for one in problem.requests
            ],
        }
        draft.fingerprint = problems.fingerprint(problem)
    return [key_of(remedy) for remedy in remedies]


def url(tiny: Tiny, key: str) -> str:
    return f"{tiny.board}/remedies/{key}"


def start(app: Flask, tiny: Tiny, client: FlaskClient, remedy: Remedy, *, agreement: str = "agreed") -> str:
    """Confirm the remedy; the address of its trial."""
    key = advise(app, tiny, remedy)[0]
    with app.app_context():
        room_id = db.session.scalars(select(MeetingTable.room_id)).first()
    answer = client.post(url(tiny, key), data={"agreement": agreement, "room_id": room_id})
    assert answer.status_code == 302
    return str(answer.location)


def acts(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def offered(app: Flask, tiny: Tiny) -> dict[str, int]:
    """Code by code: what the last run has computed."""
    with app.app_context():
        draft = queries.draft_of(db.session(), tiny.round_id)
        found = [remedy for reason in draft.quality["reasons"] for remedy in reason["remedies"]]
        return {remedy["code"]: remedy["gain"] for remedy in found}


@pytest.mark.both_databases
def test_a_remedy_brings_what_it_promised_and_can_be_taken_back(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    make(app, tiny)
    before, layout, made = facts_of(app, tiny), spots(app, tiny), look(app, tiny)
    assert (made.quality.placed, made.quality.wanted, len(made.unplaced)) == (3, 5, 2)
    assert offered(app, tiny)["second_table"] == 2
    remedy = second_table(tiny, before)
    page = manager.get(tiny.board).text
    assert "いまの条件では、これより多くは入らないと証明済みです。" in page
    assert url(tiny, key_of(remedy)) in page

    confirmation = manager.get(url(tiny, key_of(remedy)))
    assert confirmation.status_code == 200
    for words in (
        "いまは5件中3件が成立しています。見込みは+2件です。",
        f"{HOST}（N01）: 同時に行える面談",
        "了解が必要です",
    ):
        assert words in confirmation.text
    assert facts_of(app, tiny) == before

    unsaid = manager.post(url(tiny, key_of(remedy)), data={})
    assert (unsaid.status_code, "どちらかを選んでください。" in unsaid.text) == (422, True)
    assert facts_of(app, tiny) == before

    answer = manager.post(url(tiny, key_of(remedy)), data={"agreement": "agreed"})
    waiting = manager.get(answer.location)
    assert "順番を待っています。" in waiting.text
    assert "この変更を取り消す" not in waiting.text
    assert run(app).state == JobState.DONE

    after = manager.get(answer.location).text
    assert "見込みどおり、成立が2件増えました。" in after
    assert len(spots(app, tiny)) == 5
    assert "対策を行い、成立が3件から5件になりました。" in manager.get(tiny.board).text

    back = manager.post(f"{answer.location}/take-back", follow_redirects=True)
    assert "変更を取り消し、時間割も元に戻しました。" in back.text
    assert (facts_of(app, tiny), spots(app, tiny)) == (before, layout)
    assert url(tiny, key_of(remedy)) in back.text
    assert look(app, tiny).quality == made.quality
    assert "この対策は取り消されています。" in manager.get(answer.location).text
    assert manager.post(f"{answer.location}/take-back").status_code == 409
    assert [one for one in acts(app) if one.startswith("remedy")] == ["remedy_applied", "remedy_taken_back"]


@pytest.mark.both_databases
def test_work_done_since_stays_when_the_facts_go_back(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    make(app, tiny)
    before = facts_of(app, tiny)
    remedy = Remedy("one_more_slot", (), (before.slots[-1].id,), 1)
    assert offered(app, tiny)["one_more_slot"] == 1
    answer = manager.post(url(tiny, key_of(remedy)))
    run(app)
    assert len(spots(app, tiny)) == 4
    with app.app_context(), transaction() as session:
        draft = queries.draft_of(session, tiny.round_id)
        new = session.scalars(select(Slot.id).order_by(Slot.id.desc())).first()
        other = next(one.application_id for one in draft.meetings if one.slot_id != new)
        choice = {"application_id": other, "revision": draft.revision}
        drafts.take_out(session, round_id=tiny.round_id, actor_id=None, now=NOW, **choice)
    kept = spots(app, tiny)

    back = manager.post(f"{answer.location}/take-back", follow_redirects=True)

    assert "時間割はそのあと手直しされているので、そのままです。" in back.text
    assert (facts_of(app, tiny), spots(app, tiny)) == (before, kept)
    with app.app_context():
        assert db.session.get(Slot, new).in_use is False
    assert "いまの条件に合わない面談があります" in back.text


def test_a_run_that_fails_leaves_the_timetable_and_the_way_back(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    before = facts_of(app, tiny)
    trial = start(app, tiny, manager, Remedy("new_table", (), (), 1))
    with app.app_context(), transaction() as session:
        job = session.scalars(select(Job)).one()
        assert jobs.claim(session, job_id=job.id, worker="lost", now=clock.now())
        jobs.finish(session, job_id=job.id, worker="lost", state=JobState.FAILED, error="stale", now=clock.now())
    assert "条件は変えましたが、時間割は作り直せませんでした。" in manager.get(trial).text
    assert "対策のために条件を変えましたが、時間割は作り直せませんでした。" in manager.get(tiny.board).text
    back = manager.post(f"{trial}/take-back", follow_redirects=True)
    assert facts_of(app, tiny) == before
    assert back.status_code == 200


def test_a_table_goes_into_the_room_that_was_chosen(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    key = advise(app, tiny, Remedy("new_table", ("online",), (), 1))[0]
    page = manager.get(url(tiny, key)).text
    assert "卓を足す部屋" in page
    assert "部屋に卓と椅子を置けること" in page
    assert manager.post(url(tiny, key), data={"room_id": 987}).status_code == 422
    with app.app_context():
        room_id = db.session.scalars(select(MeetingTable.room_id)).first()
    trial = manager.post(url(tiny, key), data={"room_id": room_id}).location
    assert "使う卓の数(研修室に足す)" in manager.get(trial).text
    with app.app_context():
        tables = db.session.scalars(select(MeetingTable).order_by(MeetingTable.number)).all()
        assert [(one.number, one.room_id, one.online_ready) for one in tables][-1] == (3, room_id, True)


def test_a_slot_into_the_evening_names_what_happens_then(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        party = {"title": "第2部 交流会", "kind": PartKind.SOCIAL, "hours": (14, 16)}
        make_part(session, session.get_one(Event, tiny.event_id), **party)
    key = advise(app, tiny, Remedy("one_more_slot", (), (facts_of(app, tiny).slots[-1].id,), 1))[0]
    page = manager.get(url(tiny, key)).text
    assert "面談は14:35までになります。" in page
    assert "第2部 交流会" in page
    assert "3枠(14:10まで)" in page


def test_what_the_facts_no_longer_bear_out_is_refused_in_words(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    key = advise(app, tiny, second_table(tiny, facts_of(app, tiny)))[0]
    with app.app_context(), transaction() as session:
        session.get_one(Need, tiny.need_id).tables = 3
    for address in (url(tiny, key), url(tiny, "0" * 16)):
        for answer in (manager.get(address), manager.post(address, data={"agreement": "agreed"})):
            assert answer.status_code == 409
            assert "この対策は、いまの条件には当てはまりません。" in answer.text
    page = manager.get(tiny.board).text
    assert "条件が変わったため、前に調べた対策は出していません。" in page
    with app.app_context():
        assert (db.session.scalars(select(Job)).all(), db.session.get(Need, tiny.need_id).tables) == ([], 3)


def test_what_only_people_can_do_is_said_without_a_button(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        from tests.meetings.placing import place_by_hand

        place_by_hand(session, tiny.round_id, 3)
    keys = advise(
        app, tiny, Remedy("shorter_way", (f"n{tiny.need_id}",), (), 7), second_table(tiny, facts_of(app, tiny))
    )
    page = manager.get(tiny.board).text
    assert "7件" in page
    assert (url(tiny, keys[0]) in page, url(tiny, keys[1]) in page) == (False, True)
    assert manager.get(url(tiny, keys[0])).status_code == 409


def test_only_who_manages_the_matching_applies_remedies(app: Flask, tiny: Tiny, sign_in: Visitor) -> None:
    remedy = second_table(tiny, facts_of(app, tiny))
    trial = start(app, tiny, sign_in(Role.EVENT_MANAGER), remedy)
    reader = sign_in(Role.READ_ONLY)
    address = url(tiny, key_of(remedy))
    assert address not in reader.get(tiny.board).text
    assert [reader.get(address).status_code, reader.post(address).status_code] == [403, 403]
    assert [reader.post(f"{trial}/{act}").status_code for act in ("take-back", "agreed")] == [403, 403]
    assert reader.get(trial).status_code == 200
    assert "ここで止めて" not in reader.get(trial).text


def test_one_thing_at_a_time(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    remedy = second_table(tiny, facts_of(app, tiny))
    trial = start(app, tiny, manager, remedy)
    other = advise(app, tiny, Remedy("new_table", (), (), 1))[0]
    assert url(tiny, other) not in manager.get(tiny.board).text
    assert manager.post(url(tiny, other)).status_code == 422  # the room is missing
    with app.app_context():
        room_id = db.session.scalars(select(MeetingTable.room_id)).first()
    assert manager.post(url(tiny, other), data={"room_id": room_id}).status_code == 409
    assert manager.post(f"{trial}/take-back").status_code == 409
    with app.app_context():
        assert len(db.session.scalars(select(MeetingTable)).all()) == 2


def test_a_trial_without_agreement_is_told_of_until_there_is_one(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        place_by_hand(session, tiny.round_id, 3)
    trial = start(app, tiny, manager, second_table(tiny, facts_of(app, tiny)), agreement="not_yet")
    publish = f"{tiny.board}/publish"
    assert "まだ了解を得ていません" in manager.get(trial).text
    assert "まだ了解を得ていない対策が入っています。" in manager.get(publish).text

    agreed = manager.post(f"{trial}/agreed", follow_redirects=True)

    assert "了解を得たことを記録しました。" in agreed.text
    assert "まだ了解を得ていません" not in agreed.text
    assert "まだ了解を得ていない対策が入っています。" not in manager.get(publish).text
    assert "remedy_agreed" in acts(app)


def test_a_lock_that_is_released_comes_back(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    make(app, tiny)
    with app.app_context(), transaction() as session:
        draft = queries.draft_of(session, tiny.round_id)
        locked = draft.meetings[0].application_id
        choice = {"application_id": locked, "locked": True, "revision": draft.revision}
        drafts.set_lock(session, round_id=tiny.round_id, actor_id=None, now=NOW, **choice)
    before, layout = facts_of(app, tiny), spots(app, tiny)
    trial = start(app, tiny, manager, Remedy("release_lock", (problems.application_ref(locked),), (), 1))
    assert [one for one in facts_of(app, tiny).requests if one.lock_slot] == []
    assert "時刻と卓の固定" in manager.get(trial).text
    run(app)
    assert "成立は増えませんでした。見込みは1件でした。" in manager.get(trial).text
    assert "時間割も元に戻しました" in manager.post(f"{trial}/take-back", follow_redirects=True).text
    assert (facts_of(app, tiny), spots(app, tiny)) == (before, layout)


def test_what_was_published_is_warned_of_and_keeps_the_new_table(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    make(app, tiny)
    trial = start(app, tiny, manager, Remedy("second_table_for_all", (f"n{tiny.need_id}",), (), 2))
    run(app)
    with app.app_context():
        new = db.session.scalars(select(MeetingTable).order_by(MeetingTable.number.desc())).first().id
    with app.test_request_context(), transaction() as session:
        draft = queries.draft_of(session, tiny.round_id)
        taken = {table for _, table in spots_in(draft)}
        if new not in taken:
            mover = draft.meetings[0]
            cell = {"slot_id": mover.slot_id, "table_id": new, "revision": draft.revision}
            drafts.put(
                session, round_id=tiny.round_id, application_id=mover.application_id, actor_id=None, now=NOW, **cell
            )
        revision = queries.draft_of(session, tiny.round_id).revision
        publication.publish(session, round_id=tiny.round_id, revision=revision, actor_id=None, now=NOW)
    assert "対策を行い、成立が" not in manager.get(tiny.board).text

    manager.post(f"{trial}/take-back")

    with app.app_context():
        assert db.session.get(MeetingTable, new).in_use is False
        assert db.session.get(Need, tiny.need_id).tables == 1
    key = advise(app, tiny, second_table(tiny, facts_of(app, tiny)))[0]
    assert "時間割はもう知らせてあります。" in manager.get(url(tiny, key)).text


def spots_in(draft) -> list[tuple[int, int]]:
    return [(one.slot_id, one.table_id) for one in draft.meetings]


def test_trials_of_another_event_are_not_found(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    trial = start(app, tiny, manager, second_table(tiny, facts_of(app, tiny)))
    with app.app_context(), transaction() as session:
        other = make_round(session, slug="m09").event_id
        plain = Job(kind="else", subject_id=tiny.round_id, due_at=NOW, created_at=NOW)
        session.add(plain)
        session.flush()
        plain_id = plain.id
    number = trial.rsplit("/", 1)[1]
    assert manager.get(f"/staff/events/{other}/timetable/trials/{number}").status_code == 404
    assert manager.post(f"/staff/events/{other}/timetable/trials/{number}/take-back").status_code == 404
    assert manager.get(f"{tiny.board}/trials/{plain_id}").status_code == 404


def test_a_run_that_staff_started_as_such_is_no_trial(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        job = solving.request_timetable(session, round_id=tiny.round_id, actor_id=None, now=NOW)
        assert trials.of_job(job) is None
        job_id = job.id
    assert manager.get(f"{tiny.board}/trials/{job_id}").status_code == 404


def test_facts_that_contradict_each_other_are_named(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Need, tiny.need_id).min_meetings = 3
        state(session, tiny, tiny.host_id, LimitKind.MAX_MEETINGS, value=2)
    answer = manager.post(f"{tiny.board}/make")
    assert answer.status_code == 422
    assert "条件に合わないところがあるため、時間割を作れません。" in answer.text
    assert f"{HOST}（N01）: 最小3件が上限を超えています。" in answer.text


def test_locks_that_exclude_each_other_are_named_with_what_stands_against_them(
    app: Flask, tiny: Tiny, manager: FlaskClient
) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Need, tiny.need_id).tables = 2
        locked = place_by_hand(session, tiny.round_id, 2)
        for application_id in locked:
            draft = queries.draft_of(session, tiny.round_id)
            choice = {"application_id": application_id, "locked": True, "revision": draft.revision}
            drafts.set_lock(session, round_id=tiny.round_id, actor_id=None, now=NOW, **choice)
        assert len({one.slot_id for one in queries.draft_of(session, tiny.round_id).meetings}) == 1
        session.get_one(Need, tiny.need_id).tables = 1

    make(app, tiny)

    page = manager.get(tiny.board).text
    assert "固定した面談が両立しません" in page
    assert "次の3つは、すべてを同時には守れません" in page
    assert f"{HOST}（N01）は同時に1件まで" in page
    assert len(set(spots(app, tiny)) & set(locked)) >= 1
    with app.app_context():
        draft = queries.draft_of(db.session(), tiny.round_id)
        assert [one.is_locked for one in draft.meetings].count(True) == 1
