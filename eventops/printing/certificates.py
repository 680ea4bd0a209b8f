"""Knows the 参加証明書 and 受講証明書: one A4 sheet per person, in Japanese and in English."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from eventops import wareki
from eventops.printing.imprint import Imprint, document_title
from eventops.typeset import typeset


class Kind(StrEnum):
    """What is certified: having been there, or having followed a course."""

    ATTENDANCE = "attendance"
    COURSE = "course"


TITLES = {Kind.ATTENDANCE: "参加証明書", Kind.COURSE: "受講証明書"}
_TITLES_EN = {Kind.ATTENDANCE: "Certificate of Attendance", Kind.COURSE: "Certificate of Course Attendance"}
_WORDS = {
    Kind.ATTENDANCE: "上記の方が、下記の行事に参加されたことを証明します。",
    Kind.COURSE: "上記の方が、下記の講座を受講されたことを証明します。",
}
_WORDS_EN = {
    Kind.ATTENDANCE: "This is to certify that the person named above attended the event stated below.",
    Kind.COURSE: "This is to certify that the person named above attended the course stated below.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attended:
    """A part in which somebody was checked in."""

    title: str
    title_en: str
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    number: str
    company: str
    name: str
    parts: tuple[Attended, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who certifies, and what for."""

    imprint: Imprint
    event_en: str
    venue: str
    name: str
    name_en: str
    kind: Kind


def certificates_pdf(issuer: Issuer, certificates: Sequence[Certificate]) -> bytes:
    data = {
        "title": document_title(TITLES[issuer.kind], issuer.imprint),
        "imprint": issuer.imprint.as_data(),
        "heading": TITLES[issuer.kind],
        "heading_en": _TITLES_EN[issuer.kind],
        "words": _WORDS[issuer.kind],
        "words_en": _WORDS_EN[issuer.kind],
        "event_en": issuer.event_en,
        "venue": issuer.venue,
        "issuer": issuer.name,
        "issuer_en": issuer.name_en,
        "issued": wareki.wareki_date(issuer.imprint.printed_at).partition("(")[0],
        "issued_en": wareki.date_en(issuer.imprint.printed_at).partition(" ")[2],
        "certificates": [_certificate(one) for one in certificates],
    }
    return typeset("certificate", data, at=issuer.imprint.printed_at)


def _certificate(one: Certificate) -> dict[str, Any]:
    return {
        "number": one.number,
        "company": one.company,
        "name": one.name,
        "parts": [
            {
                "title": part.title,
                "title_en": part.title_en,
                "when": wareki.wareki_period(part.starts_at, part.ends_at),
                "when_en": wareki.period_en(part.starts_at, part.ends_at),
            }
            for part in one.parts
        ],
    }
