"""What meetings tell the events' pages."""

from flask import Flask
from sqlalchemy.orm import Session

from eventops.events.checklist import StepCode
from eventops.meetings import reports
from eventops.meetings.models import NeedState
from tests.factories import NOW, make_organisation
from tests.meetings.sheets import make_round
from tests.meetings.test_service import apply, make_need


def test_screening_is_done_when_every_application_has_an_answer(session: Session) -> None:
    found = make_round(session)
    empty = make_round(session, slug="empty")
    one = apply(session, make_need(session, found), "A001", make_organisation(session))
    events = [found.event_id, empty.event_id]

    before = reports.screening_steps(session, events, NOW)
    one.rating = "A"
    session.flush()
    after = reports.screening_steps(session, events, NOW)

    assert list(before) == list(after) == [found.event_id]
    assert [steps[found.event_id][StepCode.SCREENING].done for steps in (before, after)] == [False, True]
    assert [figure.value for figure in reports.wish_figures(session, events)[found.event_id]] == [1]


def test_the_needs_are_linked_once_one_is_public(app: Flask, session: Session) -> None:
    found = make_round(session)
    need = make_need(session, found)
    need.state = NeedState.DRAFT
    session.flush()

    with app.test_request_context():
        assert reports.needs_link(session, found.event_id) is None
        need.state = NeedState.OPEN
        session.flush()
        link = reports.needs_link(session, found.event_id)
        assert link is not None
        assert (link.url, link.note) == ("/e/m08/needs", "1件")


def test_a_part_with_needs_is_in_use(session: Session) -> None:
    found, empty = make_round(session), make_round(session, slug="empty")
    make_need(session, found)

    assert list(reports.parts_with_needs(session, [found.part_id, empty.part_id])) == [found.part_id]
