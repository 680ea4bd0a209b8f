"""What the figures say: bars kept or missed, how much longer baselines take, how time grows, the table, the picture."""

import json
import math
import re
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scheduling.bench import machine as machines
from scheduling.bench.bars import Verdict, bars_of, verdict, words
from scheduling.bench.comparing import behind, growth, ratios
from scheduling.bench.known import OPTIMA, optimum
from scheduling.bench.picture import picture
from scheduling.bench.report import document, is_fine, markdown
from scheduling.bench.rows import Engine, Kind, Point, Row, read_row

SVG = "{http://www.w3.org/2000/svg}"


def row(name: str = "900", engine: Engine = Engine.OURS, *, seconds: float = 10.0, **fields: object) -> Row:
    """A generated event of 900 meetings, all placed, with one idle slot."""
    plain = Row(
        name,
        Kind.GENERATED,
        engine,
        "feasible",
        seconds,
        meetings=900,
        participants=360,
        slots=24,
        tables=60,
        placed=900,
        idle_slots=1,
        idle_periods=1,
        goal="guest_idle_slots",
        value=1,
        bound=0,
        cpu_seconds=12.34,
        peak_mib=200,
    )
    return replace(plain, **fields)


def published(name: str = "forum-14", **fields: object) -> Row:
    """An instance proven with the value that the literature knows."""
    proven = {"kind": Kind.PUBLISHED, "value": 2, "idle_periods": 2, "bound": 2, "is_proven": True}
    return row(name, **{"goal": "guest_idle_periods", **proven, **fields})


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        (row(), Verdict.MUST),
        (row(seconds=2.9, value=0), Verdict.AIM),
        (row(seconds=2.9), Verdict.MUST),
        (row(seconds=15.1), Verdict.MISSED),
        (row(value=6), Verdict.MISSED),
        (row(value=None), Verdict.MISSED),
        (row(placed=899), Verdict.MISSED),
        (row(broken_rules=1), Verdict.MISSED),
        (row(outcome="failed"), Verdict.MISSED),
        (row("900 zipf", seconds=100), Verdict.NONE),
        (row("950", meetings=950, placed=950), Verdict.NONE),
        (row(engine=Engine.NAIVE, seconds=100), Verdict.NONE),
        (row("20000", seconds=60, meetings=20_000, placed=20_000, value=500), Verdict.AIM),
        (row("20000", seconds=60, meetings=20_000, placed=20_000, value=500, peak_mib=2_049), Verdict.MISSED),
        (row("20000", seconds=61, meetings=20_000, placed=20_000, value=500), Verdict.MUST),
        (published(), Verdict.AIM),
        (published(seconds=21), Verdict.MUST),
        (published(is_proven=False), Verdict.MISSED),
        (published(value=3), Verdict.MISSED),
        (published(engine=Engine.RC2, value=3), Verdict.MISSED),
        (published("unheard-of", value=3), Verdict.AIM),
        (row("fair", kind=Kind.EVENT, is_proven=True, seconds=2), Verdict.AIM),
        (row("x", kind=Kind.OVER_CONSTRAINED, reasons=3, reasons_true=3), Verdict.MUST),
        (row("x", kind=Kind.OVER_CONSTRAINED, reasons=3, reasons_true=3, is_proven=True), Verdict.AIM),
        (row("x", kind=Kind.OVER_CONSTRAINED, reasons=3, reasons_true=2, is_proven=True), Verdict.MISSED),
        (row("x", kind=Kind.REPLAN, seconds=1.0), Verdict.AIM),
        (row("x", kind=Kind.REPLAN, seconds=1.1), Verdict.MISSED),
        (row("x", kind=Kind.REPLAN, seconds=5.0, meetings=5_000), Verdict.AIM),
        (Row("--help", Kind.START_UP, Engine.NONE, "shown", 0.3), Verdict.MUST),
    ],
)
def test_a_row_is_held_against_its_bars(measured, expected):
    assert verdict(measured) is expected


def test_bars_are_written_in_words():
    bars = bars_of(row("20000", meetings=20_000, placed=20_000))
    assert bars is not None
    assert words(bars.must) == "≤ 240 s, ≤ 1,100 idle, ≤ 2,048 MiB"
    first = bars_of(row())
    assert first is not None
    assert words(first.aim) == "≤ 3 s, 0 idle"


def test_the_literature_knows_twenty_optima():
    assert (len(OPTIMA), sum(OPTIMA.values()), optimum("forum-13crafb"), optimum("else")) == (20, 36, 6, None)


