"""What was told stays: the frame may move after a publication, and those whose times changed are told so."""

import datetime as dt

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.directory.models import Organisation
from eventops.events.models import EventState, PartKind
from eventops.mail.models import Letter
from eventops.meetings.frame import dates, loads, rounds
from eventops.meetings.frame.rounds import RoomRow
from eventops.meetings.models import Application, MatchingRound, NeedAttendee, Room
from eventops.meetings.timetable import drafts, publication, queries
from eventops.meetings.timetable.days import Change
from eventops.meetings.timetable.letters import token_of
from eventops.meetings.timetable.models import ParticipantPage
from eventops.meetings.timetable.told import Place
from eventops.printing import meetings as printing
from tests.conftest import sign_in_to
from tests.events import arrange
from tests.factories import NOW, make_event, make_part, make_person
from tests.meetings.placing import place_by_hand
from tests.meetings.tiny import GUESTS, HOST, Tiny, add_need, make_tiny, state

FIVE = dt.timedelta(minutes=5)


@pytest.fixture
def tiny(app: Flask) -> Tiny:
    """Two meetings, told as version 1."""
    with app.app_context(), app.test_request_context(), transaction() as session:
        found = make_tiny(session)
        attendee = make_person(session, session.get_one(Organisation, found.host_id))
        session.add(NeedAttendee(need_id=found.need_id, person_id=attendee.id))
        place_by_hand(session, found.round_id, 2)
        tell(session, found)
        return found


def earlier(app: Flask, tiny: Tiny, client=None):
    """Staff let everything begin five minutes earlier, on the page of the frame."""
    client = client or sign_in_to(app, Role.EVENT_MANAGER)
    page = f"/staff/events/{tiny.event_id}/matching/round"
    with app.app_context():
        found = db.session.get_one(MatchingRound, tiny.round_id)
        slots = sorted(found.slots, key=lambda one: one.starts_at)
    rows = {}
    for place, slot in enumerate(slots):
        start, end = slot.starts_at - FIVE, slot.ends_at - FIVE
        rows |= {
            f"rows-{place}-row_id": slot.id,
            f"rows-{place}-code": slot.code,
            f"rows-{place}-starts": (start + dt.timedelta(hours=9)).strftime("%H:%M"),
            f"rows-{place}-ends": (end + dt.timedelta(hours=9)).strftime("%H:%M"),
            f"rows-{place}-block": slot.block,
            f"rows-{place}-in_use": "y",
        }
    return client.post(f"{page}/slots", data=rows, follow_redirects=True)


def host_token(app: Flask, tiny: Tiny) -> str:
    with app.app_context():
        wanted = select(ParticipantPage).where(ParticipantPage.organisation_id == tiny.host_id)
        return token_of(db.session.scalars(wanted).one())


def starts(app: Flask, tiny: Tiny) -> list[tuple[str, int]]:
    """What the host's calendar says: start and SEQUENCE."""
    answer = app.test_client().get(f"/m/{host_token(app, tiny)}/calendar.ics")
    entries = Calendar.from_ical(answer.data).walk("VEVENT")
    zone = dt.timezone(dt.timedelta(hours=9))
    return sorted((one["dtstart"].dt.astimezone(zone).strftime("%H:%M"), int(one["sequence"])) for one in entries)


def test_a_frame_that_moves_changes_nothing_that_was_told_until_it_is_told(app, tiny):
    client = sign_in_to(app, Role.EVENT_MANAGER)
    page = f"/m/{host_token(app, tiny)}"
    before = app.test_client().get(page).text
    assert starts(app, tiny) == [("13:00", 1), ("13:25", 1)]

    saved = earlier(app, tiny, client).text
    assert "公開済みの時間割と違います" in saved
    assert f"/staff/events/{tiny.event_id}/timetable/publish" in saved
    assert app.test_client().get(page).text == before
    assert starts(app, tiny) == [("13:00", 1), ("13:25", 1)]
    with app.app_context():
        timetable = queries.published(db.session(), tiny.round_id)
        sheet = printing.printed(db.session(), timetable, now=NOW)
    assert [one.time for one in sheet.slots] == ["13:00〜13:20", "13:25〜13:45"]

    asked = client.get(f"{tiny.board}/publish")
    assert (asked.status_code, "第2版" in asked.text, "変わったところ" in asked.text) == (200, True, True)
    revision = asked.text.split('name="revision" value="')[1].split('"')[0]
    assert client.post(f"{tiny.board}/publish", data={"revision": revision}).status_code == 302
    assert starts(app, tiny) == [("12:55", 2), ("13:20", 2)]
    with app.app_context():
        last = db.session.scalars(select(Letter).order_by(Letter.id.desc())).first()
        told = last.body
    assert told.index("13:00 → 12:55") < told.index("12:55〜13:15")
    assert "公開済みの時間割と違います" not in client.get(f"/staff/events/{tiny.event_id}/matching/round").text


