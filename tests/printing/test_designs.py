"""Whose layout counts: the event's own, that of the event it goes back to, the house's; and when it stays."""

import datetime as dt

import pytest

from eventops.database import transaction
from eventops.events.models import Event
from eventops.printing import designs, runs
from eventops.printing.layouts import Layout
from eventops.printing.models import BadgeLayout
from eventops.printing.runs import Choice
from tests.checkin.arrange import make_attendee, make_door
from tests.factories import NOW
from tests.rushing import rush


@pytest.fixture
def event(session):
    return make_door(session)


def save(session, event, stock, *, for_house=False, minute=0):
    at = NOW + dt.timedelta(minutes=minute)
    designs.save(session, event, Layout(stock=stock), logo_id=None, for_house=for_house, actor_id=None, now=at)


def stock_of(session, event):
    return designs.stored(session, event).layout.stock


def test_a_copy_of_a_copy_looks_as_the_first(session, event):
    copy = make_door(session, slug="m09", copied_from_id=event.id)
    last = make_door(session, slug="m10", copied_from_id=copy.id)
    save(session, event, "a6", for_house=True)
    save(session, event, "label10", minute=1)

    assert [stock_of(session, one) for one in (event, copy, last)] == ["label10", "label10", "label10"]
    designs.reset(session, copy, actor_id=None, now=NOW)
    assert [stock_of(session, one) for one in (event, copy, last)] == ["label10", "a6", "a6"]


def test_what_was_made_the_houses_is_taken_back_with_it(session, event):
    other = make_door(session, slug="m09")
    save(session, other, "label10", for_house=True)
    save(session, event, "a6", for_house=True, minute=1)
    save(session, event, "label12", minute=2)
    third = make_door(session, slug="m10")

    designs.undo(session, event, actor_id=None, now=NOW)
    assert [stock_of(session, one) for one in (event, third)] == ["a6", "a6"]
    designs.undo(session, event, actor_id=None, now=NOW)
    assert [stock_of(session, one) for one in (event, third)] == ["label10", "label10"]


def test_an_event_that_has_begun_to_print_keeps_its_layout(session, event):
    make_attendee(session, event)
    runs.print_chosen(session, event, Choice(), {}, stock="card10", first_label=1, actor_id=None, now=NOW)
    save(session, make_door(session, slug="m09"), "a6", for_house=True)

    assert (stock_of(session, event), stock_of(session, make_door(session, slug="m10"))) == ("card10", "a6")


@pytest.mark.both_databases
def test_each_press_takes_one_version_back(app):
    with app.app_context(), transaction() as session:
        event = make_door(session)
        event_id = event.id
        for minute in range(6):
            save(session, event, "a6", minute=minute)

    def undo(_number):
        with transaction() as session:
            designs.undo(session, session.get_one(Event, event_id), actor_id=None, now=NOW)

    assert rush(app, undo, 4) == {None: 4}
    with app.app_context(), transaction() as session:
        assert session.query(BadgeLayout).count() == 2
