"""What can be done with cases. Services take a session and never commit."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.cases import rules
from eventops.cases.models import Case, CaseDeputy, CaseNote, CaseReminder, NoteKind, Origin, Stage, StageStep
from eventops.clock import TOKYO
from eventops.errors import DomainError, NotFound, Stale
from eventops.meetings.models import Application, MatchingRound, Need


class OpenedAlready(DomainError):
    """There is a case for this meeting."""

    code = "case_opened_already"


class NothingToTakeBack(DomainError):
    """The case stands where it began."""

    code = "nothing_to_take_back"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a case is about, and who carries it."""

    title: str
    organisation_id: int
    lead_id: int
    deputy_ids: Collection[int]
    partner_id: int | None = None
    origin: Origin = Origin.OTHER
    event_id: int | None = None
    application_id: int | None = None
    funding_source: str = ""
    outcome: str = ""
    amount_band: str = ""
    next_action: str = ""
    due_on: dt.date | None = None


_PLAIN = ("title", "organisation_id", "partner_id", "lead_id", "funding_source", "outcome", "amount_band")
_NEXT = ("next_action", "due_on")
_OF_START = ("origin", "event_id", "application_id")


def open_case(session: Session, frame: Frame, *, started_on: dt.date, actor_id: int | None, now: dt.datetime) -> Case:
    """A new case with its first step and the days on which its team will be reminded."""
    rules.check_team(frame.lead_id, frame.deputy_ids)
    _refuse_second(session, frame.application_id)
    case = Case(
        **{name: getattr(frame, name) for name in (*_PLAIN, *_NEXT, *_OF_START)},
        stage=Stage.MET,
        started_on=started_on,
        opened_at=now,
        opened_by_id=actor_id,
        revision=0,
    )
    case.deputies = [CaseDeputy(coordinator_id=one) for one in sorted(set(frame.deputy_ids))]
    case.steps = [StageStep(stage=Stage.MET, happened_on=started_on, recorded_at=now, recorded_by_id=actor_id)]
    case.reminders = [CaseReminder(kind=kind, due_on=day) for kind, day in rules.reminder_days(started_on)]
    session.add(case)
    session.flush()  # the history names its id
    _note(session, "case_opened", case, actor_id, now, after={"title": case.title, "lead": case.lead_id})
    return case


def _refuse_second(session: Session, application_id: int | None) -> None:
    if application_id is None:
        return
    session.execute(select(Application.id).where(Application.id == application_id).with_for_update())
    if session.scalar(select(Case.id).where(Case.application_id == application_id)):
        raise OpenedAlready


def change(
    session: Session, *, case_id: int, frame: Frame, revision: int, actor_id: int | None, now: dt.datetime
) -> Case:
    """Other words, another team; refused where somebody else was faster."""
    rules.check_team(frame.lead_id, frame.deputy_ids)
    case = _locked(session, case_id)
    if case.revision != revision:
        raise Stale
    before = _frame_of(case)
    for name in _PLAIN:
        setattr(case, name, getattr(frame, name))
    known = {one.coordinator_id: one for one in case.deputies}
    case.deputies = [known.get(one) or CaseDeputy(coordinator_id=one) for one in sorted(set(frame.deputy_ids))]
    case.revision += 1
    _note_changes(session, "case_changed", case, actor_id, now, before)
    return case


def plan_next(
    session: Session, *, case_id: int, action: str, due_on: dt.date | None, actor_id: int | None, now: dt.datetime
) -> None:
    """What is to be done next, and until when."""
    case = _locked(session, case_id)
    before = _frame_of(case)
    case.next_action, case.due_on = action, due_on
    case.revision += 1
    _note_changes(session, "case_planned", case, actor_id, now, before)


