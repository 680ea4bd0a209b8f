"""How large a zipped workbook is when unpacked, found by unpacking it without believing what it says."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from eventops.spreadsheets.table import Problem, UnreadableTable

_STEP: Final = 1024 * 1024
_LOCAL_HEADER_SIZE: Final = 30
_LENGTHS_AT: Final = 26
_MANIFEST: Final = "META-INF/manifest.xml"
_ENCRYPTED_PART: Final = b"encryption-data"
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    ValueError,
)


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive, with every way in which it can be broken told as damage."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except _BROKEN as error:
        raise UnreadableTable(Problem.DAMAGED) from error


def require_modest(data: bytes, *, max_bytes_inside: int) -> None:
    """Refuse an archive that unpacks to more than the limit, in time and memory bounded by the limit."""
    remaining = max_bytes_inside
    with opened(data) as archive:
        for member in archive.infolist():
            remaining -= _unpacked_size(data, member, limit=remaining)
            if remaining < 0:
                raise UnreadableTable(Problem.TOO_LARGE_INSIDE, limit=max_bytes_inside)


def require_open_ods(data: bytes) -> None:
    """Refuse an OpenDocument table whose parts are encrypted."""
    with opened(data) as archive:
        if _MANIFEST in archive.namelist() and _ENCRYPTED_PART in archive.read(_MANIFEST):
            raise UnreadableTable(Problem.ENCRYPTED)


def _unpacked_size(data: bytes, member: zipfile.ZipInfo, *, limit: int) -> int:
    packed = _packed(data, member)
    if member.compress_type == zipfile.ZIP_STORED:
        return len(packed)
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise UnreadableTable(Problem.DAMAGED)
    return _inflated_size(packed, limit=limit)


def _packed(data: bytes, member: zipfile.ZipInfo) -> bytes:
    start = member.header_offset
    header = data[start : start + _LOCAL_HEADER_SIZE]
    if len(header) < _LOCAL_HEADER_SIZE:
        raise UnreadableTable(Problem.DAMAGED)
    name_length, extra_length = struct.unpack_from("<HH", header, _LENGTHS_AT)
    body = start + _LOCAL_HEADER_SIZE + name_length + extra_length
    return data[body : body + member.compress_size]


def _inflated_size(packed: bytes, *, limit: int) -> int:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    size, rest = 0, packed
    while rest and not inflater.eof and size <= limit:
        size += len(inflater.decompress(rest, _STEP))
        rest = inflater.unconsumed_tail
    return size
