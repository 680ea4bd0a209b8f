"""Every paper is PDF/UA: declared, tagged, titled, in Japanese, with words for each code, in an order to be read."""

import re

import pypdfium2
import pytest

from eventops.printing import stocks
from eventops.printing.addresses import Address, addresses_pdf
from eventops.printing.badges import badges_pdf
from eventops.printing.boards import Paper, rooms_pdf, whole_pdf
from eventops.printing.cards import TableCard, table_cards_pdf
from eventops.printing.certificates import certificates_pdf
from eventops.printing.reception import reception_pdf
from eventops.printing.schedules import large_pdf, sme_pdf
from eventops.printing.ticket import tickets_pdf
from tests.printing.paper import IMPRINT, RARE, make_timetable, structure, title, words
from tests.printing.test_badges import badge, design
from tests.printing.test_certificates import certificate, issuer
from tests.printing.test_reception import guest, make
from tests.printing.test_ticket import EVENT, ticket

PAPERS = {
    "ticket": lambda: tickets_pdf(EVENT, [ticket(company=RARE)]),
    "reception": lambda: reception_pdf(make(guest("カスミ", company=RARE))),
    "large": lambda: large_pdf(make_timetable()),
    "sme": lambda: sme_pdf(make_timetable()),
    "rooms": lambda: rooms_pdf(make_timetable()),
    "whole": lambda: whole_pdf(make_timetable(), paper=Paper.A4),
    "cards": lambda: table_cards_pdf(IMPRINT, [TableCard(table="卓1", company=RARE)]),
    "certificates": lambda: certificates_pdf(issuer(), [certificate(company=RARE)]),
    "addresses": lambda: addresses_pdf(
        IMPRINT, [Address(postal_code="243-0435", address="海老名市", company=RARE)], stock="label12"
    ),
    **{
        f"badges {key}": lambda key=key: badges_pdf(IMPRINT, [badge(company=RARE)], design(stock=key))
        for key in stocks.BADGES
    },
}


@pytest.mark.parametrize("name", list(PAPERS))
def test_it_declares_and_carries_what_a_reading_program_needs(name):
    pdf = PAPERS[name]()
    plain = pdf.replace(b" ", b"")

    assert re.search(rb"pdfuaid:part[>=\"']+1", plain)
    assert b"/Lang(ja-JP)" in plain
    assert b"/Markedtrue" in plain
    assert b"/DisplayDocTitletrue" in plain
    assert IMPRINT.event in title(pdf)
    assert pypdfium2.PdfDocument(pdf).is_tagged()
    kinds = structure(pdf)
    assert kinds[0][0] == "Document"
    assert [alt for kind, alt in kinds if kind == "Figure" and not alt] == []


@pytest.mark.parametrize("name", ["ticket", "badges card10", "badges roll62x29"])
def test_a_code_is_told_in_words(name):
    [told] = [alt for kind, alt in structure(PAPERS[name]()) if kind == "Figure"]

    assert told.startswith("受付用QRコード")


def test_a_badge_is_read_from_the_company_to_the_category():
    [page] = words(PAPERS["badges card10"]())
    said = [page.index(part) for part in ("交流会", RARE, "若宮", "大輔", "会員")]

    assert said == sorted(said)