def name_rooms(session, tiny: Tiny, *names: str) -> list[Room]:
    """Rooms of one table each."""
    found = session.get_one(MatchingRound, tiny.round_id)
    known = [room.id for room in found.rooms] + [None]
    rows = [RoomRow(room_id, f"R{name}", name, 1) for room_id, name in zip(known, names, strict=False)]
    rounds.save_rooms(session, round_id=found.id, rows=rows, actor_id=None, now=NOW)
    return sorted(found.rooms, key=lambda room: room.position)


def tell(session, tiny: Tiny) -> None:
    draft = queries.draft_of(session, tiny.round_id)
    publication.publish(session, round_id=tiny.round_id, revision=draft.revision, actor_id=None, now=NOW)


def test_only_those_at_a_table_whose_room_was_renamed_are_told(app, tiny):
    with app.app_context(), app.test_request_context(), transaction() as session:
        _first, second = name_rooms(session, tiny, "研修室", "別室")
        need, draft = add_need(session, tiny), drafts.draft_for_round(session, round_id=tiny.round_id, now=NOW)
        slots = sorted(session.get_one(MatchingRound, tiny.round_id).slots, key=lambda one: one.starts_at)
        drafts.put(
            session,
            round_id=tiny.round_id,
            application_id=session.scalars(select(Application.id).where(Application.need_id == need.id)).first(),
            slot_id=slots[-1].id,
            table_id=second.tables[0].id,
            revision=draft.revision,
            actor_id=None,
            now=NOW,
        )
        tell(session, tiny)
        assert publication.untold(session, tiny.round_id) is None
        name_rooms(session, tiny, "大会議室", "別室")
    with app.app_context():
        outlook = publication.untold(db.session(), tiny.round_id)
        assert sorted(one.name for one in outlook.changed) == sorted((HOST, *GUESTS[:2]))
        assert outlook.meetings == 3
        assert db.session.scalars(select(Room.name).order_by(Room.position)).all() == ["大会議室", "別室"]


def test_what_changed_names_another_day_of_japan_and_every_room(app):
    def at(day: int, hour: int, minute: int, room: str = "研修室") -> Place:
        start = dt.datetime(2026, 12, day, hour, minute, tzinfo=dt.timezone(dt.timedelta(hours=9))).astimezone(dt.UTC)
        return Place(start, start + dt.timedelta(minutes=20), room, 1)

    def said(before: Place | None, after: Place | None) -> str:
        return str(blocks.change(Change("青", before, after))).strip()

    with app.test_request_context():
        blocks = app.jinja_env.get_template("meetings/letters/blocks.txt").module
        assert said(at(3, 9, 30), at(4, 8, 30, "別室")) == (
            "2026年12月3日(木) 9:30 研修室 卓1 → 2026年12月4日(金) 8:30 別室 卓1 青"
        )
        assert said(at(3, 8, 45), at(3, 9, 15)) == "8:45 → 9:15 青"
        assert said(None, at(3, 9, 15)) == "追加 9:15 研修室 卓1 青"


def test_what_is_told_already_is_said_on_a_page_for_staff(app, tiny):
    client = sign_in_to(app, Role.EVENT_MANAGER)
    assert ("第1版を確定済み" in client.get(tiny.board).text, "確定して知らせる" in client.get(tiny.board).text) == (
        True,
        False,
    )
    for asked in (
        client.get(f"{tiny.board}/publish"),
        client.post(f"{tiny.board}/publish", data={"revision": 0}, follow_redirects=True),
    ):
        assert asked.status_code == 200
        assert "第1版を確定済みです" in asked.text
        assert tiny.board in asked.text
        assert 'name="revision"' not in asked.text


def test_another_day_is_asked_about_first_and_then_told_as_a_new_version(app, tiny):
    client = sign_in_to(app, Role.EVENT_MANAGER)
    page, before = f"/m/{host_token(app, tiny)}", arrange.plan(app, tiny.event_id).held_on
    shown = app.test_client().get(page).text
    day = (before + dt.timedelta(days=7)).isoformat()

    asked = arrange.edit(app, client, tiny.event_id, held_on=day)
    assert asked.status_code == 422
    assert "（第1版）を3社1名に知らせてあります" in asked.text
    assert arrange.plan(app, tiny.event_id).held_on == before
    assert f'name="confirmed_day" value="{day}"' in asked.text

    assert arrange.edit(app, client, tiny.event_id, held_on=day, confirmed_day=day).status_code == 302
    assert "公開済みの時間割と違います" in client.get(f"/staff/events/{tiny.event_id}/").text
    assert app.test_client().get(page).text == shown
    assert days_in_calendar(app, tiny) == {(before, 1)}

    asked = client.get(f"{tiny.board}/publish").text
    revision = asked.split('name="revision" value="')[1].split('"')[0]
    assert client.post(f"{tiny.board}/publish", data={"revision": revision}).status_code == 302
    assert days_in_calendar(app, tiny) == {(before + dt.timedelta(days=7), 2)}
    assert app.test_client().get(page).text != shown
    assert "公開済みの時間割と違います" not in client.get(f"/staff/events/{tiny.event_id}/").text


