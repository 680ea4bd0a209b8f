"""Reads printed documents back: their words, sizes, fonts and pictures; and makes what they are made from."""

import datetime as dt
from ctypes import c_char

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from PIL import Image

from eventops.clock import TOKYO
from eventops.printing.imprint import Imprint
from eventops.printing.timetable import (
    Party,
    Pause,
    PrintedMeeting,
    PrintedSlot,
    PrintedTable,
    PrintedTimetable,
)

A4 = (210, 297)
A4_LANDSCAPE = (297, 210)
A3_LANDSCAPE = (420, 297)
RARE = "㈱髙﨑𠮷栁①製作所㍿"
NASTY = '#set page(fill: red) "a" \\ <b> $x$ [y] =1+1 *z* _w_ @q `c` //'
LONG = "一般社団法人首都圏西部地域産業活性化推進協議会連合会 国際オープンイノベーション事業本部 事業推進第二グループ"

IMPRINT = Imprint(
    event="第8回 TAMA技術連携交流会",
    version="第3版",
    printed_at=dt.datetime(2026, 11, 21, 5, 5, tzinfo=dt.UTC),
)
PRINTED = "第3版 印刷 令和8年11月21日(土) 14:05"
HEAD = "第3版 令和9年1月15日(金) 第8回 TAMA技術連携交流会 令和8年11月21日(土) 14:05 印刷"
DAY = dt.date(2027, 1, 15)


def at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2027, 1, 15, hour, minute, tzinfo=TOKYO)


def words(pdf: bytes) -> list[str]:
    """The text of each page with single spaces, and without the marks that only allow a line break."""
    document = pypdfium2.PdfDocument(pdf)
    raw = [page.get_textpage().get_text_bounded() for page in document]
    return [" ".join(text.replace("\u200b", "").split()) for text in raw]


def joined(text: str) -> str:
    """For words that a line break may have cut."""
    return text.replace(" ", "")


def sizes(pdf: bytes) -> set[tuple[int, int]]:
    """Page sizes in millimetres."""
    return {
        (round(page.get_width() / 72 * 25.4), round(page.get_height() / 72 * 25.4))
        for page in pypdfium2.PdfDocument(pdf)
    }


def title(pdf: bytes) -> str:
    return pypdfium2.PdfDocument(pdf).get_metadata_dict()["Title"]


def fonts(pdf: bytes) -> set[tuple[str, bool]]:
    """Name and whether embedded, of every font that sets a text."""
    found = set()
    for page in pypdfium2.PdfDocument(pdf):
        for piece in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=8):
            font = pdfium.FPDFTextObj_GetFont(piece.raw)
            name = bytearray(100)
            length = pdfium.FPDFFont_GetBaseFontName(font, (c_char * 100).from_buffer(name), 100)
            found.add((bytes(name[: length - 1]).decode(), bool(pdfium.FPDFFont_GetIsEmbedded(font))))
    return found


def picture(pdf: bytes, *, page: int = 0, dots_per_inch: int = 200) -> Image.Image:
    return pypdfium2.PdfDocument(pdf)[page].render(scale=dots_per_inch / 72).to_pil()


def scanned(image: Image.Image) -> list[str]:
    return sorted(code.text for code in zxingcpp.read_barcodes(image))


def make_timetable(*, tables: int = 2, slots: int = 3, meetings: int | None = None, **values) -> PrintedTimetable:
    """Nine tables to a room; table by table filled until `meetings` are placed."""
    all_tables = tuple(
        PrintedTable(room=f"研修室{'ABC'[number // 9]}", label=f"卓{number + 1}", company=f"大手{number + 1}株式会社")
        for number in range(tables)
    )
    all_slots = tuple(_slot(number) for number in range(slots))
    pairs = [(table, slot) for table in all_tables for slot in all_slots]
    placed = tuple(
        make_meeting(number, table=table, slot=slot) for number, (table, slot) in enumerate(pairs[:meetings], start=1)
    )
    return PrintedTimetable(
        **{
            "imprint": IMPRINT,
            "day": DAY,
            "slots": all_slots,
            "pauses": (),
            "tables": all_tables,
            "meetings": placed,
            **values,
        }
    )


def _slot(number: int) -> PrintedSlot:
    starts = at(9) + dt.timedelta(minutes=25 * number)
    return PrintedSlot(code=f"S{number + 1}", starts_at=starts, ends_at=starts + dt.timedelta(minutes=20))


def make_meeting(number: int, *, table: PrintedTable, slot: PrintedSlot, **values) -> PrintedMeeting:
    return PrintedMeeting(
        **{
            "number": f"A{number:03d}",
            "slot": slot,
            "table": table,
            "large": Party(key=table.company, company=table.company, unit="開発部", attendees=("部長 蓮見 亮",)),
            "sme": Party(key=f"S{number}", company=f"中小{number}精機有限会社", attendees=("社長 丹羽 修",)),
            "need_title": f"{table.company}のニーズ",
            "proposal_title": f"提案{number}",
            **values,
        }
    )


BREAK = Pause(starts_at=at(9, 20), ends_at=at(9, 25), words="休憩")


def structure(pdf: bytes, *, page: int = 0) -> list[tuple[str, str]]:
    """Kind and alternative text of every element of a page's structure tree, in reading order."""
    opened = pypdfium2.PdfDocument(pdf)[page]
    tree = pdfium.FPDF_StructTree_GetForPage(opened.raw)
    roots = [pdfium.FPDF_StructTree_GetChildAtIndex(tree, i) for i in range(pdfium.FPDF_StructTree_CountChildren(tree))]
    found = [_element(one) for root in roots for one in _below(root)]
    pdfium.FPDF_StructTree_Close(tree)
    return found


def _below(element: object) -> list[object]:
    count = pdfium.FPDF_StructElement_CountChildren(element)
    children = [pdfium.FPDF_StructElement_GetChildAtIndex(element, index) for index in range(count)]
    return [element, *(one for child in children if child for one in _below(child))]


def _element(element: object) -> tuple[str, str]:
    return (
        _said(pdfium.FPDF_StructElement_GetType, element),
        _said(pdfium.FPDF_StructElement_GetAltText, element),
    )


def _said(ask: object, element: object) -> str:
    length = ask(element, None, 0)
    room = bytearray(length)
    ask(element, (c_char * length).from_buffer(room), length) if length else None
    return room.decode("utf-16-le").rstrip("\0")
