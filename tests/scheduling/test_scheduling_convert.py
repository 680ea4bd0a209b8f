"""Published instances and CSV files as problems, timetables as CSV, every bad cell by its place."""

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from scheduling import format as documents
from scheduling import listing, published, sheets
from scheduling.__main__ import main
from scheduling.cells import File
from scheduling.check import check
from scheduling.engine import solve
from scheduling.faults import BadProblem
from scheduling.problem import GoalName, PairKind, PairRule, Problem, Request, Room, Side, Subjects, Table
from tests.scheduling.builders import at, guest, host, problem, request
from tests.scheduling.event_files import DZN, FOLDER

Capture = pytest.CaptureFixture[str]
JAPAN = dt.timezone(dt.timedelta(hours=9))
SETTINGS = sheets.Settings()
HELD = "participants[1].capacity_at.S1"
BARE = {"requests": "host,guest\na,b\n", "slots": FOLDER["slots"]}
CROWDED = FOLDER["requests"].replace("川口,5", "海野工業,5")


def clock(hour: int, minute: int) -> dt.datetime:
    return dt.datetime(2027, 1, 15, hour, minute, tzinfo=JAPAN)


def files(texts: Mapping[str, str], encoding: str = "utf-8") -> dict[str, File]:
    return {name: File(f"{name}.csv", text.encode(encoding)) for name, text in texts.items()}


def refused(texts: Mapping[str, str], settings: sheets.Settings = SETTINGS) -> set[tuple[str, str]]:
    with pytest.raises(BadProblem) as caught:
        sheets.read(files(texts), settings)
    found = [(fault.path, fault.code) for fault in caught.value.faults]
    assert len(set(found)) == len(found)
    return set(found)


def test_a_published_instance_is_read_as_the_paper_means_it() -> None:
    event = published.read(DZN)

    assert [slot.block for slot in event.slots] == ["morning"] * 3 + ["afternoon"] * 2
    assert all(later.start == earlier.end for earlier, later in zip(event.slots, event.slots[1:], strict=False))
    assert event.tables == (Table("T1"), Table("T2"))
    assert [one.unavailable for one in event.participants] == [
        frozenset(),
        frozenset({"S1"}),
        frozenset({"S2", "S3"}),
        frozenset(),
    ]
    assert {one.side for one in event.participants} == {Side.OTHER}
    assert event.requests == (
        Request("M1", ("P1", "P2"), blocks=frozenset({"morning"})),
        Request("M2", ("P1", "P3"), lock_slot="S4"),
        Request("M3", ("P4", "P2"), blocks=frozenset({"afternoon"})),
    )
    assert event.pair_rules == (PairRule("M1<M2", PairKind.BEFORE, "M1", "M2", Subjects.REQUESTS),)
    assert [goal.name for goal in event.goals] == [GoalName.WEIGHT_UNPLACED, GoalName.GUEST_IDLE_PERIODS]
    assert event.max_idle_difference == 2