def move(
    session: Session,
    *,
    case_id: int,
    stage: Stage,
    happened_on: dt.date,
    note: str,
    actor_id: int | None,
    now: dt.datetime,
    outcome: str = "",
) -> None:
    """The next stage; what is overdue is answered with it."""
    case = _locked(session, case_id)
    rules.check_move(Stage(case.stage), stage, note)
    step = StageStep(stage=stage, happened_on=happened_on, note=note, recorded_at=now, recorded_by_id=actor_id)
    case.steps.append(step)
    before, case.stage = case.stage, stage
    case.outcome = outcome or case.outcome
    case.revision += 1
    if stage not in rules.OPEN:
        case.next_action, case.due_on = "", None
    _answer(case, now)
    after = {"stage": str(stage), "on": happened_on.isoformat()}
    _note(session, "case_moved", case, actor_id, now, before={"stage": before}, after=after)


def take_back(session: Session, *, case_id: int, step_id: int, actor_id: int | None, now: dt.datetime) -> None:
    """This step, the last, was a mistake: it stays in the history and counts for nothing."""
    case = _locked(session, case_id)
    standing = [one for one in case.steps if one.taken_back_at is None]
    if standing[-1].id != step_id:
        raise Stale
    if len(standing) < 2:
        raise NothingToTakeBack
    standing[-1].taken_back_at = now
    before, case.stage = case.stage, standing[-2].stage
    case.revision += 1
    _note(session, "case_step_taken_back", case, actor_id, now, before={"stage": before}, after={"stage": case.stage})


def add_note(
    session: Session,
    *,
    case_id: int,
    kind: NoteKind,
    happened_on: dt.date,
    text: str,
    actor_id: int | None,
    now: dt.datetime,
) -> None:
    """What was done; reminders until that day are answered with it."""
    case = _locked(session, case_id)
    note = CaseNote(kind=kind, happened_on=happened_on, text=text, recorded_at=now, recorded_by_id=actor_id)
    case.notes.append(note)
    _answer(case, now)
    _note(session, "case_noted", case, actor_id, now, after={"kind": str(kind), "on": happened_on.isoformat()})


def hand_over(session: Session, *, from_id: int, to_id: int, actor_id: int | None, now: dt.datetime) -> Sequence[Case]:
    """Everything that one coordinator leads goes to another; whoever was deputy there is followed by the one before."""
    cases = session.scalars(
        select(Case).where(Case.lead_id == from_id, Case.stage.in_(rules.OPEN)).order_by(Case.id).with_for_update()
    ).all()
    for case in cases:
        before = _frame_of(case)
        case.lead_id = to_id
        for deputy in case.deputies:
            if deputy.coordinator_id == to_id:
                deputy.coordinator_id = from_id
        case.revision += 1
        _note_changes(session, "case_changed", case, actor_id, now, before)
    return cases


def frame_of_meeting(session: Session, application_id: int) -> tuple[Application, int]:
    """The application behind a meeting and its event."""
    row = session.execute(
        select(Application, MatchingRound.event_id)
        .join(Need, Need.id == Application.need_id)
        .join(MatchingRound, MatchingRound.id == Application.round_id)
        .where(Application.id == application_id)
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _answer(case: Case, now: dt.datetime) -> None:
    today = now.astimezone(TOKYO).date()
    for reminder in case.reminders:
        if reminder.due_on <= today and reminder.answered_at is None:
            reminder.answered_at = now


def _locked(session: Session, case_id: int) -> Case:
    case = session.scalar(select(Case).where(Case.id == case_id).with_for_update())
    if case is None:
        raise NotFound
    return case


def _frame_of(case: Case) -> dict[str, Any]:
    """The values that may change, as JSON holds them."""
    values = {name: getattr(case, name) for name in (*_PLAIN, *_NEXT)}
    values["due_on"] = case.due_on.isoformat() if case.due_on else None
    return values | {"deputies": sorted(one.coordinator_id for one in case.deputies)}


def _note_changes(
    session: Session, action: str, case: Case, actor_id: int | None, now: dt.datetime, before: Mapping[str, Any]
) -> None:
    after = _frame_of(case)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        old, new = ({name: one[name] for name in changed} for one in (before, after))
        _note(session, action, case, actor_id, now, before=old, after=new)


def _note(
    session: Session,
    action: str,
    case: Case,
    actor_id: int | None,
    now: dt.datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=("case", case.id),
        event_id=case.event_id,
        now=now,
        before=before,
        after=after,
    )
