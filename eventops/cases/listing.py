"""The list of cases as a table to take away, the cases behind a figure, and what a new case begins with."""

import datetime as dt
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.cases import labels, service, statistics
from eventops.cases.models import Case, OneOffRequest, Origin, Stage
from eventops.cases.statistics import By
from eventops.events.models import Event
from eventops.spreadsheets.writing import Value


def headings() -> Sequence[str]:
    return (
        _("番号"),
        _("件名"),
        _("支援先"),
        _("所在"),
        _("相手先"),
        _("段階"),
        _("主担当"),
        _("副担当"),
        _("次の行動"),
        _("期限"),
        _("始まった日"),
        _("事業・財源"),
        _("連携の種類"),
    )


def row(case: Case) -> Sequence[Value]:
    return (
        case.id,
        case.title,
        case.organisation.name,
        statistics.place_of(case.organisation.prefecture, case.organisation.city),
        case.partner.name if case.partner else "",
        str(labels.STAGES[Stage(case.stage)]),
        case.lead.name,
        "、".join(one.coordinator.name for one in case.deputies),
        case.next_action,
        case.due_on,
        case.started_on,
        case.funding_source,
        str(labels.OUTCOMES.get(case.outcome, "")),
    )


def wanted_fields(session: Session, application_id: int | None) -> Sequence[str]:
    """The technologies that a meeting is about, for choosing who takes its case."""
    if application_id is None:
        return ()
    application, _event_id = service.frame_of_meeting(session, application_id)
    return (*application.need.required_tags, *application.technology_tags)


def names_figure(args: Mapping[str, str]) -> bool:
    return "counted" in args


def ids_of_figure(session: Session, args: Mapping[str, str]) -> tuple[int, ...] | None:
    """The cases that a number of the statistics is made of: stage, years, and perhaps one line of a breakdown."""
    if not names_figure(args):
        return None
    first, last = _years(args)
    found = statistics.counted(session, first, last)
    by, value = args.get("by", ""), args.get("value", "")
    return tuple(
        one.case_id
        for one in found
        if one.stage == args["counted"] and (by not in set(By) or one.value(By(by)) == value)
    )


def figure_words(args: Mapping[str, str]) -> str:
    """Which figure the list stands behind."""
    if not names_figure(args):
        return ""
    first, last = _years(args)
    stage = args["counted"]
    word = labels.STAGES[Stage(stage)] if stage in set(Stage) else "―"
    years = statistics.years_words(first, last)
    line = statistics.value_words(By(args["by"]), args.get("value", "")) if args.get("by") in set(By) else ""
    return " ・ ".join(filter(None, (str(word), years, line)))


def _years(args: Mapping[str, str]) -> tuple[int, int]:
    first, last = (args.get(name, "") for name in ("from", "to"))
    number = int(first) if first.isdecimal() and len(first) == 4 else 0
    return number, int(last) if last.isdecimal() and len(last) == 4 else number


def funding_sources(session: Session) -> Sequence[str]:
    query = select(Case.funding_source).where(Case.funding_source != "").distinct().order_by(Case.funding_source)
    return session.scalars(query).all()


def beginning(
    session: Session, application_id: int | None, request_id: int | None, *, today: dt.date
) -> tuple[dict[str, object], Origin, int | None]:
    """What the form of a new case holds at first, where the case comes from, and its event."""
    if application_id is not None:
        return _of_meeting(session, application_id, today)
    asked = session.get(OneOffRequest, request_id) if request_id else None
    if asked is None:
        return {"started_on": today}, Origin.OTHER, None
    given = {"title": asked.wishes_to_meet, "organisation": asked.organisation.name}
    lead = {"lead_id": str(asked.coordinator_id)} if asked.coordinator_id else {}
    return {**given, **lead, "started_on": asked.meets_on or today}, Origin.ONE_OFF, None


def _of_meeting(session: Session, application_id: int, today: dt.date) -> tuple[dict[str, object], Origin, int | None]:
    application, event_id = service.frame_of_meeting(session, application_id)
    held_on = session.scalar(select(Event.held_on).where(Event.id == event_id))
    return (
        {
            "title": application.need.title,
            "organisation": application.organisation.name,
            "partner": application.need.organisation.name,
            "started_on": min(held_on, today) if held_on else today,
        },
        Origin.MEETING,
        event_id,
    )
