"""The timetable's page for staff: making it, following the making, and working on the board."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from flask import (
    Response,
    current_app,
    flash,
    get_template_attribute,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock, languages
from eventops.accounts.permissions import Permission, require, user_may
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.events.models import Event
from eventops.jobs import queries as job_queries
from eventops.jobs import service as jobs
from eventops.jobs.models import Job, JobState
from eventops.meetings import queries as round_queries
from eventops.meetings.blueprint import bp
from eventops.meetings.frame import rounds
from eventops.meetings.models import MatchingRound
from eventops.meetings.timetable import board as boards
from eventops.meetings.timetable import drafts, following, kept, naming, news, problems, quality, solving, trials
from eventops.meetings.timetable import queries as timetable_queries
from eventops.meetings.timetable.models import MAKING, Timetable
from eventops.meetings.timetable.same_answer import SameAnswer
from scheduling import words
from scheduling.faults import Fault
from scheduling.moves import options
from scheduling.solution import Cell
from scheduling.words import Said

Step = Callable[..., Timetable]


@bp.get("/staff/events/<int:event_id>/timetable")
@require(Permission.VIEW)
def board(event_id: int) -> ResponseReturnValue:
    template = "meetings/board_part.html" if request.args.get("part") else "meetings/board.html"
    return _page(event_id, template)


@bp.get("/staff/events/<int:event_id>/timetable/sides")
@require(Permission.VIEW)
def board_sides(event_id: int) -> ResponseReturnValue:
    """Everything of the board but its cells; no content while it is being made for somebody else.

    After each change all who have it open ask for the same.
    """
    stamp = news.stamp_of(read_session(), event_id)
    board = event_id, user_may(Permission.MANAGE_MATCHING), languages.language()
    made: SameAnswer = current_app.extensions.setdefault("board_sides", SameAnswer())
    found = made.get_unless_in_the_making(
        board, str(stamp), lambda: _page(event_id, "meetings/board_part.html", with_cells=False)
    )
    return ("", 204) if found is None else found


@bp.get("/staff/events/<int:event_id>/timetable/news")
@require(Permission.VIEW)
def board_news(event_id: int) -> ResponseReturnValue:
    """What changed since the stamp that the page knows; no content while nothing did.

    Most of those who ask know all: `idle` answers them. Of the others most know the same.
    """
    known = news.Stamp.read(request.args.get("since", ""))
    now = news.stamp_of(read_session(), event_id)
    if now == known:
        return "", 204
    made: SameAnswer = current_app.extensions.setdefault("board_news", SameAnswer())
    thing = event_id, languages.language()
    text = made.get(thing, f"{known} {now}", lambda: current_app.json.dumps(_news(known, now)))
    return Response(text, mimetype="application/json")


def _news(known: news.Stamp, now: news.Stamp) -> dict[str, Any]:
    found = news.since(read_session(), known, now)
    card = get_template_attribute("meetings/board_card.html", "card")
    return {
        "stamp": str(found.stamp),
        "revision": found.stamp.revision,
        "whole": found.is_whole,
        "told": found.told,
        "gone": found.gone,
        "cells": [
            {"id": one.application_id, "slot": one.slot_id, "table": one.table_id, "card": card(one)}
            for one in found.meetings
        ],
    }


def _first_look(event_id: int) -> bool:
    """Make the round with the usual slots, as the first look at any page of matching does; False where none belongs."""
    with transaction() as session:
        return rounds.ensure(session, event_id) is not None


def _page(event_id: int, template: str, faults: Sequence[str] = (), *, with_cells: bool = True) -> str:
    session = read_session()
    event = session.get(Event, event_id)
    found = round_queries.round_of_event(session, event_id)
    if event is None:
        raise NotFound
    if found is None and _first_look(event_id):
        return _page(event_id, template, faults, with_cells=with_cells)
    if found is None:
        return render_template("meetings/board_empty.html", event=event)
    stamp = news.stamp_of(session, event_id)
    job = job_queries.latest(session, kind=MAKING, subject_id=found.id)
    name = naming.names(session, found)
    return render_template(
        template,
        event=event,
        stamp=stamp,
        with_cells=with_cells,
        board=boards.load(session, found, languages.language()),
        job=job,
        seen=following.follow(job, allowed=found.solve_seconds, now=clock.now()) if job else None,
        trials=[(one, _said(one.remedy, name)) for one in trials.recent(session, found.id)],
        faults=faults or _told(job),
        goal_words=quality.LABELS,
        versions=timetable_queries.versions(session, found.id),
        counts=timetable_queries.meeting_counts(session, found.id),
    )


def _told(job: Job | None) -> list[str]:
    """What a run found wrong with the facts before it could begin."""
    told = job.progress.get("faults", ()) if job is not None and job.state == JobState.FAILED else ()
    return [_said(Fault(**one), str) for one in told]


def _said(said: Said, name: naming.Naming) -> str:
    return words.sentence(said, name=name, language=languages.language())


@bp.post("/staff/events/<int:event_id>/timetable/make")
@require(Permission.MANAGE_MATCHING)
def make(event_id: int) -> ResponseReturnValue:
    round_id, actor_id = _round(event_id).id, current_user.id
    try:
        with transaction() as session:
            solving.request_timetable(session, round_id=round_id, actor_id=actor_id, now=clock.now())
    except solving.BadFacts as error:
        return _page(event_id, "meetings/board.html", faults_told(round_id, error)), 422
    return redirect(url_for(".board", event_id=event_id))


def faults_told(round_id: int, error: solving.BadFacts) -> list[str]:
    """What is wrong with the facts, with the names that people know."""
    session = read_session()
    name = naming.named(kept.known(session, round_id))
    return [_said(naming.fault_named(one, error.problem, name), str) for one in error.faults]


@bp.post("/staff/events/<int:event_id>/timetable/stop")
@require(Permission.MANAGE_MATCHING)
def stop(event_id: int) -> ResponseReturnValue:
    round_id = _round(event_id).id
    with transaction() as session:
        job = job_queries.latest(session, kind=MAKING, subject_id=round_id)
        if job is not None:
            jobs.request_stop(session, job_id=job.id, now=clock.now())
            session.refresh(job)
        is_over = not job_queries.is_open(job)
    if is_over:
        flash(_("時間割の作成は、もう動いていません。"))
    else:
        flash(_("停止を受け付けました。ここまでで最もよい時間割を残します。"))
    return redirect(url_for(".board", event_id=event_id))


@bp.get("/staff/events/<int:event_id>/timetable/progress")
@require(Permission.VIEW)
def progress(event_id: int) -> ResponseReturnValue:
    """The newest run as JSON for the progress bar: how far, in words and figures, and where to go when it is done."""
    matching_round = _round(event_id)
    job = job_queries.latest(read_session(), kind=MAKING, subject_id=matching_round.id)
    if job is None:
        raise NotFound
    seen = following.follow(job, allowed=matching_round.solve_seconds, now=clock.now())
    trial = trials.of_job(job)
    return jsonify(
        done=seen.is_done,
        percent=seen.percent,
        message=seen.message,
        figures=seen.figures,
        url=url_for(".trial", event_id=event_id, job_id=job.id) if trial else url_for(".board", event_id=event_id),
    )


@bp.get("/staff/events/<int:event_id>/timetable/options/<int:application_id>")
@require(Permission.MANAGE_MATCHING)
def cells(event_id: int, application_id: int) -> ResponseReturnValue:
    """Where a held meeting may go, as JSON: per cell a verdict and why it is forbidden, better or worse."""
    session, round_id = read_session(), _round(event_id).id
    known, reference = kept.known(session, round_id), problems.application_ref(application_id)
    standing = known.standing(timetable_queries.locks_of(session, round_id))
    if reference not in standing.ground.requests:
        raise NotFound
    placed = problems.placed(_placements(session, round_id))
    found = options(standing.problem, placed, reference)
    name, language = naming.named(known), languages.language()
    forbids = cache(lambda one: words.sentence(one, name=name, language=language))  # many cells have the same reason
    changes = cache(quality.change_in_words)
    return jsonify(cells=[_cell(one, forbids, changes) for one in found])


def _cell(cell: Cell, forbids: Callable[[Said], str], changes: Callable[[str, int], str]) -> dict[str, object]:
    reasons = [forbids(one) for one in cell.violations[:2]] or [changes(*one) for one in cell.changes]
    return {
        "slot": problems.row_id(cell.slot_id),
        "table": problems.row_id(cell.table_id),
        "verdict": str(cell.verdict),
        "why": " ".join(reasons),
        "swaps": cell.swap_with is not None,
    }


@bp.post("/staff/events/<int:event_id>/timetable/put")
@require(Permission.MANAGE_MATCHING)
def put(event_id: int) -> ResponseReturnValue:
    spot = {name: request.form.get(name, -1, type=int) for name in ("slot_id", "table_id")}
    return _step(event_id, drafts.put, application_id=_application_id(), reason=_reason(), **spot)


@bp.post("/staff/events/<int:event_id>/timetable/take-out")
@require(Permission.MANAGE_MATCHING)
def take_out(event_id: int) -> ResponseReturnValue:
    return _step(event_id, drafts.take_out, application_id=_application_id(), reason=_reason())


@bp.post("/staff/events/<int:event_id>/timetable/lock")
@require(Permission.MANAGE_MATCHING)
def lock(event_id: int) -> ResponseReturnValue:
    locked = request.form.get("locked") == "1"
    return _step(event_id, drafts.set_lock, application_id=_application_id(), locked=locked, reason=_reason())


@bp.post("/staff/events/<int:event_id>/timetable/undo")
@require(Permission.MANAGE_MATCHING)
def undo(event_id: int) -> ResponseReturnValue:
    return _step(event_id, drafts.undo)


@bp.post("/staff/events/<int:event_id>/timetable/redo")
@require(Permission.MANAGE_MATCHING)
def redo(event_id: int) -> ResponseReturnValue:
    return _step(event_id, drafts.redo)


def _step(event_id: int, step: Step, **wanted: Any) -> ResponseReturnValue:
    """Do one step on the draft; the script gets JSON, a plain form goes back to the board."""
    matching_round, actor_id = _round(event_id), current_user.id
    round_id, revision = matching_round.id, request.form.get("revision", -1, type=int)
    try:
        with transaction() as session:
            step(session, round_id=round_id, revision=revision, actor_id=actor_id, now=clock.now(), **wanted)
    except drafts.Forbidden as error:
        return _refused(event_id, _why(round_id, error))
    if _wants_json():
        known = news.Stamp.read(request.form.get("since", ""))
        return jsonify(ok=True, news=_news(known, news.stamp_of(read_session(), event_id)))
    return redirect(url_for(".board", event_id=event_id))


def _refused(event_id: int, text: str) -> ResponseReturnValue:
    if _wants_json():
        return jsonify(error="meeting_forbidden", message=text), 422
    flash(text, "error")
    return redirect(url_for(".board", event_id=event_id))


def _why(round_id: int, error: drafts.Forbidden) -> str:
    name = naming.named(kept.known(read_session(), round_id))
    reasons = [words.sentence(one, name=name, language=languages.language()) for one in error.violations[:3]]
    return str(_("ここには置けません。")) + " ".join(reasons)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _round(event_id: int) -> MatchingRound:
    found = round_queries.round_of_event(read_session(), event_id)
    if found is None:
        raise NotFound
    return found


def _placements(session: Session, round_id: int) -> Sequence[timetable_queries.Placement]:
    timetable = timetable_queries.draft_of(session, round_id) or timetable_queries.published(session, round_id)
    return timetable_queries.placements(session, timetable.id) if timetable else ()


def _application_id() -> int:
    return request.form.get("application_id", -1, type=int)


def _reason() -> str:
    """Why, for the history, where staff said so."""
    return request.form.get("reason", "").strip()[: drafts.MOST_REASON]
