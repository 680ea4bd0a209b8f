"""The legal forms of Japanese organisations, how people shorten them, and how banks do."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class LegalForm:
    """`short` stands in brackets on paper, `bank` is the abbreviation of transfer records."""

    name: str
    short: tuple[str, ...] = ()
    bank: str = ""
    other: tuple[str, ...] = ()


FORMS: Final = (
    LegalForm("株式会社", ("株",), "カ", ("カブシキガイシャ", "カブシキカイシャ")),
    LegalForm("有限会社", ("有",), "ユ", ("ユウゲンガイシャ", "ユウゲンカイシャ")),
    LegalForm("合同会社", ("同", "合同"), "ド", ("ゴウドウガイシャ", "ゴウドウカイシャ")),
    LegalForm("合資会社", ("資", "合資"), "シ"),
    LegalForm("合名会社", ("名", "合名"), "メ"),
    LegalForm("相互会社", ("相",), "ソ"),
    LegalForm("一般社団法人", ("一社",)),
    LegalForm("公益社団法人", ("公社",)),
    LegalForm("社団法人", ("社",), "シヤ"),
    LegalForm("一般財団法人", ("一財",)),
    LegalForm("公益財団法人", ("公財",)),
    LegalForm("財団法人", ("財",), "ザイ"),
    LegalForm("特定非営利活動法人", ("特非",), "トクヒ", ("NPO法人",)),
    LegalForm("国立大学法人", ("大", "国大"), "ダイ"),
    LegalForm("公立大学法人", ("公大",)),
    LegalForm("学校法人", ("学",), "ガク"),
    LegalForm("医療法人", ("医",), "イ"),
    LegalForm("社会福祉法人", ("福", "社福"), "フク"),
    LegalForm("国立研究開発法人", ("国研",)),
    LegalForm("地方独立行政法人", ("地独",), "チドク"),
    LegalForm("独立行政法人", ("独",), "ドク"),
    LegalForm("税理士法人", ("税",), "ゼイ"),
    LegalForm("弁護士法人", ("弁",), "ベン"),
    LegalForm("協同組合", ("協",), "キヨウクミ"),
)


def _spellings() -> tuple[tuple[str, str], ...]:
    found = [(form.name, form.name) for form in FORMS]
    found += [(f"({short})", form.name) for form in FORMS for short in form.short]
    found += [(other, form.name) for form in FORMS for other in form.other]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


SPELLINGS: Final = _spellings()
"""Every way to write a form with the form's name, the longest first (一般社団法人 before 社団法人)."""

BANK_FORMS: Final = {form.bank: form.name for form in FORMS if form.bank}
