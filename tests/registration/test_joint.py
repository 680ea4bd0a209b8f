"""Two events applied for in one form: both or neither, each with its own numbers, either ticket opens both doors."""

import datetime as dt

import pytest
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.checkin import service as door
from eventops.checkin.commands import Look
from eventops.checkin.rules import Verdict
from eventops.database import transaction
from eventops.events import ties
from eventops.events.models import Mode
from eventops.registration import changes, tickets
from eventops.registration.desk import open_desk
from eventops.registration.models import Registration
from eventops.registration.tickets import TicketRef
from eventops.registration.writing import addresses
from tests.factories import NOW, make_event, make_part
from tests.questions.arrange import typed
from tests.registration.arrange import PersonDetails, make_new_year

DAY = dt.datetime(2027, 1, 15, 6, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("eventops.clock.now", lambda: NOW)


@pytest.fixture
def tied(app):
    """The new-year event, and the report before it with room for two."""
    with app.app_context(), transaction() as session:
        event = make_new_year(session)
        other = make_event(session, slug="report", title="成果報告会")
        make_part(session, other, title="報告", hours=(15, 16), onsite=2)
        ties.tie(session, event_id=event.id, others={other.id}, actor_id=None, now=NOW)
        return event, other


def fields(event, other, people=2, **values):
    also = {f"also_{other.parts[0].id}": Mode.ONSITE, "payment_method": "bank_transfer"}
    return typed(event, also, [{}] * people, **values)


def registrations(app):
    with app.app_context(), transaction() as session:
        rows = session.scalars(select(Registration).order_by(Registration.id)).all()
        return [(one.event_id, one.number, one.joined_to_id, len(one.attendees), one.total_yen) for one in rows]


def test_one_form_makes_an_application_for_each_event(app, client, tied, sign_in):
    event, other = tied

    shown = client.get("/e/newyear/apply").text
    checked = client.post("/e/newyear/apply", data=fields(event, other)).text
    sent = client.post("/e/newyear/apply", data=fields(event, other, step="send", submission_key="once"))
    client.post("/e/newyear/apply", data=fields(event, other, step="send", submission_key="once"))

    assert "成果報告会" in shown
    assert "あわせて申し込む行事: 成果報告会" in checked
    assert sent.status_code == 302
    assert registrations(app) == [(event.id, 1, None, 2, 10_000), (other.id, 1, 1, 2, 0)]
    with app.app_context(), transaction() as session:
        page = addresses.token(session.get(Registration, 1))
    assert "どちらの参加証でも" in client.get(f"/r/{page}").text
    assert "成果報告会 0001" in sign_in(Role.READ_ONLY).get("/staff/registrations/1").text


def test_when_the_other_event_refuses_nothing_is_made_and_the_form_says_which(app, client, tied):
    event, other = tied
    client.post("/e/newyear/apply", data=fields(event, other, step="send", if_full="withdraw"))

    refused = client.post("/e/newyear/apply", data=fields(event, other, step="send", if_full="withdraw"))

    assert refused.status_code == 422
    assert "「成果報告会」: 満席のため" in refused.text
    assert len(registrations(app)) == 2


def test_only_events_that_take_applications_are_offered(app, client, tied):
    event, other = tied
    with app.app_context(), transaction() as session:
        assert [one.id for one in ties.open_events(session, other.id, now=NOW)] == [event.id]
        assert ties.open_events(session, event.id, now=other.applications_close_at) == []
        ties.tie(session, event_id=other.id, others=(), actor_id=None, now=NOW)
        assert ties.tied_ids(session, event.id) == set()


def test_either_ticket_opens_both_doors_unless_somebody_else_came_in_between(app, client, tied):
    event, other = tied
    client.post("/e/newyear/apply", data=fields(event, other, people=1, step="send"))

    def scanned(event_id, attendee_id, part, nonce):
        code = tickets.issue(TicketRef(attendee_id, 1), key=app.config["TICKET_KEY"])
        look = Look(
            event_id=event_id, part_id=part.id, nonce=nonce, method="usb", station="卓", code=code, user_id=None
        )
        with app.app_context(), transaction() as session:
            return door.scan(session, look, key=app.config["TICKET_KEY"], now=DAY).verdict

    assert scanned(other.id, 1, other.parts[0], "a") == Verdict.ADMIT
    assert scanned(other.id, 2, other.parts[0], "b") == Verdict.ALREADY_IN
    assert scanned(event.id, 2, event.parts[0], "c") == Verdict.UNPAID
    details = PersonDetails(family_name="代理", given_name="次郎", family_kana="ダイリ", given_kana="ジロウ")
    with app.app_context(), transaction() as session:
        changes.substitute(open_desk(session, 2, now=NOW), attendee_id=2, details=details)
    assert scanned(other.id, 1, other.parts[0], "d") == Verdict.WRONG_EVENT


def test_staff_tie_events(app, sign_in, tied):
    event, other = tied
    manager = sign_in(Role.EVENT_MANAGER)
    url = f"/staff/events/{event.id}/ties"

    assert f'value="{other.id}" checked' in manager.get(url).text
    manager.post(url, data={})
    with app.app_context(), transaction() as session:
        assert ties.tied_ids(session, event.id) == set()
    manager.post(url, data={"others": [other.id, 999]})
    with app.app_context(), transaction() as session:
        assert ties.tied_ids(session, other.id) == {event.id}