def test_ratios_are_of_the_time_until_the_same_was_reached():
    trace = (Point(2.0, 900, 40, 0), Point(5.0, 900, 1, 0))
    ours = row(trace=trace)
    slower = row(engine=Engine.NAIVE, seconds=60, value=40)
    stuck = row(engine=Engine.NAIVE, seconds=60, value=1, placed=899)
    proven = row(engine=Engine.RC2, seconds=5, is_proven=True)
    nothing = row(engine=Engine.RC2, seconds=60, placed=None, value=None)
    elsewhere = row("900 zipf", engine=Engine.NAIVE)
    said = [str(one) for one in ratios(ours, [ours, slower, nothing, elsewhere])]
    assert said == ["> 12 × naive CP-SAT", "> 12 × PySAT RC2"]
    assert [str(one) for one in ratios(ours, [ours, stuck])] == ["> 12 × naive CP-SAT"]
    assert (ratios(ours, [proven]), behind(ours, [ours, slower, proven])) == ([], [Engine.RC2])
    assert ratios(slower, [ours]) == []


def test_where_both_end_alike_the_times_to_that_end_are_compared():
    ours = row(trace=(Point(2.0, 900, 40, 0), Point(5.0, 900, 1, 0)))
    theirs = row(engine=Engine.NAIVE, seconds=60, trace=(Point(30.0, 900, 1, 0),))
    assert [str(one) for one in ratios(ours, [theirs])] == ["6.0 × naive CP-SAT"]
    assert [str(one) for one in ratios(replace(ours, is_proven=True), [theirs])] == ["> 6.0 × naive CP-SAT"]
    both = published(seconds=20), published(engine=Engine.RC2, seconds=2)
    assert [str(one) for one in ratios(both[0], both)] == ["0.10 × PySAT RC2"]
    assert ratios(row(outcome="failed"), [row(engine=Engine.NAIVE)]) == []


