"""The page of the day: who is there, what runs now and next, what happened and what was decided about it."""

import datetime as dt
import threading

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock, languages, words
from eventops.accounts.permissions import Permission, require, user_may
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.meetings.blueprint import bp
from eventops.meetings.day import answering, asking, choices, happenings, presence, proposals, wording
from eventops.meetings.day.forms import ASKED, HappeningForm
from eventops.meetings.day.happenings import Frame, Happening, What
from eventops.meetings.day.models import DayProposal, ProposalState
from eventops.meetings.models import MatchingRound
from eventops.meetings.routes_desk import open_round
from eventops.meetings.timetable import naming, queries
from eventops.meetings.timetable.begun import HasBegun
from eventops.meetings.timetable.publication import NothingToPublish
from eventops.meetings.timetable.solving import BadFacts
from scheduling import words as sentences
from scheduling.faults import Fault

_IN_THE_FORM = (happenings.MeetsAlready, HasBegun, happenings.AtTheSameMeeting)


def round_of(event_id: int) -> MatchingRound:
    found = open_round(event_id)
    g.nav_endpoint = "meetings.day"
    return found


@bp.get("/staff/events/<int:event_id>/day")
@require(Permission.VIEW)
def day(event_id: int) -> ResponseReturnValue:
    matching_round, session = round_of(event_id), read_session()
    frame = Frame.read(session, matching_round.id, clock.now())
    try:
        timetable = asking.working(session, matching_round.id)
    except NothingToPublish:
        return render_template("meetings/day/empty.html", event=matching_round.event)
    if user_may(Permission.MANAGE_MATCHING):
        threading.Thread(target=answering.warm_up, daemon=True).start()
    name = naming.names(session, matching_round)
    published = queries.published(session, matching_round.id)
    wanted_id = request.args.get("company", 0, type=int)
    return render_template(
        "meetings/day/day.html",
        event=matching_round.event,
        day=presence.load(session, frame, timetable, wanted_id),
        wanted_id=wanted_id,
        noted=presence.noted(session, matching_round.id),
        published=published,
        has_draft=timetable.version is None and published is not None and _differs(session, matching_round.id),
        open_proposals=_listed(session, matching_round.id, name, (ProposalState.OPEN,)),
        history=_listed(session, matching_round.id, name, (*proposals.CARRIED_OUT, ProposalState.TAKEN_BACK)),
        kinds=wording.WHAT,
        states=wording.STATES,
    )


def _differs(session: Session, round_id: int) -> bool:
    """Whether staff have moved meetings by hand without publishing it."""
    draft, published = queries.draft_of(session, round_id), queries.published(session, round_id)
    return bool(draft and published and draft.revision != published.revision)


def _listed(
    session: Session, round_id: int, name: naming.Naming, states: tuple[ProposalState, ...]
) -> list[tuple[DayProposal, list[str]]]:
    found = proposals.recent(session, round_id, states)
    return [(one, [wording.told(happening, name) for happening in proposals.happenings(one)]) for one in found]


@bp.route("/staff/events/<int:event_id>/day/report/<what>", methods=["GET", "POST"])
@require(Permission.MANAGE_MATCHING)
def day_report(event_id: int, what: str) -> ResponseReturnValue:
    """Say what happened; the answer is a proposal."""
    matching_round, session = round_of(event_id), read_session()
    kind = What(what) if what in set(What) else What.LATE
    form = _form(session, Frame.read(session, matching_round.id, clock.now()), kind)
    if not form.validate_on_submit():
        return _report_page(matching_round, kind, form), 422 if form.is_submitted() else 200
    happened = form.happening(kind, matching_round.event.held_on)
    try:
        proposal_id = _propose(matching_round.id, form, happened)
    except _IN_THE_FORM as error:
        form.form_errors.append(words.sentence(error))
        return _report_page(round_of(event_id), kind, form), 422
    except BadFacts as error:
        form.form_errors += faults_told(round_of(event_id), error)
        return _report_page(round_of(event_id), kind, form), 422
    return redirect(url_for(".day_proposal", event_id=event_id, proposal_id=proposal_id))


def faults_told(matching_round: MatchingRound, error: BadFacts) -> list[str]:
    """Why the scheduler cannot use what was said, such as a swap to a time at which somebody is away."""
    name = naming.names(read_session(), matching_round)
    return [_fault(naming.fault_named(one, error.problem, name)) for one in error.faults]


def _fault(named: Fault) -> str:
    if named.code == "lock_not_allowed":
        return str(_("%(what)sは、その時刻と卓には入れません。都合か決まりに合いません。", what=named.value))
    return sentences.sentence(named, name=str, language=languages.language())


