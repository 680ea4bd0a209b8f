"""Who meets by screen is told so: in the letter, on the page and in the calendar of either side."""

from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.directory.models import Organisation
from eventops.events.models import Event
from eventops.mail.models import Letter
from eventops.meetings.models import LimitKind, MatchingRound, Need, NeedAttendee, ParticipantLimit
from eventops.meetings.timetable import publication, queries
from eventops.meetings.timetable.letters import token_of
from eventops.meetings.timetable.models import ParticipantPage
from tests.conftest import sign_in_to
from tests.factories import NOW, make_person
from tests.meetings.placing import place_by_hand
from tests.meetings.tiny import Tiny, make_tiny

URL = "https://meet.example.jp/room"


def prepare_tables(session: Session, tiny: Tiny) -> None:
    """Every table has a screen."""
    for room in session.get_one(MatchingRound, tiny.round_id).rooms:
        for table in room.tables:
            table.online_ready = True


def told(app, *, limit: LimitKind | None) -> Tiny:
    """Two meetings of a company that is not there: its need says so, or else its limits."""
    with app.app_context(), app.test_request_context(), transaction() as session:
        tiny = make_tiny(session)
        session.get_one(Event, tiny.event_id).online_url = URL
        prepare_tables(session, tiny)
        if limit is None:
            session.get_one(Need, tiny.need_id).online_only = True
        else:
            session.add(ParticipantLimit(round_id=tiny.round_id, organisation_id=tiny.host_id, kind=limit))
        attendee = make_person(session, session.get_one(Organisation, tiny.host_id))
        session.add(NeedAttendee(need_id=tiny.need_id, person_id=attendee.id))
        place_by_hand(session, tiny.round_id, 2)
        draft = queries.draft_of(session, tiny.round_id)
        publication.publish(session, round_id=tiny.round_id, revision=draft.revision, actor_id=None, now=NOW)
        return tiny


def seen_by(app, organisation_id: int) -> tuple[str, str]:
    """The page and the places in the calendar."""
    with app.app_context():
        page = db.session.scalars(select(ParticipantPage).where(ParticipantPage.organisation_id == organisation_id))
        token = token_of(page.one())
    client = app.test_client()
    entries = Calendar.from_ical(client.get(f"/m/{token}/calendar.ics").data).walk("VEVENT")
    return client.get(f"/m/{token}").text, str(entries[0]["location"])


def test_either_side_of_a_meeting_by_screen_reads_it_everywhere(app):
    for_host, for_guest = "オンライン(", "(先方はオンライン)"
    tiny = told(app, limit=LimitKind.ONLINE_ONLY)
    page, place = seen_by(app, tiny.host_id)
    assert ("オンラインで参加" in page, f'href="{URL}"' in page, place) == (True, True, f"オンライン {URL}")
    with app.app_context():
        guest_id = db.session.scalars(
            select(ParticipantPage.organisation_id).where(ParticipantPage.organisation_id != tiny.host_id)
        ).first()
        bodies = db.session.scalars(select(Letter.body)).all()
    page, place = seen_by(app, guest_id)
    assert ("先方はオンライン" in page, URL in page, place.endswith(for_guest)) == (True, False, True)
    assert [(for_host in one, for_guest in one, URL in one) for one in bodies] == [(True, False, True)]


def test_a_need_may_say_it_for_itself(app):
    tiny = told(app, limit=None)
    assert seen_by(app, tiny.host_id)[1] == f"オンライン {URL}"


def test_whoever_publishes_is_told_that_the_address_is_missing(app):
    with app.app_context(), app.test_request_context(), transaction() as session:
        tiny = make_tiny(session)
        prepare_tables(session, tiny)
        session.get_one(Need, tiny.need_id).online_only = True
        place_by_hand(session, tiny.round_id, 2)
    client, lacking = sign_in_to(app, Role.EVENT_MANAGER), "接続先がまだ入っていません"
    assert lacking in client.get(f"{tiny.board}/publish").text
    with app.app_context(), transaction() as session:
        session.get_one(Event, tiny.event_id).online_url = URL
    assert lacking not in client.get(f"{tiny.board}/publish").text
