"""The one way to PDF: tagged, titled, in its own fonts, and deaf to markup in data."""

import pytest

from eventops.printing.cards import TableCard, table_cards_pdf
from eventops.typeset import TypesetError, typeset
from tests.printing.paper import IMPRINT, NASTY, RARE, fonts, joined, picture, title, words


def card(company: str) -> bytes:
    return table_cards_pdf(IMPRINT, [TableCard(table="卓1", company=company)])


def test_the_document_is_tagged_titled_and_declares_its_language():
    pdf = card("霞精密株式会社")

    assert title(pdf) == "卓札 第8回 TAMA技術連携交流会"
    assert b"pdfuaid" in pdf
    assert b"/Marked true" in pdf
    assert b"/Lang(ja-JP)" in pdf.replace(b" ", b"")


def test_the_fonts_are_the_houses_own_and_embedded():
    found = fonts(card("霞精密株式会社"))

    assert {embedded for _, embedded in found} == {True}
    assert {name.split("+")[-1] for name, _ in found} == {"NotoSansJP-Regular", "NotoSansJP-Bold"}


def test_rare_kanji_have_glyphs():
    pdf = card(RARE)

    assert RARE in joined(words(pdf)[0])
    assert b"pdfuaid" in pdf  # refused by PDF/UA if one of them had none


def test_markup_in_a_name_is_only_a_name():
    [page] = words(card(NASTY))

    assert joined(NASTY) in joined(page)


def test_a_sign_without_a_glyph_costs_the_accessibility_mark_but_not_the_document():
    pdf = card("笑顔😀工業")

    assert "笑顔工業" in words(pdf)[0]
    assert picture(pdf, dots_per_inch=50) != picture(card("笑顔工業"), dots_per_inch=50)  # a box stands there
    assert b"pdfuaid" not in pdf
    assert b"/Marked true" in pdf


def test_the_same_data_make_the_same_bytes():
    assert card("霞精密株式会社") == card("霞精密株式会社")


@pytest.mark.parametrize("template", ["no_such_template", "../../pyproject", "large"])
def test_what_cannot_be_set_is_one_error(template):
    with pytest.raises(TypesetError, match=template):
        typeset(template, {"title": "x"}, at=IMPRINT.printed_at)
