"""PySAT's RC2 as a baseline: the published problem as partial MaxSAT, solved by unsatisfiable cores.

The encoding is that of Bofill et al. (JAIR 74, 2022): a variable per meeting and slot, per participant and busy slot,
"has begun" in order encoding, one soft clause per idle period; that a participant holds as many meetings as are wished
for, and that no slot has more participants than twice the tables, are implied and help. RC2: Ignatiev, Morgado and
Marques-Silva, RC2: an Efficient MaxSAT Solver, JSAT 11 (2019), with the options of its evaluation.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pysat.card import CardEnc, EncType
from pysat.examples.rc2 import RC2
from pysat.formula import WCNF, IDPool

from scheduling.bench.answers import Answer, Question
from scheduling.bench.plain import Plain
from scheduling.problem import Problem


def solve(question: Question) -> Answer:
    """The optimum, or the bound that was reached when the time was over; there is no timetable before the optimum."""
    encoding = Encoding(question.problem)
    if question.is_over:
        return Answer(None, "stopped")
    with _Heard(encoding.formula, question) as solver:
        timer = threading.Timer(question.left, solver.stop)
        timer.start()
        try:
            model = solver.compute(expect_interrupt=True)
        finally:
            timer.cancel()
        if model is None:
            return Answer(None, "stopped" if solver.is_over else "infeasible", solver.cost)
        meetings = encoding.plain.seated(encoding.times(model))
        question.note(len(meetings), solver.cost, solver.cost)
        return Answer(meetings, "optimal", solver.cost, is_proven=True)


class _Heard(RC2):
    """RC2 that notes each new bound (the cost grows by every core) and that remembers when it was stopped.

    RC2 itself forgets an interrupt that comes before its first call of the SAT solver, and then takes the call that was
    cut short for a proof that there is no timetable.
    """

    def __init__(self, formula: WCNF, question: Question) -> None:
        super().__init__(formula, solver="glucose4", adapt=True, exhaust=True, minz=True)
        self.question = question
        self.is_over = False

    def stop(self) -> None:
        """End the search, from another thread."""
        self.is_over = True
        self.interrupt()

    def process_core(self) -> None:
        """One core more: its cost is a bound."""
        super().process_core()
        self.question.note(bound=self.cost)
        if self.is_over:
            self.interrupted = True


class Encoding:
    """The formula; every request has to be placed. `at` and `busy` are by (request or participant, place in time)."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.plain = problem, Plain(problem)
        self.formula, self.pool = WCNF(), IDPool()
        self.places = range(len(problem.slots))
        self.at = {(request, place): self.new() for request, places in self.plain.starts.items() for place in places}
        self.busy: dict[tuple[str, int], int] = {}
        self.each_request_once()
        for one in self.plain.of:
            self.nobody_in_two_places(one)
        self.tables_are_enough()
        self.orders_are_kept()
        self.periods = [self._idle_periods(one) for one in self.plain.guests if len(self.plain.of[one]) > 1]
        self.waiting_is_shared()

    def new(self) -> int:
        """A fresh variable."""
        return int(self.pool.id())

    def add(self, *literals: int) -> None:
        """One hard clause."""
        self.formula.append(list(literals))

    def card(self, clauses: Iterable[list[int]]) -> None:
        """Hard clauses of a cardinality constraint."""
        self.formula.extend(list(clauses))

    def at_most(self, literals: Sequence[int], number: int, encoding: int = EncType.cardnetwrk) -> None:
        """No more than `number` of the literals; cardinality networks (Asín et al., SAT 2009) by default."""
        if len(literals) > number:
            self.card(CardEnc.atmost(list(literals), number, vpool=self.pool, encoding=encoding).clauses)

    def each_request_once(self) -> None:
        """Exactly one place in time for each request."""
        for request, places in self.plain.starts.items():
            literals = [self.at[request, place] for place in places]
            self.add(*literals)
            self.at_most(literals, 1, EncType.pairwise)

    def nobody_in_two_places(self, one: str) -> None:
        """No more meetings at once than the participant can hold; `busy` says when it has one."""
        for place in self.places:
            held = [self.at[request, place] for request in self.plain.of[one] if (request, place) in self.at]
            if held:
                self.at_most(held, self.plain.room(one, self.problem.slots[place]), EncType.pairwise)
                busy = self.busy[one, place] = self.new()
                self.add(-busy, *held)
                for literal in held:
                    self.add(-literal, busy)

    def tables_are_enough(self) -> None:
        """No more meetings at once than tables, said of meetings and, as an implied constraint, of participants."""
        held: dict[int, list[int]] = defaultdict(list)
        present: dict[int, list[int]] = defaultdict(list)
        for (_, place), literal in self.at.items():
            held[place].append(literal)
        for (_, place), literal in self.busy.items():
            present[place].append(literal)
        tables = len(self.problem.tables)
        for place in held:
            self.at_most(held[place], tables)
            self.at_most(present[place], 2 * tables)

    def orders_are_kept(self) -> None:
        """The first of an ordered pair lies before the second."""
        for first, second in self.plain.orders:
            for earlier in self.plain.starts[first]:
                for later in self.plain.starts[second]:
                    if later <= earlier:
                        self.add(-self.at[first, earlier], -self.at[second, later])

    def _idle_periods(self, one: str) -> list[int]:
        """One literal per slot in which a wait of the participant ends, made soft."""
        busy = [self.busy.get((one, place), 0) for place in self.places]
        self._as_many_as_wished(one, [literal for literal in busy if literal])
        begun = self._begun(busy)
        ends = []
        for place in self.places[:-1]:
            if busy[place + 1] and begun[place]:
                end = self.new()
                idle_now = [busy[place]] if busy[place] else []
                self.add(-begun[place], *idle_now, -busy[place + 1], end)
                self.add(-end, begun[place])
                self.add(-end, busy[place + 1])
                for literal in idle_now:
                    self.add(-end, -literal)
                ends.append(end)
                self.formula.append([-end], weight=1)
        return ends

    def _as_many_as_wished(self, one: str, busy: list[int]) -> None:
        wished = len(self.plain.of[one])
        if wished <= len(busy):
            self.card(CardEnc.equals(busy, wished, vpool=self.pool, encoding=EncType.cardnetwrk).clauses)

    def _begun(self, busy: Sequence[int]) -> list[int]:
        """For each place a literal: the participant has met somebody in it or before (0 where that cannot be)."""
        begun: list[int] = []
        before = 0
        for now in busy:
            if not now:
                begun.append(before)
                continue
            literal = self.new()
            self.add(-now, literal)
            if before:
                self.add(-before, literal)
            self.add(-literal, now, *([before] if before else []))
            begun.append(literal)
            before = literal
        return begun

    def waiting_is_shared(self) -> None:
        """No number of periods may lie further than the limit above another; who cannot wait has none."""
        limit = self.problem.max_idle_difference
        if limit is None:
            return
        if len(self.periods) < len(self.plain.guests):
            for ends in self.periods:
                self.at_most(ends, limit)
            return
        counts = [self._counted(ends) for ends in self.periods]
        least = [self.new() for _ in range(max(map(len, counts), default=0))]
        for count in counts:
            for number, everybody in enumerate(least):
                self.add(-everybody, *count[number : number + 1])
            for number in range(limit, len(count)):
                self.add(-count[number], least[number - limit])

    def _counted(self, literals: Sequence[int]) -> list[int]:
        """The literals in unary: the one at `n` is true exactly when more than `n` of them are."""
        count: list[int] = []
        for literal in literals:
            before, count = count, [self.new() for _ in range(len(count) + 1)]
            for number, more in enumerate(count):
                stays = before[number : number + 1]
                grows = before[number - 1 : number] if number else []
                for known in stays:
                    self.add(-known, more)
                self.add(-literal, *(-one for one in grows), more)
                self.add(-more, *stays, literal)
                if number:
                    self.add(-more, *stays, *grows)
        return count

    def times(self, model: Iterable[int]) -> dict[str, int]:
        """The place in time of each request in a model of the formula."""
        chosen = set(model)
        return {request: place for (request, place), literal in self.at.items() if literal in chosen}
