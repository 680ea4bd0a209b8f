"""Local search by Kempe chains: places what fits and takes the waiting out, keeping every hard rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType

from scheduling import chains, compiled
from scheduling.chains import NOWHERE, Net, State
from scheduling.facts import Facts
from scheduling.net import Translation, empty_state
from scheduling.run import Run
from scheduling.solution import Meeting

ANYTHING_GOES = 1e9  # heat at which only hard rules stop a move
HOT = 0.5  # heat at the start, in idle slots of the first band that is looked at
LAST_COLD = 0.2  # heat at the end, in units of the last band
CHUNK, PIECES = 2_000, 100  # a stop is heard after so many steps, or so many times in all
INSERTIONS = 200  # tries per unplaced request
MOST_STEPS = 150_000
MOST_STEPS_COMPILED = 30_000_000
WORTH_COMPILING = 400  # requests
STEPS_PER_CHOICE_COMPILED = 20
STEPS_PER_CHOICE = 60  # steps for each pair of a request and a slot in which it may lie


@dataclass(slots=True)
class Annealing:
    """One search from one timetable; `seed` and input decide the answer, time only cuts it short."""

    facts: Facts
    run: Run
    limit_band: int

    def improve(self, meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
        """At least as many requests placed, with less waiting; tables are only guessed."""
        position = self.facts.timeline.position
        before = {one.request_id: one for one in meetings}
        translation = Translation(self.facts, self.limit_band)
        times = {one: position[meeting.slot_id] for one, meeting in before.items()}
        net = translation.net(times)
        state = empty_state(net, self.run.seed)
        self._place(translation, net, state, times)
        unplaced = [one for one in self._by_difficulty(net) if state.time[one] == NOWHERE]
        best = self._search(net, state, unplaced)
        names = [request.id for request in self.facts.problem.requests]
        return tuple(self.facts.at_some_table(names[place], time) for place, time in enumerate(best) if time != NOWHERE)

    def _search(self, net: Net, state: State, unplaced: list[int]) -> list[int]:
        """In machine code where the event is large enough to repay loading it."""
        if len(state.time) < WORTH_COMPILING or not compiled.is_there():
            steps = min(MOST_STEPS, STEPS_PER_CHOICE * len(net.starts))
            return self._cool(chains, net, state, unplaced, max(1, steps))
        kernel = compiled.compiled_chains()
        arrays = compiled.as_arrays(net, state)
        steps = min(MOST_STEPS_COMPILED, STEPS_PER_CHOICE_COMPILED * len(net.starts))
        return [int(time) for time in self._cool(kernel, *arrays, unplaced, steps)]

    def _place(self, translation: Translation, net: Net, state: State, times: dict[str, int]) -> None:
        for request, slot in times.items():
            chains.put(net, state, translation.request[request], slot)
        for unit in range(len(state.cost)):
            state.cost[unit] = chains.unit_cost(net, state, unit)

    def _by_difficulty(self, net: Net) -> list[int]:
        requests = self.facts.problem.requests
        choices = [net.starts_first[place + 1] - net.starts_first[place] for place in range(len(requests))]
        return sorted(range(len(requests)), key=lambda place: (-requests[place].weight, choices[place]))

    def _cool(self, kernel: ModuleType, net: Net, state: State, unplaced: list[int], steps: int) -> list[int]:
        """Insert what has no place, then anneal in pieces, so that a stop is heard in between."""
        for request in unplaced:
            kernel.insert(net, state, request, INSERTIONS, ANYTHING_GOES)
        price = max([1, *net.price_slot]) + max([0, *net.price_period])
        best = state.time[:] if isinstance(state.time, list) else state.time.copy()
        chunk = max(CHUNK, steps // PIECES)
        least = now = kernel.total_cost(net, state)
        pieces = -(-steps // chunk)
        ratio = (LAST_COLD / (HOT * price)) ** (1 / pieces)
        for piece in range(pieces):
            if least == 0 or self.run.is_over():
                break
            heat = HOT * price * ratio**piece
            least = kernel.anneal(net, state, best, chunk, heat, heat * ratio, now, least)
            now = kernel.total_cost(net, state)
        return best
