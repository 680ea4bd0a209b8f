"""Proposals of the day: stored, accepted, taken onto the board, put aside, taken back; each by whom, when and why."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.errors import DomainError, NotFound
from eventops.jobs import queries as jobs
from eventops.jobs.service import AlreadyRunning
from eventops.mail.models import Letter
from eventops.meetings.day import answering, asking
from eventops.meetings.day.answering import Answer
from eventops.meetings.day.asking import Question
from eventops.meetings.day.happenings import Frame, Happening
from eventops.meetings.day.models import DayProposal, ProposalState
from eventops.meetings.timetable import drafts, problems, publication, queries
from eventops.meetings.timetable.begun import LAID_BACK, REPLANNED
from eventops.meetings.timetable.drafts import Spot
from eventops.meetings.timetable.edits import Edit, Kind, carry_out, take_back
from eventops.meetings.timetable.letters import KIND
from eventops.meetings.timetable.models import MAKING, Timetable

CARRIED_OUT = (ProposalState.ACCEPTED, ProposalState.ON_BOARD)


class ProposalSettled(DomainError):
    """Somebody else has decided about this proposal already."""

    code = "proposal_settled"


class ProposalOutdated(DomainError):
    """The timetable or the facts are not those for which the proposal was made, or meetings have begun since."""

    code = "proposal_outdated"


def store(
    session: Session, asked: Question, answered: Answer, *, note: str, actor_id: int | None, now: dt.datetime
) -> DayProposal:
    """Keep the proposal, with everybody whom it would reach."""
    outlook = publication.foreseen(session, round_id=asked.round_id, new=answering.days(asked, answered.after))
    told = {
        "changed": [one.id for one in outlook.changed],
        "readers": len(outlook.readers),
        "without_address": [one.id for one in outlook.without_address],
    }
    proposal = DayProposal(
        round_id=asked.round_id,
        state=ProposalState.OPEN,
        note=note,
        happenings=[one.to_json() for one in asked.happenings],
        revision=asked.revision,
        fingerprint=asked.fingerprint,
        made_at=now,
        made_by_id=actor_id,
        before=_to_json(asked.before),
        after=_to_json(answered.after),
        found={**answered.found, **told},
        edits=[],
        letters=0,
    )
    session.add(proposal)
    session.flush()
    return proposal


def proposal(session: Session, *, round_id: int, proposal_id: int) -> DayProposal:
    found = session.get(DayProposal, proposal_id)
    if found is None or found.round_id != round_id:
        raise NotFound
    return found


def layout_from(stored: Iterable[Mapping[str, Any]]) -> dict[int, Spot]:
    """A layout as a proposal holds it."""
    return {row["application_id"]: Spot(row["slot_id"], row["table_id"], row["is_locked"]) for row in stored}


def _to_json(layout: Mapping[int, Spot]) -> list[dict[str, Any]]:
    return [{"application_id": one, **asdict(spot)} for one, spot in sorted(layout.items())]


def happenings(found: DayProposal) -> tuple[Happening, ...]:
    return tuple(Happening.from_json(one) for one in found.happenings)


def recent(session: Session, round_id: int, state: Sequence[ProposalState], number: int = 50) -> Sequence[DayProposal]:
    query = select(DayProposal).where(DayProposal.round_id == round_id, DayProposal.state.in_(state))
    return session.scalars(query.order_by(DayProposal.id.desc()).limit(number)).all()


def is_current(session: Session, found: DayProposal, now: dt.datetime) -> bool:
    """Whether it may still be carried out as it is."""
    timetable = asking.working(session, found.round_id)
    if timetable.revision != found.revision:
        return False
    if problems.fingerprint(problems.build(session, found.round_id)) != found.fingerprint:
        return False
    return not _begun_since(session, found, found.made_at, now)


def _begun_since(session: Session, found: DayProposal, since: dt.datetime, now: dt.datetime) -> bool:
    """Whether a meeting that it changes has begun since, where it was or where it goes."""
    frame = Frame.read(session, found.round_id, now)
    fresh = {one.id for one in frame.slots if since < one.starts_at <= now}
    before, after = layout_from(found.before), layout_from(found.after)
    changed = {one for one in {*before, *after} if before.get(one) != after.get(one)}
    spots = (layout.get(one) for one in changed for layout in (before, after))
    return any(spot.slot_id in fresh for spot in spots if spot is not None)


def accept(session: Session, *, round_id: int, proposal_id: int, actor_id: int, now: dt.datetime) -> DayProposal:
    """Make it today's timetable: facts and layout are written, the next version is published, the changed are told."""
    found = _claim(session, round_id, proposal_id, ProposalState.ACCEPTED, actor_id, now)
    draft = _carry_out(session, found, actor_id, now)
    _publish(session, found, draft, actor_id, now)
    _note(session, found, "day_accepted", actor_id, now)
    return found


def take_onto_board(
    session: Session, *, round_id: int, proposal_id: int, actor_id: int, now: dt.datetime
) -> DayProposal:
    """Lay it out on the board, to be changed by hand and published from there; nobody is told yet."""
    found = _claim(session, round_id, proposal_id, ProposalState.ON_BOARD, actor_id, now)
    draft = _carry_out(session, found, actor_id, now)
    found.revision_after = draft.revision
    _note(session, found, "day_taken_onto_board", actor_id, now)
    return found


def dismiss(session: Session, *, round_id: int, proposal_id: int, actor_id: int, now: dt.datetime) -> DayProposal:
    """Put it aside: nothing changes."""
    return _claim(session, round_id, proposal_id, ProposalState.DISMISSED, actor_id, now)