def _form(session: Session, frame: Frame, kind: What) -> HappeningForm:
    """Links may name who or what it is about."""
    form = HappeningForm()
    form.ask_for(kind, choices.offered(session, frame, ASKED[kind]))
    if not form.is_submitted():
        form.beside.data = request.args.get("beside", "")
        for name in ("need_id", "slot_id", "company_id"):
            if name in form and name in request.args:
                form[name].data = request.args.get(name, type=int)
        if "companies" in form:
            form.companies.data = request.args.getlist("company", type=int)
    return form


def _report_page(matching_round: MatchingRound, kind: What, form: HappeningForm) -> str:
    found = _beside(form, matching_round.id)
    name = naming.names(read_session(), matching_round)
    return render_template(
        "meetings/day/report.html",
        event=matching_round.event,
        kind=kind,
        kinds=wording.WHAT,
        form=form,
        beside=[wording.told(one, name) for one in proposals.happenings(found)] if found else [],
    )


def _beside(form: HappeningForm, round_id: int) -> DayProposal | None:
    """The proposal to which this is added, while it is undecided."""
    text = str(form.beside.data or "")
    found = read_session().get(DayProposal, int(text)) if text.isdecimal() and len(text) < 10 else None
    is_open = found is not None and (found.round_id, found.state) == (round_id, ProposalState.OPEN)
    return found if is_open else None


def _propose(round_id: int, form: HappeningForm, happened: Happening) -> int:
    found = _beside(form, round_id)
    earlier = proposals.happenings(found) if found else ()
    note = "、".join(one for one in (found.note if found else "", form.note.data or "") if one)
    proposal_id = propose(round_id, (*earlier, happened), note[:300])
    if found is not None:
        set_aside(round_id, found.id)
    return proposal_id


def propose(round_id: int, happened: tuple[Happening, ...], note: str) -> int:
    """Ask, search without holding anybody up, and store the answer."""
    actor_id, now = current_user.id, clock.now()
    with transaction() as session:
        asked = asking.question(session, round_id=round_id, happenings=happened, now=now)
    answered = answering.answer(asked)
    with transaction() as session:
        return proposals.store(session, asked, answered, note=note, actor_id=actor_id, now=now).id


def set_aside(round_id: int, proposal_id: int) -> None:
    """Put a proposal aside for a newer one, unless somebody has decided about it meanwhile."""
    actor_id = current_user.id
    try:
        with transaction() as session:
            proposals.dismiss(session, round_id=round_id, proposal_id=proposal_id, actor_id=actor_id, now=clock.now())
    except DomainError as error:
        flash(words.sentence(error), "warn")


@bp.post("/staff/events/<int:event_id>/day/arrivals/<int:organisation_id>")
@require(Permission.RECEIVE)
def day_arrival(event_id: int, organisation_id: int) -> ResponseReturnValue:
    round_id, actor_id, now = round_of(event_id).id, current_user.id, clock.now()
    with transaction() as session:
        presence.note_arrival(session, round_id=round_id, organisation_id=organisation_id, actor_id=actor_id, now=now)
    flash(_("到着を記録しました。"), "ok")
    return redirect(url_for(".day", event_id=event_id))


@bp.post("/staff/events/<int:event_id>/day/arrivals/<int:organisation_id>/take-back")
@require(Permission.RECEIVE)
def day_arrival_back(event_id: int, organisation_id: int) -> ResponseReturnValue:
    round_id, actor_id, now = round_of(event_id).id, current_user.id, clock.now()
    with transaction() as session:
        presence.take_back_arrival(
            session, round_id=round_id, organisation_id=organisation_id, actor_id=actor_id, now=now
        )
    flash(_("到着の記録を取り消しました。"), "ok")
    return redirect(url_for(".day", event_id=event_id))


@bp.get("/staff/events/<int:event_id>/day/hall")
@require(Permission.VIEW)
def hall(event_id: int) -> ResponseReturnValue:
    """The clock of the hall, for a projector: times alone, nobody's name."""
    matching_round = round_of(event_id)
    frame = Frame.read(read_session(), matching_round.id, clock.now())
    return render_template(
        "meetings/day/hall.html",
        event=matching_round.event,
        now=frame.now,
        slots=[_span(one.starts_at, one.ends_at) for one in frame.slots],
        breaks=[_span(one.starts_at, one.ends_at) for one in matching_round.breaks],
    )


def _span(start: dt.datetime, end: dt.datetime) -> tuple[int, int]:
    return round(start.timestamp()), round(end.timestamp())
