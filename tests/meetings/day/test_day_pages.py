"""The pages of the day: what happened is said, the answer looked at beside today's timetable, and decided once."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from eventops import clock
from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.events.models import Event
from eventops.mail.models import Letter
from eventops.meetings.day import answering
from eventops.meetings.day.happenings import Happening, What
from eventops.meetings.day.models import DayProposal, ProposalState
from eventops.meetings.models import LimitKind
from eventops.meetings.timetable.models import Timetable
from tests.meetings.day.published import at, ids, propose, publish, solved
from tests.meetings.day.small import make_small
from tests.meetings.tiny import state

LATE = [f"O00{number}" for number in range(31, 38)]
Visitor = Callable[[Role], FlaskClient]


@pytest.fixture(scope="module")
def layout() -> dict[int, tuple[int, int]]:
    return {}


@pytest.fixture
def half_past_one(
    demonstration: Flask, layout: dict[int, tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> dt.datetime:
    """The timetable is published, and it is 13:30 on the day."""
    answering.warm_up()
    layout.update(layout or solved(demonstration))
    publish(demonstration, layout)
    now = at(demonstration, "13:30")
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


@pytest.fixture
def url(demonstration: Flask) -> str:
    with demonstration.app_context():
        return f"/staff/events/{db.session.scalars(select(Event.id).where(Event.code == 'M08')).one()}/day"


def late_and_absent(app: Flask, client: FlaskClient, url: str) -> str:
    """Say both through the forms; the address of the proposal for them together."""
    form = {"companies": list(ids(app, *LATE)), "at": "14:50", "was_here": "not_here", "note": "電車の遅れ"}
    first = client.post(f"{url}/report/late", data=form)
    assert first.status_code == 302, first.text
    beside = first.location.rsplit("/", 1)[1]
    form = {"companies": list(ids(app, "O0003")), "was_here": "not_here", "beside": beside}
    second = client.post(f"{url}/report/absent", data=form)
    assert second.status_code == 302, second.text
    return second.location


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.both_databases
def test_the_day_from_the_first_word_to_the_letters(
    demonstration: Flask, half_past_one: dt.datetime, url: str, sign_in: Visitor
) -> None:
    client = sign_in(Role.EVENT_MANAGER)
    page = client.get(url).text
    assert "まだ来ていない企業" in page
    proposal = late_and_absent(demonstration, client, url)

    page = text_of(client.get(proposal).text)
    assert "電車の遅れ" in page
    assert "影響する人が最も少ない案であることは証明済みです。" in page
    assert "フリー面談の候補" in page
    count = int(re.search(r"この案で確定し、(\d+)名に知らせる", page)[1])
    with demonstration.app_context():
        letters = db.session.scalar(select(func.count()).select_from(Letter))
    preview = client.get(f"{proposal}/letters").text
    assert f"{count}名にこのとおり送ります" in preview
    assert preview.count("<details") == count
    with demonstration.app_context():
        assert db.session.scalar(select(func.count()).select_from(Letter)) == letters

    done = client.post(f"{proposal}/accept", follow_redirects=True)
    assert f"第2版とし、{count}名へのお知らせ" in done.text
    assert "刷り直す紙" in done.text
    with demonstration.app_context():
        assert db.session.scalar(select(func.count()).select_from(Letter)) == letters + count
    page = text_of(client.get(url).text)
    assert "理由: 電車の遅れ" in page
    assert f"第2版 お知らせ{count}名" in page
    for kind in ("rooms", "large", "sme"):
        paper = client.get(f"{url[:-4]}/papers/{kind}.pdf?changed_in=2")
        assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")


def test_who_comes_second_is_told_and_nothing_is_done_twice(
    demonstration: Flask, half_past_one: dt.datetime, url: str, sign_in: Visitor
) -> None:
    first, second = sign_in(Role.EVENT_MANAGER), sign_in(Role.EVENT_MANAGER)
    proposal = late_and_absent(demonstration, first, url)
    assert second.get(proposal).status_code == 200
    first.post(f"{proposal}/accept")

    told = second.post(f"{proposal}/accept", follow_redirects=True).text

    assert "この案は、ほかの人がもう決めています。" in told
    with demonstration.app_context():
        assert db.session.scalar(select(func.max(Timetable.version))) == 2


def test_a_meeting_moved_by_hand_meanwhile_is_not_overwritten(
    demonstration: Flask, half_past_one: dt.datetime, url: str, sign_in: Visitor
) -> None:
    client, colleague = sign_in(Role.EVENT_MANAGER), sign_in(Role.EVENT_MANAGER)
    proposal = late_and_absent(demonstration, client, url)
    board = f"{url[:-4]}/timetable"
    with demonstration.app_context():
        one = db.session.scalars(select(Timetable)).one()
        revision, application_id = one.revision, one.meetings[0].application_id
    colleague.post(f"{board}/lock", data={"application_id": application_id, "locked": 1, "revision": revision})

    told = client.post(f"{proposal}/accept", follow_redirects=True).text

    assert "何も変えていません" in told
    assert "いまの時間割で案を作り直す" in told
    again = client.post(f"{proposal}/again")
    assert client.post(f"{again.location}/accept", follow_redirects=True).text.count("第2版とし") == 1
    with demonstration.app_context():
        states = db.session.scalars(select(DayProposal.state).order_by(DayProposal.id)).all()
    assert states == [ProposalState.DISMISSED, ProposalState.DISMISSED, ProposalState.ACCEPTED]


def test_the_clock_of_the_hall_names_nobody(
    demonstration: Flask, half_past_one: dt.datetime, url: str, sign_in: Visitor
) -> None:
    page = sign_in(Role.READ_ONLY).get(f"{url}/hall").text

    assert f'data-now="{round(half_past_one.timestamp() * 1000)}"' in page
    assert len(re.findall(r"\[\d{10}, \d{10}\]", page)) == 10
    assert "株式会社" not in page


def test_reasons_in_free_text_are_for_those_who_decide(
    app: Flask, sign_in: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They tell of telephone calls and illness."""
    small = make_small(app)
    now = small.now("13:05")
    monkeypatch.setattr(clock, "now", lambda: now)
    swapped = Happening(What.SWAPPED, application_ids=small.applications[1:3])
    proposal_id = propose(app, [swapped], now=now)
    url = f"/staff/events/{small.tiny.event_id}/day"
    manager = sign_in(Role.EVENT_MANAGER)
    assert manager.post(f"{url}/proposals/{proposal_id}/accept").status_code == 302

    seen = {
        role: ["電話あり" in sign_in(role).get(page).text for page in (url, f"{url}/proposals/{proposal_id}")]
        for role in (Role.EVENT_MANAGER, Role.RECEPTION, Role.READ_ONLY)
    }

    assert seen == {
        Role.EVENT_MANAGER: [True, True],
        Role.RECEPTION: [False, False],
        Role.READ_ONLY: [False, False],
    }


