"""名札: ten to a sheet in the right places, codes that scan, categories that need no colour."""

import time

import pytest

from eventops.printing.badges import CATEGORIES, Badge, badges_pdf
from eventops.registration.models import BadgeCategory
from tests.printing.paper import (
    A4,
    IMPRINT,
    LONG,
    NASTY,
    PRINTED,
    RARE,
    joined,
    picture,
    scanned,
    sizes,
    words,
)

MILLIMETRES_PER_INCH = 25.4


def badge(number: int = 1, *, meeting: str = "", **values) -> Badge:
    return Badge(
        **{
            "number": meeting,
            "code": f"EO1:{number:06d}ABCDEFGHJKMNPQRS",
            "company": "株式会社霞精密",
            "name": "若宮 大輔",
            "kana": "ワカミヤ ダイスケ",
            "category": "member",
            **values,
        }
    )


def test_a_badge_says_who_from_where_and_as_what():
    pdf = badges_pdf(IMPRINT, [badge(company=RARE, name="髙﨑 𠮷栁", meeting="N01-3")])
    [page] = words(pdf)

    assert sizes(pdf) == {A4}
    for part in ("第8回 TAMA技術連携交流会", RARE, "ワカミヤ ダイスケ", "髙﨑 𠮷栁", "面談番号 N01-3", "会員"):
        assert part in page
    assert f"{PRINTED} 1 / 1 ページ" in page


def test_without_a_meeting_number_there_is_no_empty_label():
    assert "面談番号" not in words(badges_pdf(IMPRINT, [badge()]))[0]


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (10, 1), (11, 2), (30, 3)])
def test_ten_to_a_sheet(count, pages):
    found = words(badges_pdf(IMPRINT, [badge(number) for number in range(count)]))

    assert len(found) == pages
    assert sum(page.count("株式会社霞精密") for page in found) == count
    assert f"{pages} / {pages} ページ" in found[-1]
    assert ("名札はありません。" in found[0]) == (count == 0)


def test_each_code_is_read_from_its_own_card():
    image = picture(badges_pdf(IMPRINT, [badge(number) for number in range(10)]), dots_per_inch=300)
    cards = [
        image.crop(tuple(round(edge / MILLIMETRES_PER_INCH * 300) for edge in (x, y, x + 91, y + 55)))
        for y in range(11, 286, 55)
        for x in (14, 105)
    ]

    assert [scanned(card) for card in cards] == [[f"EO1:{number:06d}ABCDEFGHJKMNPQRS"] for number in range(10)]


def test_every_category_of_the_program_has_a_look():
    assert set(CATEGORIES) == {str(category) for category in BadgeCategory}


def test_categories_differ_by_word_and_by_pattern():
    assert len({look.word for look in CATEGORIES.values()}) == len(CATEGORIES)
    assert len({look.pattern for look in CATEGORIES.values()}) == len(CATEGORIES)


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_the_word_is_printed(category):
    [page] = words(badges_pdf(IMPRINT, [badge(category=category)]))

    assert f"若宮 大輔 {CATEGORIES[category].word}" in page


@pytest.mark.parametrize("hostile", [LONG, NASTY, "A" * 60, "長宗我部 龍之介左衛門尉"])
def test_long_and_hostile_words_stay_on_their_card(hostile):
    pdf = badges_pdf(IMPRINT, [badge(1), badge(2), badge(3, company=hostile, name=hostile), badge(4)])
    [page] = words(pdf)
    image = picture(pdf, dots_per_inch=300)

    assert joined(page).count(joined(hostile)) == 2
    assert len(scanned(image)) == 4


def test_five_hundred_badges_are_quick_and_small():
    badges_pdf(IMPRINT, [badge()])  # opens the fonts
    made, seconds = zip(*(timed(first) for first in (1000, 2000, 3000)), strict=True)

    assert min(seconds) <= 2  # of the processor: what else the machine does is not the sheets' fault
    assert max(len(pdf) for pdf in made) <= 2 * 1024 * 1024


def timed(first: int) -> tuple[bytes, float]:
    """Others each time: Typst remembers what it has set."""
    many = [
        badge(number, name=f"若宮 大輔{number}", company=f"株式会社霞精密{number}")
        for number in range(first, first + 500)
    ]
    started = time.process_time()
    return badges_pdf(IMPRINT, many), time.process_time() - started
