"""Knows which columns the printed lists have when they are handed out as Excel sheets."""

from collections.abc import Sequence

from eventops.printing.badges import Badge
from eventops.printing.cards import TableCard
from eventops.printing.imprint import Imprint
from eventops.printing.layouts import CATEGORIES
from eventops.printing.reception import ReceptionList
from eventops.printing.sheets import Cell, Column, Kind, Sheet
from eventops.printing.timetable import PrintedMeeting, PrintedSlot, PrintedTable, PrintedTimetable, in_order_of_time

_WHEN_AND_WHERE = (
    Column(title="枠"),
    Column(title="開始", kind=Kind.TIME),
    Column(title="終了", kind=Kind.TIME),
    Column(title="会場"),
    Column(title="卓"),
)


def large_sheet(timetable: PrintedTimetable) -> Sheet:
    """大手別, all firms below one another: the filter of the first column shows one."""
    titles = ("大手企業", "部署", "面談企業", "出席者", "ご提案", "面談番号", "オンライン", "メモ")
    rows = [
        [meeting.large.company, meeting.large.unit, *_when_and_where(meeting), *_guest_side(meeting)]
        for group in timetable.by_large()
        for meeting in group
    ]
    return _meetings(timetable, "大手別", titles, rows)


def sme_sheet(timetable: PrintedTimetable) -> Sheet:
    """中小別, all companies below one another."""
    titles = ("面談企業", "出席者", "大手企業", "部署", "ニーズ", "面談番号", "オンライン")
    rows = [
        [meeting.sme.company, _names(meeting.sme.attendees), *_when_and_where(meeting), *_host_side(meeting)]
        for group in timetable.by_sme()
        for meeting in group
    ]
    return _meetings(timetable, "中小別", titles, rows)


def room_sheets(timetable: PrintedTimetable) -> list[Sheet]:
    """部屋別: one tab per room, in order of time."""
    titles = ("大手企業", "部署", "面談企業", "面談番号", "オンライン")
    columns = (*_WHEN_AND_WHERE, *(Column(title=title) for title in titles))
    return [
        Sheet(
            name=room,
            columns=columns,
            rows=[_in_room(meeting) for meeting in _of_room(timetable, room)],
            imprint=timetable.imprint,
        )
        for room in timetable.rooms()
    ]


def board_sheet(timetable: PrintedTimetable) -> Sheet:
    """全体表: slots down, tables across."""
    columns = (
        Column(title="枠"),
        Column(title="開始", kind=Kind.TIME),
        Column(title="終了", kind=Kind.TIME),
        *(
            Column(title="\n".join(filter(None, [table.room, table.label, table.company])), width=18)
            for table in timetable.tables
        ),
    )
    rows = [_board_row(timetable, slot) for slot in timetable.slots]
    return Sheet(name="全体表", columns=columns, rows=rows, imprint=timetable.imprint)


def table_cards_sheet(imprint: Imprint, cards: Sequence[TableCard]) -> Sheet:
    """卓札."""
    columns = tuple(Column(title=title) for title in ("会場", "卓", "企業", "部署"))
    rows = [[card.room, card.table, card.company, card.unit] for card in cards]
    return Sheet(name="卓札", columns=columns, rows=rows, imprint=imprint)


def badges_sheet(imprint: Imprint, badges: Sequence[Badge]) -> Sheet:
    """名札, without the codes: whoever has a code can be checked in."""
    titles = ("会社・団体", "氏名", "フリガナ", "区分", "面談")
    rows = [
        [badge.company, badge.name, badge.kana, CATEGORIES[badge.category].word, badge.meetings] for badge in badges
    ]
    return Sheet(name="名札", columns=tuple(Column(title=title) for title in titles), rows=rows, imprint=imprint)


def reception_sheet(reception: ReceptionList) -> Sheet:
    """受付名簿 in 五十音順; the paper's dividers are left out, so that the list can be filtered."""
    columns = (
        *(Column(title=title) for title in ("会社・団体", "氏名", "フリガナ", "区分")),
        Column(title="参加費", kind=Kind.YEN),
        Column(title="入金済", kind=Kind.YEN),
        Column(title="備考"),
        *(Column(title=part, kind=Kind.MARK) for part in reception.parts),
    )
    rows: list[list[Cell]] = [
        [
            guest.company,
            guest.name,
            guest.kana,
            guest.category_word,
            guest.fee_yen,
            guest.paid_yen,
            guest.note,
            *("□" if part in guest.parts else "―" for part in reception.parts),
        ]
        for guest in reception.in_order()
    ]
    return Sheet(name="受付名簿", columns=columns, rows=rows, imprint=reception.imprint)


def _meetings(timetable: PrintedTimetable, name: str, titles: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Sheet:
    """The first two titles stand before time and place, the others behind."""
    before, behind = titles[:2], titles[2:]
    columns = (
        *(Column(title=title) for title in before),
        *_WHEN_AND_WHERE,
        *(Column(title=title) for title in behind),
    )
    return Sheet(name=name, columns=columns, rows=rows, imprint=timetable.imprint)


def _when_and_where(meeting: PrintedMeeting) -> list[Cell]:
    slot, table = meeting.slot, meeting.table
    return [slot.code, slot.starts_at, slot.ends_at, table.room, table.label]


def _guest_side(meeting: PrintedMeeting) -> list[Cell]:
    sme = meeting.sme
    names = _names(sme.attendees)
    return [sme.company, names, meeting.proposal_title, meeting.number, _online(meeting), ""]


def _host_side(meeting: PrintedMeeting) -> list[Cell]:
    large = meeting.large
    return [large.company, large.unit, meeting.need_title, meeting.number, _online(meeting)]


def _in_room(meeting: PrintedMeeting) -> list[Cell]:
    large, sme = meeting.large, meeting.sme
    return [*_when_and_where(meeting), large.company, large.unit, sme.company, meeting.number, _online(meeting)]


def _of_room(timetable: PrintedTimetable, room: str) -> list[PrintedMeeting]:
    return sorted((m for m in timetable.meetings if m.table.room == room), key=in_order_of_time)


def _board_row(timetable: PrintedTimetable, slot: PrintedSlot) -> list[Cell]:
    at: dict[PrintedTable, list[str]] = {table: [] for table in timetable.tables}
    for meeting in timetable.meetings:
        if meeting.slot == slot:
            at[meeting.table].append(meeting.sme.company)
    cells = ["\n".join(companies) for companies in at.values()]
    return [slot.code, slot.starts_at, slot.ends_at, *cells]


def _online(meeting: PrintedMeeting) -> str:
    return "オンライン" if meeting.is_online else ""


def _names(people: Sequence[str]) -> str:
    return "、".join(people)
