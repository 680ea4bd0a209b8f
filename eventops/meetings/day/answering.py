"""What the scheduler answers to a question of the day: a layout, and what is to be said about it.

The search runs outside of any transaction.
"""

import importlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from eventops.meetings.day.asking import Question
from eventops.meetings.day.free_talks import talks
from eventops.meetings.timetable import problems
from eventops.meetings.timetable.begun import Line
from eventops.meetings.timetable.drafts import Spot
from eventops.meetings.timetable.solving import BadFacts
from scheduling import words
from scheduling.explain import explain
from scheduling.faults import BadProblem
from scheduling.freed import Freed
from scheduling.replan import Replan, replan
from scheduling.solution import Meeting

SECONDS: Final = 4.0
WORKERS: Final = 2
SHOWN_CANDIDATES: Final = 3
EXACT_SOLVER: Final = "scheduling.cpsat.settling"


def warm_up() -> None:
    """Load the exact solver, which takes a moment the first time."""
    importlib.import_module(EXACT_SOLVER)


@dataclass(frozen=True, slots=True)
class Answer:
    """The proposed layout and what is to be said about it."""

    after: Mapping[int, Spot]
    found: Mapping[str, Any]


def answer(asked: Question) -> Answer:
    """The timetable that disturbs the fewest people. Raises `BadFacts`."""
    begin = time.monotonic()
    try:
        found = replan(asked.problem, seconds=SECONDS, workers=WORKERS)
    except BadProblem as error:
        raise BadFacts(asked.problem, error.faults) from error
    after = {**asked.kept, **_layout(asked, found.solution.meetings)}
    said = {
        "people": found.people,
        "is_proven": found.is_proven,
        "seconds": round(time.monotonic() - begin, 3),
        "reasons": _reasons(asked, found),
        "freed": [_freed(asked, seat) for seat in found.freed],
        "talks": [one.to_json() for one in talks(asked.problem, found)],
    }
    return Answer(after, said)


def _layout(asked: Question, meetings: Iterable[Meeting]) -> dict[int, Spot]:
    found: dict[int, Spot] = {}
    for one in meetings:
        row_id = problems.row_id(one.request_id)
        slot_id, table_id = problems.row_id(one.slot_id), problems.row_id(one.table_id)
        old = asked.before.get(row_id)
        is_locked = old is not None and old == Spot(slot_id, table_id, True)
        found[_stored(asked, one.request_id)] = Spot(slot_id, table_id, is_locked)
    return found


def _stored(asked: Question, reference: str) -> int:
    row_id = problems.row_id(reference)
    return asked.stand_ins.get(row_id, row_id)


def _reasons(asked: Question, found: Replan) -> dict[str, dict[str, str]]:
    """Why what falls away, or was wanted today, has no place; in both languages, because names may change."""
    new = {problems.application_ref(row_id) for row_id in asked.stand_ins}
    wanted = {one.request_id for one in found.dropped} | new
    if not wanted:
        return {}
    told = explain(asked.problem, found.solution.meetings, remedies=False)
    return {
        str(_stored(asked, one.request_id)): {
            language: words.sentence(one, name=lambda ref: asked.names.get(ref, ref), language=language)
            for language in ("ja", "en")
        }
        for one in told
        if one.request_id in wanted
    }


def _freed(asked: Question, seat: Freed) -> dict[str, Any]:
    companies = {one.id: problems.row_id(one.organisation) for one in asked.problem.participants}
    return {
        "slot_id": problems.row_id(seat.slot_id),
        "table_id": problems.row_id(seat.table_id),
        "application_id": problems.row_id(seat.request_id),
        "idle": [companies[one] for one in seat.idle],
        "candidates": [
            {
                "application_id": _stored(asked, one.request_id),
                "now": not one.in_the_way,
                "needs": [companies[who] for who in one.needs if who in companies],
            }
            for one in seat.candidates[:SHOWN_CANDIDATES]
        ],
    }


def days(asked: Question, after: Mapping[int, Spot]) -> dict[int, frozenset[Line]]:
    """Everybody's day as the proposal has it."""
    stored = {asked.stand_ins.get(one, one): sides for one, sides in asked.parties.items()}
    found: dict[int, set[Line]] = {}
    for application_id, spot in after.items():
        for organisation_id in stored[application_id]:
            found.setdefault(organisation_id, set()).add((application_id, spot.slot_id, spot.table_id))
    return {organisation_id: frozenset(lines) for organisation_id, lines in found.items()}
