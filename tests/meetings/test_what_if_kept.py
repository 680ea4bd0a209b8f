"""What a what-if keeps of its run, of locks, and of wishes that are about the same row."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventops.database import db, transaction
from eventops.directory.models import Organisation
from eventops.jobs.models import JobState
from eventops.jobs.worker import Lease
from eventops.meetings.models import LimitKind, MatchingRound
from eventops.meetings.timetable import drafts, publication, queries, solving
from eventops.meetings.timetable.supposing import Supposed, Wish, case_of
from tests.factories import NOW
from tests.meetings.placing import place_by_hand
from tests.meetings.test_service import apply, make_need
from tests.meetings.test_what_if import last_slot, little_comfort, manager, suppose, suppose_all, tiny
from tests.meetings.tiny import GUESTS, HOST, Tiny, make, problem_of, run, spots, state

__all__ = ["little_comfort", "manager", "tiny"]


def test_a_run_that_was_cut_short_says_so_and_counts_who_stays_out(
    app: Flask, tiny: Tiny, manager: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), transaction() as session:
        place_by_hand(session, tiny.round_id, 3)
    address, whole = suppose(manager, tiny, "slot", last_slot(app)), solving.answer_to

    def cut_short(question: dict, lease: Lease) -> dict:
        return {**whole(question, lease), "reasons": [], "cut_short": "slow"}

    monkeypatch.setattr(solving, "answer_to", cut_short)
    assert run(app).state == JobState.DONE
    page = manager.get(address).text
    assert ("もしも: 未成立 3件" in page, "途中まで: 証明なし" in page) == (True, True)
    assert "面談希望はすべて入っています。" not in page


def test_a_supposed_timetable_that_breaks_rules_is_none(
    app: Flask, tiny: Tiny, manager: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), transaction() as session:
        place_by_hand(session, tiny.round_id, 1)
    address, whole = suppose(manager, tiny, "slot", last_slot(app)), solving.answer_to

    def twice(question: dict, lease: Lease) -> dict:
        answer = whole(question, lease)
        return {**answer, "solution": {**answer["solution"], "meetings": answer["solution"]["meetings"][:1] * 2}}

    monkeypatch.setattr(solving, "answer_to", twice)
    assert run(app).state == JobState.FAILED
    assert "作れませんでした。" in manager.get(address).text


@pytest.mark.both_databases
def test_what_was_fixed_before_publishing_stays_where_it_is_and_is_taken_over(
    app: Flask, tiny: Tiny, manager: FlaskClient
) -> None:
    with app.app_context(), transaction() as session:
        application_id = place_by_hand(session, tiny.round_id, 1)[0]
        draft = queries.draft_of(session, tiny.round_id)
        spot = drafts.layout_of(draft)[application_id]
        wanted = {application_id: replace(spot, is_locked=True)}
        drafts.replace_all(session, draft, layout=wanted, actor_id=None, now=NOW)
        publication.publish(session, round_id=tiny.round_id, revision=draft.revision, actor_id=None, now=NOW)
    address = suppose(manager, tiny, "slot", last_slot(app))
    assert run(app).state == JobState.DONE
    taken = manager.post(f"{address}/take-over", follow_redirects=True).text
    assert "もしもの時間割を、いまの案にしました。" in taken
    assert spots(app, tiny)[application_id] == (spot.slot_id, spot.table_id)
    with app.app_context():
        assert [one.application_id for one in queries.locks_of(db.session(), tiny.round_id)] == [application_id]


def test_a_company_that_is_chosen_twice_is_one_change(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    make(app, tiny)
    address = suppose_all(manager, tiny, {"team": [f"host_team-{tiny.need_id}"] * 2, "away": [tiny.guest_ids[0]] * 2})
    heading = f"{GUESTS[0]}が参加できなかったら ＋ N01 {HOST}の担当が1組多かったら"
    page = manager.get(address).text
    assert heading in page
    assert page.split("<h1")[1].split("</h1>")[0].count("たら") == 2


def test_one_more_team_for_two_needs_of_a_company_shares_its_limit(app: Flask, tiny: Tiny) -> None:
    with app.app_context(), transaction() as session:
        found = session.get_one(MatchingRound, tiny.round_id)
        second = make_need(session, found, "N02", session.get_one(Organisation, tiny.host_id))
        apply(session, second, "A020", session.get_one(Organisation, tiny.guest_ids[0]), rating="A")
        slots = problem_of(session, tiny).slots
        state(session, tiny, tiny.host_id, LimitKind.PARALLEL, value=2)
        span = {"time_from": slots[0].start, "time_to": slots[-1].end}
        state(session, tiny, tiny.host_id, LimitKind.EXTRA_TABLES, value=1, **span)
        wishes = [Wish(Supposed.HOST_TEAM, one) for one in (tiny.need_id, second.id)]
        case = case_of(session, tiny.round_id, wishes)
    assert [(one.before, one.after) for one in case.done] == [({"value": 1}, {"value": 2})]
