"""Knows the 卓札: an A4 sheet per table, folded in the middle to stand and be read from both sides."""

from collections.abc import Sequence
from dataclasses import dataclass

from eventops.printing.imprint import CONFIDENTIALITY, Imprint, document_title
from eventops.typeset import typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCard:
    table: str
    company: str
    unit: str = ""
    room: str = ""


def table_cards_pdf(imprint: Imprint, cards: Sequence[TableCard], *, notice: str = CONFIDENTIALITY) -> bytes:
    data = {
        "title": document_title("卓札", imprint),
        "imprint": imprint.as_data(),
        "notice": notice,
        "cards": [
            {
                "table": card.table,
                "company": card.company,
                "unit": card.unit,
                "room": card.room,
                "page": f"{position} / {len(cards)}",
            }
            for position, card in enumerate(cards, start=1)
        ],
    }
    return typeset("cards", data, at=imprint.printed_at)