def test_what_companies_said_of_their_times_goes_to_the_other_day_with_the_frame(app, tiny):
    with app.app_context(), transaction() as session:
        found = session.get_one(MatchingRound, tiny.round_id)
        at = found.starts_at + dt.timedelta(hours=1)
        limit = state(session, tiny, tiny.host_id, "arrives_from", time_from=at)
        application = session.scalars(select(Application)).first()
        application.leaves_by = at
        found.part.starts_at, found.part.ends_at = (
            one + dt.timedelta(days=7) for one in (found.part.starts_at, found.part.ends_at)
        )
        dates.follow(session, tiny.event_id)
        dates.follow(session, tiny.event_id)
        later = at + dt.timedelta(days=7)
        assert (limit.time_from, application.leaves_by) == (later, later)
        assert found.slots[0].starts_at == found.starts_at == later - dt.timedelta(hours=1)


def days_in_calendar(app: Flask, tiny: Tiny) -> set[tuple[dt.date, int]]:
    answer = app.test_client().get(f"/m/{host_token(app, tiny)}/calendar.ics")
    entries = Calendar.from_ical(answer.data).walk("VEVENT")
    return {(one["dtstart"].dt.date(), int(one["sequence"])) for one in entries}


def test_a_refusal_on_a_page_for_staff_is_read_there_with_a_way_back(app):
    with app.app_context(), transaction() as session:
        tiny = make_tiny(session)
    client = sign_in_to(app, Role.EVENT_MANAGER)
    came_from = {"Referer": f"http://localhost{tiny.board}"}
    refused = client.get(f"{tiny.board}/publish", headers=came_from)
    assert refused.status_code == 422
    assert "確定できる時間割がまだありません" in refused.text
    assert f'class="btn btn-primary" href="{tiny.board}"' in refused.text
    assert "行事一覧へ" not in refused.text
    assert f'href="/staff/events/{tiny.event_id}/matching"' in refused.text
    assert "行事一覧へ" in app.test_client().get("/e/unknown/").text
    elsewhere = client.get("/staff/events/999/timetable/publish", headers={"Referer": "http://elsewhere.example/"})
    assert (elsewhere.status_code, "elsewhere.example" in elsewhere.text) == (404, False)


def test_where_something_is_missing_the_board_says_what_and_offers_no_making(app):
    with app.app_context(), transaction() as session:
        event = make_event(session)
        make_part(session, event, kind=PartKind.CLOSED_MATCHING)
        event_id = event.id
    client = sign_in_to(app, Role.EVENT_MANAGER)
    board = f"/staff/events/{event_id}/timetable"
    page = client.get(board).text
    assert "まだ時間割を作れません" in page
    assert ("部屋と卓を決める" in page, "応募と選考を入れる" in page, "枠を決める" in page) == (True, True, False)
    assert f"{board}/make" not in page


def test_before_the_day_nobody_is_said_to_be_there_and_recruiting_is_not_late(app, tiny, monkeypatch):
    with app.app_context(), transaction() as session:
        found = session.get_one(MatchingRound, tiny.round_id)
        before, found.event.state = found.starts_at - dt.timedelta(days=3), EventState.DRAFT
    monkeypatch.setattr("eventops.clock.now", lambda: before)
    client = sign_in_to(app, Role.EVENT_MANAGER)
    page = client.get(f"/staff/events/{tiny.event_id}/day")
    assert page.status_code == 200
    assert "開催日の前です。面談は" in page.text
    assert ("そろっています" in page.text, "未着</span>" in page.text) == (False, False)
    assert "公募していないため、要りません" in client.get(f"/staff/events/{tiny.event_id}/").text


def test_what_a_company_offers_counts_in_the_arithmetic_with_an_open_end(app, tiny):
    with app.app_context(), transaction() as session:
        found = session.get_one(MatchingRound, tiny.round_id)
        (before,) = loads.arithmetic(session, found).hosts
        last = max(slot.starts_at for slot in found.slots)
        state(session, tiny, tiny.host_id, "extra_tables", value=1, time_from=last, is_hard=False)
        (after,) = loads.arithmetic(session, found).hosts
        assert (after.places - before.places, before.extra, after.extra) == (1, 0, 1)
