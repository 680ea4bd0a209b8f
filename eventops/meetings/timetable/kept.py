"""The facts of rounds as this process knows them, and what follows from them; one statement says whether they hold."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

from flask import Flask, current_app
from sqlalchemy.orm import Session

from eventops.meetings.timetable import facts, marking, problems, queries
from eventops.meetings.timetable.facts import Facts
from eventops.meetings.timetable.queries import Lock
from scheduling.problem import Problem
from scheduling.timetable import Ground

Found = TypeVar("Found")
MOST_ROUNDS, MOST_LOCKS = 4, 4


class Standing:
    """A round as the scheduler sees it, the locks of its timetable included."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    @cached_property
    def fingerprint(self) -> str:
        return problems.fingerprint(self.problem)

    @cached_property
    def ground(self) -> Ground:
        return Ground(self.problem)


class Known:
    """Facts that were read once, and whatever was worked out from them alone."""

    def __init__(self, read: Facts) -> None:
        self.facts = read
        self._found: dict[Callable[[Known], Any], Any] = {}
        self._standings: dict[frozenset[Lock], Standing] = {}

    @cached_property
    def problem(self) -> Problem:
        """Without any lock."""
        return problems.of(self.facts)

    def once(self, work: "Callable[[Known], Found]") -> Found:
        """What this function makes of the facts; it looks at nothing else, so that it is asked once."""
        if work not in self._found:
            self._found[work] = work(self)
        return cast("Found", self._found[work])

    def standing(self, locks: frozenset[Lock]) -> Standing:
        found = self._standings.get(locks)
        if found is None:
            found = Standing(problems.with_locks(self.problem, locks))
            self._standings = dict([*self._standings.items(), (locks, found)][-MOST_LOCKS:])
        return found


class Memory:
    """The rounds that were looked at last, each as it stood under a mark."""

    def __init__(self) -> None:
        self._rounds: OrderedDict[int, tuple[str, Known]] = OrderedDict()
        self._turn = threading.Lock()

    def get(self, round_id: int, mark: str) -> Known | None:
        with self._turn:
            under, known = self._rounds.get(round_id, ("", None))
            return known if under == mark else None

    def keep(self, round_id: int, mark: str, known: Known) -> None:
        with self._turn:
            self._rounds.pop(round_id, None)
            self._rounds[round_id] = mark, known
            while len(self._rounds) > MOST_ROUNDS:
                self._rounds.popitem(last=False)


def init_memory(app: Flask) -> None:
    app.extensions["facts_kept"] = Memory()


def known(session: Session, round_id: int) -> Known:
    """The round's facts as they stand for this transaction; raises `NotFound`."""
    mark = marking.mark_of(session)
    if mark is None:
        return Known(facts.read(session, round_id))
    memory: Memory = current_app.extensions["facts_kept"]
    return memory.get(round_id, mark) or _read(session, memory, round_id, mark)


def _read(session: Session, memory: Memory, round_id: int, mark: str) -> Known:
    """Kept unless somebody changed the facts between two of the statements that read them."""
    found = Known(facts.read(session, round_id))
    if marking.mark_of(session) == mark:
        memory.keep(round_id, mark, found)
    return found


def standing(session: Session, round_id: int) -> Standing:
    """The round with the locks of its timetable: the same as `problems.build` reads."""
    return known(session, round_id).standing(queries.locks_of(session, round_id))
