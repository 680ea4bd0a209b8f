"""How a document is printed: all of it from its own stored figures, so that it comes out alike whenever it is set."""

from collections.abc import Sequence
from typing import Any

from eventops import wareki
from eventops.billing.documents import GIVEN_BACK
from eventops.billing.models import Document, DocumentKind, DocumentLine, Form
from eventops.typeset import typeset

_FORMS = {
    Form.PLAIN: "",
    Form.QUALIFIED: "適格請求書",
    Form.SIMPLIFIED: "適格簡易請求書",
}
_LEADS = {
    DocumentKind.INVOICE: "下記のとおりご請求申し上げます。",
    DocumentKind.RECEIPT: "上記の金額を正に領収いたしました。",
    DocumentKind.RETURN: "下記の領収を取り消します。",
}


def document_pdf(document: Document, *, copy: int = 0) -> bytes:
    """The document, or its n-th reissue, which says so."""
    return typeset("money", _data(document, copy), at=document.issued_at)


def filename(document: Document, copy: int = 0) -> str:
    again = f"_reissue{copy}" if copy else ""
    return f"{document.kind}_{document.number_text}{again}.pdf"


def _data(document: Document, copy: int) -> dict[str, Any]:
    kind = DocumentKind(document.kind)
    return {
        "title": f"{document.title} {document.number_text}",
        "name": document.title,
        "form": "" if kind is DocumentKind.RETURN else _FORMS[Form(document.form)],
        "lead": _lead(document),
        "number": document.number_text,
        "dated": wareki.wareki_date(document.dated_on),
        "dated_name": {DocumentKind.INVOICE: "請求日", DocumentKind.RECEIPT: "領収日"}.get(kind, "発行日"),
        "again": f"再発行({copy}回目)" if copy else "",
        "party": document.party,
        "honorific": document.honorific,
        "total": _yen(document.total_yen),
        "total_name": {DocumentKind.INVOICE: "ご請求金額", DocumentKind.RECEIPT: "領収金額"}.get(
            kind, "取消・返還金額"
        ),
        "proviso": document.proviso,
        "supplied": wareki.wareki_date(document.supplied_on),
        "due": wareki.wareki_date(document.due_on) if document.due_on else "",
        "reason": document.reason,
        "counters": _counters(document),
        "lines": _grouped(document.lines),
        "names": list(dict.fromkeys(line.name for line in document.lines if line.name)),
        "rate": f"{document.tax_percent}%対象",
        "tax": _yen(document.tax_yen),
        "transfer_to": document.transfer_to,
        "reference": document.reference if kind is DocumentKind.INVOICE else "",
        "issuer": document.issuer_name,
        "address": document.issuer_address,
        "contact": document.issuer_contact,
        "issuer_number": document.issuer_number,
    }


def _lead(document: Document) -> str:
    if document.kind == DocumentKind.RETURN and document.counters and document.counters.kind == DocumentKind.INVOICE:
        return "下記のご請求を取り消します。"
    if document.title == GIVEN_BACK:
        return "下記のとおり取り消し、お返しいたします。"
    return _LEADS[DocumentKind(document.kind)]


def _counters(document: Document) -> str:
    original = document.counters
    if original is None:
        return ""
    return f"{original.title} {original.number_text}({wareki.wareki_date(original.dated_on)})"


def _grouped(lines: Sequence[DocumentLine]) -> list[dict[str, str]]:
    """Equal amounts for equal things are one row."""
    groups: dict[tuple[str, int], int] = {}
    for line in lines:
        groups[line.text, line.yen] = groups.get((line.text, line.yen), 0) + 1
    return [
        {"text": text, "unit": _yen(yen), "count": str(count), "yen": _yen(yen * count)}
        for (text, yen), count in groups.items()
    ]


def _yen(amount: int) -> str:
    return f"{amount:,}円"
