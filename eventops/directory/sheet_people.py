"""Sheets of people: their columns, what a row would change, and what they agree to."""

import datetime as dt
from typing import Final

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from eventops.directory import consents, kana
from eventops.directory.consents import Word
from eventops.directory.lookup import Lookup
from eventops.directory.models import ConsentPurpose, ConsentSource, Person
from eventops.directory.sheets import Given, Sheet, picked
from eventops.spreadsheets import values
from eventops.spreadsheets.columns import Column, Fault, ParsedRow
from eventops.spreadsheets.plan import PlannedRow
from eventops.spreadsheets.values import FaultCode

_ATTRIBUTES: Final = {
    "person_id": "code",
    "org_id": "organisation_id",
    "family_name": "family_name",
    "given_name": "given_name",
    "family_kana": "family_kana",
    "given_kana": "given_kana",
    "department": "department",
    "title": "job_title",
    "email": "email",
    "phone": "phone",
    "is_primary_contact": "is_primary_contact",
    "mail_optin": "mail_opt_in",
    "photo_consent": "photo_consent",
    "list_consent": "list_consent",
    "dietary": "dietary_need",
    "accessibility": "accommodation_request",
    "note": "note",
}


def _columns(known: Lookup) -> tuple[Column, ...]:
    name = values.text(max_length=40)
    return (
        Column("person_id", ("人の番号", "番号"), values.code(max_length=20), required=True, unique=True),
        Column("org_id", ("団体番号", "企業番号", "団体名", "企業名"), known.organisation),
        Column("family_name", ("姓",), name, required=True),
        Column("given_name", ("名",), name, empty=""),
        Column("family_kana", ("セイ", "姓カナ"), name, required=True),
        Column("given_kana", ("メイ", "名カナ"), name, empty=""),
        Column("department", ("部署",), values.text(max_length=80), empty=""),
        Column("title", ("役職",), values.text(max_length=80), empty=""),
        Column("email", ("メールアドレス", "メール"), values.email(), empty=""),
        Column("phone", ("電話", "電話番号"), values.phone(), empty=""),
        Column("is_primary_contact", ("主担当者",), values.yes_no(), empty=False),
        Column("mail_optin", ("案内メール同意",), values.yes_no(), empty=False),
        Column("photo_consent", ("写真同意",), values.yes_no(), empty=False),
        Column("list_consent", ("名簿掲載同意",), values.yes_no(), empty=False),
        Column("dietary", ("食事の配慮",), values.text(max_length=200), empty=""),
        Column("accessibility", ("配慮事項",), values.text(max_length=200), empty=""),
        Column("note", ("備考",), values.lines(max_length=2000), empty=""),
    )


def _plan(session: Session, rows: tuple[ParsedRow, ...], given: Given) -> tuple[list[PlannedRow], list[Fault]]:
    query = select(Person).options(selectinload(Person.consents)).where(Person.code.is_not(None))
    known = {one.code: one for one in session.scalars(query)}
    planned = [_planned(row, known.get(row["person_id"]), given) for row in rows]
    merged = [row for row in planned if row.existing is not None and row.existing.merged_into_id is not None]
    heading = given.headings.get("person_id", "")
    return planned, [Fault(row.line, heading, FaultCode.MERGED_PERSON, row.existing.code) for row in merged]


def _planned(row: ParsedRow, existing: Person | None, given: Given) -> PlannedRow:
    found = picked(row, _ATTRIBUTES, given)
    for name in {"family_kana", "given_kana"} & found.keys():
        found[name] = kana.katakana(found[name])
    found["sort_key"] = kana.sort_key(found["family_kana"] + found.get("given_kana", ""))
    return PlannedRow(row.line, f"{row['person_id']} {row['family_name']} {row['given_name']}", existing, found)


def _write(session: Session, row: PlannedRow, today: dt.date) -> None:
    person = row.existing or Person(given_name="", given_kana="", consents=[])
    purposes = set(map(str, ConsentPurpose))
    for name, value in row.values.items():
        if name not in purposes:
            setattr(person, name, value)
    for purpose in ConsentPurpose:
        if purpose in row.values:
            word = Word(ConsentSource.SHEET, today)
            consents.follow(person, purpose, word, agrees=bool(row.values[purpose]))
    session.add(person)


PEOPLE: Final = Sheet(
    kind="people",
    title=_("人"),
    columns=_columns,
    attributes=_ATTRIBUTES,
    plan=_plan,
    write=_write,
    ignored=frozenset({"sort_key", "gender", "role"}),
)
