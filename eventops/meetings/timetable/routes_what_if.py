"""What would be if: chosen on a form, computed, shown beside today's timetable, taken over or left."""

from dataclasses import dataclass

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock, languages, wareki, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.jobs.models import Job
from eventops.meetings.blueprint import bp
from eventops.meetings.models import Application, MatchingRound
from eventops.meetings.routes_desk import open_round
from eventops.meetings.timetable import (
    comparison,
    naming,
    problems,
    quality,
    queries,
    solving,
    staying_out,
    supposing,
    what_if,
)
from eventops.meetings.timetable.comparison import Comparison
from eventops.meetings.timetable.following import Following, follow
from eventops.meetings.timetable.routes_board import faults_told
from eventops.meetings.timetable.routes_remedies import taken_back
from eventops.meetings.timetable.staying_out import StayingOut
from eventops.meetings.timetable.supposing import Supposed, Wish
from eventops.meetings.timetable.what_if import WhatIf
from eventops.meetings.wishes import requests
from scheduling import words as scheduling_words
from scheduling.problem import Problem, Side

_HERE = "/staff/events/<int:event_id>/timetable/what-if"
_UNSOLVABLE = (solving.NoSlots, solving.LocksBroken, solving.BadFacts)
MOST_TABLES = 9
AWAY_FIELDS, TEAM_FIELDS = 3, 2
"""How many companies the form has room for."""


@bp.get(_HERE)
@require(Permission.VIEW)
def what_ifs(event_id: int) -> ResponseReturnValue:
    """What may be supposed, and what was."""
    return _form_page(event_id, ())


def _form_page(event_id: int, wishes: tuple[Wish, ...], trouble: str = "") -> str:
    matching_round, session = _round(event_id), read_session()
    problem = problems.build(session, matching_round.id)
    companies = [(one.id, one.name) for one in supposing.companies(session, problem)]
    return render_template(
        "meetings/what_ifs.html",
        event=matching_round.event,
        rooms=[(room.id, room.name) for room in matching_round.rooms],
        slots=[(slot.id, wareki.clock(slot.starts_at)) for slot in matching_round.slots if slot.in_use],
        companies=companies,
        teams=_teams(session, matching_round, problem, dict(companies)),
        numbers=range(1, MOST_TABLES + 1),
        away_fields=AWAY_FIELDS,
        team_fields=TEAM_FIELDS,
        typed=_typed(wishes),
        trouble=trouble,
        recent=[(one, _supposed(one)) for one in what_if.recent(session, matching_round.id, problem)],
    )


