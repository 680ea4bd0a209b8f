"""Rows of a round changed so that the change can be taken back: what was there stands beside what is there now."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from eventops.errors import DomainError, Stale
from eventops.meetings import queries as round_queries
from eventops.meetings.models import (
    Application,
    ApplicationState,
    CompetitorPair,
    Exclusion,
    MatchingRound,
    MeetingTable,
    Need,
    ParticipantLimit,
    Slot,
)


class Kind(StrEnum):
    """Which table the row stands in."""

    APPLICATION = "application"
    LIMIT = "participant_limit"
    NEED = "need"
    PAIR = "competitor_pair"
    TABLE = "meeting_table"
    SLOT = "slot"
    ROUND = "matching_round"
    EXCLUSION = "exclusion"


_MODELS: Mapping[Kind, type[Any]] = {
    Kind.APPLICATION: Application,
    Kind.LIMIT: ParticipantLimit,
    Kind.NEED: Need,
    Kind.PAIR: CompetitorPair,
    Kind.TABLE: MeetingTable,
    Kind.SLOT: Slot,
    Kind.ROUND: MatchingRound,
    Kind.EXCLUSION: Exclusion,
}
_STATED = frozenset({Kind.LIMIT, Kind.PAIR, Kind.EXCLUSION})
"""Rows that staff may have written more into since."""
_MOMENTS = frozenset({"time_from", "time_to", "starts_at", "ends_at", "closed_from", "submitted_at"})


class ChangedSince(DomainError):
    """What a change had set was changed again: taking it back would undo somebody else's work."""

    code = "changed_since"


@dataclass(frozen=True, slots=True)
class Edit:
    """One row and the values it gets; `before` None: the row is new, and `row_id` is known once it is stored."""

    kind: Kind
    row_id: int | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        before = None if self.before is None else _plain(self.before)
        return {"kind": str(self.kind), "row_id": self.row_id, "before": before, "after": _plain(self.after)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Edit":
        before = None if stored["before"] is None else _typed(stored["before"])
        return cls(Kind(stored["kind"]), stored["row_id"], before, _typed(stored["after"]))


def changing(kind: Kind, row: Any, /, **after: Any) -> Edit:
    """The edit that gives a stored row these values."""
    return Edit(kind, row.id, {name: getattr(row, name) for name in after}, after)


def adding(kind: Kind, /, **values: Any) -> Edit:
    """The edit that adds a row."""
    return Edit(kind, None, None, values)


def carry_out(session: Session, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Make the changes; gives them back with the ids of new rows. Raises `Stale` where a row reads otherwise by now."""
    done = tuple(_carry_out(session, edit) for edit in edits)
    session.flush()
    session.expire_all()  # lists of rows that were read before know nothing of the new ones
    return done


def _carry_out(session: Session, edit: Edit) -> Edit:
    if edit.row_id is None:
        row = _MODELS[edit.kind](**edit.after)
        session.add(row)
        session.flush()
        return replace(edit, row_id=row.id)
    row = _locked(session, edit)
    if row is None or not _reads(row, edit.before or {}):
        raise Stale
    _set(row, edit.after)
    return edit


def take_back(session: Session, round_id: int, edits: Iterable[Edit]) -> None:
    """Put the rows back as they were, the last first; raises `ChangedSince` where somebody changed them again."""
    for edit in reversed(tuple(edits)):
        row = _locked(session, edit)
        if edit.before is None:
            _remove(session, round_id, edit, row)
        elif row is None or not _reads(row, edit.after):
            raise ChangedSince
        else:
            _set(row, edit.before)
        session.flush()
    session.expire_all()


def _remove(session: Session, round_id: int, edit: Edit, row: Any) -> None:
    """A new table or slot in which a version of the timetable has meetings stays, but is no longer used."""
    if row is None:
        return
    if edit.kind is Kind.APPLICATION:
        row.state = ApplicationState.WITHDRAWN  # versions of the timetable may name it
    elif row.id in _in_timetables(session, round_id, edit.kind):
        row.in_use = False
    elif edit.kind in _STATED and not _reads(row, edit.after):
        raise ChangedSince
    else:
        session.delete(row)


def _in_timetables(session: Session, round_id: int, kind: Kind) -> frozenset[int]:
    if kind is Kind.TABLE:
        return round_queries.tables_in_timetables(session, round_id)
    return round_queries.slots_in_timetables(session, round_id) if kind is Kind.SLOT else frozenset()


def _locked(session: Session, edit: Edit) -> Any:
    if edit.row_id is None:  # deleted since, see kept_edits
        return None
    return session.get(_MODELS[edit.kind], edit.row_id, with_for_update=True, populate_existing=True)


def _reads(row: Any, values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


def _set(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in values.items()}


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: dt.datetime.fromisoformat(value) if name in _MOMENTS and value is not None else value
        for name, value in values.items()
    }
