"""Proof against search: one thread tries to show that nothing better exists while another looks for it.

The exact model is only asked for something cheaper than a timetable that is known. That is often refuted at once where
plain minimising is not, because the solver sees what the limit forces before it searches. Or the bound rises from
contradiction to contradiction until it meets a timetable; there is none before. Where tables are tight that can take
for ever: there local search is the better finder, which can prove nothing.
"""

from itertools import islice
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduling.bands import Band, Found, bands
from scheduling.check import SEAT_CODES, check
from scheduling.cpsat.question import Question
from scheduling.cpsat.rival import Hunt, Meetings, Rival, Rivals
from scheduling.timetable import Timetable

if TYPE_CHECKING:
    from scheduling.cpsat.search import Search

LOOK_EVERY = 0.1  # seconds between two looks at the other side and at the stop button
FIRST_TURN = 10.0  # seconds of the first long question where one worker takes turns; each later one is twice as long
LATE = 45.0  # seconds after which what the question has not settled is looked for by a second local search as well
GLANCE = 2.0  # seconds for asking whether what local search has found can be beaten; the long question goes on


class Duel:
    """One band of one search, from the timetable in `found` to the proof, or to the end of the time."""

    def __init__(self, search: "Search", band: Band, expression: cp_model.LinearExpr, found: Found) -> None:
        self.search, self.band, self.expression, self.found = search, band, expression, found
        self.run = search.run
        self.rivals: list[Rival] = []
        self.upto = [one for one in bands(search.facts.problem) if one.number <= band.number]

    def fight(self, rivals: Rivals | None) -> None:
        """Better `found.meetings` and raise the band's bound until they meet."""
        if self.run.workers == 1:
            self._lift()
            self._take_turns(rivals)
        else:
            self._race(rivals)

    def _take_turns(self, rivals: Rivals | None) -> None:
        """One worker: a local search, a long question, and again; the clock decides nothing."""
        hunt = Hunt(self.band.number)
        hunt.is_called_off = self.run.is_over
        searches = iter(()) if rivals is None else rivals(hunt)
        seconds = FIRST_TURN
        while not (self._is_settled() or self.run.is_over()):
            hunt.proven = self._bound
            self._take(list(islice(searches, 1)))
            if not self._is_settled():
                self._wait_for(self._best, seconds)
            seconds *= 2

    def _race(self, rivals: Rivals | None) -> None:
        """Side by side; who comes first is chance."""
        late = self.run.elapsed + LATE
        self.rivals = [self._rival(rivals)]
        try:
            self._lift()
            if not self._is_settled():
                self._fight_on(rivals, late)
        finally:
            for rival in self.rivals:
                rival.end()

    def _fight_on(self, rivals: Rivals | None, late: float) -> None:
        """The long question, until either side has settled it."""
        self.run.is_repeatable = False
        question = self._ask(self._best, workers=self.run.workers - 1)
        try:
            while not (question.is_over(LOOK_EVERY) or self._is_settled() or self.run.is_over()):
                self._learn(question)
                if self._take([found for rival in self.rivals for found in rival.news()]):
                    self._glance(self._best)
                if self.run.elapsed > late and len(self.rivals) == 1:
                    self.rivals.append(self._rival(rivals))
        finally:
            question.drop(self.run)
        self._learn(question)

    def _rival(self, rivals: Rivals | None) -> Rival:
        return Rival(rivals, Hunt(self.band.number, self._bound, len(self.rivals)))

    def _lift(self) -> None:
        """Ask whether the bound itself can be had, one up after each quick no."""
        is_lifted = True
        while is_lifted and not self._is_settled() and not self.run.is_over():
            before = self._bound
            self._glance(before + 1)
            is_lifted = self._bound > before

    def _ask(self, value: int, *, workers: int) -> Question:
        """Is there anything cheaper than this?"""
        model = self.search.model.clone()
        model.add(self.expression <= value - 1)
        model.minimize(self.expression)
        question = Question(model, value)
        question.ask(self.run, workers=workers)
        return question

    def _glance(self, value: int) -> None:
        self._wait_for(value, GLANCE)

    def _wait_for(self, value: int, seconds: float) -> None:
        """Ask, and do nothing else meanwhile."""
        with self.run.at_most(seconds):
            question = self._ask(value, workers=1)
            try:
                while not (question.is_over(LOOK_EVERY) or self.run.is_over()):
                    pass
            finally:
                question.drop(self.run)
        self._learn(question)

    def _learn(self, question: Question) -> None:
        """Take over what the question has proven and, if it has an answer, its timetable."""
        number = self.band.number
        self.found.bounds[number] = max(self.found.bounds[number], question.proven)
        for rival in self.rivals:
            rival.hunt.proven = self._bound
        if question.has_answer:
            self._take([self.search.read(question.solver.boolean_value)])
        self._report()

    def _take(self, offers: list[Meetings]) -> bool:
        """Keep the best of what is offered if it is better than what is there; whether it was."""
        better = min(filter(self._is_better, offers), key=self._costs, default=None)
        if better is None:
            return False
        self.found.meetings = better
        self._report()
        return True

    def _is_settled(self) -> bool:
        return self._best <= self._bound

    @property
    def _best(self) -> int:
        return self._value(self.found.meetings)

    @property
    def _bound(self) -> int:
        return self.found.bounds[self.band.number]

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
        timetable = self._timetable(self.found.meetings)
        self.run.report(timetable, self.band.goals[0].name, self._best, self._bound)
