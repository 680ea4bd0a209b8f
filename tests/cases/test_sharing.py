"""What co-hosts are given: those alone who agreed to this host of this event."""

import datetime as dt
from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts.models import Role
from eventops.cases import sharing
from eventops.cases.records import service as records
from eventops.database import db, transaction
from eventops.directory import consents
from eventops.directory.consents import Word
from eventops.directory.models import Consent, ConsentPurpose, ConsentSource, Person
from eventops.events.models import Event, EventHost, HostRole
from eventops.meetings.models import Need, NeedAttendee
from tests.conftest import sign_in_to
from tests.factories import make_organisation, make_person
from tests.meetings.sheets import make_round

DAY = dt.date(2027, 1, 15)
INSTITUTE, CENTRE, CITY = "産業技術総合研究所", "産業振興センター", "市役所"
SHARE = ConsentPurpose.SHARE


@pytest.fixture
def person(session: Session) -> Person:
    return make_person(session, make_organisation(session))


def make_hosted(session: Session, person: Person, slug: str) -> Event:
    """An event with two co-hosts and a body that cooperates, at which this person sits at a table."""
    found = make_round(session, slug=slug)
    event: Event = found.event
    named = ((HostRole.CO_HOST, INSTITUTE), (HostRole.CO_HOST, CENTRE), (HostRole.COOPERATION, CITY))
    event.hosts = [EventHost(role=role, name=name, position=place) for place, (role, name) in enumerate(named, start=1)]
    need = Need(round_id=found.id, code="N01", organisation_id=person.organisation_id, title="穴あけ")
    need.attendees.append(NeedAttendee(person_id=person.id))
    session.add(need)
    session.flush()
    return event


def agree(session: Session, person: Person, event: Event, *hosts: str) -> None:
    records.agree_to_share(session, person_id=person.id, event_id=event.id, hosts=hosts, day=DAY)
    session.flush()


def given(session: Session, event: Event) -> dict[str, Sequence[Person]]:
    found = sharing.outlooks(session, event.id, consents.hosts_of(event))
    return {host: one.people for host, one in found.items()}


def test_consent_counts_for_its_event_and_its_hosts_alone(session, person):
    event, later = (make_hosted(session, person, slug) for slug in ("m08", "m09"))
    agree(session, person, event, CENTRE)
    assert given(session, event) == {INSTITUTE: [], CENTRE: [person]}
    assert given(session, later) == {INSTITUTE: [], CENTRE: []}
    agree(session, person, later, INSTITUTE, CENTRE)
    agree(session, person, later, INSTITUTE)
    assert given(session, later) == {INSTITUTE: [person], CENTRE: [person]}
    rows = session.execute(select(Consent.event_id, Consent.host_name).order_by(Consent.id)).all()
    assert rows == [(event.id, CENTRE), (later.id, INSTITUTE), (later.id, CENTRE)]


def test_consent_that_names_nobody_gives_nothing_away(session, person):
    event = make_hosted(session, person, "m08")
    consents.give(person, SHARE, Word(ConsentSource.PAPER, DAY))
    session.flush()
    assert (person.share_consent, given(session, event)) == (True, {INSTITUTE: [], CENTRE: []})


def test_what_is_taken_back_for_one_host_stands_for_the_other(session, person):
    event = make_hosted(session, person, "m08")
    agree(session, person, event, INSTITUTE, CENTRE)
    word = Word(ConsentSource.SPOKEN, DAY, event_id=event.id, host_name=INSTITUTE)
    assert [consents.withdraw(person, SHARE, word) for _ in range(2)] == [True, False]
    session.flush()
    assert given(session, event) == {INSTITUTE: [], CENTRE: [person]}
    assert [consents.withdraw(person, SHARE, Word(ConsentSource.SPOKEN, DAY)) for _ in range(2)] == [True, False]
    session.flush()
    assert (person.share_consent, given(session, event)) == (False, {INSTITUTE: [], CENTRE: []})


def test_staff_say_for_which_event_and_host_somebody_agreed(app):
    with app.app_context(), transaction() as session:
        person = make_person(session, make_organisation(session))
        event = make_hosted(session, person, "m08")
        person_id, event_id, host_id = person.id, event.id, str(event.hosts[1].id)
    staff, url = sign_in_to(app, Role.EVENT_MANAGER), f"/staff/directory/people/{person_id}"
    assert f'<option value="{host_id}">第8回TAMA技術連携交流会@KISTEC ― {CENTRE}</option>' in staff.get(url).text
    sent = {"purpose": SHARE, "agrees": "yes", "source": "paper", "day": "2027-01-15", "note": ""}
    refused = staff.post(f"{url}/consents", data=sent)
    assert (refused.status_code, "どの行事のどの共催者への提供かを選んでください" in refused.text) == (422, True)
    assert staff.post(f"{url}/consents", data=sent | {"host_id": host_id}).status_code == 302
    with app.app_context():
        one = db.session.scalars(select(Consent)).one()
        assert (one.event_id, one.host_name, one.withdrawn_on) == (event_id, CENTRE, None)
        assert given(db.session(), db.session.get_one(Event, event_id)) == {INSTITUTE: [], CENTRE: [one.person]}
    page = staff.get(f"/staff/events/{event_id}/sharing").text
    assert (f"<h2>{CENTRE}</h2>" in page, f"<h2>{CITY}</h2>" in page) == (True, False)
