"""Two versions side by side, and what would be if: computed, compared with today's timetable, taken over or left."""

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock, wareki, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import DomainError, NotFound
from eventops.jobs.models import Job
from eventops.meetings.blueprint import bp
from eventops.meetings.models import Application, MatchingRound
from eventops.meetings.routes_desk import open_round
from eventops.meetings.timetable import comparison, problems, quality, queries, solving, supposing, what_if
from eventops.meetings.timetable.comparison import Comparison
from eventops.meetings.timetable.following import Following, follow
from eventops.meetings.timetable.models import Timetable
from eventops.meetings.timetable.routes_board import faults_told
from eventops.meetings.timetable.routes_remedies import taken_back
from eventops.meetings.timetable.supposing import Supposed
from eventops.meetings.timetable.what_if import WhatIf
from eventops.meetings.wishes import requests

_UNSOLVABLE = (solving.NoSlots, solving.LocksBroken, solving.BadFacts)


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
    return str(_("第%(n)s版(%(day)s)", n=timetable.version, day=day))


def _versions(session: Session, round_id: int, before: Timetable, after: Timetable) -> Comparison:
    problem = problems.build(session, round_id)
    old, new = (queries.meetings_of(session, one.id) for one in (before, after))
    applications = {one.application_id: one.application for one in (*old, *new)}
    values = [comparison.values_of(problem, problems.placed(one)) for one in (old, new)]
    return comparison.compare(
        comparison.places_of(old), comparison.places_of(new), applications, (values[0], values[1])
    )


@bp.get("/staff/events/<int:event_id>/timetable/what-if")
@require(Permission.VIEW)
def what_ifs(event_id: int) -> ResponseReturnValue:
    """What may be supposed, and what was."""
    matching_round, session = _round(event_id), read_session()
    problem = problems.build(session, matching_round.id)
    return render_template(
        "meetings/what_ifs.html",
        event=matching_round.event,
        rooms=[(room.id, room.name) for room in matching_round.rooms],
        slots=[(slot.id, wareki.clock(slot.starts_at)) for slot in matching_round.slots if slot.in_use],
        companies=[(one.id, one.name) for one in supposing.companies(session, problem)],
        recent=[(one, _supposed(one)) for one in what_if.recent(session, matching_round.id, problem)],
    )


@bp.post("/staff/events/<int:event_id>/timetable/what-if")
@require(Permission.MANAGE_MATCHING)
def ask_what_if(event_id: int) -> ResponseReturnValue:
    supposed = request.form.get("supposed", "")
    if supposed not in list(Supposed):
        raise NotFound
    round_id, actor_id, row_id = _round(event_id).id, current_user.id, request.form.get("row_id", 0, type=int)
    try:
        with transaction() as session:
            job_id = what_if.ask(
                session,
                round_id=round_id,
                supposed=Supposed(supposed),
                row_id=row_id,
                actor_id=actor_id,
                now=clock.now(),
            ).id
    except _UNSOLVABLE as error:
        _say_why(round_id, error)
        return redirect(url_for(".what_ifs", event_id=event_id))
    return redirect(url_for(".show_what_if", event_id=event_id, job_id=job_id))


def _say_why(round_id: int, error: DomainError) -> None:
    flash(words.sentence(error), "error")
    for text in faults_told(round_id, error) if isinstance(error, solving.BadFacts) else ():
        flash(text, "error")


@bp.get("/staff/events/<int:event_id>/timetable/what-if/<int:job_id>")
@require(Permission.VIEW)
def show_what_if(event_id: int, job_id: int) -> ResponseReturnValue:
    matching_round, session = _round(event_id), read_session()
    found = what_if.one(session, round_id=matching_round.id, job_id=job_id)
    return render_template(
        "meetings/what_if.html",
        event=matching_round.event,
        found=found,
        has_begun=queries.day_has_begun(session, matching_round.id, clock.now()),
        sentence=_supposed(found),
        following=_follow(session, job_id),
        seen=_beside(session, matching_round.id, found),
        labels=(_("いまの時間割"), _("もしも")),
        goal_words=quality.LABELS,
    )


def _beside(session: Session, round_id: int, found: WhatIf) -> Comparison | None:
    if found.places is None:
        return None
    working = queries.draft_of(session, round_id) or queries.published(session, round_id)
    here = queries.meetings_of(session, working.id) if working is not None else ()
    applications = {one.id: one for one in requests.applications_of(session, Application.round_id == round_id)}
    return comparison.compare(comparison.places_of(here), found.places, applications, found.values)


def _supposed(found: WhatIf) -> str:
    if found.supposed is Supposed.TABLE:
        return str(_("%(room)sに卓が1つ多かったら", room=found.name))
    if found.supposed is Supposed.SLOT:
        return str(_("%(time)sの枠がなかったら", time=found.name))
    return str(_("%(company)sが参加できなかったら", company=found.name))


@bp.post("/staff/events/<int:event_id>/timetable/what-if/<int:job_id>/take-over")
@require(Permission.MANAGE_MATCHING)
def take_over_what_if(event_id: int, job_id: int) -> ResponseReturnValue:
    round_id, actor_id = _round(event_id).id, current_user.id
    with transaction() as session:
        what_if.take_over(session, round_id=round_id, job_id=job_id, actor_id=actor_id, now=clock.now())
    flash(_("もしもの時間割を、いまの案にしました。まだだれにも知らせていません。"), "ok")
    return redirect(url_for(".board", event_id=event_id))


@bp.post("/staff/events/<int:event_id>/timetable/what-if/<int:job_id>/take-back")
@require(Permission.MANAGE_MATCHING)
def take_back_what_if(event_id: int, job_id: int) -> ResponseReturnValue:
    round_id, actor_id = _round(event_id).id, current_user.id
    with transaction() as session:
        is_laid_back = what_if.take_back(session, round_id=round_id, job_id=job_id, actor_id=actor_id, now=clock.now())
    return taken_back(event_id, is_laid_back=is_laid_back)


@bp.get("/staff/events/<int:event_id>/timetable/what-if/<int:job_id>/progress")
@require(Permission.VIEW)
def what_if_progress(event_id: int, job_id: int) -> ResponseReturnValue:
    """How far it is, as JSON for the progress bar."""
    session = read_session()
    what_if.job_of(session, _round(event_id).id, job_id)
    seen = _follow(session, job_id)
    here = url_for(".show_what_if", event_id=event_id, job_id=job_id)
    return jsonify(done=seen.is_done, percent=seen.percent, message=seen.message, figures=seen.figures, url=here)


def _follow(session: Session, job_id: int) -> Following:
    return follow(session.get_one(Job, job_id), allowed=what_if.SECONDS, now=clock.now())


def _round(event_id: int) -> MatchingRound:
    found = open_round(event_id)
    g.nav_endpoint = "meetings.board"
    return found
