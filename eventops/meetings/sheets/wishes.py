"""Sheets of needs and of applications."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from eventops.directory.models import Organisation
from eventops.meetings import words
from eventops.meetings.hosting import rules
from eventops.meetings.models import Application, ApplicationState, Need, NeedState, Rating
from eventops.meetings.sheets.scope import Planned, Rows, Scope, Sheet, set_values
from eventops.spreadsheets import dates, values
from eventops.spreadsheets.columns import Column, Fault, ParsedRow
from eventops.spreadsheets.plan import Plan, PlannedRow
from eventops.spreadsheets.values import FaultCode

_READ: Final = ("public_name", "title", "description", "required_tags", "stage", "excluded", "confidentiality")
"""What guests read of an anonymous need; the sheet calls these fields as the need does."""
_SHOWN: Final = 40
_TAGS: Final = values.many(values.text(max_length=40))
_RESULTS: Final = {
    word: (state, Rating.DECLINED if word == "見送り" else None) for word, state in words.SHEET_STATES.items()
}


def _need_columns(scope: Scope) -> tuple[Column, ...]:
    number = values.integer(minimum=0, maximum=999)
    return (
        Column("need_id", ("ニーズ番号", "番号"), values.code(max_length=20), required=True, unique=True),
        Column("org_id", ("企業番号", "団体番号", "企業名", "団体名"), scope.lookup.organisation, required=True),
        Column("title", ("題名", "ニーズ名", "テーマ"), values.text(max_length=200), required=True),
        Column("unit", ("事業部", "参加部門"), values.text(max_length=120), empty=""),
        Column("description", ("内容", "求める技術"), values.lines(max_length=4000), empty=""),
        Column("required_tags", ("技術分野", "必要な技術"), _TAGS, empty=()),
        Column("stage", ("段階",), values.text(max_length=40), empty=""),
        Column("excluded", ("対象外",), values.text(max_length=200), empty=""),
        Column("confidentiality", ("秘密保持",), values.text(max_length=120), empty=""),
        Column("tables", ("卓数",), values.integer(minimum=1, maximum=20), empty=1),
        Column("target_meetings", ("予定件数", "目標件数"), number),
        Column("min_meetings", ("最少件数",), number, empty=0),
        Column("max_meetings", ("最多件数",), number),
        Column("online_only", ("オンラインのみ",), values.yes_no(), empty=False),
        Column("online_ok", ("オンライン可",), values.yes_no(), empty=False),
        Column("attendee_person_ids", ("出席者番号", "出席者"), values.many(scope.lookup.person), empty=()),
        Column("published_at", ("公開日",), dates.date()),
        Column("entry_deadline", ("応募締切", "締切"), dates.moment()),
        Column("state", ("状態",), values.choice(words.SHEET_NEED_STATES)),
        Column("is_anonymous", ("社名非公開",), values.yes_no(), empty=False),
        Column("public_name", ("公開のときの呼び名",), values.text(max_length=80), empty=""),
        Column("contact_name", ("連絡先の氏名",), values.text(max_length=80), empty=""),
        Column("contact_email", ("連絡先のメールアドレス",), values.email(), empty=""),
    )


_NEED_ATTRIBUTES: Final = {
    "need_id": "code",
    "org_id": "organisation_id",
    "title": "title",
    "unit": "unit",
    "description": "description",
    "required_tags": "required_tags",
    "stage": "stage",
    "excluded": "excluded",
    "confidentiality": "confidentiality",
    "tables": "tables",
    "target_meetings": "target_meetings",
    "min_meetings": "min_meetings",
    "max_meetings": "max_meetings",
    "online_only": "online_only",
    "online_ok": "online_ok",
    "attendee_person_ids": "attendee_ids",
    "published_at": "published_on",
    "entry_deadline": "entries_close_at",
    "state": "state",
    "is_anonymous": "is_anonymous",
    "public_name": "public_name",
    "contact_name": "contact_name",
    "contact_email": "contact_email",
}


def _plan_needs(session: Session, scope: Scope, rows: Rows) -> Planned:
    query = select(Need).options(selectinload(Need.attendees)).where(Need.round_id == scope.round_id)
    known = {need.code: need for need in session.scalars(query)}
    planned = [_planned_need(rows, row, known.get(row["need_id"])) for row in rows.rows]
    owners = {row["org_id"] for row in rows.rows}
    companies = {one.id: one for one in session.scalars(select(Organisation).where(Organisation.id.in_(owners)))}
    return Planned(planned, [fault for one in planned for fault in _names_given_away(rows, one, companies)])


def _planned_need(rows: Rows, row: ParsedRow, existing: Need | None) -> PlannedRow:
    picked = rows.picked(row, _NEED_ATTRIBUTES)
    if "required_tags" in picked:
        picked["required_tags"] = list(picked["required_tags"])
    if "attendee_ids" in picked:
        picked["attendee_ids"] = sorted(picked["attendee_ids"])
    if picked.get("state") is None:
        picked.pop("state", None)
        picked |= {} if existing else {"state": NeedState.DRAFT}
    return PlannedRow(row.line, f"{row['need_id']} {row['title']}", existing, picked)


def _names_given_away(rows: Rows, planned: PlannedRow, companies: Mapping[int, Organisation]) -> Iterator[Fault]:
    """The cells of an anonymous need in which its company is named, whether they are new or known already."""

    def value(name: str) -> Any:
        return planned.values[name] if name in planned.values else getattr(planned.existing, name, None)

    if not value("is_anonymous"):
        return
    company = companies[planned.values["organisation_id"]]
    texts = {name: "、".join(said) if name == "required_tags" else said for name in _READ if (said := value(name))}
    for name in rules.giving_away(texts, (company.name, company.kana)):
        yield Fault(planned.line, rows.present.get(name, name), FaultCode.NAMES_COMPANY, texts[name][:_SHOWN])


def _write_needs(session: Session, scope: Scope, plan: Plan, now: dt.datetime) -> None:
    for row in plan.rows:
        if row.existing is None:
            session.add(Need(round_id=scope.round_id, **row.values))
        else:
            row.existing.link_issue += row.existing.organisation_id != row.values["organisation_id"]
            set_values(row)


def _application_columns(scope: Scope) -> tuple[Column, ...]:
    people = values.many(scope.lookup.person)
    return (
        Column("application_id", ("応募番号", "番号"), values.code(max_length=20), required=True, unique=True),
        Column("need_id", ("ニーズ番号",), scope.need, required=True),
        Column(
            "sme_org_id", ("応募企業番号", "団体番号", "企業名", "団体名"), scope.lookup.organisation, required=True
        ),
        Column("person_id", ("担当者番号", "担当者"), scope.lookup.person),
        Column("companion_person_ids", ("同席者番号", "同席者"), people, empty=()),
        Column("priority", ("希望順", "優先順位"), values.integer(minimum=1, maximum=99)),
        Column("submitted_at", ("応募日時", "受付日時"), dates.moment()),
        Column("proposal_title", ("提案の題名", "提案名"), values.text(max_length=200), empty=""),
        Column("proposal_text", ("提案の内容", "提案"), values.lines(max_length=4000), empty=""),
        Column("technology_tags", ("技術分野",), _TAGS, empty=()),
        Column("screening_result", ("選考結果", "状態"), values.choice(_RESULTS), empty=(None, None)),
        Column("large_rating", ("評価",), values.choice(words.SHEET_RATINGS)),
        Column("screening_comment", ("選考コメント", "コメント"), values.text(max_length=300), empty=""),
        Column("introducer", ("紹介機関",), values.text(max_length=120), empty=""),
    )


_APPLICATION_ATTRIBUTES: Final = {
    "application_id": "code",
    "need_id": "need_id",
    "sme_org_id": "organisation_id",
    "person_id": "person_id",
    "companion_person_ids": "companion_ids",
    "priority": "priority",
    "submitted_at": "submitted_at",
    "proposal_title": "proposal_title",
    "proposal_text": "proposal_text",
    "technology_tags": "technology_tags",
    "large_rating": "rating",
    "screening_comment": "screening_comment",
    "introducer": "introducer",
}
_SHOWN_ATTRIBUTES: Final = {**_APPLICATION_ATTRIBUTES, "screening_result": "state"}


def _plan_applications(session: Session, scope: Scope, rows: Rows) -> Planned:
    query = select(Application).where(Application.round_id == scope.round_id)
    known = {application.code: application for application in session.scalars(query)}
    return Planned([_planned_application(rows, row, known.get(row["application_id"])) for row in rows.rows])


def _planned_application(rows: Rows, row: ParsedRow, existing: Application | None) -> PlannedRow:
    picked = rows.picked(row, _APPLICATION_ATTRIBUTES)
    for name in {"companion_ids", "technology_tags"} & picked.keys():
        picked[name] = list(picked[name])
    if picked.get("submitted_at", ...) is None:
        del picked["submitted_at"]
    picked |= _screened(rows, row)
    return PlannedRow(row.line, f"{row['application_id']} {row['proposal_title']}".strip(), existing, picked)


def _screened(rows: Rows, row: ParsedRow) -> dict[str, Any]:
    """見送り is a result without a letter; an empty result says nothing about the state."""
    if "screening_result" not in rows.present:
        return {}
    state, answer = row["screening_result"]
    found: dict[str, Any] = {"state": state or ApplicationState.RECEIVED}
    if answer is not None:
        found["rating"] = answer
    return found


def _write_applications(session: Session, scope: Scope, plan: Plan, now: dt.datetime) -> None:
    for row in plan.rows:
        if row.existing is None:
            session.add(Application(**{"round_id": scope.round_id, "submitted_at": now, **row.values}))
        else:
            set_values(row)


NEEDS: Final = Sheet(
    kind="needs",
    title=_("ニーズ"),
    columns=_need_columns,
    attributes=_NEED_ATTRIBUTES,
    plan=_plan_needs,
    write=_write_needs,
    ignored=frozenset({"event_id", "collaboration_zone", "コラボ企画ゾーン"}),
)
APPLICATIONS: Final = Sheet(
    kind="applications",
    title=_("応募"),
    columns=_application_columns,
    attributes=_SHOWN_ATTRIBUTES,
    plan=_plan_applications,
    write=_write_applications,
)
