"""Proof against search: one thread tries to show that nothing better exists while another looks for it.

The exact model is only asked for something cheaper than the best timetable so far. That is often refuted at once where
plain minimising is not, because the solver sees what the limit forces before it searches; but it is bad at finding
timetables. Local search is good at that and can prove nothing. Every better timetable sharpens the question.
"""

from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduling.bands import Band, Found, bands
from scheduling.check import SEAT_CODES, check
from scheduling.cpsat.question import Question
from scheduling.cpsat.rival import Meetings, Rival, Rivals
from scheduling.timetable import Timetable

if TYPE_CHECKING:
    from scheduling.cpsat.search import Search

LOOK_EVERY = 0.1  # seconds between two looks at the other side and at the stop button


class Duel:
    """One band of one search, from the timetable in `found` to the proof, or to the end of the time."""

    def __init__(self, search: "Search", band: Band, expression: cp_model.LinearExpr, found: Found) -> None:
        self.search, self.band, self.expression, self.found = search, band, expression, found
        self.run = search.run
        self.upto = [one for one in bands(search.facts.problem) if one.number <= band.number]

    def fight(self, rivals: Rivals | None) -> None:
        """Better `found.meetings` and raise the band's bound until they meet; one worker does without rivals."""
        rival = Rival(rivals if self.run.workers > 1 else None, self.band.number)
        try:
            while self._ask(rival):
                pass
        finally:
            rival.end()

    def _ask(self, rival: Rival) -> bool:
        """One question: is there anything cheaper? Whether another one is worth asking."""
        value = self._value(self.found.meetings)
        question = Question(self._cheaper_than(value))
        question.ask(workers=max(1, self.run.workers - 1), seed=self.run.seed, seconds=self.run.left)
        better = self._first_answer(rival, question)
        self._learn(value if question.is_refuted else question.bound)
        if better is None:
            return False
        self.found.meetings = better
        self._report()
        return self._value(better) > self.found.bounds[self.band.number]

    def _cheaper_than(self, value: int) -> cp_model.CpModel:
        model = self.search.model.clone()
        model.add(self.expression <= value - 1)
        model.minimize(self.expression)
        return model

    def _first_answer(self, rival: Rival, question: Question) -> Meetings | None:
        """The first better timetable that either side comes up with; None when there is none or time is out."""
        try:
            while not question.is_over(LOOK_EVERY):
                self._learn(question.bound)
                better = min(filter(self._is_better, rival.news()), key=self._costs, default=None)
                if better is not None or self.run.is_over():
                    return better
        finally:
            question.drop()
        return self.search.read(question.solver.boolean_value) if question.has_answer else None

    def _learn(self, bound: int) -> None:
        """A bound holds for all timetables if it does not exceed the best: the question leaves those out."""
        number, value = self.band.number, self._value(self.found.meetings)
        self.found.bounds[number] = max(self.found.bounds[number], min(bound, value))
        self._report()

    def _is_better(self, meetings: Meetings) -> bool:
        """Cheaper in the band, no dearer in those before it, and valid but for its tables."""
        is_valid = all(one.code in SEAT_CODES for one in check(self.search.facts.problem, meetings))
        return is_valid and self._costs(meetings) < self._costs(self.found.meetings)

    def _costs(self, meetings: Meetings) -> tuple[int, ...]:
        timetable = self._timetable(meetings)
        return tuple(one.cost(timetable) for one in self.upto)

    def _value(self, meetings: Meetings) -> int:
        return self.band.cost(self._timetable(meetings))

    def _timetable(self, meetings: Meetings) -> Timetable:
        return Timetable(self.search.facts.ground, meetings)

    def _report(self) -> None:
        meetings, bound = self.found.meetings, self.found.bounds[self.band.number]
        self.run.report(self._timetable(meetings), self.band.goals[0].name, self._value(meetings), bound)
