"""Who is there: by the door's scans, by what staff saw, and who is looked for ten minutes before a meeting."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from eventops import clock
from eventops.accounts.models import AuditEntry, Role
from eventops.checkin.models import Scan, ScanMethod
from eventops.checkin.rules import Verdict
from eventops.database import db, transaction
from eventops.events.models import Event
from eventops.meetings.day import asking, presence
from eventops.meetings.day.happenings import Frame
from eventops.meetings.models import MatchingRound
from tests.checkin.arrange import make_attendee
from tests.meetings.day.small import Small
from tests.rushing import rush


def look(found: Small, clock_time: str) -> presence.Day:
    with found.app.app_context():
        session = db.session()
        frame = Frame.read(session, found.tiny.round_id, found.now(clock_time))
        return presence.load(session, frame, asking.working(session, found.tiny.round_id))


def admit(found: Small, organisation_id: int, clock_time: str) -> None:
    """One of the company's people passes the door."""
    with found.app.app_context(), transaction() as session:
        event = session.get_one(Event, found.tiny.event_id)
        attendee = make_attendee(session, event)
        attendee.registration.organisation_id = organisation_id
        part_id = session.get_one(MatchingRound, found.tiny.round_id).part_id
        at = found.now(clock_time)
        session.add(
            Scan(
                nonce=f"scan-{organisation_id}",
                event_id=event.id,
                part_id=part_id,
                attendee_id=attendee.id,
                verdict=Verdict.ADMIT,
                shown=Verdict.ADMIT,
                method=ScanMethod.CAMERA,
                scanned_at=at,
                received_at=at,
            )
        )


def missing(day: presence.Day) -> list[tuple[int, int]]:
    return [(one.organisation.id, one.minutes) for one in day.missing]


def test_ten_minutes_before_a_meeting_both_sides_are_looked_for(small: Small) -> None:
    host, guest = small.tiny.host_id, small.tiny.guest_ids[0]

    assert missing(look(small, "12:49")) == []
    assert missing(look(small, "12:50")) == [(host, 10), (guest, 10)]
    assert missing(look(small, "13:10"))[:2] == [(host, -10), (guest, -10)]


def test_who_passed_the_door_is_here(small: Small) -> None:
    admit(small, small.tiny.host_id, "12:30")

    day = look(small, "12:50")

    assert missing(day) == [(small.tiny.guest_ids[0], 10)]
    assert (day.here, day.expected) == (1, 5)


def test_now_and_next(small: Small) -> None:
    day = look(small, "13:05")

    assert [(one.host.is_here, one.guest.is_here) for one in day.seats_now] == [(False, False)]
    assert len(day.seats_next) == 2
    assert day.current.starts_at == small.now("13:00")
    assert look(small, "13:21").current is None
    assert look(small, "14:30").is_over


@pytest.mark.both_databases
def test_two_note_the_same_arrival_at_the_same_time(small: Small) -> None:
    guest, now = small.tiny.guest_ids[0], small.now("12:55")

    def work(_number: int) -> str:
        with transaction() as session:
            presence.note_arrival(session, round_id=small.tiny.round_id, organisation_id=guest, actor_id=1, now=now)
        return "noted"

    assert rush(small.app, work, 4) == {"noted": 4}
    assert missing(look(small, "12:55")) == [(small.tiny.host_id, 5)]
    with small.app.app_context():
        assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "arrival_noted")).all()) == 1


def test_an_arrival_is_noted_and_taken_back_on_the_page(small: Small, sign_in, monkeypatch: pytest.MonkeyPatch) -> None:
    now = small.now("12:55")
    monkeypatch.setattr(clock, "now", lambda: now)
    client: FlaskClient = sign_in(Role.RECEPTION)
    url, guest = f"/staff/events/{small.tiny.event_id}/day", small.tiny.guest_ids[0]
    assert "あと5分" in client.get(url).text

    client.post(f"{url}/arrivals/{guest}")
    page = client.get(url).text
    assert (page.count("あと5分"), "職員が記録した到着 1社" in page) == (1, True)
    for _press in range(2):
        client.post(f"{url}/arrivals/{guest}/take-back")
    with small.app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("arrival_"))).all()
        assert [(one.action, one.event_id) for one in entries] == [
            ("arrival_noted", small.tiny.event_id),
            ("arrival_taken_back", small.tiny.event_id),
        ]

    assert client.get(url).text.count("あと5分") == 2
    assert client.post(f"{url}/report/late", data={}).status_code == 403