def _claim(
    session: Session, round_id: int, proposal_id: int, state: ProposalState, actor_id: int, now: dt.datetime
) -> DayProposal:
    """One of two who decide at the same time wins; the other learns that it is decided."""
    queries.lock_round(session, round_id)
    proposal(session, round_id=round_id, proposal_id=proposal_id)
    won = session.execute(
        update(DayProposal)
        .where(DayProposal.id == proposal_id, DayProposal.state == ProposalState.OPEN)
        .values(state=state, decided_at=now, decided_by_id=actor_id)
    )
    if cast("CursorResult[Any]", won).rowcount != 1:
        raise ProposalSettled
    session.expire_all()
    return proposal(session, round_id=round_id, proposal_id=proposal_id)


def _carry_out(session: Session, found: DayProposal, actor_id: int, now: dt.datetime) -> Timetable:
    if jobs.is_open(jobs.latest(session, kind=MAKING, subject_id=found.round_id)):
        raise AlreadyRunning
    if not is_current(session, found, now):
        raise ProposalOutdated
    changes = asking.changes_of(session, round_id=found.round_id, happenings=happenings(found), now=found.made_at)
    done = carry_out(session, changes)
    found.edits = [edit.to_json() for edit in done]
    fresh = _new_ids(done)
    found.after = [
        {**row, "application_id": fresh.get(row["application_id"], row["application_id"])} for row in found.after
    ]
    reason = found.note[: drafts.MOST_REASON]
    return _lay_out(session, found.round_id, layout_from(found.after), actor_id, now, REPLANNED, reason)


def _new_ids(done: Sequence[Edit]) -> Mapping[int, int]:
    """The requests that were added, by the number that stood for them in the proposal."""
    new = [edit.row_id for edit in done if edit.kind is Kind.APPLICATION and edit.before is None and edit.row_id]
    return {-place: row_id for place, row_id in enumerate(new, start=1)}


def _lay_out(
    session: Session,
    round_id: int,
    layout: Mapping[int, Spot],
    actor_id: int,
    now: dt.datetime,
    kind: str,
    reason: str = "",
) -> Timetable:
    """The draft with this layout; where nothing changes, the timetable that is in force stays alone."""
    present = asking.working(session, round_id)
    if drafts.layout_of(present) == dict(layout):
        return present
    draft = drafts.draft_for_round(session, round_id=round_id, now=now)
    drafts.replace_all(session, draft, layout=layout, actor_id=actor_id, now=now, kind=kind, reason=reason)
    return draft


def _publish(session: Session, found: DayProposal, draft: Timetable, actor_id: int, now: dt.datetime) -> None:
    """A proposal that moves nobody changes facts only: there is no new version, and nobody is told."""
    if draft.version is None and publication.outlook(session, round_id=found.round_id).changed:
        publication.publish(session, round_id=found.round_id, revision=draft.revision, actor_id=actor_id, now=now)
        found.version = draft.version
        found.letters = letters_of(session, draft)
    found.revision_after = draft.revision


def letters_of(session: Session, timetable: Timetable) -> int:
    """How many letters this version sends."""
    session.flush()
    wanted = (Letter.kind == KIND.code, Letter.key.startswith(f"timetable:{timetable.id}:"))
    return session.scalar(select(func.count()).select_from(Letter).where(*wanted)) or 0


def may_be_taken_back(session: Session, found: DayProposal, now: dt.datetime) -> bool:
    """Only the newest change, and only while none of its meetings has begun since."""
    if found.state not in CARRIED_OUT or found.decided_at is None:
        return False
    timetable = queries.draft_of(session, found.round_id) or queries.published(session, found.round_id)
    is_newest = timetable is not None and timetable.revision == found.revision_after
    return is_newest and not _begun_since(session, found, found.decided_at, now)


def undo(session: Session, *, round_id: int, proposal_id: int, actor_id: int, now: dt.datetime) -> DayProposal:
    """Put facts and timetable back; what was published is published again, and the same people are told."""
    queries.lock_round(session, round_id)
    found = proposal(session, round_id=round_id, proposal_id=proposal_id)
    session.refresh(found, with_for_update=True)
    if found.state == ProposalState.TAKEN_BACK:
        raise ProposalSettled
    if not may_be_taken_back(session, found, now):
        raise ProposalOutdated
    was_published = found.state == ProposalState.ACCEPTED
    take_back(session, round_id, [Edit.from_json(one) for one in found.edits])
    draft = _lay_out(session, round_id, layout_from(found.before), actor_id, now, LAID_BACK)
    if was_published and draft.version is None and publication.outlook(session, round_id=round_id).changed:
        publication.publish(session, round_id=round_id, revision=draft.revision, actor_id=actor_id, now=now)
    found.state, found.taken_back_at, found.taken_back_by_id = ProposalState.TAKEN_BACK, now, actor_id
    _note(session, found, "day_taken_back", actor_id, now)
    return found


def _note(session: Session, found: DayProposal, action: str, actor_id: int, now: dt.datetime) -> None:
    after = {"happenings": found.happenings, "note": found.note, "version": found.version, "letters": found.letters}
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=("matching_round", found.round_id),
        now=now,
        event_id=found.round.event_id,
        after=after,
    )


class OnlyLooking(Exception):
    """Ends a rehearsal, so that nothing of it is kept."""


def rehearse(session: Session, *, round_id: int, proposal_id: int, actor_id: int, now: dt.datetime) -> Sequence[Letter]:
    """The letters that accepting would send, as rows of a transaction that the caller has to give up."""
    found = accept(session, round_id=round_id, proposal_id=proposal_id, actor_id=actor_id, now=now)
    timetable = queries.published(session, round_id)
    if timetable is None or found.version is None:
        return []
    wanted = (Letter.kind == KIND.code, Letter.key.startswith(f"timetable:{timetable.id}:"))
    return session.scalars(select(Letter).where(*wanted).order_by(Letter.id)).all()
