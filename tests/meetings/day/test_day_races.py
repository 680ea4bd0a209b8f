"""Two decide about the same proposal at the same moment: one wins, the other is told, nothing happens twice."""

import pytest
from sqlalchemy import func, select

from eventops.database import db, transaction
from eventops.errors import Stale
from eventops.mail.models import Letter
from eventops.meetings.day import proposals
from eventops.meetings.day.happenings import Happening, What
from eventops.meetings.day.models import DayProposal
from eventops.meetings.timetable import drafts
from eventops.meetings.timetable.models import Timetable
from tests.meetings.day.published import propose
from tests.meetings.day.small import Small
from tests.rushing import rush


def actor(found: Small) -> int:
    with found.app.app_context():
        return db.session.scalars(select(Timetable.published_by_id)).first()


@pytest.mark.both_databases
def test_two_accept_at_the_same_time(small: Small) -> None:
    now, actor_id = small.now("13:05"), actor(small)
    proposal_id = propose(small.app, [Happening(What.SWAPPED, application_ids=small.applications[1:3])], now=now)
    decision = {"round_id": small.tiny.round_id, "proposal_id": proposal_id, "actor_id": actor_id, "now": now}

    def work(number: int) -> str:
        decide = (proposals.accept, proposals.take_onto_board)[number % 2]
        try:
            with transaction() as session:
                decide(session, **decision)
        except proposals.ProposalSettled:
            return "told"
        return "won"

    assert rush(small.app, work, 4) == {"won": 1, "told": 3}
    with small.app.app_context():
        found = db.session.get_one(DayProposal, proposal_id)
        assert db.session.scalar(select(func.count()).select_from(Timetable)) == 2
        assert (
            db.session.scalar(select(func.count()).select_from(Letter).where(Letter.created_at == now)) == found.letters
        )


@pytest.mark.both_databases
def test_a_meeting_is_moved_by_hand_while_a_proposal_is_accepted(small: Small) -> None:
    """Whoever comes first is not overwritten by the other."""
    now, actor_id = small.now("12:50"), actor(small)
    first, second, third, *_ = small.applications
    proposal_id = propose(small.app, [Happening(What.SWAPPED, application_ids=(second, third))], now=now)
    with small.app.app_context():
        revision = db.session.scalars(select(Timetable.revision)).one()

    def work(number: int) -> str:
        try:
            with transaction() as session:
                if number:
                    drafts.take_out(
                        session,
                        round_id=small.tiny.round_id,
                        application_id=first,
                        revision=revision,
                        actor_id=actor_id,
                        now=now,
                    )
                else:
                    proposals.accept(
                        session, round_id=small.tiny.round_id, proposal_id=proposal_id, actor_id=actor_id, now=now
                    )
        except (Stale, proposals.ProposalOutdated):
            return "told"
        return "won"

    assert rush(small.app, work, 2) == {"won": 1, "told": 1}
    spots = small.spots()
    assert (first in spots, spots[second]) in ((True, (2, 0)), (True, (1, 0)))
