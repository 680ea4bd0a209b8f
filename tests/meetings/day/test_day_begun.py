"""What has begun is announced as it was held, whatever lay on the board before, and whatever is found out after."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.database import db, transaction
from eventops.meetings.day import proposals
from eventops.meetings.day.happenings import Happening, What
from eventops.meetings.day.models import DayProposal, ProposalState
from eventops.meetings.models import Application, ApplicationState, Rating
from eventops.meetings.timetable import drafts, publication
from eventops.meetings.timetable.begun import BegunMoved, HasBegun
from eventops.meetings.timetable.models import Timetable
from tests.meetings.day.published import propose
from tests.meetings.day.small import Small

Step = Callable[..., object]


def by_hand(small: Small, step: Step, clock: str, **wanted: object) -> None:
    """One step on the newest timetable, at this time of the day."""
    with small.app.app_context(), transaction() as session:
        revision = newest(session).revision
        step(session, revision=revision, **_act(session, small, clock), **wanted)


def decide(small: Small, decision: Step, clock: str, proposal_id: int) -> None:
    with small.app.app_context(), transaction() as session:
        decision(session, proposal_id=proposal_id, **_act(session, small, clock))


def _act(session: Session, small: Small, clock: str) -> dict[str, object]:
    actor_id = session.scalars(select(Timetable.published_by_id)).first()
    return {"round_id": small.tiny.round_id, "actor_id": actor_id, "now": small.now(clock)}


def newest(session: Session) -> Timetable:
    return session.scalars(select(Timetable).order_by(Timetable.id.desc())).first()


def lay_out(small: Small, clock: str, *, without: int | None = None, with_all: dict | None = None) -> None:
    """What a run of the solver leaves: the draft as it lies, or this layout, without one meeting."""
    now: dt.datetime = small.now(clock)
    with small.app.app_context(), transaction() as session:
        draft = drafts.draft_for_round(session, round_id=small.tiny.round_id, now=now)
        layout = {one: spot for one, spot in (with_all or drafts.layout_of(draft)).items() if one != without}
        drafts.replace_all(session, draft, layout=layout, actor_id=None, now=now)


def swap(small: Small) -> Happening:
    """The two meetings after the first change places."""
    return Happening(What.SWAPPED, application_ids=small.applications[1:3])


def test_a_meeting_moved_before_it_began_is_not_announced_after(small: Small) -> None:
    before, first = small.spots(), small.applications[0]
    by_hand(small, drafts.take_out, "12:50", application_id=first)

    with pytest.raises(BegunMoved):
        by_hand(small, publication.publish, "13:05")
    with pytest.raises(BegunMoved):
        propose(small.app, [swap(small)], now=small.now("13:05"))
    assert small.spots() == before

    by_hand(small, drafts.undo, "13:06")
    proposal_id = propose(small.app, [swap(small)], now=small.now("13:07"))
    decide(small, proposals.accept, "13:08", proposal_id)

    assert small.spots()[first] == before[first]


def test_before_it_begins_it_may_be_announced_elsewhere(small: Small) -> None:
    first = small.applications[0]
    by_hand(small, drafts.take_out, "12:50", application_id=first)

    by_hand(small, publication.publish, "12:59")

    assert first not in small.spots()


def test_a_meeting_begins_between_a_proposal_and_its_acceptance(small: Small) -> None:
    before, other_table = small.spots(), {"slot_id": small.slots[0], "table_id": small.tables[1]}
    by_hand(small, drafts.put, "12:50", application_id=small.applications[0], **other_table)
    absent = Happening(What.ABSENT, organisation_ids=(small.tiny.guest_ids[4],))
    proposal_id = propose(small.app, [absent], now=small.now("12:55"))

    with pytest.raises(BegunMoved):
        decide(small, proposals.accept, "13:05", proposal_id)

    assert small.spots() == before
    with small.app.app_context():
        assert db.session.get_one(DayProposal, proposal_id).state == ProposalState.OPEN


def test_what_did_not_take_place_is_announced_from_the_board_too(small: Small) -> None:
    absent = Happening(What.ABSENT, organisation_ids=(small.tiny.guest_ids[0],))
    proposal_id = propose(small.app, [absent], now=small.now("13:05"))
    decide(small, proposals.take_onto_board, "13:06", proposal_id)

    propose(small.app, [swap(small)], now=small.now("13:07"))
    by_hand(small, publication.publish, "13:10")

    assert small.applications[0] not in small.spots()


def test_a_proposal_on_the_board_is_announced_too_late(small: Small) -> None:
    swapped = Happening(What.SWAPPED, application_ids=small.applications[:2])
    proposal_id = propose(small.app, [swapped], now=small.now("12:50"))
    decide(small, proposals.take_onto_board, "12:51", proposal_id)

    with pytest.raises(BegunMoved):
        by_hand(small, publication.publish, "13:05")


def test_a_run_that_ended_after_the_start_is_undone_but_not_announced(small: Small) -> None:
    before = small.spots()
    lay_out(small, "13:05", without=small.applications[0])

    with pytest.raises(BegunMoved):
        by_hand(small, publication.publish, "13:06")
    by_hand(small, drafts.undo, "13:07")

    with pytest.raises(publication.NothingChanged):
        by_hand(small, publication.publish, "13:08")
    assert small.spots() == before


def test_a_run_taken_back_moves_nothing_that_has_begun(small: Small) -> None:
    first, now = small.applications[0], small.now("13:05")
    with small.app.app_context():
        whole = drafts.layout_of(newest(db.session()))
    by_hand(small, drafts.take_out, "12:40", application_id=first)
    lay_out(small, "12:50", with_all=whole)

    with small.app.app_context(), pytest.raises(HasBegun), transaction() as session:
        drafts.undo_these(session, newest(session), ["made"], now=now)


@pytest.mark.parametrize("change", [{"state": ApplicationState.WITHDRAWN}, {"rating": Rating.DECLINED}])
def test_a_held_meeting_that_is_no_request_any_more_does_not_hold_up_the_day(
    small: Small, change: dict[str, str]
) -> None:
    before, (first, second, third, *_others) = small.spots(), small.applications
    alter(small, first, change)

    proposal_id = propose(small.app, [swap(small)], now=small.now("13:10"))
    decide(small, proposals.accept, "13:11", proposal_id)

    after = small.spots()
    assert [after[one] for one in (first, second, third)] == [before[one] for one in (first, third, second)]


def test_a_meeting_to_come_that_is_no_request_any_more_is_not_announced(small: Small) -> None:
    alter(small, small.applications[1], {"state": ApplicationState.WITHDRAWN})
    by_hand(small, drafts.take_out, "13:05", application_id=small.applications[2])

    with pytest.raises(publication.BrokenTimetable):
        by_hand(small, publication.publish, "13:06")


def alter(small: Small, application_id: int, change: dict[str, str]) -> None:
    with small.app.app_context(), transaction() as session:
        for name, value in change.items():
            setattr(session.get_one(Application, application_id), name, value)
