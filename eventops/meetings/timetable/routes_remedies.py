"""Applying a remedy: what it changes, said before anything happens; then before and after, and the way back."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, languages
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.events.models import Event, Part
from eventops.jobs.models import Job
from eventops.meetings.blueprint import bp
from eventops.meetings.models import MatchingRound
from eventops.meetings.routes_desk import open_round
from eventops.meetings.timetable import following, naming, queries, trials, wording
from eventops.meetings.timetable.forms_remedy import RemedyForm
from eventops.meetings.timetable.plans import Plan
from eventops.meetings.timetable.trials import Proposal
from scheduling import words


@bp.route("/staff/events/<int:event_id>/timetable/remedies/<key>", methods=["GET", "POST"])
@require(Permission.MANAGE_MATCHING)
def remedy(event_id: int, key: str) -> ResponseReturnValue:
    """What the remedy would change, to be confirmed; then it is done and the run starts."""
    matching_round = _round(event_id)
    proposal = trials.propose(read_session(), round_id=matching_round.id, key=key)
    form = RemedyForm()
    form.ask_for(matching_round.rooms if proposal.plan.wants_room else (), agreement=bool(proposal.plan.agree))
    if not form.validate_on_submit():
        return _confirmation(matching_round, proposal, form), 422 if form.is_submitted() else 200
    round_id, actor_id = matching_round.id, current_user.id
    with transaction() as session:
        job_id = trials.start(
            session,
            round_id=round_id,
            key=key,
            room_id=form.room,
            is_agreed=form.is_agreed,
            actor_id=actor_id,
            now=clock.now(),
        ).id
    return redirect(url_for(".trial", event_id=event_id, job_id=job_id))


def _confirmation(matching_round: MatchingRound, proposal: Proposal, form: RemedyForm) -> str:
    name = naming.names(read_session(), matching_round)
    return render_template(
        "meetings/remedy.html",
        event=matching_round.event,
        form=form,
        sentence=words.sentence(proposal.remedy, name=name, language=languages.language()),
        remedy=proposal.remedy,
        figures=proposal.figures,
        lines=[wording.told(line, name) for line in proposal.plan.lines],
        agree=[name(one) for one in proposal.plan.agree],
        wants_room=proposal.plan.wants_room,
        new_slot=proposal.plan.new_slot,
        parts=_parts_meanwhile(matching_round, proposal.plan),
        is_published=queries.published(read_session(), matching_round.id) is not None,
    )


def _parts_meanwhile(matching_round: MatchingRound, plan: Plan) -> list[Part]:
    """The event's other parts that run at the time of the new slot."""
    if plan.new_slot is None:
        return []
    start, end = plan.new_slot
    event: Event = matching_round.event
    others = [part for part in event.parts if part.id != matching_round.part_id]
    return [part for part in others if part.starts_at < end and start < part.ends_at]


@bp.get("/staff/events/<int:event_id>/timetable/trials/<int:job_id>")
@require(Permission.VIEW)
def trial(event_id: int, job_id: int) -> ResponseReturnValue:
    """The run of an applied remedy: how far it is, then before and after."""
    matching_round, session = _round(event_id), read_session()
    found = trials.trial(session, round_id=matching_round.id, job_id=job_id)
    name = naming.names(session, matching_round)
    job = session.get_one(Job, job_id)
    return render_template(
        "meetings/trial.html",
        event=matching_round.event,
        trial=found,
        seen=following.follow(job, allowed=matching_round.solve_seconds, now=clock.now()),
        error=job.error,
        sentence=words.sentence(found.remedy, name=name, language=languages.language()),
        lines=[wording.told(line, name) for line in found.lines],
        agree=[name(one) for one in found.agree],
    )


@bp.post("/staff/events/<int:event_id>/timetable/trials/<int:job_id>/take-back")
@require(Permission.MANAGE_MATCHING)
def take_back_trial(event_id: int, job_id: int) -> ResponseReturnValue:
    round_id, actor_id = _round(event_id).id, current_user.id
    with transaction() as session:
        is_laid_back = trials.take_back(session, round_id=round_id, job_id=job_id, actor_id=actor_id, now=clock.now())
    return taken_back(event_id, is_laid_back=is_laid_back)


def taken_back(event_id: int, *, is_laid_back: bool) -> ResponseReturnValue:
    """Back to the board, with what has become of its timetable: laid back, or left because it was changed since."""
    if is_laid_back:
        flash(_("変更を取り消し、時間割も元に戻しました。"), "ok")
    else:
        flash(
            _("変更を取り消しました。時間割はそのあと手直しされているので、そのままです。合わない面談は赤く示します。"),
            "warn",
        )
    return redirect(url_for(".board", event_id=event_id))


@bp.post("/staff/events/<int:event_id>/timetable/trials/<int:job_id>/agreed")
@require(Permission.MANAGE_MATCHING)
def agree_to_trial(event_id: int, job_id: int) -> ResponseReturnValue:
    round_id, actor_id = _round(event_id).id, current_user.id
    with transaction() as session:
        trials.agree(session, round_id=round_id, job_id=job_id, actor_id=actor_id, now=clock.now())
    flash(_("了解を得たことを記録しました。"), "ok")
    return redirect(url_for(".trial", event_id=event_id, job_id=job_id))


def _round(event_id: int) -> MatchingRound:
    found = open_round(event_id)
    g.nav_endpoint = "meetings.board"
    return found
