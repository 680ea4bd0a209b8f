"""The lines of the board by company: hosts by the code of their need, then guests in the order of their kana."""

from dataclasses import dataclass

from eventops.meetings.timetable.kept import Known
from scheduling.facts import is_there
from scheduling.problem import Participant, Problem

_CLOSED = ("arrives", "leaves", "unavailable")


@dataclass(frozen=True, slots=True)
class Line:
    """A company as the scheduler knows it; `away` are the slots in which it is not there."""

    ref: str
    name: str
    host: bool
    away: tuple[int, ...]


def lines(known: Known) -> tuple[Line, ...]:
    """Everybody who has a request, also those without a place."""
    applications, problem = known.facts.requests, known.problem
    away = {one.id: _away(one, problem) for one in problem.participants}
    needs = {one.need_id: one.need for one in applications}
    hosts = sorted(needs.values(), key=lambda one: one.code)
    organisations = {one.organisation_id: one.organisation for one in applications}
    guests = sorted(organisations.values(), key=lambda one: (one.sort_key, one.id))
    return (
        *(_line(f"n{one.id}", f"{one.code} {one.organisation.name}", True, away) for one in hosts),
        *(_line(f"o{one.id}", one.name, False, away) for one in guests),
    )


def _line(ref: str, name: str, host: bool, away: dict[str, tuple[int, ...]]) -> Line:
    return Line(ref, name, host, away.get(ref, ()))


def _away(participant: Participant, problem: Problem) -> tuple[int, ...]:
    if not any(getattr(participant, name) for name in _CLOSED):
        return ()
    return tuple(int(slot.id[1:]) for slot in problem.slots if not is_there(participant, slot))