def test_a_published_instance_is_solved() -> None:
    event = published.read(DZN)
    solution = solve(event, seconds=20, workers=1)
    assert (solution.placed, check(event, solution.meetings)) == (3, ())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (DZN, "", {("line 1", "not_dzn")}),
        ("];\nnMeetingsBusiness", "\nnMeetingsBusiness", {("line 9", "not_dzn")}),
        ("nTables = 2;", "nTables = two;", {("nTables", "wrong_type")}),
        ("nTables = 2;", "nTables = 0;", {("tables", "empty")}),
        ("nTables = 2;", "", {("nTables", "missing")}),
        ("nTables = 2;", "nTables = 2; nTables = 3;", {("nTables", "duplicate")}),
        ("nTotalSlots = 5", "nTotalSlots = 999999999", {("nTotalSlots", "out_of_range")}),
        ("nMorningSlots = 3", "nMorningSlots = 6", {("nMorningSlots", "out_of_range")}),
        ("forbidden = [{0},", "forbidden = [{7},", {("forbidden[1]", "out_of_range")}),
        ("forbidden = [{0},", "forbidden = [{x},", {("forbidden[1]", "wrong_type")}),
        ("forbidden = [{0},", "forbidden = [", {("forbidden", "wrong_length")}),
        ("fixed = [0,4,0];", "", {("fixed", "missing")}),
        ("fixed = [0,4,0]", "fixed = [0,9,0,0]", {("fixed", "wrong_length"), ("fixed[2]", "out_of_range")}),
        ("|1, 2,1,", "|1, 9,4,", {("requested[1]", "out_of_range")}),
        ("|1, 2,1,", "|1, 2,", {("requested[1]", "wrong_length")}),
        ("|1, 2,1,\n|1, 3,3,\n|4, 2,2,\n|", "", {("requested", "wrong_length")}),
        ("|1, 2,1,", "|1, 1,1,", {("requests[0].participants", "duplicate")}),
        ("{0,1}", "{0,4,5}", {("requests[2]", "nothing")}),
    ],
)
def test_every_fault_of_an_instance_is_named(old: str, new: str, expected: set[tuple[str, str]]) -> None:
    assert old in DZN
    if expected == {("requests[2]", "nothing")}:
        assert (
            len(published.read(DZN.replace(old, new)).requests) == 3
        )  # impossible, but nothing is wrong with the file
        return
    with pytest.raises(BadProblem) as caught:
        published.read(DZN.replace(old, new))
    assert {(fault.path, fault.code) for fault in caught.value.faults} == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_folder_of_sheets_is_read(encoding: str) -> None:
    event = sheets.read(files(FOLDER, encoding), SETTINGS)

    assert [(slot.id, slot.start, slot.end, slot.block) for slot in event.slots] == [
        ("S1", clock(13, 0), clock(13, 20), "前半"),
        ("S2", clock(13, 25), clock(13, 45), "前半"),
        ("S3", clock(14, 0), clock(14, 20), "後半"),
    ]
    assert event.rooms == (Room("桜", 0), Room("楓", 2))
    assert event.tables == (
        Table("T1", "桜", 1, frozenset({"online", "accessible"})),
        Table("T2", "楓", 1, open_slots=frozenset({"S1", "S2"})),
    )
    assert event.participants == (
        host("海野工業", organisation="海野工業", people=frozenset({"佐藤", "鈴木"}), capacity_at={"S3": 2}),
        guest(
            "山田精機",
            organisation="山田",
            disliked=frozenset({"S3"}),
            arrives=clock(13, 10),
            max_meetings=2,
            is_from_far=True,
        ),
        guest("川口", unavailable=frozenset({"S1"}), disliked=frozenset({"S2"})),
    )
    assert event.requests == (
        request("A1", "海野工業", "山田精機", weight=30, is_mandatory=True, blocks=frozenset({"後半"})),
        request("R3", "海野工業", "川口", lock_slot="S2"),
        request("A3", "海野工業", "山田精機", "川口", weight=5),
    )
    assert event.pair_rules == (PairRule("P2", PairKind.NOT_BACK_TO_BACK, "山田精機", "川口", is_hard=False, weight=3),)


def test_requests_alone_are_enough_with_the_settings() -> None:
    settings = sheets.Settings(start=clock(13, 0).replace(tzinfo=None), slots=2, minutes=30, changeover=10, tables=None)
    event = sheets.read(files({"requests": "Host,Guest\nana,cho\n\n ana , dan \nbit,cho\n"}), settings)

    assert [(slot.start, slot.end) for slot in event.slots] == [
        (clock(13, 0), clock(13, 30)),
        (clock(13, 40), clock(14, 10)),
    ]
    assert [table.id for table in event.tables] == ["T1", "T2"]
    assert {one.id: one.side for one in event.participants} == {
        "cho": Side.GUEST,
        "dan": Side.GUEST,
        "ana": Side.HOST,
        "bit": Side.HOST,
    }
    assert [(one.id, one.participants) for one in event.requests] == [
        ("R2", ("ana", "cho")),
        ("R4", ("ana", "dan")),
        ("R5", ("bit", "cho")),
    ]
    assert event.changeover_minutes == 10


