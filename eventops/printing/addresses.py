"""Knows the 宛名ラベル: 〒, address, company and name 様, many to a sheet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from eventops.printing import stocks
from eventops.printing.imprint import Imprint, document_title
from eventops.typeset import typeset

_POSTAL_CODE: Final = re.compile(r"^\s*〒?\s*(\d{3})[-−ー‐]?(\d{4})[\s、,]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Without a person the label is addressed to the company, 御中."""

    postal_code: str
    address: str
    company: str
    department: str = ""
    job_title: str = ""
    name: str = ""


def split_postal_code(address: str) -> tuple[str, str]:
    """The code that many type before the address itself, and the rest."""
    found = _POSTAL_CODE.match(address)
    return ("", address.strip()) if found is None else (f"{found[1]}-{found[2]}", address[found.end() :].strip())


def addresses_pdf(imprint: Imprint, addresses: Sequence[Address], *, stock: str, first: int = 1) -> bytes:
    paper = stocks.ADDRESSES[stock]
    data = {
        "title": document_title("宛名ラベル", imprint),
        "imprint": imprint.as_data(),
        "stock": {
            "page": paper.page,
            "width": paper.width,
            "height": paper.height,
            "columns": paper.columns,
            "left": paper.left,
            "top": paper.top,
            "gap_x": paper.gap_x,
            "gap_y": paper.gap_y,
        },
        "first": first,
        "addresses": [_address(one) for one in addresses],
    }
    return typeset("addresses", data, at=imprint.printed_at)


def _address(one: Address) -> dict[str, Any]:
    return {
        "postal_code": f"〒{one.postal_code}" if one.postal_code else "",
        "address": one.address,
        "company": one.company if one.name else f"{one.company} 御中",
        "unit": " ".join(filter(None, (one.department, one.job_title))),
        "name": f"{one.name} 様" if one.name else "",
    }
