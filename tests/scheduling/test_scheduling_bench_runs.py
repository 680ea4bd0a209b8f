"""Runs that are measured: each in its own process, judged by checker and score, whatever becomes of it."""

import json
import random
import runpy
import sys
from dataclasses import asdict, replace

import pytest

from scheduling import format as documents
from scheduling import published
from scheduling.bench import measured, running, starting, tight
from scheduling.bench.bars import is_wrong
from scheduling.bench.events import event, size
from scheduling.bench.planning import GENERATED_TIGHT, Wanted, over_constrained, tasks
from scheduling.bench.replanning import KINDS, disturbed, percentile
from scheduling.bench.rows import Engine, Kind, Task, Trace, read_row, read_task
from scheduling.bench.session import rows
from scheduling.bench.truths import true_reasons
from scheduling.engine import solve
from scheduling.explain import explain
from scheduling.faults import faults
from scheduling.problem import DEFAULT_GOALS, Request
from scheduling.replan import replan
from scheduling.solution import Certainty, Reason
from tests.scheduling.builders import at, guest, host, problem, request
from tests.scheduling.published_texts import RING, text

SMALL = Task("20", Kind.GENERATED, Engine.OURS, 20.0, workers=1, meetings=20)


@pytest.fixture
def folder(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.original.dzn").write_text(text(5, 2, 5, RING), encoding="utf-8")
    return tmp_path


def test_a_run_in_a_process_of_its_own_fills_every_field():
    row = running.run(SMALL)
    assert (row.name, row.kind, row.engine, row.outcome) == ("20", Kind.GENERATED, Engine.OURS, "optimal")
    assert (row.meetings, row.placed, row.value, row.bound, row.is_proven) == (20, 20, 0, 0, True)
    assert (row.idle_slots, row.idle_periods, row.broken_rules, row.goal) == (0, 0, 0, "guest_idle_slots")
    shape = size(20)
    assert (row.participants, row.slots, row.tables) == (shape.hosts + shape.guests, shape.slots, shape.hosts)
    assert 0 < row.seconds < 20
    assert row.cpu_seconds is not None
    assert row.peak_mib is not None
    assert row.peak_mib > 5
    assert row.trace[-1].value == 0


def test_a_run_that_finds_nothing_is_a_row_without_a_timetable():
    row = measured.measure(replace(SMALL, engine=Engine.NAIVE, meetings=150, seconds=0.01))
    assert (row.outcome, row.placed, row.value, row.is_proven, row.trace) == ("nothing found", None, None, False, ())


def test_a_run_that_dies_is_a_row_that_says_why():
    row = running.run(replace(SMALL, file="nowhere.json"))
    assert (row.outcome, row.placed, is_wrong(row)) == ("failed", None, True)
    assert row.note.startswith("FileNotFoundError")


def test_a_run_that_does_not_end_is_ended(monkeypatch):
    monkeypatch.setattr(running, "GRACE", -SMALL.seconds)
    assert running.run(SMALL).note == "ended by signal 9"


def test_who_interrupts_leaves_no_run_behind(monkeypatch):
    started = []

    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    popen = running.subprocess.Popen
    monkeypatch.setattr(
        running.subprocess, "Popen", lambda *given, **named: started.append(popen(*given, **named)) or started[0]
    )
    monkeypatch.setattr(running.time, "sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        running.run(SMALL)
    monkeypatch.undo()
    assert started[0].wait(timeout=30) == -9


def test_what_goes_through_json_comes_back_the_same():
    row = measured.measure(SMALL)
    assert read_row(json.loads(json.dumps(asdict(row)))) == row
    assert read_task(json.loads(json.dumps(asdict(SMALL)))) == SMALL


def as_program(module, *arguments, monkeypatch):
    monkeypatch.setattr(sys, "argv", [module.__name__, *arguments])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(module.__file__, run_name="__main__")
    assert ended.value.code == 0


def test_the_process_prints_its_row(capsys, monkeypatch):
    as_program(measured, json.dumps(asdict(SMALL)), monkeypatch=monkeypatch)
    assert read_row(json.loads(capsys.readouterr().out)).placed == 20


def test_only_what_is_new_is_noted():
    trace = Trace()
    for second in range(3):
        trace.note(second, placed=1, value=5)
    trace.note(3, placed=1, value=4)
    assert [point.seconds for point in trace.points] == [0, 3]


def test_an_over_constrained_run_counts_reasons_and_tries_them(tmp_path, monkeypatch):
    source = replace(SMALL, kind=Kind.OVER_CONSTRAINED)
    file = tmp_path / "tight.json"
    as_program(tight, json.dumps(asdict(source)), "1", str(file), monkeypatch=monkeypatch)
    row = measured.measure(replace(source, file=str(file)))
    assert row.placed is not None
    assert row.reasons == row.reasons_true == row.meetings - row.placed > 0
    assert (row.is_proven, row.value, row.bound, is_wrong(row)) == (True, row.reasons, row.reasons, False)


def test_reasons_that_are_not_true_are_found_out():
    crowded = problem(
        participants=(host(), guest("A"), guest("B"), guest("C", unavailable=frozenset({"S1", "S2", "S3", "S4"}))),
        requests=(request("a", "H", "A"), request("b", "H", "B"), request("c", "H", "C")),
    )
    laid = at("a:S1:T1")
    true = (
        Reason("c", "never_there", ("C",), certainty=Certainty.ALONE),
        Reason("b", "could_be_placed", (), slot_ids=("S2",)),
        Reason("c", "no_common_slot_left", ("H", "C")),
        Reason("c", "participant_full", ("C",), (("over", 1),), certainty=Certainty.GROUP, among=("c",)),
    )
    false = (
        Reason("a", "no_common_slot_left", ("H", "A")),
        Reason("b", "never_there", ("B",), certainty=Certainty.ALONE),
        Reason("b", "could_be_placed", (), slot_ids=("S1",)),
        Reason("b", "no_common_slot_left", ("H", "B")),
        Reason("b", "participant_full", ("H",), (("over", 1),), certainty=Certainty.GROUP, among=("a", "b")),
    )
    assert [true_reasons(crowded, laid, [one]) for one in true] == [1, 1, 1, 1]
    assert [true_reasons(crowded, laid, [one]) for one in false] == [0, 0, 0, 0, 0]


def test_what_the_engine_explains_is_true():
    guests = [guest(f"G{number}") for number in range(6)]
    crowded = problem(participants=(host(), *guests), requests=[request(f"r{one.id}", "H", one.id) for one in guests])
    crowded = replace(crowded, requests=tuple(crowded.requests))
    meetings = solve(crowded, seconds=20, workers=1).meetings
    assert true_reasons(crowded, meetings, explain(crowded, meetings, remedies=False)) == 2


def test_disturbances_are_of_every_kind_and_leave_sound_problems():
    source = event(size(40), seed=1)
    laid = replace(source, goals=DEFAULT_GOALS, previous=solve(source, seconds=20, workers=1).meetings)
    changed = list(disturbed(laid, len(KINDS), seed=1))
    assert [faults(one) for one in changed] == [()] * len(KINDS)
    assert [len(one.requests) - 40 for one in changed] == [0, 0, 0, -1, 1, 0]
    assert sum(request.lock_slot is not None for request in changed[5].requests) == 2
    assert len({one.frozen for one in changed}) > 1


def test_where_everything_has_begun_or_nothing_can_be_swapped_there_is_still_a_change():
    laid = problem(
        previous=at("a:S1:T1 b:S2:T1"),
        requests=(request("a", "H", "A"), Request("b", ("H", "B"), slots=frozenset({"S2"}))),
    )
    changed = [KINDS[place](laid, now, random.Random(1)) for place, now in ((5, "S1"), (5, "S4"), (3, "S4"), (0, "S4"))]
    assert [faults(one) for one in changed] == [()] * 4
    assert [replan(one, seconds=5, workers=1).solution.placed >= 1 for one in changed] == [True] * 4


def test_re_planning_is_timed_change_by_change():
    row = measured.measure(replace(SMALL, kind=Kind.REPLAN, disturbances=6))
    assert (row.outcome, len(row.times), row.broken_rules, row.goal) == ("answered", 6, 0, "people_disturbed")
    assert row.seconds == max(row.times)
    assert row.note.startswith("6 changes, 6 proven; median ")


@pytest.mark.parametrize(("share", "expected"), [(50, 2), (95, 4), (1, 1), (100, 4)])
def test_a_percentile_is_one_of_the_numbers(share, expected):
    assert percentile([4, 2, 1, 3], share) == expected


def test_starting_up_loads_no_solver():
    row = starting.start_up()
    assert (row.outcome, row.note, len(row.times)) == ("shown", "loads no solver", starting.TIMES)
    assert min(row.times) <= row.seconds <= max(row.times)


def test_starting_up_that_loads_a_solver_is_found_out(monkeypatch):
    monkeypatch.setattr(starting, "_COMMAND", ("-c", "import scheduling.engine"))
    row = starting.start_up()
    assert row.outcome == "failed"
    assert "scheduling.engine" in row.note


def test_each_problem_is_measured_with_the_baselines_that_know_it(folder):
    wanted = Wanted(published=folder, sizes=(20, 20_000), flavours=("plain", "zipf"), baselines=True)
    planned = [(task.name, task.engine) for task in tasks(wanted)]
    assert planned == [
        ("one", Engine.OURS),
        ("one", Engine.NAIVE),
        ("one", Engine.RC2),
        ("two", Engine.OURS),
        ("two", Engine.NAIVE),
        ("two", Engine.RC2),
        ("20", Engine.OURS),
        ("20", Engine.NAIVE),
        ("20 zipf", Engine.OURS),
        ("20 zipf", Engine.NAIVE),
        ("20000", Engine.OURS),
        ("20000 zipf", Engine.OURS),
    ]


def test_only_what_is_named_is_measured(folder):
    wanted = Wanted(published=folder, sizes=(20,), over_constrained=3, replan=True, only=("two", "* over 1", "20*"))
    assert [task.name for task in tasks(wanted)] == ["two", "20", "20 re-planned"]
    assert [task.name for task in over_constrained(wanted)] == ["one over 1"]


def test_limits_are_those_of_the_bars_unless_given():
    assert [task.seconds for task in tasks(Wanted(sizes=(900, 20_000)))] == [60, 240]
    assert [task.seconds for task in tasks(Wanted(sizes=(900, 20_000), seconds=7))] == [7, 7]


def test_re_planning_takes_the_event_that_is_given_or_a_small_one(tmp_path):
    file = tmp_path / "fair.json"
    file.write_text(documents.write(problem()), encoding="utf-8")
    given, made, large = (
        tasks(one)
        for one in (Wanted(event=file, replan=True), Wanted(replan=True), Wanted(sizes=(5_000,), replan=True))
    )
    assert [(task.name, task.kind) for task in given] == [("fair", Kind.EVENT), ("fair re-planned", Kind.REPLAN)]
    assert [(task.name, task.disturbances) for task in made] == [("150 re-planned", 100)]
    assert [task.disturbances for task in large] == [0, 20]


def test_an_event_with_rules_of_its_own_is_measured_without_baselines(tmp_path):
    file = tmp_path / "fair.json"
    file.write_text(documents.write(problem()), encoding="utf-8")
    assert [task.engine for task in tasks(Wanted(event=file, baselines=True))] == [Engine.OURS]


def test_over_constrained_problems_are_spread_over_what_there_is(folder):
    spread = over_constrained(Wanted(published=folder, over_constrained=2))
    assert [(task.name, task.seed) for task in spread] == [("one over 1", 1), ("two over 2", 2)]
    assert [task.meetings for task in over_constrained(Wanted(over_constrained=1))] == [GENERATED_TIGHT]
    assert [task.name for task in over_constrained(Wanted(over_constrained=1))] == ["150 over 1"]


def test_a_whole_measurement_goes_from_row_to_row(folder):
    wanted = Wanted(
        published=folder, over_constrained=1, start_up=True, seconds=20.0, only=("--help", "two", "* over *")
    )
    assert [(row.name, row.outcome) for row in rows(wanted)] == [
        ("--help", "shown"),
        ("two", "optimal"),
        ("one over 1", "optimal"),
    ]


def test_a_problem_that_cannot_be_over_constrained_is_a_row_that_says_so(tmp_path):
    idle = text(2, 1, 3, [])
    (tmp_path / "idle.dzn").write_text(idle, encoding="utf-8")
    with pytest.raises(ValueError, match="every timetable is complete"):
        tight.over_constrained(published.read(idle), number=0, seed=1)
    found = list(rows(Wanted(published=tmp_path, over_constrained=1, only=("* over *",))))
    assert [(row.outcome, row.note) for row in found] == [
        ("failed", "ValueError: without requests every timetable is complete")
    ]
