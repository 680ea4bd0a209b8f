"""Imports of organisations and people: what a file would do to the directory, and doing all of it or nothing."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from eventops import clock
from eventops.accounts import audit
from eventops.directory import kana, lookup, names, vocabulary
from eventops.directory.lookup import Lookup
from eventops.directory.models import Membership, Organisation, OrganisationCategory, OrganisationSize, Person
from eventops.directory.rules import membership_on
from eventops.errors import NotFound
from eventops.spreadsheets import dates, values
from eventops.spreadsheets.columns import Column, ParsedRow, parse_rows, present
from eventops.spreadsheets.plan import Change, Plan, PlannedRow, RowState
from eventops.spreadsheets.reading import read_table
from eventops.uploads import Upload
from eventops.wareki import fiscal_year

_CATEGORIES: Final = {
    "営利法人": OrganisationCategory.CORPORATION,
    "教育機関": OrganisationCategory.SCHOOL,
    "団体": OrganisationCategory.BODY,
    "自治体": OrganisationCategory.MUNICIPALITY,
    "個人会員": OrganisationCategory.INDIVIDUAL,
}
_SIZES: Final = {
    "大手": OrganisationSize.LARGE,
    "中堅": OrganisationSize.MID,
    "中小": OrganisationSize.SME,
    "金融機関": OrganisationSize.OTHER,
    "その他": OrganisationSize.OTHER,
    "—": OrganisationSize.OTHER,
    "-": OrganisationSize.OTHER,
}
_UNWANTED: Final = frozenset(
    {"name_core", "sort_key", "legal_form", "legal_form_pos", "hq_prefecture", "hq_city", "zone", "email_domain"}
    | {"corporate_number", "invoice_reg_no", "employees"}
)
_ORGANISATION_ATTRIBUTES: Final = {
    "org_id": "code",
    "name": "name",
    "name_kana": "kana",
    "category": "category",
    "size": "size",
    "unit": "unit",
    "prefecture": "prefecture",
    "city": "city",
    "address": "address",
    "phone": "phone",
    "url": "url",
    "technology_tags": "technology_tags",
    "note": "note",
}
_PERSON_ATTRIBUTES: Final = {
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


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of sheet of the directory."""

    kind: str
    title: LazyString
    columns: Callable[[Lookup], tuple[Column, ...]]
    attributes: Mapping[str, str]
    plan: Callable[[Session, tuple[ParsedRow, ...], Mapping[str, str], dt.date], list[PlannedRow]]
    write: Callable[[Session, PlannedRow, dt.date], None]
    ignored: frozenset[str]


def sheet(kind: str) -> Sheet:
    if kind not in SHEETS:
        raise NotFound
    return SHEETS[kind]


def headings(kind: str) -> tuple[str, ...]:
    """The headings that people are told, for an empty file to fill in."""
    return tuple(column.heading for column in sheet(kind).columns(Lookup()))


def plan(session: Session, *, kind: str, upload: Upload, today: dt.date) -> Plan:
    """What the file would do, with every fault in it; raises `UnreadableTable` when it is no table at all."""
    wanted = sheet(kind)
    table = read_table(upload.data, filename=upload.filename)
    columns = wanted.columns(lookup.read(session))
    parsed = parse_rows(table, columns, ignored=wanted.ignored)
    given = present(table, columns)
    faulty = {fault.line for fault in parsed.faults}
    readable = () if table.heading_line in faulty else tuple(row for row in parsed.rows if row.line not in faulty)
    shown = {wanted.attributes.get(column.field, column.field): column.heading for column in columns}
    return Plan(tuple(wanted.plan(session, readable, given, today)), parsed.faults, shown)


def carry_out(session: Session, *, kind: str, upload: Upload, actor_id: int | None, now: dt.datetime) -> Plan:
    """Judge the file again on the rows as they are now, and write all of it; raises `ImportRefused` on any fault."""
    today = now.astimezone(clock.TOKYO).date()
    planned = plan(session, kind=kind, upload=upload, today=today)
    planned.require_clean()
    for row in planned.rows:
        sheet(kind).write(session, row, today)
    session.flush()
    counts = {str(state): planned.count(state) for state in RowState}
    audit.record(
        session,
        actor_id=actor_id,
        action="sheet_imported",
        subject=("directory", None),
        now=now,
        after={"kind": kind, **counts},
    )
    return planned


def _organisation_columns(_lookup: Lookup) -> tuple[Column, ...]:
    return (
        Column("org_id", ("団体番号", "企業番号"), values.code(max_length=20), required=True, unique=True),
        Column("name", ("名称", "団体名", "企業名", "会社名"), values.text(max_length=160), required=True),
        Column("name_kana", ("フリガナ", "カナ"), values.text(max_length=160), required=True),
        Column("category", ("会員区分", "区分"), values.choice(_CATEGORIES), required=True),
        Column("size", ("規模",), values.choice(_SIZES), empty=OrganisationSize.OTHER),
        Column("is_member", ("会員",), values.yes_no(), empty=False),
        Column("member_no", ("会員番号",), values.code(max_length=20), empty=""),
        Column("member_since", ("入会日",), dates.date()),
        Column("unit", ("事業部",), values.text(max_length=120), empty=""),
        Column("prefecture", ("都道府県",), values.text(max_length=10), empty=""),
        Column("city", ("市区町村",), values.text(max_length=40), empty=""),
        Column("address", ("住所",), values.text(max_length=200), empty=""),
        Column("phone", ("電話", "電話番号"), values.phone(), empty=""),
        Column("url", ("ホームページ",), values.text(max_length=200), empty=""),
        Column("technology_tags", ("技術分野",), values.many(values.text(max_length=40)), empty=()),
        Column("note", ("備考",), values.lines(max_length=2000), empty=""),
    )


