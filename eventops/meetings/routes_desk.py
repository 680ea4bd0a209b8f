"""The matching desk: where the round stands and what is next to do."""

from flask import g, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.meetings import desk as desks
from eventops.meetings import queries
from eventops.meetings.blueprint import bp
from eventops.meetings.frame import rounds
from eventops.meetings.models import MatchingRound
from eventops.meetings.sheets import importing
from eventops.meetings.wishes.service import Act


class NoMatching(NotFound):
    """The event has no part with meetings."""

    code = "no_matching"


def open_round(event_id: int) -> MatchingRound:
    """The event's round with slots, rooms and tables; the first visit makes it with the usual values."""
    g.nav_endpoint = "meetings.desk"
    queries.event(read_session(), event_id)
    known = queries.round_of_event(read_session(), event_id)
    if known is None:
        with transaction() as session:
            known = rounds.ensure(session, event_id)
    if known is None:
        raise NoMatching
    return queries.whole_round(read_session(), known.id)


def act_on(round_id: int) -> Act:
    """The signed-in user's act of this moment."""
    return Act(round_id, current_user.id, clock.now())


@bp.get("/staff/events/<int:event_id>/matching")
@require(Permission.VIEW)
def desk(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    loaded = desks.load(read_session(), found)
    return render_template(
        "meetings/desk.html",
        event=found.event,
        round=found,
        desk=loaded,
        steps=desks.steps(loaded, event_id),
        sheets=importing.SHEETS.values(),
    )
