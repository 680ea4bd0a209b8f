"""The board's answers: the same as checking the changed timetable from scratch, only quicker."""

import random
from dataclasses import replace

import pytest

from scheduling.annealing import Annealing
from scheduling.bands import Band, bands
from scheduling.check import check
from scheduling.effects import Effects
from scheduling.facts import Facts
from scheduling.moves import LOCAL_GOALS, options
from scheduling.problem import PairKind, PairRule, Participant, Problem, Request, Side, Table
from scheduling.run import Run
from scheduling.seating import seat
from scheduling.solution import Cell, Meeting, Verdict
from scheduling.timetable import Ground, Timetable
from tests.scheduling import kistec
from tests.scheduling.builders import at, problem, request, slots, tables
from tests.scheduling.random_problems import KINDS, tiny
from tests.scheduling.random_timetables import laid_out, scribbled


def made(event: Problem) -> tuple[Meeting, ...]:
    """A whole timetable, quickly and without the exact model."""
    facts = Facts(event)
    found = Annealing(facts, Run(event, 60, 1, 1), 40).improve(())
    return seat(facts, {one.request_id: facts.timeline.position[one.slot_id] for one in found})


@pytest.fixture(scope="module")
def event() -> Problem:
    hard = kistec.build()
    return replace(hard, pair_rules=tuple(replace(one, is_hard=True) for one in hard.pair_rules))


@pytest.fixture(scope="module")
def board(event: Problem) -> tuple[Meeting, ...]:
    return made(event)


def after(meetings: tuple[Meeting, ...], held: str, cell: Cell) -> tuple[Meeting, ...]:
    """The timetable with the held request in the cell, and the occupant in its old place."""
    old = next((one for one in meetings if one.request_id == held), None)
    kept = [one for one in meetings if one.request_id not in (held, cell.swap_with)]
    moved = [Meeting(held, cell.slot_id, cell.table_id)]
    if cell.swap_with is not None and old is not None:
        moved.append(replace(old, request_id=cell.swap_with))
    return (*kept, *moved)


def waiting(event: Problem, meetings: tuple[Meeting, ...]) -> list[int]:
    timetable = Timetable(Ground(event), meetings)
    local = [Band(one.number, tuple(goal for goal in one.goals if goal.name in LOCAL_GOALS)) for one in bands(event)]
    return [band.cost(timetable) for band in local]


def test_every_cell_says_what_a_full_check_says(event: Problem, board: tuple[Meeting, ...]) -> None:
    chance = random.Random(3)
    before = set(check(event, board))
    for held in chance.sample([one.id for one in event.requests], 3):
        for cell in chance.sample(options(event, board, held), 40):
            changed = after(board, held, cell)
            new = set(check(event, changed)) - before
            assert (cell.verdict is Verdict.FORBIDDEN) == bool(new)
            assert set(cell.violations) >= new or cell.verdict is Verdict.HERE


def test_better_and_worse_follow_the_bands(event: Problem, board: tuple[Meeting, ...]) -> None:
    before = waiting(event, board)
    expected = {True: Verdict.BETTER, False: Verdict.WORSE}
    for cell in options(event, board, board[70].request_id):
        if cell.verdict not in (Verdict.FORBIDDEN, Verdict.HERE):
            now = waiting(event, after(board, board[70].request_id, cell))
            assert cell.verdict is (Verdict.FREE if now == before else expected[now < before])


def test_a_request_from_the_side_finds_its_free_cells_and_no_taken_one(
    event: Problem, board: tuple[Meeting, ...]
) -> None:
    held = board[10].request_id
    others = tuple(one for one in board if one.request_id != held)

    cells = options(event, others, held)

    free = [cell for cell in cells if cell.verdict is not Verdict.FORBIDDEN]
    assert (board[10].slot_id, board[10].table_id) in {(cell.slot_id, cell.table_id) for cell in free}
    assert not {(cell.slot_id, cell.table_id) for cell in free} & {(one.slot_id, one.table_id) for one in others}


