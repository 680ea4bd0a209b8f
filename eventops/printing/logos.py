"""Which pictures may stand on a badge: PNG or JPEG, of a size that neither printer nor server chokes on."""

import struct
from enum import StrEnum
from typing import Final

LARGEST: Final = 300 * 1024
MOST_PIXELS: Final = 2400
ACCEPT: Final = ".png,.jpg,.jpeg"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


class Fault(StrEnum):
    """Why a picture is not taken."""

    KIND = "kind"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"


def fault(data: bytes) -> Fault | None:
    """None for a picture that may be tried; that it can be drawn is seen when it is."""
    if len(data) > LARGEST:
        return Fault.TOO_LARGE
    size = _size(data)
    if size is None or min(size) < 1:
        return Fault.KIND
    return Fault.TOO_MANY_PIXELS if max(size) > MOST_PIXELS else None


def _size(data: bytes) -> tuple[int, int] | None:
    """Width and height as the file itself says them, read without unpacking anything."""
    if data.startswith(_PNG) and len(data) >= 24 and data[12:16] == b"IHDR":
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    return _jpeg_size(data) if data.startswith(_JPEG) else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
