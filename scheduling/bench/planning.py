"""Which runs are made for what was chosen, in the order of the table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from importlib.util import find_spec
from pathlib import Path

from scheduling.bench.bars import SMALL
from scheduling.bench.plain import is_plain
from scheduling.bench.rows import Engine, Kind, Task
from scheduling.bench.sources import instances, problem_of

MOST_NAIVE = 400_000  # pairs of a request and a slot; beyond, building the textbook model takes the memory of a server
DISTURBANCES, FEWER_DISTURBANCES = 100, 20
GENERATED_TIGHT = 150  # meetings of an over-constrained event when there are no published instances


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be measured. `seconds` None: the limits that the bars allow."""

    published: Path | None = None
    sizes: tuple[int, ...] = ()
    flavours: tuple[str, ...] = ("plain",)
    over_constrained: int = 0
    event: Path | None = None
    replan: bool = False
    start_up: bool = False
    baselines: bool = False
    seconds: float | None = None
    workers: int = 2
    seed: int = 1
    only: tuple[str, ...] = ("*",)

    def names(self, name: str) -> bool:
        """Whether a row of this name is wanted."""
        return any(fnmatchcase(name, pattern) for pattern in self.only)

    @property
    def is_nothing(self) -> bool:
        """No kind of run is chosen."""
        chosen = (self.published, self.sizes, self.over_constrained, self.event, self.replan, self.start_up)
        return not any(chosen)


SHORT = Wanted(sizes=(150, 900), start_up=True, baselines=True, seconds=30.0)
_SECONDS = {
    Kind.PUBLISHED: 150.0,
    Kind.OVER_CONSTRAINED: 150.0,
    Kind.EVENT: 60.0,
    Kind.GENERATED: 60.0,
    Kind.REPLAN: 60.0,
}
_SECONDS_BY_SIZE = {20_000: 240.0}


def tasks(wanted: Wanted) -> list[Task]:
    """Every run on a problem that is there already, the baselines behind the engine; what `only` leaves out is not."""
    plain = [*_published(wanted), *_event(wanted), *_generated(wanted)]
    kept = [one for one in plain if wanted.names(one.name)]
    replans = [one for one in _replans(wanted) if wanted.names(one.name)]
    return [one for task in kept for one in with_baselines(task, wanted)] + replans


def _task(wanted: Wanted, name: str, kind: Kind, **more: object) -> Task:
    limit = wanted.seconds or _SECONDS[kind]
    task = Task(name, kind, Engine.OURS, limit, workers=wanted.workers, seed=wanted.seed)
    return replace(task, **more)  # type: ignore[arg-type]


def _published(wanted: Wanted) -> Iterator[Task]:
    for name, file in instances(wanted.published) if wanted.published else []:
        yield _task(wanted, name, Kind.PUBLISHED, file=str(file))


def _event(wanted: Wanted) -> Iterator[Task]:
    if wanted.event:
        yield _task(wanted, wanted.event.stem, Kind.EVENT, file=str(wanted.event))


def _generated(wanted: Wanted) -> Iterator[Task]:
    for meetings in wanted.sizes:
        limit = wanted.seconds or _SECONDS_BY_SIZE.get(meetings, _SECONDS[Kind.GENERATED])
        for flavour in wanted.flavours:
            name = str(meetings) if flavour == "plain" else f"{meetings} {flavour}"
            yield _task(wanted, name, Kind.GENERATED, meetings=meetings, flavour=flavour, seconds=limit)


def _replans(wanted: Wanted) -> Iterator[Task]:
    """The event and each size; an event of an association's size where neither is given."""
    if not wanted.replan:
        return
    event = list(_event(wanted))
    sizes = wanted.sizes or (() if event else (150,))
    for task in [*event, *_generated(replace(wanted, sizes=sizes, flavours=("plain",)))]:
        number = FEWER_DISTURBANCES if task.meetings > SMALL else DISTURBANCES
        yield replace(task, name=f"{task.name} re-planned", kind=Kind.REPLAN, disturbances=number)


def with_baselines(task: Task, wanted: Wanted) -> Iterator[Task]:
    """The engine's run and those of the baselines, if they are wanted."""
    yield task
    for engine in _baselines(task) if wanted.baselines else ():
        yield replace(task, engine=engine)


def _baselines(task: Task) -> Sequence[Engine]:
    """Those that know every rule of the problem and have a chance with its size."""
    problem = problem_of(task)
    if not is_plain(problem):
        return ()
    naive = [Engine.NAIVE] if len(problem.requests) * len(problem.slots) <= MOST_NAIVE else []
    rc2 = [Engine.RC2] if task.kind is Kind.PUBLISHED and find_spec("pysat") else []
    return [*naive, *rc2]


def over_constrained(wanted: Wanted) -> list[Task]:
    """The problems from which over-constrained ones are made: spread over the published instances, or small events."""
    files = instances(wanted.published) if wanted.published else []
    number = wanted.over_constrained
    sources: list[dict[str, object]] = [
        {"file": str(files[place * len(files) // number % len(files)][1])} if files else {"meetings": GENERATED_TIGHT}
        for place in range(number)
    ]
    names = [Path(str(one.get("file", GENERATED_TIGHT))).name.partition(".")[0] for one in sources]
    planned = [
        _task(wanted, f"{name} over {place}", Kind.OVER_CONSTRAINED, **more)
        for place, (name, more) in enumerate(zip(names, sources, strict=True), start=1)
    ]
    return [replace(one, seed=wanted.seed + place) for place, one in enumerate(planned) if wanted.names(one.name)]
