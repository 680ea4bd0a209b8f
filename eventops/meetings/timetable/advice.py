"""What a run said about requests without a place and about promises that clash, and how much of it still holds."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, TypeVar

from eventops.meetings.timetable import problems
from eventops.meetings.timetable.models import Timetable
from scheduling.problem import Problem
from scheduling.solution import Clause, Contradiction, Reason, Remedy, Tried

Said = TypeVar("Said", Clause, Reason, Remedy)


@dataclass(frozen=True, slots=True)
class Advice:
    """By request: the run's reasons, until somebody moves a meeting; its remedies, as long as the facts are the same.

    A remedy speaks of what is possible at all, so that moving meetings by hand does not make it untrue.
    """

    reasons: Mapping[str, Reason] = field(default_factory=dict)
    remedies: Mapping[str, tuple[Remedy, ...]] = field(default_factory=dict)
    tried: Tried = Tried.NOT_ASKED
    is_outdated: bool = False

    def remedy(self, key: str) -> Remedy | None:
        """The remedy that a page named by its key."""
        every = (one for remedies in self.remedies.values() for one in remedies)
        return next((one for one in every if key_of(one) == key), None)


def key_of(remedy: Remedy) -> str:
    """A short name for the change that a remedy proposes, for addresses of pages."""
    named = json.dumps([remedy.code, remedy.subjects, remedy.slot_ids])
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def advice_on(timetable: Timetable | None, problem: Problem) -> Advice:
    """What holds of the timetable's own run, seen from the round as it stands now."""
    if timetable is None or not timetable.quality.get("reasons"):
        return Advice()
    if timetable.fingerprint != problems.fingerprint(problem):
        return Advice(is_outdated=True)
    found = [reason_from(one) for one in timetable.quality["reasons"]]
    is_as_made = timetable.quality.get("revision") == timetable.revision
    return Advice(
        reasons={one.request_id: one for one in found} if is_as_made else {},
        remedies={one.request_id: one.remedies for one in found},
        tried=found[0].tried,
    )


def contradictions_in(timetable: Timetable | None) -> tuple[Contradiction, ...]:
    """Why the run could not keep every lock, until somebody moves a meeting. Those it could not keep are gone."""
    if timetable is None or timetable.quality.get("revision") != timetable.revision:
        return ()
    return tuple(_contradiction(one) for one in timetable.quality.get("contradictions", ()))


def _contradiction(stored: Mapping[str, Any]) -> Contradiction:
    clauses = tuple(_read(Clause, one) for one in stored["clauses"])
    return Contradiction(clauses, stored["is_irreducible"], stored["has_fewest_requests"])


def reason_from(stored: Mapping[str, Any]) -> Reason:
    """A reason as a run or a job stored it."""
    remedies = tuple(remedy_from(one) for one in stored["remedies"])
    return replace(_read(Reason, stored), remedies=remedies)


def remedy_from(stored: Mapping[str, Any]) -> Remedy:
    """A remedy as a run or a job stored it."""
    return _read(Remedy, stored)


def _read(kind: type[Said], stored: Mapping[str, Any]) -> Said:
    """What an older version did not store has its default; what this one does not know is left out."""
    return kind(**{one.name: _typed(one.default, stored[one.name]) for one in fields(kind) if one.name in stored})


def _typed(default: Any, value: Any) -> Any:
    if isinstance(default, StrEnum):
        return type(default)(value)
    return tuple(_typed(None, one) for one in value) if isinstance(value, list) else value
