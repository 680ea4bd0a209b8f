"""Where things stand on a label: inside of it, apart from each other, whatever is chosen."""

from dataclasses import replace
from itertools import combinations, product

import pytest

from eventops.printing import stocks
from eventops.printing.geometry import Box, of_layout
from eventops.printing.layouts import Layout, Look, Shown, Size, as_json, from_json

EVERY = frozenset(Shown)


@pytest.mark.parametrize("key", list(stocks.BADGES))
@pytest.mark.parametrize("size", [Size.SMALL, Size.MEDIUM, Size.LARGE])
def test_nothing_overlaps_and_nothing_leaves_the_label(key, size):
    face = stocks.BADGES[key].face
    label = Box(0, 0, face.width, face.height)
    for qr, band, ruby, logo in product((True, False), repeat=4):
        layout = Layout(stock=key, lines=tuple((line, size) for line in Shown), qr=qr, band=band, ruby=ruby)
        found = of_layout(stocks.BADGES[key], layout, said=EVERY, has_logo=logo)
        fixed = [box for box in (found.code, found.logo, found.band) if box is not None]
        boxes = [*fixed, *(box for _line, box, _points in found.lines)]

        assert all(box.width > 5 and box.height > 0.5 for box in boxes)
        assert all(inside(label, box) for box in boxes)
        assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(shrunk(pair[1]))]


def inside(label: Box, box: Box) -> bool:
    return box.x >= 0 and box.y >= 0 and box.x + box.width <= label.width + 1e-6 and box.bottom <= label.height + 1e-6


def shrunk(box: Box) -> Box:
    return Box(box.x + 1e-6, box.y + 1e-6, box.width - 2e-6, box.height - 2e-6)


def test_who_has_less_to_say_says_it_larger():
    layout = Layout(lines=tuple((line, Size.MEDIUM) for line in Shown))
    stock = stocks.BADGES["card10"]
    few, many = (
        of_layout(stock, layout, said=said, has_logo=False) for said in (frozenset({Shown.NAME, Shown.COMPANY}), EVERY)
    )

    def points(found):
        return {line: size for line, _box, size in found.lines}

    assert points(few)[Shown.NAME] > points(many)[Shown.NAME]


@pytest.mark.parametrize("stock", [*stocks.BADGES.values(), *stocks.ADDRESSES.values()])
def test_labels_are_on_their_page(stock):
    assert (stock.right >= -0.01, stock.bottom >= -0.01) == (True, True)


def test_a_layout_is_stored_and_read_as_it_was():
    looks = {**Layout().looks, "staff": Look(word="係", tone="#ffffff", pattern="dots")}
    layout = replace(Layout(), stock="a6", free_text="あ", shift_x=-0.5, looks=looks, ruby=False)

    assert from_json(as_json(layout)) == layout


def test_what_another_program_stored_is_read_as_far_as_it_is_known():
    stored = {"stock": "gone", "lines": [["name", "small"], ["unheard", "large"]], "looks": {"gone": {}}, "other": 1}
    layout = from_json(stored)

    assert (layout.stock, layout.lines[0], {line for line, _size in layout.lines}) == (
        "card10",
        (Shown.NAME, Size.SMALL),
        EVERY,
    )