def _plan_organisations(
    session: Session, rows: tuple[ParsedRow, ...], given: Mapping[str, str], today: dt.date
) -> list[PlannedRow]:
    query = select(Organisation).options(selectinload(Organisation.memberships))
    known = {one.code: one for one in session.scalars(query.where(Organisation.code.is_not(None)))}
    return [_planned_organisation(row, known.get(row["org_id"]), given, today) for row in rows]


def _planned_organisation(
    row: ParsedRow, existing: Organisation | None, given: Mapping[str, str], today: dt.date
) -> PlannedRow:
    picked = _picked(row, _ORGANISATION_ATTRIBUTES, given)
    if "technology_tags" in picked:
        picked["technology_tags"] = list(picked["technology_tags"])
    picked["kana"] = kana.katakana(picked["kana"])
    picked["sort_key"] = kana.sort_key(picked["kana"])
    picked["match_core"] = names.parse(picked["name"]).core
    label = f"{row['org_id']} {row['name']}"
    return PlannedRow(row.line, label, existing, picked, _membership_change(row, existing, given, today), row)


def _membership_change(
    row: ParsedRow, existing: Organisation | None, given: Mapping[str, str], today: dt.date
) -> tuple[Change, ...]:
    """Empty where the file says what is known, or does not speak of membership."""
    is_member = existing is not None and membership_on(existing.memberships, today) is not None
    if "is_member" not in given or is_member == row["is_member"]:
        return ()
    return (Change("is_member", *(("一般", "会員") if row["is_member"] else ("会員", "一般"))),)


def _write_organisation(session: Session, row: PlannedRow, today: dt.date) -> None:
    organisation = row.existing or Organisation(memberships=[])
    for name, value in row.values.items():
        setattr(organisation, name, value)
    session.add(organisation)
    if row.also and row.source is not None:
        _turn_membership(organisation, row.source, today)


def _turn_membership(organisation: Organisation, source: ParsedRow, today: dt.date) -> None:
    current = membership_on(organisation.memberships, today)
    if current is not None:
        current.ends_on = today
        return
    since = source["member_since"] or dt.date(fiscal_year(today), 4, 1)
    organisation.memberships.append(Membership(member_number=source["member_no"], starts_on=since))


def _person_columns(known: Lookup) -> tuple[Column, ...]:
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


def _plan_people(
    session: Session, rows: tuple[ParsedRow, ...], given: Mapping[str, str], _today: dt.date
) -> list[PlannedRow]:
    known = {one.code: one for one in session.scalars(select(Person).where(Person.code.is_not(None)))}
    return [_planned_person(row, known.get(row["person_id"]), given) for row in rows]


def _planned_person(row: ParsedRow, existing: Person | None, given: Mapping[str, str]) -> PlannedRow:
    picked = _picked(row, _PERSON_ATTRIBUTES, given)
    for name in {"family_kana", "given_kana"} & picked.keys():
        picked[name] = kana.katakana(picked[name])
    picked["sort_key"] = kana.sort_key(picked["family_kana"] + picked.get("given_kana", ""))
    return PlannedRow(row.line, f"{row['person_id']} {row['family_name']} {row['given_name']}", existing, picked)


def _write_person(session: Session, row: PlannedRow, _today: dt.date) -> None:
    person = row.existing or Person(given_name="", given_kana="")
    for name, value in row.values.items():
        setattr(person, name, value)
    session.add(person)


def _picked(row: ParsedRow, attributes: Mapping[str, str], given: Mapping[str, str]) -> dict[str, Any]:
    return {name: row[field] for field, name in attributes.items() if field in given}


SHEETS: Final[Mapping[str, Sheet]] = {
    "organisations": Sheet(
        kind="organisations",
        title=_("団体"),
        columns=_organisation_columns,
        attributes=_ORGANISATION_ATTRIBUTES,
        plan=_plan_organisations,
        write=_write_organisation,
        ignored=_UNWANTED,
    ),
    "people": Sheet(
        kind="people",
        title=_("人"),
        columns=_person_columns,
        attributes=_PERSON_ATTRIBUTES,
        plan=_plan_people,
        write=_write_person,
        ignored=frozenset({"sort_key", "gender", "role"}),
    ),
}


def shown_words() -> dict[str, LazyString]:
    """Stored values as the preview names them."""
    tables = (vocabulary.CATEGORIES, vocabulary.SIZES)
    return {str(value): word for table in tables for value, word in table.items()}