def test_every_bad_cell_is_named_by_file_row_and_column_in_one_go() -> None:
    bad = {
        **FOLDER,
        "slots": FOLDER["slots"].replace("2027-01-15 13:00", "soon").replace("2027/1/15 13:20", "2027/13/40 25:00"),
        "tables": FOLDER["tables"].replace("T2,楓,1", "T2,松,first"),
        "participants": FOLDER["participants"].replace("host,海野工業,1", "chief,海野工業,-1") + "山田精機,guest\n",
        "requests": "id,host,guest,weight,colour,is_mandatory\n"
        "A1,海野工業,,x,red,perhaps\nA2,,鳥居,1\nA3,海野工業,鳥居,1,,,too many\n",
        "availability": "participant,slot,says\n鳥居,S1,no\n川口,S9,no\n川口,S2,perhaps\n",
    }
    assert refused(bad) == {
        ("slots.csv:2:start", "wrong_type"),
        ("slots.csv:2:end", "wrong_type"),
        ("tables.csv:3:room", "unknown"),
        ("tables.csv:3:position", "wrong_type"),
        ("participants.csv:2:side", "unknown"),
        ("participants.csv:2:capacity", "out_of_range"),
        ("participants.csv:5:id", "duplicate"),
        ("requests.csv:1:colour", "unknown_field"),
        ("requests.csv:2:guest", "missing"),
        ("requests.csv:2:weight", "wrong_type"),
        ("requests.csv:2:is_mandatory", "wrong_type"),
        ("requests.csv:3:host", "missing"),
        ("requests.csv:3:guest", "unknown"),
        ("requests.csv:4:guest", "unknown"),
        ("requests.csv:4", "too_many_cells"),
        ("availability.csv:2:participant", "unknown"),
        ("availability.csv:3:slot", "unknown"),
        ("availability.csv:4:says", "unknown"),
    }


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({}, {("requests.csv", "no_file"), ("slots.csv", "no_slots")}),
        ({**FOLDER, "requests": ""}, {("requests.csv:1:guest", "missing"), ("requests.csv:1:host", "missing")}),
        ({"requests": "host,guest\na,b"}, {("slots.csv", "no_slots")}),
        ({**FOLDER, "slots": FOLDER["slots"].replace("後半", "後半,x")}, {("slots.csv:4", "too_many_cells")}),
        ({**BARE, "availability": "participant,slot,says\na,S1,99999\n"}, {(HELD, "out_of_range")}),
        ({**FOLDER, "slots": "id,id,end\n1,2,3\n"}, {("slots.csv:1:id", "duplicate")}),
        ({**FOLDER, "slots": "id,start\nS1,2027-01-15 13:00\n"}, {("slots.csv:1:end", "missing")}),
        ({**FOLDER, "requests": 'host,guest\n"a,b'}, {("requests.csv:2", "not_csv")}),
        ({**FOLDER, "requests": CROWDED}, {("requests.csv:4:host", "duplicate")}),
        ({**FOLDER, "requests": FOLDER["requests"].replace(",S2", ",S1")}, {("requests.csv:3", "lock_not_allowed")}),
        ({"requests": "host,guest\na,b", "slots": "id,start,end\n"}, {("slots.csv", "empty")}),
    ],
)  # fmt: skip
def test_files_that_cannot_be_used_are_named_and_nothing_that_hangs_on_them(
    texts: Mapping[str, str], expected: set[tuple[str, str]]
) -> None:
    assert refused(texts) >= expected
    if "slots.csv" not in {path for path, _code in expected}:
        assert refused(texts) == expected


def test_bytes_that_are_no_text_are_named() -> None:
    with pytest.raises(BadProblem) as caught:
        sheets.read({**files(FOLDER), "requests": File("Wünsche\x1b.csv", b"\x81\xff")}, SETTINGS)
    assert [(one.path, one.code) for one in caught.value.faults] == [("Wünsche\\u001b.csv", "not_readable")]


