"""Sheets of organisations: their columns, what a row would change, membership and head office beside it."""

import datetime as dt
from typing import Final

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from eventops.directory import kana, names
from eventops.directory.lookup import Lookup
from eventops.directory.models import (
    Membership,
    Organisation,
    OrganisationCategory,
    OrganisationSize,
    Site,
    SiteKind,
)
from eventops.directory.rules import membership_on
from eventops.directory.sheets import Given, Sheet, picked
from eventops.spreadsheets import dates, values
from eventops.spreadsheets.columns import Column, Fault, ParsedRow
from eventops.spreadsheets.plan import Change, PlannedRow
from eventops.spreadsheets.values import FaultCode
from eventops.wareki import fiscal_year

CATEGORIES: Final = {
    "営利法人": OrganisationCategory.CORPORATION,
    "教育機関": OrganisationCategory.SCHOOL,
    "団体": OrganisationCategory.BODY,
    "自治体": OrganisationCategory.MUNICIPALITY,
    "個人会員": OrganisationCategory.INDIVIDUAL,
}
SIZES: Final = {
    "大手": OrganisationSize.LARGE,
    "中堅": OrganisationSize.MID,
    "中小": OrganisationSize.SME,
    "その他": OrganisationSize.OTHER,
    "金融機関": OrganisationSize.OTHER,
    "—": OrganisationSize.OTHER,
    "-": OrganisationSize.OTHER,
}
HEADQUARTERS: Final = "本社"
_UNWANTED: Final = frozenset(
    {"name_core", "sort_key", "legal_form", "legal_form_pos", "zone", "email_domain"}
    | {"corporate_number", "invoice_reg_no", "employees"}
)
_ATTRIBUTES: Final = {
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


def _columns(_lookup: Lookup) -> tuple[Column, ...]:
    return (
        Column("org_id", ("団体番号", "企業番号"), values.code(max_length=20), required=True, unique=True),
        Column("name", ("名称", "団体名", "企業名", "会社名"), values.text(max_length=160), required=True),
        Column("name_kana", ("フリガナ", "カナ"), values.text(max_length=160), required=True),
        Column("category", ("会員区分", "区分"), values.choice(CATEGORIES), required=True),
        Column("size", ("規模",), values.choice(SIZES), empty=OrganisationSize.OTHER),
        Column("is_member", ("会員",), values.yes_no(), empty=False),
        Column("member_no", ("会員番号",), values.code(max_length=20), empty=""),
        Column("member_since", ("入会日",), dates.date()),
        Column("member_until", ("退会日",), dates.date()),
        Column("unit", ("事業部",), values.text(max_length=120), empty=""),
        Column("prefecture", ("都道府県",), values.text(max_length=10), empty=""),
        Column("city", ("市区町村",), values.text(max_length=40), empty=""),
        Column("address", ("住所",), values.text(max_length=200), empty=""),
        Column("hq_prefecture", ("本社都道府県",), values.text(max_length=10), empty=""),
        Column("hq_city", ("本社市区町村",), values.text(max_length=40), empty=""),
        Column("phone", ("電話", "電話番号"), values.phone(), empty=""),
        Column("url", ("ホームページ",), values.text(max_length=200), empty=""),
        Column("technology_tags", ("技術分野",), values.many(values.text(max_length=40)), empty=()),
        Column("note", ("備考",), values.lines(max_length=2000), empty=""),
    )


def _plan(session: Session, rows: tuple[ParsedRow, ...], given: Given) -> tuple[list[PlannedRow], list[Fault]]:
    query = select(Organisation).options(selectinload(Organisation.memberships), selectinload(Organisation.sites))
    known = {one.code: one for one in session.scalars(query.where(Organisation.code.is_not(None)))}
    survivors = {one.id: one for one in known.values()}
    planned = [_planned(row, known.get(row["org_id"]), given) for row in rows]
    return planned, [fault for row in planned for fault in _faults(row, given, survivors)]


def _faults(row: PlannedRow, given: Given, survivors: dict[int, Organisation]) -> list[Fault]:
    """A row about an organisation that was merged, and a membership that ends before it begins."""
    source = row.source
    if source is None:
        return []
    heading = given.headings["org_id"]
    if row.existing is not None and row.existing.merged_into_id is not None:
        other = survivors.get(row.existing.merged_into_id)
        details = {"other": f"{other.code} {other.name}" if other else ""}
        return [Fault(row.line, heading, FaultCode.MERGED_ORGANISATION, str(source["org_id"]), details)]
    since, until = source["member_since"], source["member_until"]
    if since and until and until <= since:
        return [Fault(row.line, given.headings["member_until"], FaultCode.ENDS_BEFORE_START, until.isoformat())]
    return []


def _planned(row: ParsedRow, existing: Organisation | None, given: Given) -> PlannedRow:
    found = picked(row, _ATTRIBUTES, given)
    if "technology_tags" in found:
        found["technology_tags"] = list(found["technology_tags"])
    found["kana"] = kana.katakana(found["kana"])
    found["sort_key"] = kana.sort_key(found["kana"])
    found["match_core"] = names.parse(found["name"]).core
    label = f"{row['org_id']} {row['name']}"
    also = (*_membership_changes(row, existing, given), *_headquarters_change(row, existing, given))
    return PlannedRow(row.line, label, existing, found, also, row)


def _membership_changes(row: ParsedRow, existing: Organisation | None, given: Given) -> tuple[Change, ...]:
    """Empty where the file says what is known, or does not speak of membership."""
    current = membership_on(existing.memberships, given.today) if existing is not None else None
    is_member = current is not None
    if "is_member" not in given:
        return ()
    if is_member != row["is_member"]:
        return (Change("is_member", *(("一般", "会員") if row["is_member"] else ("会員", "一般"))),)
    if current is None:
        return ()
    stated = (
        ("member_no", current.member_number, row["member_no"]),
        ("member_since", current.starts_on, row["member_since"]),
        ("member_until", current.ends_on, row["member_until"]),
    )
    return tuple(
        Change(name, str(old or "―"), str(new)) for name, old, new in stated if name in given and new and new != old
    )


def _headquarters_change(row: ParsedRow, existing: Organisation | None, given: Given) -> tuple[Change, ...]:
    """The head office where it is elsewhere than the place that takes part."""
    if "hq_prefecture" not in given or not row["hq_prefecture"]:
        return ()
    known = _headquarters(existing) if existing is not None else None
    stated = (row["hq_prefecture"], row["hq_city"])
    if known is None and stated == (row["prefecture"], row["city"]):
        return ()
    before = (known.prefecture, known.city) if known else ("", "")
    return (Change("hq_prefecture", "".join(before) or "―", "".join(stated)),) if before != stated else ()


def _headquarters(organisation: Organisation) -> Site | None:
    return next((site for site in organisation.sites if site.kind == SiteKind.HEADQUARTERS), None)


def _write(session: Session, row: PlannedRow, today: dt.date) -> None:
    organisation = row.existing or Organisation(memberships=[], sites=[])
    for name, value in row.values.items():
        setattr(organisation, name, value)
    session.add(organisation)
    changes = {change.name for change in row.also}
    if row.source is not None and changes & {"is_member", "member_no", "member_since", "member_until"}:
        _write_membership(organisation, row.source, today)
    if row.source is not None and "hq_prefecture" in changes:
        _write_headquarters(organisation, row.source)


def _write_membership(organisation: Organisation, source: ParsedRow, today: dt.date) -> None:
    current = membership_on(organisation.memberships, today)
    if current is None:
        since = source["member_since"] or dt.date(fiscal_year(today), 4, 1)
        made = Membership(member_number=source["member_no"], starts_on=since, ends_on=source["member_until"])
        organisation.memberships.append(made)
    elif not source["is_member"]:
        current.ends_on = source["member_until"] or today
    else:
        current.member_number = source["member_no"] or current.member_number
        current.starts_on = source["member_since"] or current.starts_on
        current.ends_on = source["member_until"] or current.ends_on


def _write_headquarters(organisation: Organisation, source: ParsedRow) -> None:
    site = _headquarters(organisation)
    if site is None:
        site = Site(kind=SiteKind.HEADQUARTERS, name=HEADQUARTERS)
        organisation.sites.append(site)
    site.prefecture, site.city = source["hq_prefecture"], source["hq_city"]


ORGANISATIONS: Final = Sheet(
    kind="organisations",
    title=_("団体"),
    columns=_columns,
    attributes=_ATTRIBUTES,
    plan=_plan,
    write=_write,
    ignored=_UNWANTED,
)
