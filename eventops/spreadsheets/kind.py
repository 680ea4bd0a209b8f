"""What a file really is, judged by its content and not only by its name."""

import zipfile
from pathlib import PurePath
from typing import Final

from eventops.spreadsheets import archive
from eventops.spreadsheets.table import Kind, Problem, UnreadableTable

NAMES: Final = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods"})

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_NOT_TABLES: Final = (b"%pdf-", b"{\\rtf", b"<!doctype", b"<html", b"<?xml", b"\x1b")
_NEVER_IN_TEXT: Final = bytes(set(range(0x20)) - set(b"\t\n\r\x0b\x0c\x1a"))
_ODS_TYPE: Final = b"application/vnd.oasis.opendocument.spreadsheet"


def kind_of(data: bytes, *, filename: str) -> Kind:
    """The kind of table in the file; refuses everything else."""
    ending = PurePath(filename).suffix.lower()
    if ending not in NAMES:
        raise UnreadableTable(Problem.WRONG_KIND, filename=filename)
    if data.startswith(_ZIP):
        return _zip_kind(data, filename)
    if data.startswith(_OLE):
        return _ole_kind(data, filename)
    if _is_text(data):
        return Kind.TEXT
    raise UnreadableTable(Problem.WRONG_KIND, filename=filename)


def _is_text(data: bytes) -> bool:
    if data.startswith(_UTF16):
        return True
    beginning = data[:1024].removeprefix(_UTF8_MARK).lstrip().lower()
    if beginning.startswith(_NOT_TABLES):
        return False
    return len(data.translate(None, _NEVER_IN_TEXT)) == len(data)


def _zip_kind(data: bytes, filename: str) -> Kind:
    with archive.opened(data) as opened:
        if any(member.flag_bits & 1 for member in opened.infolist()):
            raise UnreadableTable(Problem.ENCRYPTED, filename=filename)
        names = set(opened.namelist())
        if "xl/workbook.xml" in names:
            return Kind.XLSX
        if "content.xml" in names and "mimetype" in names and _is_ods(opened):
            return Kind.ODS
    raise UnreadableTable(Problem.WRONG_KIND, filename=filename)


def _is_ods(opened: zipfile.ZipFile) -> bool:
    with opened.open("mimetype") as member:
        return member.read(len(_ODS_TYPE)) == _ODS_TYPE


def _ole_kind(data: bytes, filename: str) -> Kind:
    if _has_stream(data, "EncryptedPackage"):
        raise UnreadableTable(Problem.ENCRYPTED, filename=filename)
    if _has_stream(data, "Workbook") or _has_stream(data, "Book"):
        return Kind.XLS
    raise UnreadableTable(Problem.WRONG_KIND, filename=filename)


def _has_stream(data: bytes, name: str) -> bool:
    return f"{name}\0".encode("utf-16-le") in data