def _teams(
    session: Session, matching_round: MatchingRound, problem: Problem, companies: dict[int, str]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who could come with one more team: needs first, then the companies that wish to meet them."""
    name = naming.names(session, matching_round)
    hosts = [(f"host_team-{one.id[1:]}", name(one.id)) for one in problem.participants if one.side is Side.HOST]
    guests = {problems.row_id(one.id) for one in problem.participants if one.side is Side.GUEST}
    there = [(f"guest_team-{one}", called) for one, called in companies.items() if one in guests]
    return [(str(_("大手")), hosts), (str(_("中小")), there)]


def _typed(wishes: tuple[Wish, ...]) -> dict[str, list[str]]:
    """The form as it was sent, by field."""
    tables = [one.row_id for one in wishes if one.supposed is Supposed.TABLE]
    return {
        "tables": [str(len(tables))],
        "room_id": [str(one) for one in tables[:1]],
        "slot": [str(one.row_id) for one in wishes if one.supposed is Supposed.SLOT],
        "away": [str(one.row_id) for one in wishes if one.supposed is Supposed.AWAY],
        "team": [f"{one.supposed}-{one.row_id}" for one in wishes if one.supposed.endswith("_team")],
    }


@bp.post(_HERE)
@require(Permission.MANAGE_MATCHING)
def ask_what_if(event_id: int) -> ResponseReturnValue:
    round_id, actor_id, wishes = _round(event_id).id, current_user.id, _wishes()
    if not wishes:
        return _form_page(event_id, (), _("変えるところを1つ以上選んでください。")), 422
    try:
        with transaction() as session:
            job_id = what_if.ask(session, round_id=round_id, wishes=wishes, actor_id=actor_id, now=clock.now()).id
    except _UNSOLVABLE as error:
        _say_why(round_id, error)
        return _form_page(event_id, wishes), 422
    return redirect(url_for(".show_what_if", event_id=event_id, job_id=job_id))


def _wishes() -> tuple[Wish, ...]:
    """What the form says, each thing once but tables, which are counted; a choice that is none is not supposed."""
    tables = min(max(request.form.get("tables", 0, type=int), 0), MOST_TABLES)
    more = [Wish(Supposed.TABLE, request.form.get("room_id", 0, type=int))] * tables
    found = [Wish(Supposed.SLOT, one) for one in request.form.getlist("slot", type=int)]
    found += [Wish(Supposed.AWAY, one) for one in request.form.getlist("away", type=int)]
    for text in request.form.getlist("team"):
        kind, _dash, number = text.partition("-")
        if kind in (Supposed.HOST_TEAM, Supposed.GUEST_TEAM) and number.isdecimal():
            found.append(Wish(Supposed(kind), int(number)))
    return (*more, *dict.fromkeys(found))


def _say_why(round_id: int, error: DomainError) -> None:
    flash(words.sentence(error), "error")
    for text in faults_told(round_id, error) if isinstance(error, solving.BadFacts) else ():
        flash(text, "error")


@bp.get(f"{_HERE}/<int:job_id>")
@require(Permission.VIEW)
def show_what_if(event_id: int, job_id: int) -> ResponseReturnValue:
    matching_round, session = _round(event_id), read_session()
    problem = problems.build(session, matching_round.id)
    found = what_if.one(session, problem, round_id=matching_round.id, job_id=job_id)
    return render_template(
        "meetings/what_if.html",
        event=matching_round.event,
        found=found,
        has_begun=queries.day_has_begun(session, matching_round.id, clock.now()),
        sentence=_supposed(found),
        following=_follow(session, job_id),
        beside=_beside(session, matching_round, found, problem),
        labels=(_("いまの時間割"), _("もしも")),
        goal_words=quality.LABELS,
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What differs, and who stays out of which."""

    seen: Comparison
    today: StayingOut
    supposed: StayingOut | None


def _beside(session: Session, matching_round: MatchingRound, found: WhatIf, problem: Problem) -> Beside | None:
    if found.places is None:
        return None
    working = queries.draft_of(session, matching_round.id) or queries.published(session, matching_round.id)
    here = comparison.places_of(queries.meetings_of(session, working.id)) if working is not None else {}
    round_id = matching_round.id
    applications = {one.id: one for one in requests.applications_of(session, Application.round_id == round_id)}
    name = _naming(session, matching_round, found)

    def say(said: scheduling_words.Said) -> str:
        return scheduling_words.sentence(said, name=name, language=languages.language())

    return Beside(
        comparison.compare(here, found.places, applications, found.values),
        staying_out.today(working, problem, applications, found.places, say),
        staying_out.supposed(found, applications, here, say),
    )


def _naming(session: Session, matching_round: MatchingRound, found: WhatIf) -> naming.Naming:
    """As the board calls things; tables that are only thought of have their numbers."""
    known = naming.names(session, matching_round)
    tables = {one: str(_("卓%(n)s", n=number)) for one, number in found.tables.items()}
    return lambda reference: tables.get(reference) or known(reference)


_SENTENCES = {
    Supposed.TABLE: lambda name: _("%(room)sに卓が1つ多かったら", room=name),
    Supposed.SLOT: lambda name: _("%(time)sの枠がなかったら", time=name),
    Supposed.AWAY: lambda name: _("%(company)sが参加できなかったら", company=name),
    Supposed.HOST_TEAM: lambda name: _("%(company)sの担当が1組多かったら", company=name),
    Supposed.GUEST_TEAM: lambda name: _("%(company)sの担当が1組多かったら", company=name),
}


def _supposed(found: WhatIf) -> str:
    """Each thing once; tables of one room are counted."""
    said = [str(_SENTENCES[one.supposed](one.name)) for one in found.wishes if one.supposed is not Supposed.TABLE]
    tables = [one.name for one in found.wishes if one.supposed is Supposed.TABLE]
    if len(tables) > 1:
        said.insert(0, str(_("%(room)sに卓が%(n)s多かったら", room=tables[0], n=len(tables))))
    elif tables:
        said.insert(0, str(_SENTENCES[Supposed.TABLE](tables[0])))
    return " ＋ ".join(said)


@bp.post(f"{_HERE}/<int:job_id>/take-over")
@require(Permission.MANAGE_MATCHING)
def take_over_what_if(event_id: int, job_id: int) -> ResponseReturnValue:
    round_id, actor_id = _round(event_id).id, current_user.id
    problem = problems.build(read_session(), round_id)
    why = _supposed(what_if.one(read_session(), problem, round_id=round_id, job_id=job_id))
    with transaction() as session:
        what_if.take_over(session, round_id=round_id, job_id=job_id, actor_id=actor_id, now=clock.now(), reason=why)
    flash(_("もしもの時間割を、いまの案にしました。まだだれにも知らせていません。"), "ok")
    return redirect(url_for(".board", event_id=event_id))


@bp.post(f"{_HERE}/<int:job_id>/take-back")
@require(Permission.MANAGE_MATCHING)
def take_back_what_if(event_id: int, job_id: int) -> ResponseReturnValue:
    round_id, actor_id = _round(event_id).id, current_user.id
    with transaction() as session:
        is_laid_back = what_if.take_back(session, round_id=round_id, job_id=job_id, actor_id=actor_id, now=clock.now())
    return taken_back(event_id, is_laid_back=is_laid_back)


@bp.get(f"{_HERE}/<int:job_id>/progress")
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