def test_a_timetable_becomes_a_table_by_time() -> None:
    event = problem(
        requests=(request("a", "H", "A", length=2), request("=b", "H", "B", "A")),
        participants=(host(), guest("A"), guest("B")),
    )

    text = listing.written(event, at("a:S2:T1 =b:S1:T2"))

    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == [
        list(listing.COLUMNS),
        ["2027-01-15 13:00", "2027-01-15 13:20", "early", "S1", "R", "T2", "'=b", "H", "B", "A"],
        ["2027-01-15 13:25", "2027-01-15 14:10", "early", "S2", "R", "T1", "a", "H", "A", ""],
    ]
    with pytest.raises(BadProblem) as caught:
        listing.written(event, at("a:S2:T1 z:S1:T2 =b:S9:T2"))
    assert [fault.path for fault in caught.value.faults] == ["meetings[1]", "meetings[2]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FOLDER.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="cp932")
    (tmp_path / "alone.csv").write_text("host,guest\nana,cho\n", encoding="utf-8")
    (tmp_path / "small.dzn").write_text(DZN, encoding="utf-8")
    (tmp_path / "old.json").write_text(documents.write(problem()).replace("meetings/2", "meetings/1"), encoding="utf-8")
    return tmp_path


def converted(capsys: Capture, *words: str) -> Problem:
    assert main(["convert", *words]) == 0
    return documents.read(capsys.readouterr().out)


def test_the_command_converts_each_kind_of_source(folder: Path, capsys: Capture) -> None:
    assert converted(capsys, str(folder)) == sheets.read(files(FOLDER), SETTINGS)
    assert converted(capsys, str(folder / "small.dzn")) == published.read(DZN)
    assert converted(capsys, str(folder / "old.json")) == problem()
    alone = converted(
        capsys, str(folder / "alone.csv"), "--start", "2027-01-15T10:00", "--zone", "UTC", "--tables", "5"
    )
    assert (alone.slots[0].start, len(alone.slots), len(alone.tables)) == (
        dt.datetime(2027, 1, 15, 10, tzinfo=dt.UTC),
        9,
        5,
    )


def test_the_command_writes_timetables_and_the_schema(folder: Path, capsys: Capture) -> None:
    timetable = folder / "timetable.json"
    timetable.write_text(json.dumps({"meetings": [{"request_id": "a", "slot_id": "S1", "table_id": "T1"}]}))
    out = folder / "out.csv"

    assert main(["convert", str(folder / "old.json"), "--timetable", str(timetable), "--output", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == listing.written(problem(), at("a:S1:T1")).replace("\r\n", "\n")
    assert out.read_bytes().count(b"\r\n") == 2
    assert main(["convert", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Problem of one-to-one meetings"


def test_the_command_names_the_file_of_each_fault(folder: Path, capsys: Capture) -> None:
    (folder / "small.dzn").write_text(DZN.replace("nTables = 2", "nTables = -2"), encoding="utf-8")
    (folder / "timetable.json").write_text('{"meetings": [{"request_id": "z", "slot_id": "S1", "table_id": "T1"}]}')
    wrong = [
        [str(folder / "small.dzn")],
        [str(folder / "requests.csv")],
        [str(folder / "old.json"), "--timetable", str(folder / "timetable.json")],
        [str(folder / "nothing.csv")],
    ]
    assert [main(["convert", *words]) for words in wrong] == [2, 2, 2, 2]
    assert capsys.readouterr().err.splitlines() == [
        "small.dzn: nTables: -2 is out of range.",
        "slots.csv: needed, unless --start says when the first slot begins.",
        "timetable.json: meetings[0]: z is not known.",
        "requests.csv: there is no such file.",
        "slots.csv: needed, unless --start says when the first slot begins.",
    ]


@pytest.mark.parametrize(
    "words", [[], ["--zone", "Mars"], ["--start", "soon"], ["x", "--schema"], ["x", "--slots", "0"]]
)
def test_arguments_without_sense_are_refused(words: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["convert", *words])
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: scheduling convert")


def test_settings_may_say_how_many_tables_and_a_start_with_an_offset() -> None:
    settings = replace(SETTINGS, start=clock(9, 0).astimezone(dt.UTC), tables=3)
    event = sheets.read(files({"requests": "host,guest,others\nana,cho,dan; eve\n"}), settings)
    assert (event.slots[0].start, len(event.tables)) == (clock(9, 0), 3)
    assert event.requests[0].participants == ("ana", "cho", "dan", "eve")
