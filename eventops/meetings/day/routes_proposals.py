"""A proposal beside today's timetable: accepted, taken onto the board, put aside, made again, taken back."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, languages, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.meetings.blueprint import bp
from eventops.meetings.day import comparing, proposals, sheets, wording
from eventops.meetings.day.happenings import Frame
from eventops.meetings.day.models import DayProposal, ProposalState
from eventops.meetings.day.routes_day import faults_told, propose, round_of, set_aside
from eventops.meetings.models import MatchingRound
from eventops.meetings.timetable import naming
from eventops.meetings.timetable.begun import HasBegun
from eventops.meetings.timetable.solving import BadFacts

Decision = Callable[..., DayProposal]
_TOO_LATE = (proposals.ProposalSettled, proposals.ProposalOutdated, HasBegun)


@bp.get("/staff/events/<int:event_id>/day/proposals/<int:proposal_id>")
@require(Permission.VIEW)
def day_proposal(event_id: int, proposal_id: int) -> ResponseReturnValue:
    matching_round, session, now = round_of(event_id), read_session(), clock.now()
    found = proposals.proposal(session, round_id=matching_round.id, proposal_id=proposal_id)
    every_table = bool(request.args.get("all"))
    frame = Frame.read(session, matching_round.id, found.made_at)
    name = naming.names(session, matching_round)
    return render_template(
        "meetings/day/proposal.html",
        event=matching_round.event,
        proposal=found,
        told=[wording.told(one, name) for one in proposals.happenings(found)],
        seen=comparing.compare(session, found, frame, languages.language(), every_table=every_table),
        every_table=every_table,
        is_current=found.state == ProposalState.OPEN and proposals.is_current(session, found, now),
        may_be_undone=proposals.may_be_taken_back(session, found, now),
        paper=sheets.changed(session, round_id=matching_round.id, version=found.version) if found.version else None,
        changes=wording.CHANGES,
        states=wording.STATES,
    )


@bp.post("/staff/events/<int:event_id>/day/proposals/<int:proposal_id>/accept")
@require(Permission.SEND_LETTERS)
def day_accept(event_id: int, proposal_id: int) -> ResponseReturnValue:
    found = _decide(event_id, proposal_id, proposals.accept)
    if found is not None and found.version is None:
        flash(_("記録しました。動く面談はないので、時間割は変わりません。"), "ok")
    elif found is not None:
        flash(
            _("第%(v)s版とし、%(n)s名へのお知らせを送信待ちにしました。", v=found.version, n=found.letters),
            "ok",
        )
    return redirect(url_for(".day_proposal", event_id=event_id, proposal_id=proposal_id))


@bp.post("/staff/events/<int:event_id>/day/proposals/<int:proposal_id>/board")
@require(Permission.MANAGE_MATCHING)
def day_onto_board(event_id: int, proposal_id: int) -> ResponseReturnValue:
    if _decide(event_id, proposal_id, proposals.take_onto_board) is None:
        return redirect(url_for(".day_proposal", event_id=event_id, proposal_id=proposal_id))
    flash(
        _(
            "案を時間割の画面に移しました。手直ししてから「確定して知らせる」を押してください。まだだれにも知らせていません。"
        )
    )
    return redirect(url_for(".board", event_id=event_id))


@bp.post("/staff/events/<int:event_id>/day/proposals/<int:proposal_id>/dismiss")
@require(Permission.MANAGE_MATCHING)
def day_dismiss(event_id: int, proposal_id: int) -> ResponseReturnValue:
    if _decide(event_id, proposal_id, proposals.dismiss) is not None:
        flash(_("案を見送りました。時間割は変わっていません。"))
    return redirect(url_for(".day", event_id=event_id))


@bp.post("/staff/events/<int:event_id>/day/proposals/<int:proposal_id>/undo")
@require(Permission.SEND_LETTERS)
def day_undo(event_id: int, proposal_id: int) -> ResponseReturnValue:
    if _decide(event_id, proposal_id, proposals.undo) is not None:
        flash(_("変更を取り消し、時間割を元に戻しました。"), "ok")
    return redirect(url_for(".day_proposal", event_id=event_id, proposal_id=proposal_id))


def _decide(event_id: int, proposal_id: int, decision: Decision) -> DayProposal | None:
    """None when somebody else was quicker, which is told; nothing has changed then."""
    round_id, actor_id = round_of(event_id).id, current_user.id
    try:
        with transaction() as session:
            return decision(session, round_id=round_id, proposal_id=proposal_id, actor_id=actor_id, now=clock.now())
    except _TOO_LATE as error:
        flash(words.sentence(error), "warn")
        return None


@bp.post("/staff/events/<int:event_id>/day/proposals/<int:proposal_id>/again")
@require(Permission.MANAGE_MATCHING)
def day_again(event_id: int, proposal_id: int) -> ResponseReturnValue:
    """The same happenings, put to the timetable as it is now."""
    matching_round = round_of(event_id)
    found = proposals.proposal(read_session(), round_id=matching_round.id, proposal_id=proposal_id)
    round_id, happened, note = matching_round.id, proposals.happenings(found), found.note
    is_open = found.state == ProposalState.OPEN
    try:
        new_id = propose(round_id, happened, note)
    except DomainError as error:
        _say_why(event_id, error)
        return redirect(url_for(".day_proposal", event_id=event_id, proposal_id=proposal_id))
    if is_open:
        set_aside(round_id, proposal_id)
    return redirect(url_for(".day_proposal", event_id=event_id, proposal_id=new_id))


def _say_why(event_id: int, error: DomainError) -> None:
    """The proposal stays as it is; what stands against a new one is told beside it."""
    told = faults_told(round_of(event_id), error) if isinstance(error, BadFacts) else [words.sentence(error)]
    for text in told:
        flash(text, "warn")


@bp.get("/staff/events/<int:event_id>/day/proposals/<int:proposal_id>/letters")
@require(Permission.SEND_LETTERS)
def day_letters(event_id: int, proposal_id: int) -> ResponseReturnValue:
    """The letters exactly as accepting would write them; the rehearsal is given up before anything is kept."""
    matching_round: MatchingRound = round_of(event_id)
    event, round_id, actor_id = matching_round.event, matching_round.id, current_user.id
    page = ""
    try:
        with transaction() as session:
            letters = proposals.rehearse(
                session, round_id=round_id, proposal_id=proposal_id, actor_id=actor_id, now=clock.now()
            )
            page = render_template("meetings/day/letters.html", event=event, letters=letters, proposal_id=proposal_id)
            raise proposals.OnlyLooking
    except proposals.OnlyLooking:
        return page
    except _TOO_LATE as error:
        flash(words.sentence(error), "warn")
        return redirect(url_for(".day_proposal", event_id=event_id, proposal_id=proposal_id))
