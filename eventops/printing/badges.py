"""Knows the 名札: many to a sheet or one to a label, the category as a word, a colour and a pattern."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eventops import qr
from eventops.printing import fitting, geometry, stocks
from eventops.printing.geometry import Arrangement, Box
from eventops.printing.imprint import Imprint, document_title
from eventops.printing.layouts import Layout, Script, Shown
from eventops.printing.stocks import Stock
from eventops.typeset import picture, typeset

TITLE = "名札"
SAMPLE = "見本"
_BOLD = frozenset({Shown.COMPANY, Shown.NAME})
_DOTS_PER_MM = 9.0
_FOOTER_NEEDS = 10.0
_HIRAGANA = {letter: letter - (ord("ァ") - ord("ぁ")) for letter in range(ord("ァ"), ord("ヶ") + 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """`names` are the parts of the name with their readings; one without a code is only looked at."""

    code: str = ""
    company: str = ""
    names: tuple[tuple[str, str], ...] = ()
    category: str = "general"
    department: str = ""
    job_title: str = ""
    meetings: str = ""

    @property
    def name(self) -> str:
        return " ".join(filter(None, (name for name, _reading in self.names)))

    @property
    def kana(self) -> str:
        return " ".join(filter(None, (reading for _name, reading in self.names)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How all badges of a run look."""

    layout: Layout
    logo: bytes | None = None


def badges_pdf(
    imprint: Imprint, badges: Sequence[Badge], design: Design | None = None, *, stock: str = "", first: int = 1
) -> bytes:
    """On the layout's own stock unless another is named, from label `first` of the first sheet on."""
    design = design or Design(layout=Layout())
    layout = design.layout
    paper = stocks.BADGES[stock or layout.stock].shifted(layout.shift_x, layout.shift_y)
    data = _data(imprint, badges, design, paper)
    return typeset("badges", {**data, "first": first, "marks": layout.crop_marks}, at=imprint.printed_at)


def badge_picture(imprint: Imprint, badge: Badge, design: Design, *, stock: str) -> bytes:
    """One badge as PNG, as it comes out of the printer."""
    face = stocks.BADGES[stock].face
    data = _data(imprint, [badge], design, face)
    return picture("badges", {**data, "first": 1, "marks": False}, dots_per_inch=_dots(face))


def _dots(face: Stock) -> float:
    """Pictures of small labels are not smaller than those of large ones."""
    return min(_DOTS_PER_MM, 800 / face.width) * 25.4


def _data(imprint: Imprint, badges: Sequence[Badge], design: Design, paper: Stock) -> dict[str, Any]:
    layout = design.layout
    arrangements: dict[frozenset[Shown], Arrangement] = {}
    made = []
    for badge in badges:
        words = _words(badge, layout, imprint.event)
        said = frozenset(words)
        if said not in arrangements:
            arrangements[said] = geometry.of_layout(paper, layout, said=said, has_logo=design.logo is not None)
        made.append(_badge(badge, words, layout, arrangements[said]) | {"variant": list(arrangements).index(said)})
    return {
        "title": document_title(TITLE, imprint),
        "imprint": imprint.as_data(),
        "stock": _paper(paper),
        "categories": {
            key: {"word": look.word, "tone": look.tone, "pattern": look.pattern} for key, look in layout.looks.items()
        },
        "logo": None if design.logo is None else list(design.logo),
        "variants": [_variant(one) for one in arrangements.values()],
        "badges": made,
    }


def printed_words(badge: Badge, layout: Layout, event: str) -> list[str]:
    """All that is read on a badge, in a fixed order."""
    words = _words(badge, layout, event)
    lines = [words.get(line, "") for line, _size in layout.shown]
    has_ruby = layout.has_ruby and Shown.NAME in dict(layout.shown)
    readings = [_reading(reading, layout.script) for _name, reading in badge.names] if has_ruby else []
    return [*lines, *readings, layout.looks[badge.category].word if layout.band else ""]


def _words(badge: Badge, layout: Layout, event: str) -> dict[Shown, str]:
    """What stands on the lines, of those that are not empty."""
    words = {
        Shown.EVENT: event,
        Shown.COMPANY: badge.company,
        Shown.DEPARTMENT: badge.department,
        Shown.JOB_TITLE: badge.job_title,
        Shown.NAME: badge.name,
        Shown.KANA: _reading(badge.kana, layout.script),
        Shown.MEETINGS: badge.meetings,
        Shown.FREE: layout.free_text,
    }
    return {line: said for line, said in words.items() if said}


def _badge(badge: Badge, words: dict[Shown, str], layout: Layout, arrangement: Arrangement) -> dict[str, Any]:
    names = [(name, _reading(reading, layout.script)) for name, reading in badge.names if name]
    lines: list[dict[str, Any]] = []
    for line, box, points in arrangement.lines:
        if line == Shown.NAME:
            found = fitting.name(names, box, points, ruby=layout.has_ruby)
            marks = [[mark.words, mark.x, mark.y, mark.size] for mark in found.marks]
            place = {"width": found.width, "height": found.height, "marks": marks}
            lines.append({"words": words[line], "size": found.points, **place})
        else:
            size = fitting.on_line(words[line], box, points, bold=line in _BOLD)
            lines.append({"words": words[line], "size": size})
    code = list(qr.png(badge.code)) if layout.qr and badge.code else None
    return {"lines": lines, "qr": code, "category": badge.category}


def _reading(text: str, script: str) -> str:
    return text.translate(_HIRAGANA) if script == Script.HIRAGANA else text


def _paper(paper: Stock) -> dict[str, Any]:
    footer = paper.bottom >= _FOOTER_NEEDS and paper.columns > 1
    return {
        "page": paper.page,
        "width": paper.width,
        "height": paper.height,
        "columns": paper.columns,
        "rows": paper.rows,
        "left": paper.left,
        "top": paper.top,
        "bottom": paper.bottom,
        "gap_x": paper.gap_x,
        "gap_y": paper.gap_y,
        "folded": paper.is_folded,
        "footer": footer,
    }


def _variant(one: Arrangement) -> dict[str, Any]:
    return {
        "lines": [
            {"what": str(line), "box": _box(box), "points": points, "bold": line in _BOLD}
            for line, box, points in one.lines
        ],
        "code": _box(one.code),
        "logo": _box(one.logo),
        "band": _box(one.band),
        "centred": one.is_centred,
    }


def _box(box: Box | None) -> list[float] | None:
    return None if box is None else [box.x, box.y, box.width, box.height]
