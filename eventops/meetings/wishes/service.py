"""What staff change in needs, applications, limits, pairs and exclusions. Each act leaves a line in the audit trail."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.errors import DomainError, NotFound
from eventops.meetings import rules
from eventops.meetings.hosting.rules import digest
from eventops.meetings.models import (
    Application,
    ApplicationState,
    CompetitorPair,
    Exclusion,
    MatchingRound,
    Need,
    ParticipantLimit,
)
from eventops.meetings.timetable import kept_edits
from eventops.meetings.timetable.edits import Kind
from eventops.meetings.timetable.models import TimetableMeeting


class NumberTaken(DomainError):
    """Another need or application of the round carries the number."""

    code = "number_taken"


class NotInTheseStates(DomainError):
    """A move that the state of the application does not allow."""

    code = "application_state"


class InTimetable(DomainError):
    """Something that a timetable refers to cannot be deleted."""

    code = "in_timetable"


class NotDuplicates(DomainError):
    """Two applications that are not of one company to one need."""

    code = "not_duplicates"


class NeedRewritten(DomainError):
    """Somebody else changed the need after the form was opened."""

    code = "need_rewritten"


_MERGED = ("person_id", "priority", "proposal_title", "proposal_text", "rating", "screening_comment", "introducer")
_TIMES = ("arrives_from", "leaves_by", "away_from", "away_until")
Row = Need | Application | ParticipantLimit | CompetitorPair | Exclusion


@dataclass(frozen=True, slots=True)
class NeedValues:
    """A need as typed by staff. The state is of a new one: a known one is moved, not saved, into another."""

    code: str
    organisation_id: int
    unit: str
    title: str
    description: str
    required_tags: list[str]
    stage: str
    excluded: str
    confidentiality: str
    tables: int
    target_meetings: int | None
    min_meetings: int
    max_meetings: int | None
    online_only: bool
    online_ok: bool
    state: str
    entries_close_at: dt.datetime | None
    is_anonymous: bool
    public_name: str
    contact_name: str
    contact_email: str


@dataclass(frozen=True, slots=True)
class ApplicationValues:
    """An application as typed by staff."""

    code: str
    need_id: int
    organisation_id: int
    person_id: int | None
    priority: int | None
    proposal_title: str
    proposal_text: str
    technology_tags: list[str]
    state: str
    rating: str | None
    screening_comment: str
    introducer: str


@dataclass(frozen=True, slots=True)
class LimitValues:
    """A limit as typed by staff."""

    organisation_id: int
    kind: str
    value: int | None
    time_from: dt.datetime | None
    time_to: dt.datetime | None
    is_hard: bool
    in_use: bool
    note: str


@dataclass(frozen=True, slots=True)
class PairValues:
    """Two to be kept apart, as typed by staff."""

    first_id: int
    second_id: int
    need_id: int | None
    scope: str
    is_hard: bool
    note: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The large company's answer to one application; None is 未定."""

    rating: str | None
    comment: str


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something to a round, and when."""

    round_id: int
    actor_id: int | None
    now: dt.datetime


def save_need(session: Session, act: Act, *, need_id: int | None, values: NeedValues, seen: str = "") -> Need:
    """`seen` stands for the wording that the form was opened with: its company may have changed that since.

    A need that goes to another company takes none of the former one's links along.
    """
    require_free_code(session, Need, act.round_id, values.code, need_id)
    need: Need = _row(session, Need, act.round_id, need_id)
    require_seen(need, seen)
    state, owner = need.state, need.organisation_id
    _set(need, values)
    if need_id is not None:
        need.state = state
        need.link_issue += owner != values.organisation_id
    session.add(need)
    _record(session, act, "need_saved", need)
    return need


def require_seen(need: Need, seen: str) -> None:
    if seen and seen != digest(need):
        raise NeedRewritten(code=need.code)


def save_application(
    session: Session, act: Act, *, application_id: int | None, values: ApplicationValues
) -> Application:
    require_free_code(session, Application, act.round_id, values.code, application_id)
    application: Application = _row(session, Application, act.round_id, application_id)
    if application_id is None:
        application.submitted_at = act.now
    _set(application, values)
    session.add(application)
    _record(session, act, "application_saved", application)
    return application


def screen(session: Session, act: Act, *, need_id: int, answers: Mapping[int, Answer]) -> int:
    """Store the answers of a need, all at once; gives how many are different now. Only received ones are judged."""
    query = select(Application).where(
        Application.need_id == need_id,
        Application.round_id == act.round_id,
        Application.state == ApplicationState.RECEIVED,
    )
    changed = [one for one in session.scalars(query.with_for_update()) if _answer(one, answers.get(one.id))]
    if changed:
        after = {"need_id": need_id, "ratings": {one.code: one.rating for one in changed}}
        _note(session, act, "screened", ("need", need_id), after)
    return len(changed)


def _answer(application: Application, answer: Answer | None) -> bool:
    if answer is None or (application.rating, application.screening_comment) == (answer.rating, answer.comment):
        return False
    application.rating, application.screening_comment = answer.rating, answer.comment
    return True


def move(session: Session, act: Act, *, application_id: int, target: ApplicationState) -> Application:
    """Withdraw, exclude or take back."""
    application = _locked(session, act.round_id, application_id)
    if not rules.may_move(application.state, target):
        raise NotInTheseStates
    before = application.state
    application.state = target
    _note(session, act, "application_moved", ("application", application_id), {"from": before, "to": str(target)})
    return application


def merge(session: Session, act: Act, *, first_id: int, later_id: int) -> None:
    """Make the later application a duplicate; what the first does not say, and all that was handed in, goes to it."""
    first, later = _locked(session, act.round_id, first_id), _locked(session, act.round_id, later_id)
    if rules.duplicates((first, later)) != (rules.Duplicate(first_id, later_id),):
        raise NotDuplicates
    for name in _MERGED:
        if not getattr(first, name):
            setattr(first, name, getattr(later, name))
    _move_times(session, first, later)
    _move_papers(first, later)
    first.companion_ids = list(dict.fromkeys([*first.companion_ids, *later.companion_ids]))
    first.technology_tags = list(dict.fromkeys([*first.technology_tags, *later.technology_tags]))
    later.state = ApplicationState.DUPLICATE
    _note(session, act, "application_merged", ("application", later_id), {"into": first.code})


def _move_times(session: Session, first: Application, later: Application) -> None:
    """All of them or none: hours of two forms do not make one day. Staff have to look at them anew."""
    if first.has_times or not later.has_times:
        return
    for name in _TIMES:
        setattr(first, name, getattr(later, name))
    first.times_settled = False
    taken_over = update(ParticipantLimit).where(
        ParticipantLimit.round_id == later.round_id,
        ParticipantLimit.organisation_id == later.organisation_id,
        ParticipantLimit.note == later.code,
    )
    session.execute(taken_over.values(note=first.code))


def _move_papers(first: Application, later: Application) -> None:
    for theirs, ours in ((later.files, first.files), (later.recommendations, first.recommendations)):
        moved: list[Any] = list(theirs)
        theirs.clear()
        ours.extend(moved)
    first.is_recommended = first.is_recommended or later.is_recommended
    later.is_recommended = False


def save_limit(session: Session, act: Act, *, limit_id: int | None, values: LimitValues) -> ParticipantLimit:
    limit: ParticipantLimit = _row(session, ParticipantLimit, act.round_id, limit_id)
    _set(limit, values)
    session.add(limit)
    _record(session, act, "limit_saved", limit)
    return limit


def save_pair(session: Session, act: Act, *, pair_id: int | None, values: PairValues) -> CompetitorPair:
    pair: CompetitorPair = _row(session, CompetitorPair, act.round_id, pair_id)
    _set(pair, values)
    session.add(pair)
    _record(session, act, "pair_saved", pair)
    return pair


def exclude(session: Session, act: Act, *, need_id: int, organisation_id: int, reason: str) -> Exclusion:
    """Keep an organisation from a need; saying it twice changes the reason."""
    known = session.scalar(
        select(Exclusion).where(Exclusion.need_id == need_id, Exclusion.organisation_id == organisation_id)
    )
    exclusion = known or Exclusion(need_id=need_id, organisation_id=organisation_id)
    exclusion.reason = reason
    session.add(exclusion)
    _record(session, act, "exclusion_saved", exclusion)
    return exclusion


def drop(session: Session, act: Act, *, row: Row) -> None:
    """Delete a row that no timetable refers to."""
    if isinstance(row, Application):
        _require_unplanned(session, Application.id == row.id)
    if isinstance(row, Need):
        _require_unplanned(session, Application.need_id == row.id)
    _note(session, act, "row_deleted", (row.__tablename__, row.id), None)
    gone = {(Kind(row.__tablename__), row.id), *(_deleted_with(session, row) if isinstance(row, Need) else ())}
    kept_edits.forget(session, act.round_id, gone)
    session.delete(row)


def _deleted_with(session: Session, need: Need) -> Iterator[tuple[Kind, int]]:
    """What goes with a need."""
    models: tuple[type[Any], ...] = (Application, Exclusion, CompetitorPair)
    for model in models:
        ids = session.scalars(select(model.id).where(model.need_id == need.id))
        yield from ((Kind(model.__tablename__), one) for one in ids)


def _require_unplanned(session: Session, which: Any) -> None:
    planned = select(TimetableMeeting.id).join(TimetableMeeting.application).where(which).limit(1)
    if session.scalar(planned) is not None:
        raise InTimetable


def require_free_code(session: Session, model: Any, round_id: int, code: str, own_id: int | None) -> None:
    """Refuse a number that another row of the round carries; the round is locked, so that two cannot take it."""
    session.execute(select(MatchingRound.id).where(MatchingRound.id == round_id).with_for_update())
    taken = session.scalar(select(model.id).where(model.round_id == round_id, model.code == code))
    if taken is not None and taken != own_id:
        raise NumberTaken(code=code)


def _row(session: Session, model: Any, round_id: int, row_id: int | None) -> Any:
    if row_id is None:
        return model(round_id=round_id)
    row = session.scalar(select(model).where(model.id == row_id, model.round_id == round_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def _locked(session: Session, round_id: int, application_id: int) -> Application:
    application: Application = _row(session, Application, round_id, application_id)
    return application


def _set(row: Any, values: Any) -> None:
    for name, value in asdict(values).items():
        setattr(row, name, value)


def _record(session: Session, act: Act, action: str, row: Any) -> None:
    session.flush()
    _note(session, act, action, (row.__tablename__, row.id), {"code": row.code} if hasattr(row, "code") else None)


def _note(
    session: Session, act: Act, action: str, subject: tuple[str, int | None], after: Mapping[str, Any] | None
) -> None:
    event_id = session.scalar(select(MatchingRound.event_id).where(MatchingRound.id == act.round_id))
    audit.record(
        session, actor_id=act.actor_id, action=action, subject=subject, now=act.now, event_id=event_id, after=after
    )