def sized(meetings: int, seconds: float) -> Row:
    trace = (Point(seconds / 2, meetings, meetings, 0), Point(seconds, meetings, meetings // 20, 0))
    return row(str(meetings), meetings=meetings, placed=meetings, seconds=2 * seconds, trace=trace)


def test_growth_is_the_slope_of_time_over_size_at_equal_quality():
    measured = [sized(900, 900**1.3), sized(5_000, 5_000**1.3), sized(20_000, 20_000**1.3), sized(150, 9e9)]
    assert growth(measured) == pytest.approx(1.3)
    assert growth([*measured[:2], replace(sized(900, 1e6), name="900 zipf")]) == pytest.approx(1.3)
    assert growth(measured[:1]) is None
    assert growth([sized(900, 1.0), replace(sized(5_000, 9.0), trace=(Point(9.0, 5_000, 251, 0),))]) is None


def test_steep_growth_is_not_fine():
    measured = [replace(sized(meetings, meetings**1.5 / 1e5), seconds=1.0) for meetings in (900, 5_000)]
    assert [verdict(one) for one in measured] != [Verdict.MISSED] * 2
    assert not is_fine(measured)
    assert is_fine(measured[:1])
    assert not is_fine([row(value=9)])


def test_the_table_says_everything_about_a_row():
    rows = [
        row(trace=(Point(5.0, 900, 1, 0),)),
        row(engine=Engine.NAIVE, seconds=60, value=40, idle_slots=40),
        published(),
        published(engine=Engine.RC2, seconds=38),
        published("tic-12", value=1, is_proven=False, reasons=2, reasons_true=1, broken_rules=3),
        Row("--help", Kind.START_UP, Engine.NONE, "shown", 0.03, note="loads no solver"),
    ]
    lines = markdown("A machine", rows).splitlines()
    assert lines[0] == "A machine"
    assert len({len(line) for line in lines if line.startswith("|")}) == 1
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")][2:]
    first = ["900", "900", "360", "24", "scheduling", "900", "1", "1", "0", "no", "10", "12.3", "200"]
    assert cells[0] == [*first, "≤ 15 s, ≤ 5 idle / ≤ 3 s, 0 idle", "must reached", "> 12 × naive CP-SAT"]
    assert cells[2][-2:] == ["aim reached", "3.8 × PySAT RC2, = known optimum"]
    assert cells[4][-2:] == ["missed", "known optimum 0, 1 of 2 reasons true, 3 RULES BROKEN"]
    assert cells[5][:2] == ["--help", ""]
    assert lines[-2:] == [
        "- scheduling: 1 of 2 published instances proven in 10 s, slowest 10 s (aim for all: 100 s)",
        "- --help, the command line: loads no solver",
    ]


def test_growth_and_nothing_proven_are_said_below_the_table():
    rows = [sized(900, 9.0), sized(5_000, 50.0), published(is_proven=False), published("tic-12", is_proven=False)]
    said = markdown("A machine", rows)
    assert "- scheduling: 0 of 2 published instances proven in no time (aim for all: 100 s)\n" in said
    assert re.search(r"grow as meetings\^1\.00 \(must ≤ 1\.4, aim ≤ 1\.2; loading included\)", said)


def test_the_document_has_the_rows_whole_and_what_they_mean():
    rows = [published(trace=(Point(1.0, 900, 2, 2),)), published(engine=Engine.RC2, seconds=38)]
    read = json.loads(json.dumps(document("A machine", rows)))
    assert (read["format"], read["machine"], read["growth"]) == ("b2b-bench/1", "A machine", None)
    extra = {"known_optimum": 2, "verdict": "aim reached"}
    first = read["rows"][0]
    assert {name: first.pop(name) for name in extra} == extra
    assert first.pop("ratios") == [{"engine": "PySAT RC2", "times": 3.8, "is_at_least": False}]
    assert read_row(first) == rows[0]


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_the_picture_has_a_panel_per_problem_and_a_line_per_engine():
    rows = [
        row("<900>", trace=(Point(1.0, 10, 900, 0), Point(2.0, 900, 800, 0), Point(5.0, 900, 1, 1))),
        row("<900>", Engine.NAIVE, seconds=60, value=700, placed=890, trace=(Point(60.0, 890, 700, 0),)),
        published(engine=Engine.RC2, trace=(Point(2.0, None, None, 1), Point(9.0, 900, 2, 2))),
        row(
            "x",
            goal="weight_unplaced",
            kind=Kind.OVER_CONSTRAINED,
            value=2,
            trace=(Point(1.0, 890, 10), Point(2.0, 898, 2)),
        ),
        row("x", Engine.RC2, goal="weight_unplaced", trace=(Point(3.0, None, None, 1),)),
        row("nothing known"),
        Row("--help", Kind.START_UP, Engine.NONE, "shown", 0.03),
    ]
    drawn = picture("Quality & time", rows)
    root = ElementTree.fromstring(drawn)
    said = texts(drawn)
    assert [one for one in said if one in ("<900>", "forum-14", "x", "nothing known")] == ["<900>", "forum-14", "x"]
    assert {"Quality & time", "scheduling", "naive CP-SAT", "PySAT RC2", "10 left out", "100 s"} <= set(said)
    assert len([one for one in root.iter(f"{SVG}circle") if one.get("fill") == "#009e73"]) == 1
    colours = [one.get("stroke") for one in root.iter(f"{SVG}path")]
    assert [colours.count(colour) for colour in ("#0072b2", "#d55e00", "#009e73")] == [1 + 1 + 2, 1 + 1, 1 + 2 + 1]


def test_nothing_lies_outside_the_picture_and_no_labels_touch():
    hard = (Point(0.01, 900, 30_000, 0), Point(200.0, 900, 0, 0))
    root = ElementTree.fromstring(picture("All", [row(str(number), trace=hard, seconds=200) for number in range(5)]))
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    panels = list(root.iter(f"{SVG}g"))
    assert len(panels) == 5
    for panel in panels:
        x, y = map(float, re.findall(r"[\d.]+", panel.get("transform", "")))
        assert 0 <= x <= width - 250
        assert 0 <= y <= height - 150
        labels = sorted(float(one.get("y", 0)) for one in panel.iter(f"{SVG}text") if one.get("text-anchor") == "end")
        assert min(later - earlier for earlier, later in pairwise(labels)) > 12
        curves = [one.get("d", "") for one in panel.iter(f"{SVG}path") if one.get("stroke") == "#0072b2"]
        numbers = [float(one) for curve in curves for one in re.findall(r"-?[\d.]+", curve)]
        assert min(numbers) >= 0
        assert max(numbers) <= 250


def test_a_picture_of_nothing_is_still_a_picture():
    assert "bound" in texts(picture("Nothing", []))


def test_the_machine_is_named_in_one_line():
    said = machines.machine()
    assert "\n" not in said
    assert re.search(r", \d+ cores, load \d+\.\d; .*, Python 3\.\d+\.\d+.*, OR-Tools 9\.", said)


def test_what_cannot_be_found_out_about_the_machine_is_left_out(monkeypatch):
    def missing(package: str) -> str:
        raise PackageNotFoundError(package)

    def unreadable(path: Path, encoding: str) -> str:
        raise FileNotFoundError(path)

    monkeypatch.setattr(machines, "version", missing)
    monkeypatch.setattr(Path, "read_text", unreadable)
    assert "OR-Tools" not in machines.machine()
    assert machines.processor()


def test_a_value_that_grows_by_powers_keeps_its_order_in_the_picture():
    steps = tuple(Point(10.0**power, 900, 10 ** (4 - power), 0) for power in range(4))
    root = ElementTree.fromstring(picture("All", [row(trace=steps, seconds=1_000)]))
    curve = next(
        one.get("d", "")
        for one in root.iter(f"{SVG}path")
        if one.get("stroke") == "#0072b2" and "V" in one.get("d", "")
    )
    heights = [float(one) for one in re.findall(r"V(-?[\d.]+)", curve)]
    assert heights == sorted(heights)
    assert not math.isclose(heights[0], heights[-1])
