"""The published instances of the business-to-business meeting scheduling problem: MiniZinc data files as problems.

Format and meaning: Bofill et al., Constraint Solving Approaches to the Business-to-Business Meeting Scheduling
Problem, JAIR 74 (2022). Everything counts from 1; `requested` rows are participant, participant, session (1 morning,
2 afternoon, 3 either); `forbidden` holds slots by participant, `fixed` a slot by meeting and `precedences` the meetings
that come before it, 0 meaning none. `meetingsxBusiness` and `nMeetingsBusiness` repeat what `requested` says and are
not read.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from scheduling.faults import BadProblem, Fault, refuse_faults
from scheduling.limits import MOST
from scheduling.problem import (
    Goal,
    GoalName,
    PairKind,
    PairRule,
    Participant,
    Problem,
    Request,
    Side,
    Slot,
    Subjects,
    Table,
)

START = dt.datetime(2022, 1, 1, 9, 0, tzinfo=dt.UTC)  # the files know no times; slots follow each other without a break
SLOT = dt.timedelta(minutes=20)
MORNING, AFTERNOON = "morning", "afternoon"
IDLE_DIFFERENCE = 2  # periods: the fairness rule of the published models
GOALS = (Goal(GoalName.WEIGHT_UNPLACED, 20), Goal(GoalName.GUEST_IDLE_PERIODS, 40))
SESSIONS = {1: frozenset({MORNING}), 2: frozenset({AFTERNOON}), 3: None}

_COMMENT = re.compile(r"%[^\n]*")
_STATEMENT = re.compile(r"\s*([A-Za-z]\w*)\s*=\s*([^=;]*);")
_NUMBER = re.compile(r"-?\d{1,9}")
_SET = re.compile(r"\{([^{}]*)\}")
_NUMBERS = ("nBusiness", "nMeetings", "nTables", "nTotalSlots", "nMorningSlots")
_MOST = {"nBusiness": "participants", "nMeetings": "requests", "nTables": "tables", "nTotalSlots": "slots"}


def read(text: str) -> Problem:
    """The problem in the text of a .dzn file; BadProblem names every statement and place in it that is wrong.

    Participants are `P1`…, meetings `M1`…, slots `S1`…, tables `T1`…, all interchangeable tables in no room. All
    meetings are wished for with weight 1; what is minimised is what is left out, then idle periods, which may differ by
    at most IDLE_DIFFERENCE between two participants.
    """
    reading = _Reading(_statements(text))
    instance = reading.instance()
    if reading.faults or instance is None:
        raise BadProblem(reading.faults)
    problem = _problem(instance)
    refuse_faults(problem)
    return problem


@dataclass(frozen=True, slots=True)
class _Instance:
    """The parameters of a file as numbers, in the names of the paper."""

    tables: int
    slots: int
    morning_slots: int
    requested: tuple[tuple[int, ...], ...]
    forbidden: tuple[frozenset[int], ...]
    fixed: tuple[int, ...]
    precedences: tuple[frozenset[int], ...]


def _statements(text: str) -> dict[str, str]:
    """`name = value;` by name; anything else in the file is a fault of form."""
    plain, statements, end = _COMMENT.sub("", text), dict[str, str](), 0
    while found := _STATEMENT.match(plain, end):
        if found[1] in statements:
            raise BadProblem([Fault(found[1], "duplicate", found[1])])
        statements[found[1]], end = found[2].strip(), found.end()
    rest = plain[end:].strip()
    if rest or not statements:
        line = str(plain.count("\n", 0, end + len(plain[end:]) - len(plain[end:].lstrip())) + 1)
        raise BadProblem([Fault(f"line {line}", "not_dzn", rest[:40])])
    return statements


class _Reading:
    """Takes the statements apart and collects the faults."""

    def __init__(self, statements: dict[str, str]) -> None:
        self.statements = statements
        self.faults: list[Fault] = []

    def instance(self) -> _Instance | None:
        """None when the sizes themselves cannot be read."""
        sizes = {name: self._size(name) for name in _NUMBERS}
        if self.faults:
            return None
        firms, meetings, slots = sizes["nBusiness"], sizes["nMeetings"], sizes["nTotalSlots"]
        self._within("nMorningSlots", [sizes["nMorningSlots"]], 0, slots)
        return _Instance(
            sizes["nTables"],
            slots,
            sizes["nMorningSlots"],
            tuple(self._requested(meetings, firms)),
            self._sets("forbidden", firms, slots),
            self._list("fixed", meetings, slots),
            self._sets("precedences", meetings, meetings),
        )

    def _text(self, name: str) -> str:
        if name not in self.statements:
            self.faults.append(Fault(name, "missing", name))
        return self.statements.get(name, "")

    def _size(self, name: str) -> int:
        text = self._text(name)
        if not _NUMBER.fullmatch(text):
            self.faults.extend([Fault(name, "wrong_type", "int")] if name in self.statements else [])
            return 0
        self._within(name, [int(text)], 0, MOST.get(_MOST.get(name, "slots"), 0))
        return int(text)

    def _numbers(self, path: str, text: str) -> list[int]:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if all(_NUMBER.fullmatch(part) for part in parts):
            return [int(part) for part in parts]
        self.faults.append(Fault(path, "wrong_type", "int"))
        return []

    def _within(self, path: str, numbers: list[int], least: int, most: int) -> None:
        self.faults.extend(Fault(path, "out_of_range", str(one)) for one in numbers if not least <= one <= most)

    def _sized(self, name: str, found: int, expected: int) -> None:
        if name in self.statements and found != expected:
            self.faults.append(Fault(name, "wrong_length", f"{found} / {expected}"))

    def _list(self, name: str, length: int, most: int) -> tuple[int, ...]:
        text = self._text(name)
        numbers = self._numbers(name, text.removeprefix("[").removesuffix("]"))
        self._sized(name, len(numbers), length)
        for place, one in enumerate(numbers, start=1):
            self._within(f"{name}[{place}]", [one], 0, most)
        return tuple(numbers)

    def _sets(self, name: str, length: int, most: int) -> tuple[frozenset[int], ...]:
        texts = _SET.findall(self._text(name))
        self._sized(name, len(texts), length)
        return tuple(self._set(f"{name}[{place}]", one, most) for place, one in enumerate(texts, start=1))

    def _set(self, path: str, text: str, most: int) -> frozenset[int]:
        numbers = self._numbers(path, text)
        self._within(path, numbers, 0, most)
        return frozenset(numbers) - {0}

    def _requested(self, length: int, firms: int) -> Iterator[tuple[int, ...]]:
        text = self._text("requested").removeprefix("[").removesuffix("]").strip().strip("|")
        rows = text.split("|") if text else []
        self._sized("requested", len(rows), length)
        for place, row in enumerate(rows, start=1):
            path = f"requested[{place}]"
            numbers = self._numbers(path, row)
            if len(numbers) != 3:
                self.faults.append(Fault(path, "wrong_length", f"{len(numbers)} / 3"))
            self._within(path, numbers[:2], 1, firms)
            self._within(path, numbers[2:3], 1, max(SESSIONS))
            yield tuple(numbers)


def _problem(instance: _Instance) -> Problem:
    unavailable = [frozenset(f"S{slot}" for slot in forbidden) for forbidden in instance.forbidden]
    return Problem(
        slots=tuple(_slots(instance)),
        tables=tuple(Table(f"T{number}") for number in range(1, instance.tables + 1)),
        participants=tuple(
            Participant(f"P{number}", Side.OTHER, unavailable=slots_of)
            for number, slots_of in enumerate(unavailable, start=1)
        ),
        requests=tuple(
            Request(
                f"M{number}",
                (f"P{first}", f"P{second}"),
                blocks=SESSIONS[session],
                lock_slot=f"S{instance.fixed[number - 1]}" if instance.fixed[number - 1] else None,
            )
            for number, (first, second, session) in enumerate(instance.requested, start=1)
        ),
        pair_rules=tuple(_orders(instance)),
        goals=GOALS,
        max_idle_difference=IDLE_DIFFERENCE,
    )


def _slots(instance: _Instance) -> Iterator[Slot]:
    for place in range(instance.slots):
        block = MORNING if place < instance.morning_slots else AFTERNOON
        yield Slot(f"S{place + 1}", START + place * SLOT, START + (place + 1) * SLOT, block)


def _orders(instance: _Instance) -> Iterator[PairRule]:
    for later, earlier_ones in enumerate(instance.precedences, start=1):
        for earlier in sorted(earlier_ones):
            name = f"M{earlier}<M{later}"
            yield PairRule(name, PairKind.BEFORE, f"M{earlier}", f"M{later}", Subjects.REQUESTS)