def test_a_swap_to_a_time_at_which_somebody_is_away_is_refused_in_words(
    app: Flask, sign_in: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = make_small(app)
    now, (_first, second, third, *_others) = small.now("12:50"), small.applications
    monkeypatch.setattr(clock, "now", lambda: now)
    with app.app_context(), transaction() as session:
        away = {"time_from": small.now("13:50"), "time_to": small.now("14:10"), "kind": LimitKind.UNAVAILABLE}
        state(session, small.tiny, small.tiny.guest_ids[1], **away)
    client, url = sign_in(Role.EVENT_MANAGER), f"/staff/events/{small.tiny.event_id}/day/report"

    page = client.post(f"{url}/swapped", data={"first_id": second, "second_id": third})

    assert page.status_code == 422
    assert "株式会社赤 → N01は、その時刻と卓には入れません。" in page.text
    page = client.post(f"{url}/swapped", data={"first_id": second, "second_id": second})
    assert (page.status_code, "入れ替える面談を2件選んでください。" in page.text) == (422, True)
    for kind in ("late", "absent", "table_lost", "withdrawn", "added"):
        assert client.get(f"{url}/{kind}").status_code == 200
        assert client.post(f"{url}/{kind}", data={}).status_code == 422


def test_what_stands_against_making_a_proposal_again_is_told_beside_it(
    app: Flask, sign_in: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = make_small(app)
    now, after = small.now("12:50"), small.now("18:00")
    monkeypatch.setattr(clock, "now", lambda: now)
    proposal_id = propose(app, [Happening(What.SWAPPED, application_ids=small.applications[1:3])], now=now)
    url = f"/staff/events/{small.tiny.event_id}/day/proposals/{proposal_id}"
    client = sign_in(Role.EVENT_MANAGER)
    monkeypatch.setattr(clock, "now", lambda: after)

    told = client.post(f"{url}/again")

    assert (told.status_code, told.location) == (302, url)
    assert "message tone-warn" in client.get(url).text
    with app.app_context():
        assert db.session.scalars(select(DayProposal.state)).all() == [ProposalState.OPEN]


def test_the_day_of_one_company(app: Flask, sign_in: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    small = make_small(app)
    now = small.now("13:05")
    monkeypatch.setattr(clock, "now", lambda: now)
    client, url = sign_in(Role.READ_ONLY), f"/staff/events/{small.tiny.event_id}/day"

    def its_day(company: object) -> list[str]:
        page = client.get(f"{url}?company={company}").text
        found = re.search(r"この企業のきょうの面談.*?<tbody>(.*?)</tbody>", page, re.S)
        return re.findall(r'<th scope="row">([^<]*)', found[1]) if found else []

    assert its_day(small.tiny.host_id) == ["13:00", "13:25", "13:50"]
    assert its_day(small.tiny.guest_ids[1]) == ["13:25", "13:50"]
    assert [its_day(other) for other in ("", "999999", "x")] == [[], [], []]
    assert f'data-live="{url}?company={small.tiny.host_id}"' in client.get(f"{url}?company={small.tiny.host_id}").text
