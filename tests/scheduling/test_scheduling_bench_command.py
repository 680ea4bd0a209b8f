"""`python -m scheduling bench`: what is chosen is measured, the files are written, the exit code says how it went."""

import json
from xml.etree import ElementTree

import pytest

from scheduling import format as documents
from scheduling.__main__ import main
from scheduling.bench import session
from scheduling.bench.planning import SHORT, Wanted
from scheduling.bench.rows import Engine, Kind, Row
from tests.scheduling.builders import problem
from tests.scheduling.published_texts import RING, text


def good(name: str = "900") -> Row:
    return Row(name, Kind.GENERATED, Engine.OURS, "optimal", 1.0, meetings=900, placed=900, value=0, is_proven=True)


@pytest.fixture
def asked(monkeypatch):
    """What would be measured, with one good row instead of the measurement."""
    found = []

    def rows(wanted):
        found.append(wanted)
        yield good()

    monkeypatch.setattr(session, "rows", rows)
    return found


def test_one_small_event_is_measured_and_written_to_every_file(tmp_path, capsys):
    files = {name: tmp_path / f"figures.{name}" for name in ("json", "markdown", "picture")}
    told = [word for name, file in files.items() for word in (f"--{name}", str(file))]
    code = main(["bench", "--sizes", "20", "--workers", "1", "--time-limit", "20", *told])
    out, err = capsys.readouterr()
    assert (code, err.splitlines()[0].partition(":")[0]) == (0, "20, scheduling")
    assert out == files["markdown"].read_text(encoding="utf-8")
    rows = json.loads(files["json"].read_text(encoding="utf-8"))["rows"]
    assert [(row["name"], row["placed"], row["value"]) for row in rows] == [("20", 20, 0)]
    assert ElementTree.fromstring(files["picture"].read_text(encoding="utf-8")).tag.endswith("svg")


def test_with_nothing_chosen_a_short_set_is_measured(asked, capsys):
    assert main(["bench", "--seed", "7", "--only", "900"]) == 0
    assert [(one.sizes, one.start_up, one.seed, one.seconds, one.only) for one in asked] == [
        (SHORT.sizes, True, 7, SHORT.seconds, ("900",))
    ]
    assert "aim reached" in capsys.readouterr().out


def test_everything_can_be_chosen(asked, tmp_path):
    (tmp_path / "one.dzn").write_text(text(5, 2, 5, RING), encoding="utf-8")
    event = tmp_path / "event.json"
    event.write_text(documents.write(problem()), encoding="utf-8")
    words = f"--published {tmp_path} --event {event} --sizes 900 5000 --flavours zipf --over-constrained 2 --replan"
    assert main(["bench", *words.split(), "--start-up", "--baselines", "--time-limit", "9", "--workers", "3"]) == 0
    assert asked == [
        Wanted(tmp_path, (900, 5_000), ("zipf",), 2, event, True, True, True, 9.0, 3, 1, ("*",)),
    ]


def test_a_bar_that_was_missed_is_not_fine(monkeypatch, capsys):
    monkeypatch.setattr(session, "rows", lambda wanted: iter([Row("900", Kind.GENERATED, Engine.OURS, "failed", 1.0)]))
    assert main(["bench"]) == 1
    assert "missed" in capsys.readouterr().out


def test_who_interrupts_keeps_what_has_been_measured(monkeypatch, capsys):
    def rows(wanted):
        yield good()
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "rows", rows)
    assert main(["bench"]) == 130
    assert "| 900 " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--published {folder}/none", "*.dzn: there is no such file."),
        ("--published {folder}", "broken.original.dzn: "),
        ("--event {folder}/none.json", "none.json: there is no such file."),
        ("--picture {folder}/none/a.svg", "a.svg: "),
    ],
)
def test_input_that_cannot_be_used_is_named_before_anything_is_measured(words, said, asked, tmp_path, capsys):
    (tmp_path / "broken.original.dzn").write_text("nBusiness = 3;", encoding="utf-8")
    assert main(["bench", *words.format(folder=tmp_path).split()]) == 2
    assert said in capsys.readouterr().err
    assert asked == []


@pytest.mark.parametrize("words", ["--sizes 9", "--sizes x", "--sizes 20001", "--flavours odd", "--time-limit 0"])
def test_arguments_out_of_range_are_refused(words, asked, capsys):
    with pytest.raises(SystemExit) as left:
        main(["bench", *words.split()])
    assert (left.value.code, asked) == (2, [])
    assert words.split()[0] in capsys.readouterr().err
