"""What tests of the door over HTTP share: an event, a client at one of its desks, a crowd, counted statements."""

import pytest
from sqlalchemy import event as sql_events

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.registration.models import Registration
from tests.checkin.arrange import code_of, make_attendee, make_chief, make_door

TAKAHASHI = ("高橋", "一郎", "タカハシ", "イチロウ")
TAKAGI = ("高木", "花子", "タカギ", "ハナコ")
SATO = ("佐藤", "次郎", "サトウ", "ジロウ")


@pytest.fixture
def door(app):
    """The event's id, its parts' ids and the code of 高橋 一郎, who has applied for both parts."""
    with app.app_context(), transaction() as session:
        event = make_door(session)
        person = make_attendee(session, event, TAKAHASHI, phone_tail="1140")
        return event.id, [part.id for part in event.parts], code_of(person)


@pytest.fixture
def desk(sign_in, door):
    """A client at the desk 受付2 of the first part."""
    client = sign_in(Role.RECEPTION)
    answer = client.post(f"/staff/events/{door[0]}/reception/desk", data={"station": "受付2", "part": door[1][0]})
    assert answer.status_code == 302
    return client


@pytest.fixture
def chief(session):
    return make_chief(session)


@pytest.fixture
def crowd(app, door):
    with app.app_context(), transaction() as session:
        event = session.get_one(Registration, 1).event
        make_attendee(session, event, TAKAGI, company="株式会社海辺工業", company_kana="ウミベコウギョウ")
        make_attendee(session, event, SATO, phone_tail="9921", company="高尾電子株式会社", company_kana="タカオデンシ")
        other = make_door(session, slug="other")
        make_attendee(session, other, ("高井", "遠", "タカイ", "トオシ"))


@pytest.fixture
def statements(app):
    """Counts the statements that an act sends to the database."""

    def count(act):
        seen = []
        with app.app_context():
            engine = db.engine

        def note(*call):
            seen.append(call[2])

        sql_events.listen(engine, "before_cursor_execute", note)
        act()
        sql_events.remove(engine, "before_cursor_execute", note)
        return len(seen)

    return count
