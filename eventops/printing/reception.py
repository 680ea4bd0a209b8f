"""Knows the 受付名簿: everybody who may come, in 五十音順, with a box to tick per part."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, pairwise
from typing import Any

from eventops import wareki
from eventops.directory import kana
from eventops.printing.imprint import Imprint, document_title
from eventops.printing.layouts import CATEGORIES
from eventops.typeset import typeset

OTHER = "その他"
PAID = "済"
_TO_HIRAGANA = ord("ア") - ord("あ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """The keys are the stored 五十音 keys; `parts` are those that the person has applied for."""

    company: str
    company_key: str
    name: str
    kana: str
    person_key: str
    category: str
    parts: frozenset[str]
    fee_yen: int = 0
    paid_yen: int = 0
    note: str = ""

    @property
    def category_word(self) -> str:
        return CATEGORIES[self.category].word

    @property
    def payment(self) -> str:
        """What the desk has to know about money."""
        if self.fee_yen == 0:
            return ""
        due = self.fee_yen - self.paid_yen
        if due <= 0:
            return PAID
        return "未収" if self.paid_yen == 0 else f"残 {yen(due)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionList:
    """`desks` is among how many the rows of the syllabary are shared out, each with sheets of its own."""

    imprint: Imprint
    day: dt.date
    parts: tuple[str, ...]
    guests: tuple[Guest, ...]
    desks: int = 1

    def in_order(self) -> list[Guest]:
        return sorted(self.guests, key=_place)


def yen(amount: int) -> str:
    return f"{amount:,}円"


def divider(company_key: str) -> str:
    """あ, か, さ…; what starts with no kana comes under その他."""
    row = kana.row_of(company_key)
    return OTHER if row == kana.OTHER_ROW else chr(ord(row) - _TO_HIRAGANA)


def _place(guest: Guest) -> tuple[bool, str, str, str, str]:
    """Two companies that read alike stay apart, as do two people."""
    unread = divider(guest.company_key) == OTHER
    return (unread, guest.company_key, guest.company, guest.person_key, guest.kana)


def reception_pdf(reception: ReceptionList) -> bytes:
    groups = [(name, list(found)) for name, found in groupby(reception.in_order(), key=_row)]
    desks = share_out(groups, reception.desks)
    data = {
        "title": document_title("受付名簿", reception.imprint),
        "imprint": reception.imprint.as_data(),
        "day": wareki.wareki_date(reception.day),
        "parts": reception.parts,
        "desks": [
            {
                "name": "" if len(desks) == 1 else f"受付{number} {_range([name for name, _guests in rows])}",
                "count": sum(len(guests) for _name, guests in rows),
                "groups": [
                    {"name": name, "guests": [_guest(guest, reception.parts) for guest in guests]}
                    for name, guests in rows
                ],
            }
            for number, rows in enumerate(desks, start=1)
        ],
    }
    return typeset("reception", data, at=reception.imprint.printed_at)


Group = tuple[str, list[Guest]]


def share_out(groups: Sequence[Group], desks: int) -> list[list[Group]]:
    """Neighbouring rows for each desk, so that the longest queue is as short as rows allow; no desk without a row."""
    wanted = max(1, min(desks, len(groups)))
    best: list[list[Group]] = []
    for cuts in combinations(range(1, len(groups)), wanted - 1):
        edges = (0, *cuts, len(groups))
        found = [list(groups[start:end]) for start, end in pairwise(edges)]
        if not best or _longest(found) < _longest(best):
            best = found
    return best


def _longest(desks: Sequence[Sequence[Group]]) -> int:
    return max((sum(len(guests) for _name, guests in rows) for rows in desks), default=0)


def _range(names: Sequence[str]) -> str:
    words = [name if name == OTHER else f"{name}行" for name in names]
    return words[0] if len(words) == 1 else f"{words[0]}〜{words[-1]}"


def _row(guest: Guest) -> str:
    return divider(guest.company_key)


def _guest(guest: Guest, parts: Sequence[str]) -> dict[str, Any]:
    return {
        "company": guest.company,
        "name": guest.name,
        "kana": guest.kana,
        "category": guest.category_word,
        "fee": yen(guest.fee_yen) if guest.fee_yen else "―",
        "payment": guest.payment,
        "paid": guest.payment == PAID,
        "note": guest.note,
        "parts": [part in guest.parts for part in parts],
    }
