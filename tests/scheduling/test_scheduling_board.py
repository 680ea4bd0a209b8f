"""The board's answers on random tiny events with every rule, held against brute force cell by cell."""

from collections.abc import Callable, Iterator
from random import Random

import pytest

from scheduling.check import check
from scheduling.moves import LOCAL_GOALS, options
from scheduling.problem import Problem
from scheduling.solution import Cell, Meeting, Verdict
from tests.scheduling import brute
from tests.scheduling.random_problems import KINDS, tiny
from tests.scheduling.random_timetables import laid_out, scribbled

EVENTS = 4


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_is_forbidden_exactly_when_the_new_timetable_would_be(kind: str) -> None:
    for problem, board, cell, after in _moves(kind, laid_out):
        assert brute.is_valid(problem, after) == (cell.verdict is not Verdict.FORBIDDEN), (board, cell)


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_says_by_how_much_each_goal_about_people_changes(kind: str) -> None:
    for problem, board, cell, after in _moves(kind, laid_out):
        if cell.verdict is not Verdict.FORBIDDEN:
            old, new = brute.values(problem, board), brute.values(problem, after)
            wanted = {goal.name for goal in problem.goals} & LOCAL_GOALS
            assert dict(cell.changes) == {str(one): new[one] - old[one] for one in wanted if new[one] != old[one]}


@pytest.mark.parametrize("kind", KINDS)
def test_on_a_board_with_faults_a_cell_is_forbidden_when_it_adds_one(kind: str) -> None:
    for problem, board, cell, after in _moves(kind, _with_faults):
        if cell.verdict is not Verdict.HERE:
            added = _faults(problem, after) - _faults(problem, board)
            assert bool(added) == (cell.verdict is Verdict.FORBIDDEN), (board, cell, added)


def _with_faults(random: Random, problem: Problem) -> tuple[Meeting, ...]:
    """Scribble, but no two meetings on one table: who would swap with whom?"""
    board: tuple[Meeting, ...] = ()
    for meeting in scribbled(random, problem):
        if "table_twice" not in {one.code for one in check(problem, (*board, meeting))}:
            board = (*board, meeting)
    return board


def _faults(problem: Problem, meetings: tuple[Meeting, ...]) -> set[tuple[object, ...]]:
    """Violations whatever the order in which they name their subjects."""
    return {
        (one.code, frozenset(one.subjects), one.slot_id, one.table_id, one.counts) for one in check(problem, meetings)
    }


def _moves(
    kind: str, made: Callable[[Random, Problem], tuple[Meeting, ...]]
) -> Iterator[tuple[Problem, tuple[Meeting, ...], Cell, tuple[Meeting, ...]]]:
    """Boards of some events, each request held over each cell, and the timetable that comes of it."""
    for seed in range(EVENTS):
        problem = tiny(kind, seed)
        board = made(Random(seed), problem)
        for request in problem.requests:
            for cell in options(problem, board, request.id):
                yield problem, board, cell, _after(board, request.id, cell)


def _after(board: tuple[Meeting, ...], held: str, cell: Cell) -> tuple[Meeting, ...]:
    old = next((one for one in board if one.request_id == held), None)
    kept = tuple(one for one in board if one.request_id not in (held, cell.swap_with))
    moved = (Meeting(held, cell.slot_id, cell.table_id),)
    if old is not None and cell.swap_with is not None:
        moved += (Meeting(cell.swap_with, old.slot_id, old.table_id),)
    return kept + moved