def test_a_swap_names_the_other_and_a_long_meeting_does_not_swap() -> None:
    event = problem(requests=(request("a", "H", "A"), request("b", "H", "B")), tables=tables(1))
    long = replace(event, requests=(request("a", "H", "A", length=2), request("b", "H", "B")))

    short_cells = {(one.slot_id, one.verdict, one.swap_with) for one in options(event, at("a:S1:T1 b:S4:T1"), "a")}
    long_cells = {(one.slot_id, one.verdict) for one in options(long, at("a:S1:T1 b:S4:T1"), "a")}

    assert ("S4", Verdict.FREE, "b") in short_cells
    assert {("S1", Verdict.HERE), ("S3", Verdict.FORBIDDEN), ("S4", Verdict.FORBIDDEN)} < long_cells


def test_neighbouring_tables_are_forbidden_to_rivals() -> None:
    event = Problem(
        slots(1),
        tables(3),
        (Participant("H", Side.HOST), Participant("G", Side.HOST), Participant("A"), Participant("B")),
        (Request("a", ("H", "A")), Request("b", ("G", "B"))),
        pair_rules=(PairRule("P", PairKind.NOT_ADJACENT_TABLES, "H", "G"),),
    )

    verdicts = {cell.table_id: cell.verdict for cell in options(event, at("b:S1:T1"), "a")}

    assert verdicts == {"T1": Verdict.FORBIDDEN, "T2": Verdict.FORBIDDEN, "T3": Verdict.FREE}


def test_a_large_board_is_answered_too() -> None:
    hosts = [Participant(f"H{number}", Side.HOST) for number in range(40)]
    guests = [Participant(f"G{number}") for number in range(60)]
    pairs = [(host, guest) for host in range(40) for guest in range(60) if (host + guest) % 3 == 0]
    event = Problem(
        slots(24),
        tuple(Table(f"T{number}", "R", number) for number in range(60)),
        (*hosts, *guests),
        tuple(Request(f"{host}-{guest}", (f"H{host}", f"G{guest}")) for host, guest in pairs),
    )
    board = tuple(Meeting(f"{host}-{guest}", f"S{(host + guest) // 3 % 24 + 1}", f"T{host}") for host, guest in pairs)

    cells = options(event, board, board[100].request_id)

    assert check(event, board) == ()
    assert len(cells) == 24 * 60


def in_order(cells: tuple[Cell, ...]) -> list[Cell]:
    return [replace(cell, violations=tuple(sorted(cell.violations, key=repr))) for cell in cells]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_judging_day_by_day_says_what_judging_all_at_once_says(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(6):
        event, chance = tiny(kind, seed), random.Random(f"{kind} {seed}")
        for board in (laid_out(chance, event), scribbled(chance, event)):
            for one in event.requests:
                by_day = in_order(options(event, board, one.id))
                with monkeypatch.context() as patch:
                    patch.setattr(Effects, "are_separate", lambda *_: False)
                    assert by_day == in_order(options(event, board, one.id))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_clean_board_is_judged_as_the_checker_and_the_goals_judge_it(kind: str) -> None:
    for seed in range(6):
        event = tiny(kind, seed)
        board = laid_out(random.Random(f"{kind} {seed}"), event)
        costs = waiting(event, board)
        for one in event.requests:
            for cell in options(event, board, one.id):
                if cell.verdict is Verdict.HERE or any(found.code == "table_twice" for found in cell.violations):
                    continue
                changed = after(board, one.id, cell)
                new = set(check(event, changed)) - set(check(event, board))
                assert (cell.verdict is Verdict.FORBIDDEN) == bool(new)
                assert {replace(one, table_id="") for one in new} <= {
                    replace(one, table_id="") for one in cell.violations
                }  # a reason about the time is the same at all tables
                if not new:
                    now = waiting(event, changed)
                    better = Verdict.BETTER if now < costs else Verdict.WORSE
                    assert cell.verdict is (Verdict.FREE if now == costs else better)
