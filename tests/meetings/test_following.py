"""What is said while a timetable is made: how many are placed, whether more can be, and what is going on."""

import datetime as dt

import pytest
from flask import Flask

from eventops.accounts.models import Role
from eventops.database import transaction
from eventops.jobs import service as jobs
from eventops.jobs.models import Job, JobState
from eventops.meetings.timetable import solving
from eventops.meetings.timetable.following import follow
from tests.conftest import sign_in_to
from tests.factories import NOW
from tests.meetings.tiny import Tiny, make_tiny

SEEN = {"seconds": 9.6, "placed": 147, "wanted": 150, "waiting": 2, "bound": 149}


@pytest.fixture
def tiny(app: Flask) -> Tiny:
    with app.app_context(), transaction() as session:
        return make_tiny(session)


def job(state: str = JobState.RUNNING, **seen: object) -> Job:
    times = {"created_at": NOW, "started_at": NOW if state == JobState.RUNNING else None}
    return Job(state=state, progress=seen, stop_requested=False, **times)


def message(app: Flask, one: Job, seconds: int = 12) -> str:
    with app.test_request_context():
        return follow(one, allowed=60, now=NOW + dt.timedelta(seconds=seconds)).message


def test_figures_count_the_seconds_that_people_wait(app: Flask) -> None:
    with app.test_request_context():
        seen = follow(job(**SEEN), allowed=60, now=NOW + dt.timedelta(seconds=12))
    figures = (("経過", "12秒"), ("成立", "147/150"), ("成立の上限(証明済)", "149"), ("中小の待ち", "2枠"))
    assert (seen.percent, seen.figures, seen.is_stopping, seen.is_done) == (20, figures, False, False)


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ({}, "準備しています。"),
        (SEEN, "よりよい時間割を探しています。あと2件まで増える可能性があります。"),
        (SEEN | {"bound": 147}, "147件より多くは入らないと証明済みです。いまは待ちと空きを減らしています。"),
        (SEEN | {"placed": 150, "bound": 150}, "面談希望はすべて入りました。いまは待ちと空きを減らしています。"),
        (SEEN | {"explaining": True}, "入らなかった面談の理由と対策を調べています。"),
        (SEEN | {"explaining": True, "ending": True}, "仕上げています。"),
    ],
)
def test_each_stage_has_its_words(app: Flask, seen: dict[str, object], said: str) -> None:
    assert message(app, job(**seen)) == said


def test_a_run_that_waits_says_so_and_after_a_while_whom_to_ask(app: Flask) -> None:
    waiting = job(JobState.QUEUED)
    assert message(app, waiting) == "順番を待っています。"
    assert message(app, waiting, 90).startswith("なかなか始まりません。")


def test_the_page_tells_all_of_it_without_scripts(app: Flask, tiny: Tiny) -> None:
    client = sign_in_to(app, Role.EVENT_MANAGER)
    with app.app_context(), transaction() as session:
        one = solving.request_timetable(session, round_id=tiny.round_id, actor_id=None, now=NOW)
        jobs.claim(session, job_id=one.id, worker="w", now=NOW)
        jobs.report(session, job_id=one.id, worker="w", now=NOW, progress=SEEN)
    page = client.get(tiny.board).text
    for words in (
        "あと2件まで増える可能性があります。",
        "147/150",
        "このページを閉じても作業は続きます。",
        "最新の状況を表示",
    ):
        assert words in page
    assert "ここで止めて、いまの最良案を使う" in page
    assert '<meta http-equiv="refresh"' not in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in client.get(f"{tiny.board}?follow=1").text

    told = client.post(f"{tiny.board}/stop", follow_redirects=True).text
    assert "停止を受け付けました。" in told
    assert "止めています。まもなく、ここまでで最もよい時間割を表示します。" in told
    assert "ここで止めて、いまの最良案を使う" not in told


def test_stopping_before_the_start_makes_nothing(app: Flask, tiny: Tiny) -> None:
    client = sign_in_to(app, Role.EVENT_MANAGER)
    client.post(f"{tiny.board}/make")
    assert "時間割の作成は、もう動いていません。" in client.post(f"{tiny.board}/stop", follow_redirects=True).text
    assert client.get(f"{tiny.board}/progress").get_json()["done"] is True
