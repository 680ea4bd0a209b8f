"""卓札: number, company, unit and the sentence on secrets, readable from both sides."""

import pytest

from eventops.printing.cards import TableCard, table_cards_pdf
from tests.printing.paper import A4, IMPRINT, LONG, NASTY, PRINTED, joined, picture, sizes, words

CARD = TableCard(table="卓12", company="天津風重機械株式会社", unit="航空推進機事業部", room="研修室A")


def test_a_card_says_where_who_and_what_not_to_tell():
    pdf = table_cards_pdf(IMPRINT, [CARD])
    [page] = words(pdf)

    assert sizes(pdf) == {A4}
    assert upright(page) == (
        "第8回 TAMA技術連携交流会 研修室A 卓12 天津風重機械株式会社 航空推進機事業部"
        " 初回の面談では秘密情報を開示せず、公開済みの内容の範囲でお話しください。"
        f" 詳しい技術情報は、秘密保持契約を結んだ後にお伝えください。 {PRINTED} 1 / 1 ページ"
    )


def test_the_far_half_is_the_near_half_turned_round():
    image = picture(table_cards_pdf(IMPRINT, [CARD]), dots_per_inch=72).convert("L").point(black_or_white)
    width, height = image.size
    beside_fold = height // 2 - 8  # the fold's dashed line stands on the far half only
    near = image.crop((0, height - beside_fold, width, height)).tobytes()
    far = image.crop((0, 0, width, beside_fold)).rotate(180).tobytes()

    assert near.count(0) > 10_000
    assert sum(one != other for one, other in zip(near, far, strict=True)) < near.count(0) / 10


def black_or_white(shade: int) -> int:
    return 0 if shade < 128 else 255


def upright(page: str) -> str:
    return page[page.rindex("第8回 TAMA技術連携交流会") :]


@pytest.mark.parametrize("count", [0, 1, 30])
def test_one_sheet_per_table(count):
    pages = words(table_cards_pdf(IMPRINT, [CARD] * count))

    assert len(pages) == max(count, 1)
    assert f"{max(count, 1)} / {max(count, 1)} ページ" in pages[-1]
    assert ("卓札はありません。" in pages[0]) == (count == 0)
    assert PRINTED in pages[0]


@pytest.mark.parametrize("hostile", [LONG, NASTY, "A" * 60])
def test_long_and_hostile_words_stay_on_their_card(hostile):
    pages = words(table_cards_pdf(IMPRINT, [TableCard(table="A-100", company=hostile, unit=hostile)]))

    assert len(pages) == 1
    assert joined(upright(pages[0])).count(joined(hostile)) == 2
