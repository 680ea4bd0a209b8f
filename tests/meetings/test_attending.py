"""The people of the meetings become participants: who is shown, what is registered, only new ones the next time."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import transaction
from eventops.directory.models import Organisation
from eventops.mail.models import Letter
from eventops.meetings.models import Need, NeedAttendee
from eventops.meetings.timetable import drafts, publication
from eventops.registration.models import Attendee, AttendeeTag, Registration
from tests.factories import NOW, make_person
from tests.meetings.day.published import somebody
from tests.meetings.placing import place_by_hand
from tests.meetings.tiny import Tiny, make_tiny

pytestmark = pytest.mark.both_databases


@pytest.fixture
def tiny(app: Flask) -> Tiny:
    """Two meetings are published: one person of the host and one of each guest."""
    with app.app_context(), transaction() as session:
        tiny = make_tiny(session)
        people = [
            make_person(session, session.get_one(Organisation, one)) for one in (tiny.host_id, *tiny.guest_ids[:2])
        ]
        for number, person in enumerate(people):
            person.email = f"person{number}@example.jp"
        session.add(NeedAttendee(need_id=tiny.need_id, person_id=people[0].id))
        for application, person in zip(session.get_one(Need, tiny.need_id).applications, people[1:], strict=False):
            application.person_id = person.id
        session.flush()
        assert len(place_by_hand(session, tiny.round_id, 2)) == 2
        draft = drafts.draft_for_round(session, round_id=tiny.round_id, now=NOW)
        publication.publish(
            session, round_id=tiny.round_id, revision=draft.revision, actor_id=somebody(session), now=NOW
        )
    return tiny


def rows(app: Flask) -> list[tuple[str, str, str, int]]:
    """The participants: company, badge, tag, what the application costs."""
    with app.app_context(), transaction() as session:
        query = (
            select(Registration.organisation_name, Attendee.badge_category, AttendeeTag.tag, Registration.total_yen)
            .join(Attendee.registration)
            .join(Attendee.tags)
        )
        return [tuple(row) for row in session.execute(query.order_by(Attendee.id))]


def chosen(page: str) -> list[str]:
    return re.findall(r'name="people" value="(\d+)"[^>]*checked', page)


def test_the_people_of_the_meetings_become_participants_once(
    app: Flask, tiny: Tiny, sign_in: Callable[[Role], FlaskClient]
) -> None:
    staff, url = sign_in(Role.EVENT_MANAGER), f"/staff/events/{tiny.event_id}/registrations/from-meetings"
    assert url in staff.get(f"/staff/events/{tiny.event_id}/registrations").text
    assert "3名が、まだ参加者に入っていません" in staff.get(f"/staff/events/{tiny.event_id}/day").text

    people = chosen(staff.get(url).text)
    listed = staff.post(url, data={"people": people[1:]}, follow_redirects=True).text

    assert (len(people), "2名を参加者に入れました" in listed) == (3, True)
    assert [row[0] for row in rows(app)] == ["株式会社青", "株式会社赤"]
    assert chosen(staff.get(url).text) == people[:1]
    staff.post(url, data={"people": people, "tells": "yes"})
    assert rows(app) == [
        ("株式会社青", "member", "面談", 0),
        ("株式会社赤", "member", "面談", 0),
        ("海山電機株式会社", "large", "面談", 0),
    ]
    assert "全員が参加者です" in staff.get(url).text
    with app.app_context(), transaction() as session:
        letters = session.scalars(select(Letter.to_email).where(Letter.kind == "registration_received")).all()
        assert letters == ["person0@example.jp"]
        assert None not in session.scalars(select(Attendee.person_id)).all()


def test_who_applied_is_not_taken_in_again_and_who_was_cancelled_is_asked_for(
    app: Flask, tiny: Tiny, sign_in: Callable[[Role], FlaskClient]
) -> None:
    staff, url = sign_in(Role.EVENT_MANAGER), f"/staff/events/{tiny.event_id}/registrations/from-meetings"
    people = chosen(staff.get(url).text)
    staff.post(url, data={"people": people})
    with app.app_context(), transaction() as session:
        one, two, three = session.scalars(select(Attendee).order_by(Attendee.id))
        one.state = "cancelled"
        two.person_id, two.family_name = None, "別の字"
        three.person_id, three.email = None, "elsewhere@example.jp"

    page = staff.get(url).text

    assert re.findall(r'name="people" value="(\d+)"', page) == people[:1]
    assert chosen(page) == []
    assert sign_in(Role.RECEPTION).get(url).status_code == 403


def test_before_publication_there_is_nobody_to_take_in(app: Flask, sign_in: Callable[[Role], FlaskClient]) -> None:
    with app.app_context(), transaction() as session:
        event_id = make_tiny(session).event_id
    page = sign_in(Role.EVENT_MANAGER).get(f"/staff/events/{event_id}/registrations/from-meetings")
    assert "時間割がまだ確定していません" in page.text
