"""Knows the 面談スケジュール表: one sheet per large firm, one per SME."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from eventops import wareki
from eventops.printing.imprint import document_title
from eventops.printing.timetable import (
    Party,
    Pause,
    PrintedMeeting,
    PrintedSlot,
    PrintedTimetable,
)
from eventops.typeset import typeset


def large_pdf(timetable: PrintedTimetable) -> bytes:
    """大手別. To print one firm only, hand in its meetings only."""
    sheets = [_large_sheet(timetable, meetings) for meetings in timetable.by_large()]
    return typeset("large", _document(timetable, sheets), at=timetable.imprint.printed_at)


def sme_pdf(timetable: PrintedTimetable) -> bytes:
    """中小別."""
    sheets = [_sme_sheet(meetings) for meetings in timetable.by_sme()]
    data = {**_document(timetable, sheets), "guide": timetable.guide}
    return typeset("sme", data, at=timetable.imprint.printed_at)


def _document(timetable: PrintedTimetable, sheets: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "title": document_title("面談スケジュール表", timetable.imprint),
        "imprint": timetable.imprint.as_data(),
        "day": wareki.wareki_date(timetable.day),
        "notice": timetable.notice,
        "sheets": sheets,
    }


def _large_sheet(timetable: PrintedTimetable, meetings: Sequence[PrintedMeeting]) -> dict[str, Any]:
    large = meetings[0].large
    at: dict[PrintedSlot, list[PrintedMeeting]] = defaultdict(list)
    for meeting in meetings:
        at[meeting.slot].append(meeting)
    return {
        "company": large.company,
        "unit": large.unit,
        "attendees": _everybody(meeting.large for meeting in meetings),
        "subject": meetings[0].need_title,
        "rows": [row for line in timetable.lines() for row in _large_rows(line, at)],
    }


def _large_rows(line: PrintedSlot | Pause, at: dict[PrintedSlot, list[PrintedMeeting]]) -> list[dict[str, Any]]:
    if isinstance(line, Pause):
        return [{"kind": "pause", "slot": "", "time": line.time, "words": line.words}]
    if line not in at:
        return [{"kind": "free", "slot": line.code, "time": line.time, "words": "空き"}]
    return [_row(meeting, meeting.sme, meeting.proposal_title) for meeting in at[line]]


def _sme_sheet(meetings: Sequence[PrintedMeeting]) -> dict[str, Any]:
    sme = meetings[0].sme
    return {
        "company": sme.company,
        "unit": sme.unit,
        "attendees": _everybody(meeting.sme for meeting in meetings),
        "rows": [_row(meeting, meeting.large, meeting.need_title) for meeting in meetings],
    }


def _everybody(parties: Iterable[Party]) -> list[str]:
    return list(dict.fromkeys(person for party in parties for person in party.attendees))


def _row(meeting: PrintedMeeting, other: Party, subject: str) -> dict[str, Any]:
    return {
        "kind": "meeting",
        "slot": meeting.slot.code,
        "time": meeting.slot.time,
        "room": meeting.table.room,
        "table": meeting.table.label,
        "other": {"company": other.company, "unit": other.unit, "attendees": other.attendees},
        "subject": subject,
        "number": meeting.number,
        "online": meeting.is_online,
    }
