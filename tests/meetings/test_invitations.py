"""Companies with a need or an accepted application may choose the part of the meetings, and are led to their own."""

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.database import transaction
from eventops.events.models import Eligibility, EventState
from eventops.mail.models import Letter
from eventops.meetings import reports
from eventops.meetings.models import MatchingRound, MeetingTable, Room
from eventops.meetings.timetable import letters, publication
from eventops.meetings.timetable.models import ParticipantPage, Timetable, TimetableMeeting, TimetableState
from eventops.registration import service
from eventops.registration.models import Place, Registration
from eventops.registration.writing import addresses
from tests.factories import NOW, make_organisation, make_part, make_person
from tests.meetings.sheets import make_round
from tests.meetings.test_service import apply, make_need
from tests.registration import arrange
from tests.registration.test_apply import OPEN_END, filled, hidden_of

GUEST, STRANGER = "株式会社青空精密", "株式会社海辺工業"


def make_invited_round(session: Session) -> MatchingRound:
    """A round whose part is for the invited: one guest accepted, one declined, one not answered, one withdrawn."""
    found = make_round(session)
    found.part.eligibility = Eligibility.INVITED
    make_part(session, found.event, title="第2部 オープンマッチング", hours=(17, 18))
    need = make_need(session, found)
    apply(session, need, "A001", make_organisation(session, GUEST), rating="C")
    apply(session, need, "A002", make_organisation(session, "株式会社山", "ヤマ"), rating="declined")
    apply(session, need, "A003", make_organisation(session, "株式会社川", "カワ"))
    apply(session, need, "A004", make_organisation(session, "株式会社谷", "タニ"), rating="A", state="withdrawn")
    return found


def test_hosts_and_accepted_guests_are_invited(session: Session) -> None:
    found = make_invited_round(session)
    other = make_round(session, slug="other")
    host, guest = found.needs[0].organisation_id, found.needs[0].applications[0].organisation_id

    assert dict(reports.invited_companies(session, found.event_id)) == {found.part_id: {host, guest}}
    assert dict(reports.invited_companies(session, other.event_id)) == {}


@pytest.fixture
def parts(app: Flask) -> list[int]:
    """The part by invitation and the open one, while applications are taken."""
    with app.app_context(), transaction() as session:
        event = make_invited_round(session).event
        event.applications_close_at, event.state = OPEN_END, EventState.PUBLISHED
        return [part.id for part in event.parts]


def typed(parts: list[int], company: str, **changes: str) -> dict[str, str]:
    return filled(parts, organisation_name=company, payment_method=None, if_full="wait", **changes)


def send(client: FlaskClient, data: dict[str, str]) -> int:
    page = client.post("/e/m08/apply", data=data)
    if page.status_code != 200:
        return page.status_code
    return client.post("/e/m08/apply", data=hidden_of(page) | {"step": "send"}).status_code


def test_the_form_offers_the_part_and_says_for_whom(client: FlaskClient, parts: list[int]) -> None:
    page = client.get("/e/m08/apply").text

    assert page.count("ご案内した企業の方のみ") == 1
    assert f'<input checked class="choice-input" id="attendees-0-part_{parts[0]}-1"' in page


def test_an_invited_company_gets_a_place(app: Flask, client: FlaskClient, parts: list[int]) -> None:
    assert send(client, typed(parts, "(株)青空精密")) == 302
    with app.app_context(), transaction() as session:
        assert session.scalars(select(Place.part_id).order_by(Place.part_id)).all() == parts


@pytest.mark.parametrize("company", [STRANGER, "株式会社山", "株式会社川", "株式会社谷"])
def test_others_are_refused_beside_the_field_and_may_take_the_open_part(
    app: Flask, client: FlaskClient, parts: list[int], company: str
) -> None:
    refused = client.post("/e/m08/apply", data=typed(parts, company))
    assert refused.status_code == 422
    assert refused.text.count("ご案内した企業の方のみお申込みいただけます。") == 2
    assert client.post("/e/m08/apply", data=typed(parts, company) | {"step": "send"}).status_code == 422
    with app.app_context(), transaction() as session:
        assert session.scalars(select(Registration)).all() == []

    assert send(client, typed(parts[1:], company)) == 302


def test_somebody_from_elsewhere_is_not_invited_with_the_company(client: FlaskClient, parts: list[int]) -> None:
    assert send(client, typed(parts, GUEST, **{"attendees-0-is_outside": "y"})) == 422


