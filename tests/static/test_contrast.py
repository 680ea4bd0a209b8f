"""The colours pass 4.5:1 for words and 3:1 for lines, in light and in dark; the door's verdicts pass 6:1."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "eventops" / "static" / "css"
PAPERS = ("bg", "surface", "surface-2")
STATES = ("ok", "info", "warn", "bad")

WORDS = [
    *((ink, paper) for ink in ("text", "text-2", "accent", *STATES) for paper in PAPERS),
    *((state, f"{state}-soft") for state in STATES),
    *(("text", f"{state}-soft") for state in (*STATES, "accent")),
    *(("text-2", f"{state}-soft") for state in STATES),
    ("accent", "accent-soft"),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-hover"),
    ("surface", "bad"),
]
LINES = [
    *(("border-strong", paper) for paper in PAPERS),
    *(("focus", paper) for paper in PAPERS),
]


def tokens(scheme: str) -> dict[str, str]:
    text = (CSS / "tokens.css").read_text()
    light, rest = text.split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", rest.split("@media print")[0]))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself():
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read(scheme):
    colours = tokens(scheme)
    faint = {pair: contrast(*(colours[name] for name in pair)) for pair in WORDS}

    assert {pair: round(ratio, 2) for pair, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_and_the_focus_can_be_seen(scheme):
    colours = tokens(scheme)
    faint = {pair: contrast(*(colours[name] for name in pair)) for pair in LINES}

    assert {pair: round(ratio, 2) for pair, ratio in faint.items() if ratio < 3} == {}


def test_verdicts_can_be_read_in_sunlight():
    text = (CSS / "door.css").read_text()
    inks = dict(re.findall(r"\.verdict-(ok|already|attention|invalid) \{[^}]*--v-ink: (#[0-9a-f]{6});", text))
    papers = dict(re.findall(r"\.verdict-(ok|already|attention|invalid) \{ --v: (#[0-9a-f]{6});", text))

    assert sorted(papers) == ["already", "attention", "invalid", "ok"]
    assert [kind for kind, paper in papers.items() if contrast(paper, inks.get(kind, "#ffffff")) < 6] == []
