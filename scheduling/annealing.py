"""Local search by Kempe chains: places what fits and takes the waiting out, keeping every hard rule."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from scheduling import chains, compiled, cooling
from scheduling.books import NOWHERE, Net, State
from scheduling.facts import Facts
from scheduling.net import Translation, empty_state
from scheduling.problem import GoalName
from scheduling.run import Run
from scheduling.solution import Meeting

WARM, HOT = 0.1, 0.25  # heat at the start of the first and of each later round, in idle periods of one slot
ALONE = 0.35  # the same of a round that is the only one
COLD = 0.1  # heat at the end of a round, in units of the last band
FIRST_ROUND = 8  # steps for each pair of a request and a slot in which it may lie; each round is twice as long
MOST_STEPS, MOST_ROUNDS = 150_000, 7  # in plain Python, all rounds together; a first round counts as one
MOST_STEPS_COMPILED = 400_000_000
FRUITLESS_ROUNDS = 2  # so many rounds without a gain end the search
PIECES = 50  # a round's heat goes down in at least so many steps
CHUNK, CHUNK_COMPILED = 1_000, 20_000  # a stop is heard, and progress told, after at most so many steps
INSERTIONS = 50  # requests laid down before the next look at the clock
RETRY_EVERY = 100  # steps for each unplaced request that is tried again
TRIES, LATER_TRIES = 200, 5  # per unplaced request
WORTH_COMPILING = 2_000  # requests; loading machine code takes a second, compiling it for the first time a good ten
WORTH_COMPILING_LATER = 400  # requests; after a first round that has left something to do
WORTH_LOADING = 8_000  # steps of a round for which machine code is loaded where it lies ready
FIRST_TIME = 40.0  # seconds that a run must have left for compiling what no run has compiled before
LAST_SECONDS = 1e-4  # per request, kept back for tables and bills
TELL_EVERY = 0.2  # seconds between two reports


def _nothing() -> int:
    return 0


@dataclass(slots=True)
class Annealing:
    """One search from one timetable; `seed` and input decide the answer, time only cuts it short.

    `limit_band`: goals in later bands are not looked at. `doublings`: one round alone, from the start in machine code,
    with so many times twice as many steps as the first round would have had; None = rounds until they gain nothing.
    `enough`: a cost in that last band at which the search may end; asked again and again.
    """

    facts: Facts
    run: Run
    limit_band: int
    doublings: int | None = None
    enough: Callable[[], int] = _nothing

    def improve(self, meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
        """At least as many requests placed, with less waiting; tables are only guessed."""
        position = self.facts.timeline.position
        translation = Translation(self.facts, self.limit_band)
        net = translation.net()
        state = empty_state(net, self.run.seed)
        for one in meetings:
            chains.put(net, state, translation.request[one.request_id], position[one.slot_id])
        weights = [request.weight for request in self.facts.problem.requests]
        search = _Search(self.run, net, state, self._by_difficulty(net, state), _Best(weights), self.enough)
        times = search.best_times(self._first_compiled_round(len(weights)), self.doublings)
        names = [request.id for request in self.facts.problem.requests]
        return tuple(
            self.facts.at_some_table(names[place], time) for place, time in enumerate(times) if time != NOWHERE
        )

    def _first_compiled_round(self, requests: int) -> int:
        """Machine code has to be loaded first, which small events do not repay."""
        if requests >= WORTH_COMPILING or self.doublings is not None:
            return 0
        return 2 if requests >= WORTH_COMPILING_LATER else NOWHERE

    def _by_difficulty(self, net: Net, state: State) -> list[int]:
        """The requests without a place: the heaviest first, then the narrowest; those of one guest together."""
        requests = self.facts.problem.requests
        unplaced = [one for one in range(len(requests)) if state.request[one].time == NOWHERE]
        rank = {one.id: -len(self.facts.requests_of[one.id]) for one in self.facts.problem.participants}
        return sorted(
            unplaced,
            key=lambda one: (
                -requests[one].weight,
                net.request[one].starts_number,
                [(rank[name], name) for name in reversed(requests[one].participants)],
            ),
        )


@dataclass(slots=True)
class _Best:
    """The best times so far: as much weight placed as possible, then the lowest cost."""

    weights: list[int]
    times: list[int] = field(default_factory=list)
    missing: int = 0
    cost: int = 0

    def look(self, times: list[int], cost: int) -> bool:
        """Whether these are better; then they are kept."""
        missing = sum(weight for weight, time in zip(self.weights, times, strict=True) if time == NOWHERE)
        if self.times and (missing, cost) >= (self.missing, self.cost):
            return False
        self.times, self.missing, self.cost = times, missing, cost
        return True


@dataclass(slots=True)
class _Search:
    """Rounds of cooling, the first a quick one, each later one hotter at first and twice as long as the one before."""

    run: Run
    net: Net
    state: State
    unplaced: Any  # a list or an array of requests
    best: _Best
    enough: Callable[[], int]
    kernel: ModuleType = cooling
    chunk: int = 0
    most: int = 0
    retried: int = 0
    told: float = 0.0
    waiting: int = 0  # guests' idle slots at the best times

    def best_times(self, compiled_from: int, doublings: int | None = None) -> list[int]:
        """Search until nothing costs anything, nothing is gained any more, enough steps are made or time is over.

        `compiled_from` is the first round in machine code, counted from 1; 0 = also requests are laid down by it.
        `doublings` as in Annealing.
        """
        steps = sum(one.starts_number for one in self.net.request) * FIRST_ROUND
        price = max(1, *(one.price_slot + one.price_period for one in self.net.unit))
        self.chunk, self.most = CHUNK, min(MOST_STEPS, MOST_ROUNDS * steps)
        fruitless, warm = 0, WARM * price
        if compiled_from == 0:
            self._compile()
        self._insert(warm)
        if doublings is not None:
            self._round(min(steps << doublings, self.most), ALONE * price)
            return self.best.times
        number = 1
        while not self._is_done() and fruitless < FRUITLESS_ROUNDS:
            if number == compiled_from:
                self._compile()
            elif steps >= WORTH_LOADING:
                self._load()
            has_gained = self.most > 0 and self._round(min(steps, self.most), warm)
            fruitless = 0 if has_gained else fruitless + 1
            number, steps, warm = number + 1, steps * 2, HOT * price
        return self.best.times

    def _compile(self) -> None:
        """From here on in machine code, where the compiler is installed and has been used before or has the time."""
        if not compiled.is_there():
            return
        if self.run.left >= FIRST_TIME or compiled.is_kept():
            self._take_compiled()
            self.chunk, self.most = CHUNK_COMPILED, MOST_STEPS_COMPILED
        else:
            self.run.is_repeatable = False

    def _load(self) -> None:
        """The same steps, only faster, where machine code lies ready."""
        if self.most > 0 and compiled.is_there() and compiled.is_kept():
            self._take_compiled()

    def _take_compiled(self) -> None:
        if self.kernel is cooling:
            self.kernel = compiled.compiled_kernel()
            self.net, self.state, self.unplaced = compiled.as_arrays(self.net, self.state, self.unplaced)

    def _is_done(self) -> bool:
        return self._is_late() or (self.best.cost <= self.enough() and self.best.missing == 0)

    def _is_late(self) -> bool:
        if self.run.left < LAST_SECONDS * len(self.best.weights):
            self.run.is_repeatable = False
            return True
        return self.run.is_over()

    def _insert(self, bear: float) -> None:
        for begin in range(0, len(self.unplaced), INSERTIONS):
            if self._is_late():
                break
            end = min(begin + INSERTIONS, len(self.unplaced))
            self.kernel.insert(self.net, self.state, self.unplaced, begin, end, TRIES, bear)
        self._look()

    def _round(self, steps: int, hot: float) -> bool:
        """Cool down once; whether that gave a better timetable."""
        self.most -= steps
        pieces = max(PIECES, -(-steps // self.chunk))
        ratio = min(1.0, COLD / hot) ** (1 / pieces)
        has_gained = False
        for piece in range(pieces):
            if self._is_done():
                break
            floor = self.enough() if self.best.missing == 0 else NOWHERE
            self.kernel.anneal(self.net, self.state, -(-steps // pieces), hot * ratio**piece, floor)
            self._retry(-(-steps // pieces // RETRY_EVERY), hot * ratio**piece)
            has_gained = self._look() or has_gained
        return has_gained

    def _retry(self, number: int, bear: float) -> None:
        """Some of those without a place, in turn: what moved may have made room."""
        if self.best.missing > 0:
            begin = self.retried % len(self.unplaced)
            end = min(begin + number, len(self.unplaced))
            self.kernel.insert(self.net, self.state, self.unplaced, begin, end, LATER_TRIES, bear)
            self.retried = end

    def _look(self) -> bool:
        """Keep what is there if it is the best so far, and tell how far the search is."""
        is_better = self.best.look(compiled.times(self.state), int(self.kernel.total_cost(self.net, self.state)))
        if is_better:
            self.waiting = int(self.kernel.guests_wait(self.net, self.state))
        if self.run.elapsed - self.told >= TELL_EVERY:
            self.told = self.run.elapsed
            placed = sum(time != NOWHERE for time in self.best.times)
            self.run.tell(placed, self.waiting, GoalName.GUEST_IDLE_SLOTS, self.waiting, None)
        return is_better