def test_a_guest_accepted_later_adds_the_part_by_the_private_link(
    app: Flask, client: FlaskClient, parts: list[int]
) -> None:
    links = {}
    for company in (GUEST, STRANGER):
        assert send(client, typed(parts[1:], company)) == 302
    with app.app_context(), transaction() as session:
        for made in session.scalars(select(Registration)):
            links[made.organisation_name] = f"/r/{addresses.token(made)}/people/{made.attendees[0].id}/parts"
    wanted = {f"part_{part}": "onsite" for part in parts}

    assert "第1部" in client.get(links[GUEST]).text
    assert "第1部" not in client.get(links[STRANGER]).text
    assert client.post(links[GUEST], data=wanted).status_code == 302
    client.post(links[STRANGER], data=wanted)

    with app.app_context(), transaction() as session:
        held = session.execute(select(Place.attendee_id, Place.part_id).where(Place.part_id == parts[0])).all()
        assert [tuple(row) for row in held] == [(1, parts[0])]


def make_published(session: Session) -> tuple[MatchingRound, ParticipantPage]:
    """A published timetable in which the accepted guest has a meeting; its letter went to taro@example.jp."""
    found = make_invited_round(session)
    application = found.needs[0].applications[0]
    application.person_id = make_person(session, application.organisation).id
    room = Room(round_id=found.id, code="R1", name="第1会議室", position=1, tables=[MeetingTable(number=1)])
    timetable = Timetable(
        round_id=found.id, version=1, state=TimetableState.PUBLISHED, created_at=NOW, published_at=NOW
    )
    session.add_all([room, timetable])
    session.flush()
    placed = {"application_id": application.id, "slot_id": found.slots[0].id, "table_id": room.tables[0].id}
    session.add(TimetableMeeting(timetable_id=timetable.id, **placed))
    session.flush()
    page = publication.page_of(session, round_id=found.id, organisation_id=application.organisation_id)
    letters.put(
        session, timetable, page, application.organisation, "山田 太郎", "taro@example.jp", is_bulk=False, now=NOW
    )
    session.flush()
    return found, page


def register(session: Session, found: MatchingRound, **values: object) -> Registration:
    event, entrant = found.event, arrange.entrant(found.event, parts=[2])
    event.applications_close_at = NOW + dt.timedelta(days=1)
    command = arrange.application(event, entrant, **values)
    return service.register(session, command, now=NOW)


def test_the_private_page_leads_to_the_company_s_meetings(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context(), transaction() as session:
        found, page = make_published(session)
        made = register(session, found, organisation_name=GUEST, email="taro@example.jp")
        link, private = f"/m/{letters.token_of(page)}", f"/r/{addresses.token(made)}"

    assert f'href="{link}"' in client.get(private).text
    assert client.get(link).status_code == 200


@pytest.mark.parametrize(
    "values",
    [
        {"organisation_name": GUEST, "email": "somebody@else.example.jp"},
        {"organisation_name": STRANGER, "email": "taro@example.jp"},
        {"organisation_name": "株式会社山", "email": "taro@example.jp"},
    ],
)
def test_a_typed_company_name_or_address_alone_opens_nobody_s_meetings(app: Flask, values: dict[str, str]) -> None:
    with app.test_request_context(), transaction() as session:
        found, _page = make_published(session)
        assert reports.meetings_link(session, register(session, found, **values)) is None


@pytest.mark.parametrize("state", [TimetableState.DRAFT, TimetableState.SUPERSEDED])
def test_a_timetable_that_is_not_in_force_is_not_linked(app: Flask, state: TimetableState) -> None:
    with app.test_request_context(), transaction() as session:
        found, _page = make_published(session)
        made = register(session, found, organisation_name=GUEST, email="taro@example.jp")
        assert reports.meetings_link(session, made) is not None
        session.scalars(select(Timetable)).one().state = state
        session.flush()
        assert reports.meetings_link(session, made) is None


def test_a_company_without_meetings_in_the_version_in_force_is_not_linked(app: Flask) -> None:
    with app.test_request_context(), transaction() as session:
        found, _page = make_published(session)
        made = register(session, found, organisation_name=GUEST, email="taro@example.jp")
        session.delete(session.scalars(select(TimetableMeeting)).one())
        session.flush()
        assert session.scalars(select(Letter.to_email).where(Letter.kind == "timetable")).all() == ["taro@example.jp"]
        assert reports.meetings_link(session, made) is None
