"""Local search by Kempe chains: places what fits and takes the waiting out, keeping every hard rule."""

from collections.abc import Iterable
from dataclasses import dataclass

from scheduling import chains
from scheduling.chains import NOWHERE, Net, State
from scheduling.facts import Facts
from scheduling.net import Translation, empty_state
from scheduling.run import Run
from scheduling.solution import Meeting

ANYTHING_GOES = 1e9  # heat at which only hard rules stop a move
HOT, COLD = 0.5, 0.1  # heat in idle slots of the first band that is looked at
LAST_COLD = 0.2  # ... and at the very end, in units of the last band
CHUNK = 2_000
INSERTIONS = 200  # tries per unplaced request
MOST_STEPS = 150_000
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
        chains.insert_all(net, state, unplaced, INSERTIONS, ANYTHING_GOES)
        best = self._cool(net, state)
        names = [request.id for request in self.facts.problem.requests]
        return tuple(self.facts.at_some_table(names[place], time) for place, time in enumerate(best) if time != NOWHERE)

    def _place(self, translation: Translation, net: Net, state: State, times: dict[str, int]) -> None:
        for request, slot in times.items():
            chains.put(net, state, translation.request[request], slot)
        for unit in range(len(state.cost)):
            state.cost[unit] = chains.unit_cost(net, state, unit)

    def _by_difficulty(self, net: Net) -> list[int]:
        requests = self.facts.problem.requests
        choices = [net.starts_first[place + 1] - net.starts_first[place] for place in range(len(requests))]
        return sorted(range(len(requests)), key=lambda place: (-requests[place].weight, choices[place]))

    def _cool(self, net: Net, state: State) -> list[int]:
        price = max([1, *net.price_slot]) + max([0, *net.price_period])
        best, steps = list(state.time), min(MOST_STEPS, STEPS_PER_CHOICE * max(1, len(net.starts)))
        least = now = self._cost(net, state)
        hot, last = HOT * price, LAST_COLD
        chunks = -(-steps // CHUNK)
        ratio = (last / hot) ** (1 / chunks)
        for chunk in range(chunks):
            if least == 0 or self.run.is_over():
                break
            heat = hot * ratio**chunk
            least = chains.anneal(net, state, best, CHUNK, heat, heat * ratio, now, least)
            now = self._cost(net, state)
        return best

    def _cost(self, net: Net, state: State) -> int:
        everybody = sum(state.cost)
        pairs = sum(
            net.pair_price[index]
            for request in range(len(net.allowed))
            for index in range(net.pairs_first[request], net.pairs_first[request + 1])
            if chains.clash(net, net.pair_kind[index], state.time[request], state.time[net.pair_other[index]])
        )
        return everybody + pairs // 2
