"""Two versions of the timetable side by side, and the history of all of them."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventops import wareki
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session
from eventops.errors import NotFound
from eventops.meetings.blueprint import bp
from eventops.meetings.models import MatchingRound
from eventops.meetings.routes_desk import open_round
from eventops.meetings.timetable import comparison, history, problems, quality, queries
from eventops.meetings.timetable.comparison import Comparison
from eventops.meetings.timetable.models import Timetable


@bp.get("/staff/events/<int:event_id>/timetable/compare")
@require(Permission.VIEW)
def compare_versions(event_id: int) -> ResponseReturnValue:
    """Any two of the published versions and the draft; unasked, what is published beside the draft."""
    matching_round, session = _round(event_id), read_session()
    known = _comparable(session, matching_round.id)
    before, after = _asked(known, "before", 1), _asked(known, "after", 0)
    return render_template(
        "meetings/compare.html",
        event=matching_round.event,
        known=[(one.id, _called(one)) for one in known],
        before=before,
        after=after,
        seen=_versions(session, matching_round.id, before, after) if before and after else None,
        labels=(_called(before), _called(after)) if before and after else ("", ""),
        goal_words=quality.LABELS,
    )


@bp.get("/staff/events/<int:event_id>/timetable/history")
@require(Permission.VIEW)
def timetable_history(event_id: int) -> ResponseReturnValue:
    """Who did what on the board, and why."""
    matching_round = _round(event_id)
    found = history.history(read_session(), matching_round.id, before=request.args.get("before", type=int))
    return render_template("meetings/timetable_history.html", event=matching_round.event, found=found)


def _comparable(session: Session, round_id: int) -> list[Timetable]:
    """The draft and all versions, newest first."""
    draft = queries.draft_of(session, round_id)
    return [*([draft] if draft is not None else []), *queries.versions(session, round_id)]


def _asked(known: list[Timetable], name: str, usual: int) -> Timetable | None:
    wanted = request.args.get(name, 0, type=int)
    found = next((one for one in known if one.id == wanted), None)
    if wanted and found is None:
        raise NotFound
    return found or (known[usual] if len(known) > usual else None)


def _called(timetable: Timetable) -> str:
    if timetable.version is None or timetable.published_at is None:
        return str(_("いまの案"))
    at = timetable.published_at
    day = f"{wareki.month_day(wareki.japan_time(at).date())} {wareki.clock(at)}"
    if timetable.is_preliminary:
        return str(_("第%(n)s版 予定(%(day)s)", n=timetable.version, day=day))
    return str(_("第%(n)s版(%(day)s)", n=timetable.version, day=day))


def _versions(session: Session, round_id: int, before: Timetable, after: Timetable) -> Comparison:
    problem = problems.build(session, round_id)
    old, new = (queries.meetings_of(session, one.id) for one in (before, after))
    applications = {one.application_id: one.application for one in (*old, *new)}
    values = [comparison.values_of(problem, problems.placed(one)) for one in (old, new)]
    return comparison.compare(
        comparison.places_of(old), comparison.places_of(new), applications, (values[0], values[1])
    )


def _round(event_id: int) -> MatchingRound:
    found = open_round(event_id)
    g.nav_endpoint = "meetings.board"
    return found
